//! Caris reports, JSON and XML: translocations and immunohistochemistry in blocks of one kind a result.
//!
//! | block | becomes |
//! |---|---|
//! | `translocation`, detected | a fusion, `gene1` 5' as the fusion's name has it |
//! | `translocation`, not detected | a gene-level negative of `gene`, which names no partner |
//! | `translocation`, indeterminate or without a result | inconclusive or failed |
//! | `expressionAlteration` | a stain with result, intensity and percentage |
//!
//! Every other block (small variants, copy numbers, instability) is counted as skipped. The genome build is mixed and
//! sometimes wrong in these files, so that it is not read.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::case::fusion::{Breakpoint, Fusion, Method, Status};
use crate::case::ihc::{self, Ihc};
use crate::case::percent::Percent;
use crate::diag::{Code, Diagnostic};
use crate::read::frame::{frame, set_frame};
use crate::read::layout::{Promise, no_gene, pair_call, partner};
use crate::read::table::no_calls;
use crate::read::{Evidence, Format, Reading, json, xml};
use crate::source::{Place, Source};
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("caris", "Caris report, JSON and XML", detect, read);

const MARKS: &[&str] = &["testResults"];

const TRANSLOCATION: &str = "translocation";
const EXPRESSION: &str = "expressionAlteration";

/// One result with its fields as text.
struct Block {
    kind: String,
    fields: BTreeMap<String, String>,
    /// Name and method of the test it belongs to.
    test: String,
    place: Place,
}

impl Block {
    fn get(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", |value| value.trim())
    }

    fn stated(&self, key: &str) -> Option<&str> {
        Some(self.get(key)).filter(|value| !value.is_empty())
    }
}

fn detect(source: &Source) -> Option<Evidence> {
    let found = |dialect| Evidence {
        dialect,
        found: "tests with testResults".to_owned(),
    };
    if let Some(document) = json::document(source, MARKS) {
        let tests = document.get("tests")?.as_array()?;
        let known = tests.iter().any(|test| test.get("testResults").is_some());
        return known.then(|| found("json"));
    }
    let document = xml::document(source, MARKS)?;
    let mut results = xml::elements(&document, "testResults");
    results
        .any(|node| {
            node.parent()
                .is_some_and(|p| p.tag_name().name() == "tests")
        })
        .then(|| found("xml"))
}

fn blocks(source: &Source) -> Vec<Block> {
    if let Some(document) = json::document(source, MARKS) {
        return json_blocks(source, &document);
    }
    xml::document(source, MARKS).map_or_else(Vec::new, |document| xml_blocks(source, &document))
}

fn json_blocks(source: &Source, document: &Value) -> Vec<Block> {
    let mut finder = json::Finder::new(source);
    let mut out = Vec::new();
    for test in json::list(Some(document), "tests") {
        let named = |key| json::text(test, key).unwrap_or_default();
        let about = format!("{} {}", named("testName"), named("testMethodology"));
        // One block, or a list of them.
        let groups = match test.get("testResults") {
            Some(Value::Array(items)) => items.as_slice(),
            Some(one @ Value::Object(_)) => std::slice::from_ref(one),
            _ => &[],
        };
        let kinds = groups.iter().filter_map(Value::as_object).flatten();
        for (kind, value) in kinds {
            let items = match value {
                Value::Array(items) => items.as_slice(),
                one => std::slice::from_ref(one),
            };
            for item in items.iter().filter_map(Value::as_object) {
                let fields: BTreeMap<String, String> = item
                    .iter()
                    .map(|(key, value)| (key.clone(), scalar(value)))
                    .collect();
                let name = fields.get("biomarkerName").map_or("", String::as_str);
                let place = if matches!(kind.as_str(), TRANSLOCATION | EXPRESSION) {
                    finder.place(name)
                } else {
                    finder.reached()
                };
                out.push(Block {
                    kind: kind.clone(),
                    place,
                    fields,
                    test: about.clone(),
                });
            }
        }
    }
    out
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(","),
        Value::Null | Value::Object(_) => String::new(),
    }
}

fn xml_blocks(source: &Source, document: &roxmltree::Document<'_>) -> Vec<Block> {
    let mut out = Vec::new();
    for results in xml::elements(document, "testResults") {
        let test = results.parent().map_or_else(String::new, |test| {
            let [name, method] = ["testName", "testMethodology"].map(|key| xml::child(test, key));
            format!("{name} {method}")
        });
        for block in results.children().filter(roxmltree::Node::is_element) {
            let mut fields: BTreeMap<String, String> = BTreeMap::new();
            for field in block.children().filter(roxmltree::Node::is_element) {
                let value = field.text().unwrap_or_default().trim();
                let known = fields
                    .entry(field.tag_name().name().to_owned())
                    .or_default();
                if !known.is_empty() {
                    known.push(',');
                }
                known.push_str(value);
            }
            let named = block
                .children()
                .find(|child| child.tag_name().name() == "biomarkerName")
                .and_then(|child| child.children().find(roxmltree::Node::is_text));
            let place = named.map_or_else(
                || xml::place(source, block),
                |name| source.place(name.range()),
            );
            out.push(Block {
                kind: block.tag_name().name().to_owned(),
                fields,
                test: test.clone(),
                place,
            });
        }
    }
    out
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut reading = Reading::default();
    let mut others: Option<(usize, Place)> = None;
    for block in blocks(source) {
        reading.records.total += 1;
        let taken = match block.kind.as_str() {
            TRANSLOCATION => {
                let fusion = translocation(&block, vocab, &mut reading.diagnostics);
                fusion.map(|fusion| reading.case.fusions.push(fusion))
            }
            EXPRESSION => {
                let stain = stain(&block, vocab);
                if stain.is_none() && !block.get("biomarkerName").is_empty() {
                    skip(&mut others, &mut reading, &block);
                    continue;
                }
                stain.map(|stain| reading.case.ihc.push(stain))
            }
            _ => {
                skip(&mut others, &mut reading, &block);
                continue;
            }
        };
        if taken.is_some() {
            reading.records.read += 1;
        } else {
            reading.records.failed += 1;
            reading.diagnostics.push(
                Diagnostic::warning(
                    Code::NotAGene,
                    "a result that names neither gene nor outcome",
                )
                .at(block.place.clone(), "not read")
                .help("expected gene and result"),
            );
        }
    }
    if let Some((count, first)) = others {
        reading.diagnostics.push(
            Diagnostic::note(
                Code::Skipped,
                format!(
                    "{count} results were skipped: neither a fusion nor a stain of a known marker"
                ),
            )
            .at(first, "the first of them"),
        );
    }
    if reading.records.total == 0 {
        reading.diagnostics.push(no_calls(source));
    }
    reading
}

fn skip(others: &mut Option<(usize, Place)>, reading: &mut Reading, block: &Block) {
    reading.records.skipped += 1;
    others.get_or_insert((0, block.place.clone())).0 += 1;
}

/// What the words of a result say; none when they say nothing.
fn outcome(block: &Block) -> Option<Status> {
    let result = block.get("result").to_ascii_lowercase();
    let group = block.get("result_group").to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| result.contains(word));
    if says(&["not detected", "no fusion", "negative", "wild type"]) {
        return Some(Status::NotDetected);
    }
    if says(&[
        "not sufficient",
        "qns",
        "not performed",
        "technical",
        "fail",
    ]) {
        return Some(Status::Failed);
    }
    if says(&["indeterminate", "equivocal", "inconclusive"]) {
        return Some(Status::Inconclusive);
    }
    if says(&[
        "fusion",
        "pathogenic",
        "detected",
        "translocation",
        "positive",
    ]) {
        return Some(Status::Detected);
    }
    match group.as_str() {
        "no result" => Some(Status::Failed),
        "mutated" => Some(Status::Detected),
        "normal" => Some(Status::NotDetected),
        _ if result.is_empty() => None,
        _ => Some(Status::Inconclusive),
    }
}

fn translocation(block: &Block, vocab: &Vocab, out: &mut Vec<Diagnostic>) -> Option<Fusion> {
    let status = outcome(block)?;
    let place = &block.place;
    let gene = block
        .stated("gene")
        .or_else(|| block.stated("biomarkerName"));
    let pair = [block.get("gene1"), block.get("gene2")];
    let mut fusion = if status == Status::Detected && pair.iter().any(|side| !no_gene(side)) {
        let fusion = pair_call(pair.map(str::to_owned), Promise::First, place, vocab, out);
        with_junction(fusion, block)
    } else {
        let (symbol, repair) = partner(gene?, || place.clone(), vocab, out);
        let mut fusion = Fusion::new(status, place.clone());
        fusion.gene = Some(symbol?);
        fusion.repairs.extend(repair);
        fusion
    };
    fusion.status = status;
    let written = block.stated("fusionISOForm").or(gene).unwrap_or_default();
    written.clone_into(&mut fusion.as_written);
    fusion.confidence = block.stated("result").map(str::to_owned);
    fusion.caller = Some("Caris".to_owned());
    let about = format!("{} {}", block.test, block.get("NGSPanelName")).to_ascii_lowercase();
    fusion.method = if ["transcriptome", "rna", "wts"]
        .iter()
        .any(|w| about.contains(w))
    {
        Method::Rna
    } else {
        Method::Unspecified
    };
    Some(fusion)
}

/// Exons, transcripts, breakpoints, and the frame from the words of the interpretation.
fn with_junction(mut fusion: Fusion, block: &Block) -> Fusion {
    let both = |keys: [&str; 2]| keys.map(|key| block.stated(key).map(str::to_owned));
    fusion.reported_exons = both(["exon1", "exon2"]);
    fusion.reported_transcripts = both(["transcriptID1", "transcriptID2"]);
    if let Some((one, two)) = block.get("genomicBreakpoint").split_once('/') {
        fusion.breakpoints = Some([one, two].map(|point| Breakpoint::parse(point.trim())));
    }
    let words = block.get("interpretation").to_ascii_lowercase();
    // The longest first: `out-of-frame` before a `frame` that stands in it.
    let written = [
        "out-of-frame",
        "out of frame",
        "frameshift",
        "in-frame",
        "in frame",
    ]
    .into_iter()
    .find(|written| words.contains(written));
    if let Some(written) = written {
        set_frame(&mut fusion, written, frame(written));
    }
    fusion
}

/// A stain of a marker that the marker table knows.
fn stain(block: &Block, vocab: &Vocab) -> Option<Ihc> {
    let name = block.stated("biomarkerName")?;
    let marker = vocab.marker_named(name)?;
    let result = block.get("result").to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| result.contains(word));
    let status = if says(&["not performed", "not done"]) {
        ihc::Status::NotDone
    } else if says(&[
        "not sufficient",
        "qns",
        "technical",
        "fail",
        "indeterminate",
    ]) {
        ihc::Status::Failed
    } else if says(&["equivocal"]) || block.get("equivocal").eq_ignore_ascii_case("true") {
        ihc::Status::Equivocal
    } else if says(&["negative", "loss of", "absent", "not expressed"]) {
        ihc::Status::Negative
    } else if says(&["positive", "intact", "expressed"]) {
        ihc::Status::Positive
    } else {
        ihc::Status::Reported
    };
    let mut stain = Ihc::new(&marker.name, status, block.place.clone());
    name.clone_into(&mut stain.as_written);
    let percent = Percent::parse(block.get("stainPercent").trim_end_matches('%').trim());
    let grade = block.stated("intensity");
    // All cells at intensity 0 is how these reports write that no cell stains.
    let none = grade.is_some_and(|grade| grade.trim_end_matches('+') == "0");
    stain.percent = percent
        .filter(|percent| !(none && *percent == Percent::HUNDRED))
        .map(|percent| [percent, percent]);
    stain.score = grade.map(str::to_owned);
    stain.intensity = grade
        .and_then(|grade| match grade.trim_end_matches('+') {
            "1" => Some("weak"),
            "2" => Some("moderate"),
            "3" => Some("strong"),
            _ => None,
        })
        .map(str::to_owned);
    Some(stain)
}
