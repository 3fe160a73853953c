//! Archer Analysis `full_results`: a key and a value on each line.
//!
//! `FCA_<n>_…` describes an annotated candidate, `FC_<n>_…` the isoform it rests on. The genes are written 5' first.
//! A candidate without strong evidence is of low confidence.

use std::collections::BTreeMap;
use std::ops::{Bound, Range};
use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Breakpoint, Fusion, Method};
use crate::diag::{Code, Diagnostic};
use crate::read::frame::{frame, set_frame};
use crate::read::layout::{Promise, no_gene, pair_call};
use crate::read::symbol::split_pair;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format =
    Format::own("archer", "Archer Analysis full_results", detect, read);

static CANDIDATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^FCA_(\d+)_GENES_UNIQUE$").expect("a constant pattern"));
static JUNCTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[^(|]+\([+-]\)(?P<transcript>[^|]*)\|(?P<region>exon|intron):(?P<number>\d+)\|(?P<points>.+)$")
        .expect("a constant pattern")
});

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let mut keys = source
        .lines()
        .filter_map(|(_, line)| text[line].split_once('\t').map(|(key, _)| key));
    keys.any(|key| CANDIDATE.is_match(key)).then(|| Evidence {
        dialect: "full-results",
        found: "lines FCA_<n>_GENES_UNIQUE".to_owned(),
    })
}

/// Values by key, with their places; the first of a key counts.
type Values<'s> = BTreeMap<&'s str, (&'s str, Range<usize>)>;

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let text = source.text();
    let mut values: Values<'_> = BTreeMap::new();
    let mut candidates = Vec::new();
    for (_, line) in source.lines() {
        let Some((key, value)) = text[line.clone()].split_once('\t') else {
            continue;
        };
        let start = line.start + key.len() + 1;
        let place = start..start + value.len();
        if let Some(found) = CANDIDATE.captures(key) {
            candidates.push((found[1].to_owned(), value.trim(), place.clone()));
        }
        values.entry(key).or_insert((value.trim(), place));
    }
    let mut reading = Reading::default();
    for (number, genes, range) in candidates {
        reading.records.total += 1;
        let place = source.place(range);
        let out = &mut reading.diagnostics;
        let cells = split_pair(genes, &[":", "--", "-"], vocab).told(|| place.clone(), out);
        if cells.iter().all(|cell| no_gene(cell)) {
            reading.records.failed += 1;
            out.push(
                Diagnostic::warning(Code::NotAGene, "a candidate without genes")
                    .at(place, "expected GENE1:GENE2"),
            );
            continue;
        }
        let mut fusion = pair_call(cells, Promise::First, &place, vocab, out);
        genes.clone_into(&mut fusion.as_written);
        complete(&mut fusion, &number, &values);
        reading.records.read += 1;
        reading.case.fusions.push(fusion);
    }
    reading
}

/// What the other lines say of a candidate.
fn complete(fusion: &mut Fusion, number: &str, values: &Values<'_>) {
    let prefix = format!("FCA_{number}_");
    let value = |key: &str| {
        let found = values.get(format!("{prefix}{key}").as_str());
        found.map(|(value, _)| *value)
    };
    if let Some(written) = value("HAS_INFRAME_TRANSLATION") {
        set_frame(fusion, written, frame(written));
    }
    let strong = value("STRONG_EVIDENCE_ABERRATION");
    if strong.is_some_and(|word| !word.eq_ignore_ascii_case("true")) {
        fusion.confidence = Some("low".to_owned());
    }
    let junctions = ["ANNOTATION_1-", "ANNOTATION_2-"].map(|side| {
        // A curated transcript first.
        let all = under(values, &format!("{prefix}{side}"));
        let best = all.iter().find(|text| text.contains("NM_")).or(all.first());
        best.and_then(|text| JUNCTION.captures(text))
    });
    let part = |side: usize, name: &str| {
        let found = junctions[side].as_ref()?.name(name)?.as_str();
        (!found.is_empty()).then(|| found.to_owned())
    };
    let exon = |side: usize| {
        let exon = part(side, "region").is_some_and(|region| region == "exon");
        exon.then(|| part(side, "number")).flatten()
    };
    fusion.reported_exons = [exon(0), exon(1)];
    fusion.reported_transcripts = [part(0, "transcript"), part(1, "transcript")];
    fusion.breakpoints = Some([0, 1].map(|side| {
        // From where the read enters the exon to the junction on the 5' side, from the junction on behind it.
        let points = part(side, "points")?;
        let (first, last) = points.split_once(',').unwrap_or((&points, &points));
        Breakpoint::parse(if side == 0 { last } else { first })
    }));
    for isoform in under(values, &format!("{prefix}SUPPORTING_ISOFORM_ID_")) {
        let count = |key: &str| {
            let found = values.get(format!("{isoform}_{key}").as_str());
            found.and_then(|(value, _)| value.parse::<u64>().ok())
        };
        let add = |sum: Option<u64>, more: Option<u64>| match (sum, more) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        let support = &mut fusion.support;
        support.split = add(support.split, count("EITHER_R1_OR_R2"));
        support.spanning = add(support.spanning, count("BOTH_R1_AND_R2"));
    }
    fusion.sample = values
        .get("SAMPLE_NAME")
        .map(|(name, _)| (*name).to_owned())
        .filter(|name| !name.is_empty());
    fusion.caller = Some("Archer".to_owned());
    fusion.method = Method::Rna;
}

/// The values whose keys are this prefix and a number.
fn under<'s>(values: &Values<'s>, prefix: &str) -> Vec<&'s str> {
    values
        .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
        .take_while(|(key, _)| key.starts_with(prefix))
        .filter(|(key, _)| key[prefix.len()..].bytes().all(|b| b.is_ascii_digit()))
        .map(|(_, (value, _))| *value)
        .collect()
}
