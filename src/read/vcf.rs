//! Variant files (VCF): breakends and symbolic variants that name their genes.
//!
//! | genes in | written by |
//! |---|---|
//! | `GENEA`, `GENEB` | nf-core/rnafusion, merged callers |
//! | `GENE5`, `GENE3` | FusionCatcher |
//! | `GENE_1`, `GENE_2` | converters for reporting software |
//! | the id `bnd_N_A_B_5p` | INTEGRATE |
//! | the id `A-B.E6aA20.…`, `SVTYPE=Fusion` | Ion Reporter, Oncomine |
//! | `ANN` with `gene_fusion` and `A&B` | `SnpEff`, behind GRIDSS, Manta and others |
//! | `ANN` or `CSQ`, one gene at each end | `SnpEff`, VEP |
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
//! Records without a gene are skipped: a breakend alone is no fusion until it is annotated. One gene at one end only
//! is inconclusive (K-1.16: an intergenic break needs RNA or a stain). The mate of a breakend that was read is skipped
//! as well. A record whose `FILTER` is neither `PASS` nor `.` is of low confidence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Breakpoint, Fusion, Method, Side, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::frame::{frame, set_frame};
use crate::read::layout::{Promise, no_gene, pair_call};
use crate::read::lines::{Line, lines};
use crate::read::symbol::split_pair;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

mod annotation;

use annotation::Annotations;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "vcf",
    "VCF of fusions and structural variants with genes",
    detect,
    read,
);

const HEAD: &str = "##fileformat=VCF";
/// The columns, for a file whose meta lines were cut off.
const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT";

/// `E6aA20`, `E13ins18A20`: the exons at an Ion Reporter junction.
static ION_EXONS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z](\d+)[a-z]?\d*(?:(?:ins|del|p)\d+[a-z]*\d*)*[A-Z](\d+)")
        .expect("a constant pattern")
});

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let start = text.trim_start();
    let found = [HEAD, COLUMNS]
        .into_iter()
        .find(|head| start.starts_with(head))?;
    Some(Evidence {
        dialect: dialect(text),
        found: found.replace('\t', " "),
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
    /// `FORMAT`, and the last sample: the tumour, where a normal stands beside it.
    format: &'t str,
    sample: &'t str,
}

impl<'t> Record<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [chromosome, position, id, _, alt, _, filter, info, ..] = cells[..] else {
            return None;
        };
        position.parse::<u64>().ok()?;
        let behind = cells.get(8..).unwrap_or_default();
        Some(Self {
            chromosome,
            position,
            id,
            alt,
            filter,
            info,
            format: behind.first().copied().unwrap_or_default(),
            sample: behind
                .get(1..)
                .and_then(<[_]>::last)
                .copied()
                .unwrap_or_default(),
        })
    }

    fn field(&self, key: &str) -> Option<&'t str> {
        self.info
            .split(';')
            .find_map(|part| part.trim().strip_prefix(key)?.strip_prefix('='))
            .filter(|value| !matches!(*value, "" | "." | "nan"))
    }

    /// A count of the sample column; of `reference,alternative` the second.
    fn sample_count(&self, key: &str) -> Option<u64> {
        let at = self.format.split(':').position(|name| name == key)?;
        let value = self.sample.split(':').nth(at)?;
        value.rsplit(',').next()?.parse().ok()
    }

    fn count(&self, key: &str) -> Option<u64> {
        self.field(key).and_then(|value| value.parse().ok())
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

    /// The other end: of `N[2:29223528[` and its kin, or of a symbolic variant with `END`.
    fn mate(&self) -> Option<Breakpoint> {
        if let Some(inside) = self.alt.split(['[', ']']).find(|part| part.contains(':')) {
            let (chromosome, position) = inside.rsplit_once(':')?;
            return Breakpoint::parse(&format!("{chromosome}:{position}"));
        }
        let end = self.field("END").filter(|_| self.alt.starts_with('<'))?;
        let chromosome = self.field("CHR2").unwrap_or(self.chromosome);
        Breakpoint::parse(&format!("{chromosome}:{end}"))
    }

    fn is_ion(&self) -> bool {
        self.field("SVTYPE") == Some("Fusion")
    }
}

/// The partners of a record, what is promised of their order, and what is said of them.
struct Partners {
    cells: [String; 2],
    promise: Promise,
    status: Status,
    doubt: Option<String>,
}

impl Partners {
    fn of(one: &str, two: &str, promise: Promise) -> Self {
        Self {
            cells: [one.to_owned(), two.to_owned()],
            promise,
            status: Status::Detected,
            doubt: None,
        }
    }
}

/// The partners, or why there are none.
fn partners(
    record: &Record<'_>,
    annotations: &Annotations<'_>,
    vocab: &Vocab,
) -> Result<Partners, &'static str> {
    for (one, two) in [("GENE5", "GENE3"), ("GENEA", "GENEB"), ("GENE_1", "GENE_2")] {
        if let (Some(one), Some(two)) = (record.field(one), record.field(two)) {
            return Ok(Partners::of(one, two, Promise::First));
        }
    }
    if let Some(rest) = record.id.strip_prefix("bnd_")
        && let Some((_, names)) = rest.split_once('_')
        && let Some(names) = names
            .strip_suffix("_5p")
            .or_else(|| names.strip_suffix("_3p"))
    {
        return Ok(from_cut(names, &["_"], vocab));
    }
    if record.is_ion() {
        let uncalled = matches!(record.filter, "FAIL" | "NOCALL");
        if uncalled || record.count("READ_COUNT") == Some(0) {
            return Err("a target of the panel that was not called");
        }
        let names = record.id.split('.').next().unwrap_or_default();
        let found = from_cut(names, &["--", "::", "-"], vocab);
        if !no_gene(&found.cells[1]) || found.doubt.is_some() {
            return Ok(found);
        }
    }
    if matches!(
        record.field("SVTYPE"),
        Some("RNAExonVariant" | "ExprControl" | "5p3pAssays" | "RNAExonTiles")
    ) {
        return Err("an assay value or an exon variant, no fusion of two genes");
    }
    annotations.partners(record).map(|found| match found {
        annotation::Ends::Two(one, two) => Partners::of(one, two, Promise::Nothing),
        annotation::Ends::One(gene) => Partners {
            status: Status::Inconclusive,
            ..Partners::of(gene, "", Promise::Nothing)
        },
    })
}

fn from_cut(names: &str, marks: &[&str], vocab: &Vocab) -> Partners {
    let cut = split_pair(names, marks, vocab);
    Partners {
        doubt: cut.doubt,
        ..Partners::of(&cut.sides[0], &cut.sides[1], Promise::First)
    }
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let text = source.text();
    let dialect = dialect(text);
    let annotations = Annotations::collect(source);
    let mut seen: BTreeSet<String> = BTreeSet::new();
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
        let found = match partners(&record, &annotations, vocab) {
            Ok(found) => found,
            Err(why) => return Line::Skipped(why),
        };
        if !seen.insert(event(&record)) {
            return Line::Skipped("the other end of a breakend that was read");
        }
        let out = &mut reading.diagnostics;
        let place = source.place(range);
        if let Some(doubt) = found.doubt {
            out.push(
                Diagnostic::warning(Code::AmbiguousName, doubt).at(place.clone(), "this record"),
            );
        }
        let mut fusion = pair_call(found.cells, found.promise, &place, vocab, out);
        fusion.status = found.status;
        fusion.loose_breakpoints = found.promise == Promise::Nothing;
        complete(&mut fusion, &record, dialect);
        Line::Call(Box::new(fusion))
    })
}

fn complete(fusion: &mut Fusion, record: &Record<'_>, dialect: &str) {
    let here = Breakpoint::parse(&format!("{}:{}", record.chromosome, record.position));
    let three_prime_record = record.id.ends_with("_3p") || record.id.contains("__3__");
    fusion.breakpoints = Some(if three_prime_record {
        [record.mate(), here]
    } else {
        [here, record.mate()]
    });
    if fusion.loose_breakpoints {
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
    if dialect == "rnafusion" {
        // Its writer fills DV from the junction reads and RV from the spanning fragments.
        fusion.support.split = record.sample_count("DV");
        fusion.support.spanning = record.sample_count("RV");
    } else {
        fusion.support.split = record.count("SR").or_else(|| record.sample_count("SR"));
        let spanning = record.count("SP").or_else(|| record.sample_count("PR"));
        fusion.support.spanning = spanning.or_else(|| record.count("PE"));
    }
    fusion.support.total = record.count("READ_COUNT");
    let frame_field = record
        .field("FRAME_STATUS")
        .or_else(|| record.field("EFFECT"));
    if let Some(written) = frame_field {
        set_frame(fusion, written, frame(written));
    }
    if record.is_ion()
        && let Some(exons) = record.id.split('.').nth(1)
        && let Some(found) = ION_EXONS.captures(exons)
    {
        fusion.reported_exons = [1, 2].map(|side| Some(found[side].to_owned()));
    }
    if !matches!(record.filter, "PASS" | "." | "") {
        fusion.confidence = Some("low".to_owned());
        fusion.filters = record.filter.split(';').map(str::to_owned).collect();
    }
    fusion.caller = record.field("FOUND_IN").map(str::to_owned);
    fusion.method = match dialect {
        "rnafusion" | "fusioncatcher" | "ion-reporter" | "integrate" => Method::Rna,
        "manta" | "gridss" => Method::Dna,
        _ => Method::Unspecified,
    };
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

/// Genes at the end of each record, by its id.
type Genes<'t> = BTreeMap<&'t str, Vec<&'t str>>;
