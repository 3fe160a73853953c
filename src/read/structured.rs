//! Files that are structured and not of a format that is read: they must not be taken for prose.

use std::ops::Range;

use crate::source::Source;

/// What kind of structured file this looks like, and the line that shows it.
pub(crate) fn structured(source: &Source) -> Option<(&'static str, Range<usize>)> {
    let text = source.text();
    let mut lines = source
        .lines()
        .map(|(_, line)| line)
        .filter(|line| !text[line.clone()].trim().is_empty());
    let first = lines.next()?;
    let body = text[first.start..].trim_start();
    if body.starts_with('<')
        && (text.contains("<!ENTITY") || text.contains("<!DOCTYPE ") && !is_html(body))
    {
        return Some(("an XML file with a document type, which is refused", first));
    }
    for (prefix, what) in [
        ("##fileformat=VCF", "a VCF file"),
        ("<?xml", "an XML file"),
        ("<ResultsReport", "an XML file"),
        ("<variant-report", "an XML file"),
        ("<!DOCTYPE", "an HTML file"),
        ("<html", "an HTML file"),
    ] {
        if body.starts_with(prefix) {
            return Some((what, first));
        }
    }
    if is_json(body) {
        return Some(("a JSON file", first));
    }
    if body.starts_with(['{', '[']) && looks_like_json(body) {
        return Some(("a JSON file that is broken or cut off", first));
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
        if mark == '\t' && stains_of_one(text, head, header.end) {
            return None;
        }
        if cells >= least && short_names && even && plain {
            return Some((what, header));
        }
    }
    None
}

/// What a column of stains is headed with, one of their results, and one that tells patients apart.
const STAINS: [&str; 12] = [
    "marker",
    "antibody",
    "stain",
    "immunostain",
    "antikörper",
    "anticorps",
    "marqueur",
    "anticuerpo",
    "marcador",
    "antilichaam",
    "抗体",
    "标记物",
];
const RESULTS: [&str; 9] = [
    "result",
    "results",
    "interpretation",
    "ergebnis",
    "résultat",
    "resultado",
    "uitslag",
    "resultaat",
    "结果",
];
const WHOSE: [&str; 9] = [
    "sample",
    "sample id",
    "sample_id",
    "patient",
    "patient id",
    "case",
    "case id",
    "accession",
    "specimen id",
];

/// A table of stains, a stain a line, of one patient: its lines read as those of a report do.
fn stains_of_one(text: &str, head: &str, rows: usize) -> bool {
    let columns: Vec<String> = head.split('\t').map(|c| c.trim().to_lowercase()).collect();
    let column = |names: &[&str]| columns.iter().position(|c| names.contains(&c.as_str()));
    if column(&STAINS).is_none() || column(&RESULTS).is_none() {
        return false;
    }
    let whose = |(_, name): &(usize, &String)| WHOSE.contains(&name.as_str());
    columns.iter().enumerate().filter(whose).all(|(column, _)| {
        let mut ids = text[rows..]
            .lines()
            .filter_map(|line| line.split('\t').nth(column))
            .map(str::trim)
            .filter(|id| !id.is_empty());
        let first = ids.next();
        ids.all(|id| Some(id) == first)
    })
}

fn is_html(body: &str) -> bool {
    let start: String = body.chars().take(64).collect();
    start.to_ascii_lowercase().contains("html")
}

fn is_json(body: &str) -> bool {
    body.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok()
}

/// Whether the text begins as a JSON document does: an opening bracket, then a quote, another bracket or the end.
/// A report may begin with a bracket, and hardly with these.
fn looks_like_json(body: &str) -> bool {
    let mut marks = body.chars().filter(|c| !c.is_whitespace());
    matches!(
        (marks.next(), marks.next()),
        (Some('{'), Some('"')) | (Some('['), Some('{' | '['))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_stains_is_read_as_lines_where_it_is_of_one_patient() {
        let head = "Sample\tMarker\tResult\tComment\n";
        let of = |rows: &str| {
            let text = format!("{head}{rows}");
            stains_of_one(&text, head.trim_end(), head.len())
        };
        assert!(of("P-1\tALK\tnegative\t\nP-1\tSMA\tpositive\tfocal\n"));
        assert!(!of("P-1\tALK\tnegative\t\nP-2\tALK\tpositive\t\n"));
        let both = "Sample\tPatient\tMarker\tResult\n";
        let text = format!("{both}S\tP-1\tALK\tnegative\nS\tP-2\tALK\tpositive\n");
        assert!(!stains_of_one(&text, both.trim_end(), both.len()));
        let other = "Gene\tSample\tResult\tDepth";
        assert!(!stains_of_one(other, other, other.len()));
    }
}
