//! Structured facts in YAML: `case.yaml` beside a report, and the facts of a pack's inline tests.
//!
//! ```yaml
//! history:
//!   age: 57
//!   sex: F
//!   site: uterus
//!   state: [metastatic, recurrent]
//!   diagnosis: [lms]                    # keys of the disease table
//!   on_drug: [crizotinib]
//! ihc:  {ALK: positive, desmin: negative}
//! fish: {ALK: rearranged}
//! fusion:
//!   - {five_prime: IGFBP5, three_prime: ALK, frame: in_frame}
//!   - {gene: ROS1, status: not_detected}
//! ```
//!
//! Laboratory values, lesions, responses, variants and morphology: see `case_file/values.rs`.
//!
//! Unknown keys and names are errors: a typo must never look like an unknown fact.

use crate::case::Case;
use crate::case::fish::{self, Fish};
use crate::case::fusion::{
    self, Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom,
};
use crate::case::history::{Diagnosis, Role, Stated, Treatment};
use crate::case::ihc::{self, Ihc};
use crate::diag::{Code, Diagnostic, near_name};
use crate::read::{Evidence, Format, Reading, Records};
use crate::source::Source;
use crate::vocab::{Vocab, Word};
use crate::yaml::{self, Decoder, Node, Spanned};

mod values;

/// Structured facts.
pub(super) const FORMAT: Format =
    Format::own("case", "structured facts in YAML (case.yaml)", detect, read);

/// Top-level keys; a file that starts with one of them alone on its line holds structured facts.
const KEYS: &[&str] = &[
    "history:",
    "ihc:",
    "fish:",
    "fusion:",
    "labs:",
    "measurements:",
    "responses:",
    "variants:",
    "morphology:",
];

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let first = text
        .lines()
        .map(str::trim_end)
        .find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let key = KEYS.iter().find(|key| {
        first
            .strip_prefix(**key)
            .is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with(['{', '[']))
    })?;
    Some(Evidence {
        dialect: "1",
        found: format!("starts with the key `{key}`"),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut reading = Reading::default();
    let before = reading.diagnostics.len();
    if let Some(node) = yaml::parse(source, &mut reading.diagnostics) {
        reading.case = facts(source, &node, vocab, &mut reading.diagnostics);
    }
    let total = source
        .text()
        .lines()
        .filter(|l| !l.trim().is_empty())
        .count();
    let sound = reading.diagnostics.len() == before;
    reading.records = Records {
        total,
        read: if sound { total } else { 0 },
        skipped: 0,
        failed: if sound { 0 } else { total },
    };
    reading
}

/// Decodes structured facts.
pub(crate) fn facts(
    source: &Source,
    node: &Node,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Case {
    let mut decoder = Decoder { source, out };
    let d = &mut decoder;
    let mut case = Case::default();
    let Some(mut f) = d.fields(node, "facts") else {
        return case;
    };
    if let Some(node) = f.take("history") {
        history(d, node, vocab, &mut case);
    }
    if let Some(node) = f.take("ihc") {
        let statuses = ihc::Status::ALL.map(|s| (s, s.as_str()));
        for (name, node) in d.named(node) {
            let marker = vocab.marker_named(&name.value).map(|m| m.name.clone());
            let marker = known(
                d,
                &name,
                "marker",
                marker,
                vocab.markers().iter().map(|m| m.name.as_str()),
            );
            if let (Some(marker), Some(status)) = (marker, d.choice(node, &statuses)) {
                case.ihc.push(Ihc::new(&marker, status.value, name.place));
            }
        }
    }
    if let Some(node) = f.take("fish") {
        const STATUSES: [(fish::Status, &str); 6] = [
            (fish::Status::Positive, "rearranged"),
            (fish::Status::Negative, "not_rearranged"),
            (fish::Status::Equivocal, "equivocal"),
            (fish::Status::Pending, "pending"),
            (fish::Status::Failed, "failed"),
            (fish::Status::NotDone, "not_done"),
        ];
        for (name, node) in d.named(node) {
            if let (Some(gene), Some(status)) = (gene(d, &name, vocab), d.choice(node, &STATUSES)) {
                case.fish.push(Fish::new(&gene, status.value, name.place));
            }
        }
    }
    if let Some(node) = f.take("fusion") {
        for item in d.list(node) {
            case.fusions.extend(fusion(d, item, vocab));
        }
    }
    values::take(d, &mut f, vocab, &mut case);
    f.finish(d);
    case
}

fn history(d: &mut Decoder<'_>, node: &Node, vocab: &Vocab, case: &mut Case) {
    let Some(mut f) = d.fields(node, "`history`") else {
        return;
    };
    let history = &mut case.history;
    history.age = f.take("age").and_then(|n| d.number(n)).map(|s| Stated {
        value: s.value,
        source: s.place,
    });
    let sex = f
        .take("sex")
        .and_then(|n| d.choice(n, &[("F", "F"), ("M", "M")]));
    history.sex = sex.map(|s| Stated {
        value: s.value.to_owned(),
        source: s.place,
    });
    history.site = f.text(d, "site").map(|s| Stated {
        value: s.value,
        source: s.place,
    });
    for state in f.texts(d, "state") {
        let named = vocab.whole_word(&state.value).and_then(|w| match w {
            Word::State(value) => Some(value.clone()),
            _ => None,
        });
        if let Some(value) = known(d, &state, "disease state", named, []) {
            history.states.push(Stated {
                value,
                source: state.place,
            });
        }
    }
    for name in f.texts(d, "diagnosis") {
        let disease = vocab.diseases().iter().find(|x| x.key == name.value);
        let keys = vocab.diseases().iter().map(|x| x.key.as_str());
        if let Some(disease) = known(d, &name, "disease", disease, keys) {
            history.diagnoses.push(Diagnosis {
                label: disease.label.clone(),
                key: disease.key.clone(),
                group: disease.group.clone(),
                role: Role::Final,
                specimen: None,
                date: None,
                source: name.place,
                context: None,
                revises: false,
                headed: true,
            });
        }
    }
    for name in f.texts(d, "on_drug") {
        let drug = vocab
            .drugs()
            .iter()
            .find(|x| x.name == name.value)
            .map(|x| x.name.clone());
        let names = vocab.drugs().iter().map(|x| x.name.as_str());
        if let Some(drug) = known(d, &name, "drug", drug, names) {
            history.treatments.push(Treatment::new(&drug, name.place));
        }
    }
    if let Some(node) = f.take("treatments") {
        for item in d.list(node) {
            history.treatments.extend(treatment(d, item, vocab));
        }
    }
    history.pregnant = f
        .take("pregnant")
        .and_then(|n| d.boolean(n))
        .map(|s| Stated {
            value: s.value,
            source: s.place,
        });
    f.finish(d);
}

fn treatment(d: &mut Decoder<'_>, node: &Node, vocab: &Vocab) -> Option<Treatment> {
    let mut f = d.fields(node, "a treatment")?;
    let name = f.need_text(d, "drug");
    let dose = f.text(d, "dose");
    let start = f.take("start").and_then(|n| values::date(d, n));
    let stop = f.take("stop").and_then(|n| values::date(d, n));
    let reason = f.text(d, "stop_reason");
    let line = f.take("line").and_then(|n| d.number(n));
    let response = f.take("response").and_then(|n| {
        let names = [("CR", "CR"), ("PR", "PR"), ("SD", "SD"), ("PD", "PD")];
        d.choice(n, &names)
    });
    f.finish(d);
    let name = name?;
    let drug = vocab.drugs().iter().find(|x| x.name == name.value);
    let names = vocab.drugs().iter().map(|x| x.name.as_str());
    let drug = known(d, &name, "drug", drug.map(|x| x.name.clone()), names)?;
    Some(Treatment {
        dose: dose.map(|s| s.value),
        start,
        stop,
        stop_reason: reason.map(|s| s.value),
        line: line.map(|s| s.value),
        response: response.map(|s| s.value.to_owned()),
        ..Treatment::new(&drug, name.place)
    })
}

fn fusion(d: &mut Decoder<'_>, node: &Node, vocab: &Vocab) -> Option<Fusion> {
    let mut f = d.fields(node, "a fusion")?;
    let mut side = |d: &mut Decoder<'_>, key: &'static str| {
        let name = f.text(d, key)?;
        gene(d, &name, vocab)
    };
    let five = side(d, "five_prime");
    let three = side(d, "three_prime");
    let gene_level = side(d, "gene");
    let status = f
        .take("status")
        .and_then(|n| d.choice(n, &fusion::Status::ALL));
    let mut fact = Fusion::new(
        status.map_or(fusion::Status::Detected, |s| s.value),
        d.place(node),
    );
    fact.frame = f
        .take("frame")
        .and_then(|n| d.choice(n, &Frame::ALL))
        .map(|s| s.value);
    fact.kinase_domain = f
        .take("kinase_domain")
        .and_then(|n| d.choice(n, &KinaseDomain::ALL))
        .map(|s| s.value);
    fact.confidence = f.text(d, "confidence").map(|s| s.value);
    if let Some(method) = f.take("method").and_then(|n| d.choice(n, &Method::ALL)) {
        fact.method = method.value;
    }
    f.finish(d);
    if let (Some(five), Some(three)) = (&five, &three) {
        fact.as_reported = Some([five.clone(), three.clone()]);
        fact.orientation = Some(Orientation::Stated);
        fact.orientation_from = Some(OrientationFrom::Columns);
    }
    fact.five_prime = five;
    fact.three_prime = three;
    fact.gene = gene_level;
    Some(fact)
}

fn gene(d: &mut Decoder<'_>, name: &Spanned<String>, vocab: &Vocab) -> Option<String> {
    let symbol = vocab.gene_named(&name.value).map(|g| g.symbol.clone());
    known(
        d,
        name,
        "gene",
        symbol,
        vocab.genes().iter().map(|g| g.symbol.as_str()),
    )
}

/// The value, or a report that the name is unknown.
fn known<'v, T>(
    d: &mut Decoder<'_>,
    name: &Spanned<String>,
    what: &str,
    value: Option<T>,
    names: impl IntoIterator<Item = &'v str>,
) -> Option<T> {
    if value.is_none() {
        let code = if what == "gene" {
            Code::UnknownGene
        } else {
            Code::UnknownTerm
        };
        let mut diagnostic =
            Diagnostic::error(code, format!("there is no {what} `{}`", name.value))
                .at(name.place.clone(), "not in the tables of the pack");
        if let Some(near) = near_name(&name.value, names) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        d.report(diagnostic);
    }
    value
}
