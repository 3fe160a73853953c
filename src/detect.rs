//! Which format a source is of: by content, never by file name.

use std::ops::Range;

use crate::diag::{Code, Diagnostic};
use crate::read::{Evidence, FORMATS, Format};
use crate::source::Source;

/// A format with what tells.
#[derive(Debug)]
pub struct Detected {
    /// The format.
    pub format: &'static Format,
    /// The dialect and the evidence.
    pub evidence: Evidence,
}

/// Finds the format.
///
/// # Errors
/// A diagnostic when the content is structured but of no format that is read: such a file must not be
/// taken for prose.
pub fn detect(source: &Source) -> Result<Detected, Box<Diagnostic>> {
    let (prose, tables) = FORMATS
        .split_last()
        .expect("the registry holds the text format");
    for format in tables {
        if let Some(evidence) = (format.detect)(source) {
            return Ok(Detected { format, evidence });
        }
    }
    if let Some((what, line)) = structured(source) {
        let names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
        return Err(Box::new(
            Diagnostic::error(
                Code::UnknownFormat,
                format!(
                    "`{}` looks like {what}, which is not a format that is read",
                    source.path()
                ),
            )
            .at(source.place(line), "seen here")
            .help(format!(
                "formats: {}; --input-format NAME reads it as one of them all the same",
                names.join(", ")
            )),
        ));
    }
    let evidence = (prose.detect)(source).unwrap_or(Evidence {
        dialect: "",
        found: String::new(),
    });
    Ok(Detected {
        format: prose,
        evidence,
    })
}

/// What kind of structured file this looks like, and the line that shows it.
fn structured(source: &Source) -> Option<(&'static str, Range<usize>)> {
    let text = source.text();
    let mut lines = source
        .lines()
        .map(|(_, line)| line)
        .filter(|line| !text[line.clone()].trim().is_empty());
    let first = lines.next()?;
    let body = text[first.start..].trim_start();
    for (prefix, what) in [
        ("##fileformat=VCF", "a VCF file"),
        ("<?xml", "an XML file"),
        ("<!DOCTYPE", "an HTML file"),
        ("<html", "an HTML file"),
    ] {
        if body.starts_with(prefix) {
            return Some((what, first));
        }
    }
    if body.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok() {
        return Some(("a JSON file", first));
    }
    // A header and rows with the same number of cells, by tab or comma.
    let mut lines = std::iter::once(first)
        .chain(lines)
        .filter(|line| !text[line.clone()].starts_with("##"));
    let header = lines.next()?;
    let rows: Vec<Range<usize>> = lines.take(5).collect();
    let head = &text[header.clone()];
    for (mark, least, what) in [
        ('\t', 4, "a tab-separated table of another tool"),
        (',', 5, "a comma-separated table"),
    ] {
        let cells = head.matches(mark).count() + 1;
        let short_names = head
            .split(mark)
            .all(|cell| cell.split_whitespace().count() <= 3);
        let even = rows
            .iter()
            .all(|row| (text[row.clone()].matches(mark).count() + 1).abs_diff(cells) <= 1);
        // A panel is full of commas too: `SMA(+), Desmin (partial+), ...`.
        let plain = mark == '\t' || !(head.contains(['(', '（', '+']) || rows.is_empty());
        if cells >= least && short_names && even && plain {
            return Some((what, header));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Sources};

    fn format_of(text: &str) -> Result<&'static str, String> {
        let mut sources = Sources::new(Limits::default());
        let id = sources.add("f", text.as_bytes()).unwrap();
        detect(sources.get(id))
            .map(|d| d.format.name)
            .map_err(|d| d.message.clone())
    }

    #[test]
    fn prose_with_commas_and_brackets_is_a_report() {
        assert_eq!(
            format_of("IHC: SMA(+), Desmin (partial+), CD10 (-), PR (-), ALK(-), ER(-)\n"),
            Ok("report")
        );
        assert_eq!(format_of(""), Ok("report"));
    }

    #[test]
    fn structured_files_of_other_tools_are_no_prose() {
        assert!(
            format_of("a\tb\tc\td\te\n1\t2\t3\t4\t5\n")
                .unwrap_err()
                .contains("tab")
        );
        assert!(
            format_of("##fileformat=VCFv4.2\n")
                .unwrap_err()
                .contains("VCF")
        );
        assert!(format_of("{\"genes\": []}").unwrap_err().contains("JSON"));
        assert!(
            format_of("sample,gene1,gene2,reads,frame,x\na,b,c,1,NA,y\n")
                .unwrap_err()
                .contains("comma")
        );
    }
}
