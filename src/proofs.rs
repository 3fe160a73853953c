//! Invariants of a pack, and the case that breaks one written as files that any command can read.
//!
//! The proof works on facts; a reader of the pack wants a report. So a case that breaks an invariant is
//! written as a report text and, where a text cannot say it plainly, a `case.yaml`, read back through
//! the readers, and assessed again: only then is it called reproduced.

use std::fmt::Write as _;

use crate::case::fusion::{Frame, KinaseDomain};
use crate::case::history::Role;
use crate::case::{Case, fish, fusion, ihc, variant};
use crate::diag::{Code, Diagnostic};
use crate::pipeline::{self, ReadOptions};
use crate::rules::Pack;
use crate::rules::study::Proof;
use crate::source::{Limits, Sources};

/// A case written as files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// `report.txt`; empty when nothing stands in it.
    pub report: String,
    /// `case.yaml`; empty when nothing stands in it.
    pub structured: String,
}

impl Written {
    /// The files with their names, those that hold something.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, &str)> {
        let files = [
            ("report.txt", self.report.as_str()),
            ("case.yaml", self.structured.as_str()),
        ];
        files
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }
}

/// The case that breaks an invariant, as files, and whether reading them breaks it again. None when it
/// holds or no case is needed to see that it does not.
#[must_use]
pub fn counter_example(proof: &Proof, pack: &Pack) -> Option<(Written, bool)> {
    let refuted = proof.refuted.as_ref()?;
    let written = write(&refuted.case);
    if written.files().is_empty() {
        return None;
    }
    let mut sources = Sources::new(Limits::default());
    for (name, text) in written.files() {
        sources.add(name, text.as_bytes()).ok()?;
    }
    let read = pipeline::read(&sources, pack.vocab(), &ReadOptions::default());
    let again = read.is_ok_and(|read| pack.breaks(&proof.id, &read.case));
    Some((written, again))
}

/// The message of an invariant that does not hold, with the case that breaks it.
#[must_use]
pub fn refuted(proof: &Proof, pack: &Pack) -> Option<Diagnostic> {
    let refuted = proof.refuted.as_ref()?;
    let mut help = refuted.why.clone();
    if let Some((written, again)) = counter_example(proof, pack) {
        for (name, text) in written.files() {
            let _ = write!(help, "\n{name}:");
            for line in text.lines() {
                let _ = write!(help, "\n    {line}");
            }
        }
        help.push_str(if again {
            "\nread back, these files break it again: `fusedx assess` on them shows it"
        } else {
            "\nread back, these files do not break it: its facts are ones that no file here can say"
        });
    }
    Some(
        Diagnostic::error(
            Code::InvariantFails,
            format!("invariant `{}` does not hold: {}", proof.id, proof.title),
        )
        .at(proof.place.clone(), "claimed here")
        .help(help),
    )
}

/// Writes the facts of a case.
#[must_use]
pub fn write(case: &Case) -> Written {
    let mut report = String::new();
    let mut history = String::new();
    let mut fusions = String::new();
    let h = &case.history;
    for diagnosis in &h.diagnoses {
        let label = &diagnosis.label;
        let _ = match diagnosis.role {
            Role::NotExcluded => writeln!(report, "Diagnosis: {label} is not excluded"),
            Role::Favoured => writeln!(report, "Diagnosis: favour {label}"),
            Role::Initial => writeln!(report, "Initial diagnosis: {label}"),
            Role::Outside => writeln!(report, "Outside report: Diagnosis: {label}"),
            Role::Final | Role::Superseded => writeln!(report, "Diagnosis: {label}"),
        };
    }
    for reading in &case.ihc {
        let clone = reading.clone.as_ref().map(|c| format!(" (clone {c})"));
        let percent = reading.percent.map(|[low, _]| format!(", {low}%"));
        let sign = match reading.status {
            ihc::Status::Positive => "positive",
            ihc::Status::Negative => "negative",
            ihc::Status::Equivocal => "equivocal",
            ihc::Status::NotDone => "not done",
            ihc::Status::Pending => "pending",
            ihc::Status::Failed => "failed",
            ihc::Status::Reported => "",
        };
        let _ = writeln!(
            report,
            "IHC: {}{} {sign}{}",
            reading.marker,
            clone.unwrap_or_default(),
            percent.unwrap_or_default()
        );
    }
    for result in &case.fish {
        let verdict = match result.status {
            fish::Status::Positive => "rearranged".to_owned(),
            fish::Status::Negative => "not rearranged".to_owned(),
            other => other.as_str().replace('_', " "),
        };
        let percent = result.percent.map(|p| format!(" in {p}% of nuclei"));
        let percent = percent.unwrap_or_default();
        let _ = writeln!(report, "FISH: {} {verdict}{percent}", result.gene);
    }
    for found in &case.variants {
        let change = found.protein_change.as_deref().unwrap_or("variant");
        let not = match found.status {
            variant::Status::Detected => "",
            variant::Status::NotDetected => "not ",
        };
        let _ = writeln!(report, "NGS: {} {change} {not}detected", found.gene);
    }
    for call in &case.fusions {
        let _ = writeln!(fusions, "  - {}", statement(call));
    }
    for treatment in &h.treatments {
        let response = treatment.response.as_deref().map(|r| format!(", {r}"));
        let response = response.unwrap_or_default();
        let _ = writeln!(
            report,
            "Treatment: treated with {}{response}",
            treatment.drug
        );
    }
    let states: Vec<&str> = h.states.iter().map(|s| s.value.as_str()).collect();
    if !states.is_empty() {
        let _ = writeln!(report, "Disease status: {}", states.join(", "));
    }
    if let Some(age) = &h.age {
        let _ = writeln!(history, "  age: {}", age.value);
    }
    if let Some(sex) = &h.sex {
        let _ = writeln!(history, "  sex: {}", sex.value);
    }
    if let Some(site) = &h.site {
        let _ = writeln!(history, "  site: {}", site.value);
    }
    let mut structured = String::new();
    if !history.is_empty() {
        let _ = write!(structured, "history:\n{history}");
    }
    if !fusions.is_empty() {
        let _ = write!(structured, "fusion:\n{fusions}");
    }
    Written { report, structured }
}

fn statement(call: &fusion::Fusion) -> String {
    let mut fields = Vec::new();
    let [first, second] = call
        .as_reported
        .clone()
        .map_or([None, None], |[a, b]| [Some(a), Some(b)]);
    let five = call.five_prime.clone().or(first);
    let three = call.three_prime.clone().or(second);
    fields.extend(five.map(|g| format!("five_prime: {g}")));
    fields.extend(three.map(|g| format!("three_prime: {g}")));
    fields.extend(call.gene.as_ref().map(|g| format!("gene: {g}")));
    fields.push(format!("status: {}", call.status.as_str()));
    let name = |all: &[(Frame, &'static str)], frame| {
        all.iter().find(|(f, _)| *f == frame).map(|(_, n)| *n)
    };
    let frame = call.frame.and_then(|f| name(&Frame::ALL, f));
    fields.extend(frame.map(|f| format!("frame: {f}")));
    let domain = call.kinase_domain.and_then(|domain| {
        let mut all = KinaseDomain::ALL.iter();
        all.find(|(d, _)| *d == domain).map(|(_, n)| *n)
    });
    fields.extend(domain.map(|d| format!("kinase_domain: {d}")));
    let confidence = call.confidence.as_ref();
    fields.extend(confidence.map(|c| format!("confidence: {c}")));
    format!("{{{}}}", fields.join(", "))
}
