//! What build servers read: `JUnit` XML, SARIF 2.1.0 and GitHub annotations, as views of the same diagnostics.
//!
//! Messages name markers, genes and places and never quote the report: these files travel to people who may not
//! read it.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::diag::render::printable;
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::{Place, hex};

/// One thing that was checked.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// What it belongs to.
    pub suite: &'a str,
    /// Its name.
    pub name: &'a str,
    /// How it ended.
    pub verdict: Verdict,
    /// What is to be said about it.
    pub diagnostics: &'a [Diagnostic],
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// It ran, and something is not as it should be.
    Failed,
    /// It could not run.
    Error,
}

/// `JUnit` XML, without times or hosts: the same input gives the same bytes.
#[must_use]
pub fn junit(title: &str, checks: &[Check<'_>]) -> String {
    let count = |verdict| checks.iter().filter(|c| c.verdict == verdict).count();
    let totals = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\"",
        checks.len(),
        count(Verdict::Failed),
        count(Verdict::Error)
    );
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    let _ = writeln!(out, "  <testsuite name=\"{}\" {totals}>", xml(title));
    for check in checks {
        let head = format!(
            "    <testcase classname=\"{}\" name=\"{}\"",
            xml(check.suite),
            xml(check.name)
        );
        let element = match check.verdict {
            Verdict::Passed => {
                let _ = writeln!(out, "{head}/>");
                continue;
            }
            Verdict::Failed => "failure",
            Verdict::Error => "error",
        };
        let first = check.diagnostics.first();
        let message = first.map_or("failed", |d| d.message.as_str());
        let kind = first.map_or("", |d| d.code.code());
        let _ = writeln!(
            out,
            "{head}>\n      <{element} message=\"{}\" type=\"{kind}\">",
            xml(message)
        );
        for diagnostic in check.diagnostics {
            let _ = writeln!(out, "{}", xml(&line(diagnostic)));
        }
        let _ = writeln!(out, "      </{element}>\n    </testcase>");
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn line(diagnostic: &Diagnostic) -> String {
    let place = diagnostic
        .place()
        .filter(|p| p.line > 0)
        .map(|p| format!("{}:{}:{}: ", p.path, p.line, p.column))
        .unwrap_or_default();
    format!("{place}{} {}", diagnostic.code.code(), diagnostic.message)
}

fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// SARIF 2.1.0. Paths below `root` are written relative to it.
#[must_use]
pub fn sarif<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, root: &Path) -> String {
    let mut rules: Vec<Code> = Vec::new();
    let mut results = Vec::new();
    for diagnostic in diagnostics {
        let index = rules
            .iter()
            .position(|code| *code == diagnostic.code)
            .unwrap_or_else(|| {
                rules.push(diagnostic.code);
                rules.len() - 1
            });
        results.push(result(diagnostic, index, root));
    }
    let rules: Vec<Value> = rules
        .iter()
        .map(|code| json!({"id": code.code(), "shortDescription": {"text": code.summary()}}))
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "fusedx",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": "https://docs.rs/fusedx",
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&document).unwrap_or_default();
    out.push('\n');
    out
}

fn result(diagnostic: &Diagnostic, index: usize, root: &Path) -> Value {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let message = printable(&diagnostic.message);
    let path = diagnostic.place().map(|p| relative(p, root));
    let path = path.unwrap_or_else(|| "unknown".to_owned());
    let print = format!("{}\n{path}\n{message}", diagnostic.code.code());
    let mut region = json!({"startLine": 1});
    if let Some(place) = diagnostic.place().filter(|p| p.line > 0) {
        region = json!({"startLine": place.line, "startColumn": place.column.max(1)});
    }
    json!({
        "ruleId": diagnostic.code.code(),
        "ruleIndex": index,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&path)},
            "region": region,
        }}],
        "partialFingerprints": {"fusedx/v1": hex(&Sha256::digest(print.as_bytes()))},
    })
}

/// A path relative to the root of the check, with forward slashes; one outside it keeps only its name.
fn relative(place: &Place, root: &Path) -> String {
    let path = Path::new(&*place.path);
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside.components().collect();
    let outside = inside.is_absolute() || parts.contains(&std::path::Component::ParentDir);
    if outside {
        return inside
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
    }
    parts
        .iter()
        .filter(|part| **part != std::path::Component::CurDir)
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Annotations of a GitHub workflow, one a line.
#[must_use]
pub fn github<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, root: &Path) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = format!("title={}", property(diagnostic.code.code()));
        if let Some(place) = diagnostic.place() {
            let _ = write!(properties, ",file={}", property(&relative(place, root)));
            if place.line > 0 {
                let _ = write!(properties, ",line={},col={}", place.line, place.column);
            }
        }
        let _ = writeln!(
            out,
            "::{command} {properties}::{}",
            data(&printable(&diagnostic.message))
        );
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property, uri, xml};

    #[test]
    fn marks_of_each_format_are_escaped() {
        assert_eq!(xml("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
        assert_eq!(uri("two words/ä.txt"), "two%20words/%C3%A4.txt");
        assert_eq!(data("50 %\nnext"), "50 %25%0Anext");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
