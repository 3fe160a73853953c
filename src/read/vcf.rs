//! Variant files (VCF): breakends that name their genes.
//!
//! | genes in | written by |
//! |---|---|
//! | `GENEA`, `GENEB` | nf-core/rnafusion, merged callers |
//! | `GENE5`, `GENE3` | FusionCatcher |
//! | the id `bnd_N_A_B_5p` | INTEGRATE |
//! | the id `A-B.…`, `SVTYPE=Fusion` | Ion Reporter, Oncomine |
//! | `ANN` with `gene_fusion` | `SnpEff`, over Manta, GRIDSS and other DNA callers |
//!
//! Where the genes come with their order, that order is trusted and the brackets of `ALT` are not: some writers get
//! them wrong for genes on the minus strand. Annotated breakends have no order but what their brackets, or the kind
//! of a symbolic allele, tell of the side that is kept:
//!
//! | `ALT` | here | mate |
//! |---|---|---|
//! | `t[p[` | lower | higher |
//! | `t]p]` | lower | lower |
//! | `]p]t` | higher | lower |
//! | `[p[t` | higher | higher |
//! | `<DEL>` | lower | higher |
//! | `<DUP>` | higher | lower |
//! | `<INV>` with `INV3` or `INV5` | lower, higher | the same |
//!
//! Records without a gene are skipped: a breakend alone is no fusion until it is annotated. The mate of a
//! breakend that was read is skipped as well. A record whose `FILTER` is neither `PASS` nor `.` is of low
//! confidence.

use std::collections::BTreeSet;

use crate::case::fusion::{Breakpoint, Fusion, Method, Side, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::layout::{Promise, frame, order, partner, split_pair};
use crate::read::lines::{Line, lines};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("vcf", "VCF breakends with genes", detect, read);

const HEAD: &str = "##fileformat=VCF";

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    text.trim_start().starts_with(HEAD).then(|| Evidence {
        dialect: dialect(text),
        found: HEAD.to_owned(),
    })
}

fn dialect(text: &str) -> &'static str {
    for (mark, dialect) in [
        ("ID=TOOL_HITS,", "rnafusion"),
        ("ID=GENE5,", "fusioncatcher"),
        ("SVTYPE=Fusion", "ion-reporter"),
        ("_5p\t", "integrate"),
        ("MantaBND", "manta"),
        ("gridss", "gridss"),
    ] {
        if text.contains(mark) {
            return dialect;
        }
    }
    "breakends"
}

/// A record with its columns.
struct Record<'t> {
    chromosome: &'t str,
    position: &'t str,
    id: &'t str,
    alt: &'t str,
    filter: &'t str,
    info: &'t str,
}

impl<'t> Record<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [chromosome, position, id, _, alt, _, filter, info, ..] = cells[..] else {
            return None;
        };
        position.parse::<u64>().ok()?;
        Some(Self {
            chromosome,
            position,
            id,
            alt,
            filter,
            info,
        })
    }

    fn field(&self, key: &str) -> Option<&'t str> {
        self.info
            .split(';')
            .find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
            .filter(|value| !matches!(*value, "" | "."))
    }

    /// The partners and whether the first is 5'.
    fn genes(&self, vocab: &Vocab) -> Option<([String; 2], Promise)> {
        let pair = |one: &str, two: &str| [one.to_owned(), two.to_owned()];
        if let (Some(one), Some(two)) = (self.field("GENE5"), self.field("GENE3")) {
            return Some((pair(one, two), Promise::First));
        }
        if let (Some(one), Some(two)) = (self.field("GENEA"), self.field("GENEB")) {
            return Some((pair(one, two), Promise::First));
        }
        if let Some(rest) = self.id.strip_prefix("bnd_")
            && let Some((_, names)) = rest.split_once('_')
            && let Some(names) = names
                .strip_suffix("_5p")
                .or_else(|| names.strip_suffix("_3p"))
        {
            return Some((split_pair(names, &["_"], vocab), Promise::First));
        }
        if self.field("SVTYPE") == Some("Fusion") {
            let names = self.id.split('.').next().unwrap_or_default();
            return Some((split_pair(names, &["-"], vocab), Promise::First));
        }
        let [one, two] = self.annotated()?;
        Some((pair(one, two), Promise::Nothing))
    }

    /// The genes of an annotated fusion: `ANN=allele|gene_fusion|impact|EML4&ALK|…`.
    fn annotated(&self) -> Option<[&'t str; 2]> {
        self.field("ANN")?.split(',').find_map(|annotation| {
            let mut fields = annotation.split('|');
            let effect = fields.nth(1)?;
            let (one, two) = fields.nth(1)?.split_once('&')?;
            let fusion = effect.split('&').any(|e| e.ends_with("gene_fusion"));
            (fusion && !two.contains('&') && one != two).then_some([one, two])
        })
    }

    /// The sides that are kept here and at the mate.
    fn sides(&self) -> Option<[Side; 2]> {
        use Side::{Higher, Lower};
        let flag = |key: &str| self.info.split(';').any(|part| part == key);
        match self.alt {
            "<DEL>" => return Some([Lower, Higher]),
            "<DUP>" | "<DUP:TANDEM>" => return Some([Higher, Lower]),
            "<INV>" if flag("INV3") => return Some([Lower, Lower]),
            "<INV>" if flag("INV5") => return Some([Higher, Higher]),
            _ => {}
        }
        let bracket = self.alt.chars().find(|c| matches!(c, '[' | ']'))?;
        let here = if self.alt.starts_with(bracket) {
            Higher
        } else {
            Lower
        };
        Some([here, if bracket == '[' { Higher } else { Lower }])
    }

    /// The other end, from `N[2:29223528[` and its kin.
    fn mate(&self) -> Option<Breakpoint> {
        let Some(inside) = self.alt.split(['[', ']']).find(|part| part.contains(':')) else {
            // A symbolic allele.
            let chromosome = self.field("CHR2").unwrap_or(self.chromosome);
            return Breakpoint::parse(&format!("{chromosome}:{}", self.field("END")?));
        };
        let (chromosome, position) = inside.rsplit_once(':')?;
        Breakpoint::parse(&format!("{chromosome}:{position}"))
    }
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let dialect = dialect(source.text());
    let method = match dialect {
        "manta" | "gridss" => Method::Dna,
        "fusioncatcher" => Method::Rna,
        _ if source.text().contains("rnafusion") => Method::Rna,
        _ => Method::Unspecified,
    };
    lines(source, |line, range, reading| {
        if line.trim().is_empty() || line.starts_with('#') {
            return Line::Other;
        }
        let Some(record) = Record::parse(line) else {
            reading.diagnostics.push(
                Diagnostic::warning(
                    Code::ShortRow,
                    "a record with too few columns, or no position",
                )
                .at(
                    source.place(range),
                    "expected CHROM, POS, ID, REF, ALT, QUAL, FILTER, INFO",
                ),
            );
            return Line::Failed;
        };
        let Some((cells, promise)) = record.genes(vocab) else {
            return Line::Skipped("no gene is named; annotate the breakends first");
        };
        let event = event(&record);
        if !seen.insert(event) {
            return Line::Skipped("the other end of a breakend that was read");
        }
        let out = &mut reading.diagnostics;
        let symbols = [&cells[0], &cells[1]]
            .map(|cell| partner(cell, || source.place(range.clone()), vocab, out).0);
        let mut fusion = Fusion::new(Status::Detected, source.place(range));
        order(&mut fusion, symbols, promise);
        fusion.as_written = format!("{}--{}", cells[0], cells[1]);
        fusion.as_reported = Some(cells);
        let here = Breakpoint::parse(&format!("{}:{}", record.chromosome, record.position));
        let three_prime_record = record.id.ends_with("_3p") || record.id.contains("__3__");
        fusion.breakpoints = Some(if three_prime_record {
            [record.mate(), here]
        } else {
            [here, record.mate()]
        });
        if promise == Promise::Nothing {
            fusion.loose_breakpoints = true;
            let sides = record.sides().map_or([None, None], |sides| sides.map(Some));
            for (end, keeps) in fusion.breakpoints.iter_mut().flatten().zip(sides) {
                if let Some(end) = end {
                    end.keeps = keeps;
                }
            }
        }
        let own = |keys: [&str; 2]| {
            keys.map(|key| record.field(key).filter(|v| *v != "0").map(str::to_owned))
        };
        fusion.reported_exons = own(["EXON_NUMBER_A", "EXON_NUMBER_B"]);
        fusion.reported_transcripts = own(["TRANSCRIPT_ID_A", "TRANSCRIPT_ID_B"]);
        let count = |key: &str| record.field(key).and_then(|v| v.parse().ok());
        fusion.support.split = count("SR");
        fusion.support.spanning = count("SP");
        fusion.support.total = count("READ_COUNT");
        fusion.frame = record
            .field("FRAME_STATUS")
            .or_else(|| record.field("EFFECT"))
            .and_then(frame);
        if !matches!(record.filter, "PASS" | "." | "") {
            fusion.confidence = Some("low".to_owned());
            fusion.filters = record.filter.split(';').map(str::to_owned).collect();
        }
        fusion.caller = record.field("FOUND_IN").map(str::to_owned);
        fusion.method = method;
        Line::Call(Box::new(fusion))
    })
}

/// What the two records of one event share: its name, or its two ends.
fn event(record: &Record<'_>) -> String {
    if let Some(event) = record.field("EVENT") {
        return event.to_owned();
    }
    for end in ["_5p", "_3p", "_1", "_2"] {
        if let Some(name) = record.id.strip_suffix(end) {
            return name.to_owned();
        }
    }
    let here = format!(
        "{}:{}",
        record.chromosome.trim_start_matches("chr"),
        record.position
    );
    let there = record.mate().map_or_else(String::new, |mate| {
        format!("{}:{}", mate.chromosome, mate.position)
    });
    let mut ends = [here, there];
    ends.sort();
    ends.join(" ")
}
