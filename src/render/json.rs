//! JSON: a contract with a schema version.
//!
//! Keys are written in a fixed order, and every control or bidirectional character of the input is
//! escaped, so that the output may reach a terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};

use crate::case::Case;
use crate::course::guide::Remark;
use crate::course::ratios::{Ratio, Refused, Trend};
use crate::course::{Course, Response};
use crate::diag::render::is_unprintable;
use crate::diag::{Diagnostic, Severity};
use crate::pipeline::{ReadCase, SourceReport};
use crate::rules::settle::{NextTest, Outcome};
use crate::rules::{Asked, Assessment, Flag, Pack, RuleOutcome, Therapy, Trace, TraceKind, Truth};
use crate::source::Place;
use crate::verify::Verified;

/// Version of the JSON contract. A change of meaning raises the first number.
pub const SCHEMA_VERSION: &str = "0.1";

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

const TOOL: Tool = Tool {
    name: "fusedx",
    version: env!("CARGO_PKG_VERSION"),
};

#[derive(Serialize)]
struct ReadDocument<'a> {
    schema_version: &'static str,
    tool: Tool,
    sources: &'a [SourceReport],
    #[serde(flatten)]
    facts: &'a Case,
    diagnostics: Vec<DiagnosticView<'a>>,
}

#[derive(Serialize)]
struct AssessDocument<'a> {
    schema_version: &'static str,
    tool: Tool,
    pack: PackView<'a>,
    as_of: Option<Date>,
    region: Option<&'a str>,
    case: CaseView<'a>,
    facts: &'a Case,
    decisions: BTreeMap<&'a str, DecisionView<'a>>,
    flags: Vec<FlagView<'a>>,
    therapy: &'a [Therapy],
    response: &'a Response,
    ratios: &'a [Ratio],
    ratio_notes: RatioNotes<'a>,
    missing: BTreeSet<String>,
    rules: Vec<RuleView<'a>>,
    diagnostics: Vec<DiagnosticView<'a>>,
}

/// What to know of the ratios; the remarks only where there is one to remark on.
#[derive(Serialize)]
struct RatioNotes<'a> {
    refused: &'a [Refused],
    trends: &'a [Trend],
    remarks: &'a [Remark],
}

#[derive(Serialize)]
struct PackView<'a> {
    name: &'a str,
    version: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct CaseView<'a> {
    id: &'a str,
    sources: &'a [SourceReport],
}

#[derive(Serialize)]
struct DecisionView<'a> {
    value: &'a str,
    title: &'a str,
    settled: bool,
    also_true: &'a [String],
    open: &'a [String],
    rules: &'a [String],
    assumptions: &'a [String],
    settle_by: Vec<TestView>,
}

#[derive(Serialize)]
struct TestView {
    test: String,
    title: String,
    outcomes: Vec<OutcomeView>,
}

#[derive(Serialize)]
struct OutcomeView {
    result: &'static str,
    value: String,
    settled: bool,
    open: Vec<String>,
}

#[derive(Serialize)]
struct FlagView<'a> {
    code: &'a str,
    rule: &'a str,
    message: &'a str,
    action: &'a str,
    grade: &'a str,
    cites: &'a [String],
    sources: &'a [Place],
}

#[derive(Serialize)]
struct RuleView<'a> {
    id: &'a str,
    outcome: &'static str,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct DiagnosticView<'a> {
    code: &'static str,
    severity: Severity,
    message: &'a str,
    path: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<&'a Place>,
}

impl<'a> From<&'a Diagnostic> for DiagnosticView<'a> {
    fn from(d: &'a Diagnostic) -> Self {
        let place = d.place();
        Self {
            code: d.code.code(),
            severity: d.severity,
            message: &d.message,
            path: place.map(|p| &*p.path),
            line: place.map(|p| p.line),
            column: place.map(|p| p.column),
            help: d.help.as_deref(),
            also: d.labels.iter().skip(1).map(|l| &l.place).collect(),
        }
    }
}

impl From<NextTest> for TestView {
    fn from(test: NextTest) -> Self {
        let outcome = |o: Outcome| OutcomeView {
            result: o.result,
            value: o.value,
            settled: o.settled,
            open: o.open,
        };
        Self {
            test: test.test,
            title: test.title,
            outcomes: test.outcomes.into_iter().map(outcome).collect(),
        }
    }
}

impl<'a> From<&'a Flag> for FlagView<'a> {
    fn from(flag: &'a Flag) -> Self {
        Self {
            code: &flag.code,
            rule: &flag.rule,
            message: &flag.message,
            action: &flag.action,
            grade: &flag.grade,
            cites: &flag.cites,
            sources: &flag.sources,
        }
    }
}

impl<'a> From<&'a RuleOutcome> for RuleView<'a> {
    fn from(rule: &'a RuleOutcome) -> Self {
        Self {
            id: rule.id(),
            outcome: rule.truth().word(),
            reasons: reasons(rule.trace()),
        }
    }
}

/// Why a rule is unknown: each missing fact with its reasons.
fn reasons(trace: &Trace) -> Vec<String> {
    let missing = trace.missing();
    let mut found: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    trace.walk(&mut |t| {
        if let (TraceKind::Leaf(key), Truth::Unknown(why)) = (&t.kind, &t.truth)
            && missing.iter().any(|m| **m == **key)
        {
            found
                .entry(key.to_string())
                .or_default()
                .extend(why.iter().map(super::super::rules::truth::Reason::as_str));
        }
        if let TraceKind::Doubted { why, used: true } = &t.kind {
            found.entry(why.clone()).or_default();
        }
    });
    found
        .into_iter()
        .map(|(key, why)| {
            let why: Vec<&str> = why.into_iter().collect();
            if why.is_empty() {
                key
            } else {
                format!("{key}: {}", why.join(", "))
            }
        })
        .collect()
}

#[derive(Serialize)]
struct VerifyDocument<'a> {
    schema_version: &'static str,
    tool: Tool,
    pack: PackView<'a>,
    samples: Vec<SampleView<'a>>,
}

#[derive(Serialize)]
struct SampleView<'a> {
    name: &'a str,
    outcome: &'static str,
    differences: Vec<DiagnosticView<'a>>,
}

/// Writes how samples compare with what is expected of them.
///
/// # Errors
/// When the writer fails.
pub fn verify(out: &mut dyn Write, pack: &Pack, samples: &[Verified]) -> io::Result<()> {
    let samples = samples.iter().map(|sample| SampleView {
        name: &sample.name,
        outcome: sample.outcome.word(),
        differences: sample
            .outcome
            .diagnostics()
            .iter()
            .map(Into::into)
            .collect(),
    });
    document(
        out,
        &VerifyDocument {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            pack: PackView {
                name: &pack.name,
                version: &pack.version,
                sha256: &pack.sha256,
            },
            samples: samples.collect(),
        },
    )
}

/// Writes what was read.
///
/// # Errors
/// When the writer fails.
pub fn read(out: &mut dyn Write, case: &ReadCase) -> io::Result<()> {
    document(
        out,
        &ReadDocument {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            sources: &case.sources,
            facts: &case.case,
            diagnostics: case.diagnostics.iter().map(Into::into).collect(),
        },
    )
}

/// An assessment with what it was made from.
#[derive(Debug)]
pub struct Assessed<'a> {
    /// Name of the case.
    pub id: &'a str,
    /// What was read.
    pub read: &'a ReadCase,
    /// The pack.
    pub pack: &'a Pack,
    /// Date and region.
    pub asked: &'a Asked,
    /// The result.
    pub assessment: &'a Assessment,
    /// Response and blood ratios over time.
    pub course: &'a Course,
}

/// Writes an assessment.
///
/// # Errors
/// When the writer fails.
pub fn assess(out: &mut dyn Write, a: &Assessed<'_>) -> io::Result<()> {
    let case = &a.read.case;
    let decisions = a
        .assessment
        .decisions
        .iter()
        .map(|d| {
            let settle_by = a.pack.next_tests(case, a.assessment, &d.name);
            let view = DecisionView {
                value: &d.value,
                title: &d.title,
                settled: d.settled,
                also_true: &d.also_true,
                open: &d.open,
                rules: &d.rules,
                assumptions: &d.assumptions,
                settle_by: settle_by.into_iter().map(Into::into).collect(),
            };
            (d.name.as_str(), view)
        })
        .collect();
    let open_rules = a.assessment.rules.iter().filter(|rule| {
        rule.concludes().is_some_and(|(decision, value)| {
            let mut decisions = a.assessment.decisions.iter();
            decisions.any(|d| d.name == decision && d.open.iter().any(|open| open == value))
        })
    });
    document(
        out,
        &AssessDocument {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            pack: PackView {
                name: &a.pack.name,
                version: &a.pack.version,
                sha256: &a.pack.sha256,
            },
            as_of: a.asked.as_of,
            region: a.asked.region.as_deref(),
            case: CaseView {
                id: a.id,
                sources: &a.read.sources,
            },
            facts: case,
            decisions,
            flags: a.assessment.flags.iter().map(Into::into).collect(),
            therapy: &a.assessment.therapy,
            response: &a.course.response,
            ratios: &a.course.ratios.formed,
            ratio_notes: ratio_notes(a),
            missing: open_rules.flat_map(RuleOutcome::missing).collect(),
            rules: a.assessment.rules.iter().map(Into::into).collect(),
            diagnostics: a.read.diagnostics.iter().map(Into::into).collect(),
        },
    )
}

fn ratio_notes<'a>(a: &Assessed<'a>) -> RatioNotes<'a> {
    let ratios = &a.course.ratios;
    let none = ratios.formed.is_empty() && ratios.refused.is_empty();
    RatioNotes {
        refused: &ratios.refused,
        trends: &ratios.trends,
        remarks: if none { &[] } else { &a.pack.guide().remarks },
    }
}

/// Writes diagnostics alone, one document.
///
/// # Errors
/// When the writer fails.
pub fn diagnostics(out: &mut dyn Write, diagnostics: &[Diagnostic]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'a> {
        schema_version: &'static str,
        tool: Tool,
        diagnostics: Vec<DiagnosticView<'a>>,
    }
    document(
        out,
        &Document {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            diagnostics: diagnostics.iter().map(Into::into).collect(),
        },
    )
}

/// Writes one document.
pub(super) fn document(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut buffer = BufWriter::with_capacity(BUFFER, out);
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut buffer, Escaping(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    buffer.write_all(b"\n")?;
    buffer.flush()
}

/// Bytes that are written at once.
const BUFFER: usize = 1 << 16;

/// Escapes what must not reach a terminal, beyond what JSON itself requires.
struct Escaping<'i>(PrettyFormatter<'i>);

impl Formatter for Escaping<'_> {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut clean = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| is_unprintable(*c)) {
            writer.write_all(&fragment.as_bytes()[clean..at])?;
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(writer, "\\u{unit:04x}")?;
            }
            clean = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[clean..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unprintable_is_written_and_nothing_is_lost() {
        let text = "a\u{1b}[31m\u{202e}b\u{7f}\u{85}é\n\"";
        let mut out = Vec::new();
        document(&mut out, &text).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert!(!written.trim_end().chars().any(is_unprintable), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
