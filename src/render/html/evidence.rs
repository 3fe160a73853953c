//! The report text itself, every fact highlighted and numbered, with links to the conclusions that use it; what was
//! not read; and the facts as a table.

use std::ops::Range;

use maud::{Markup, html};

use super::Shown;
use super::links::Links;
use crate::diag::Severity;
use crate::diag::render::printable;
use crate::pipeline::SourceReport;
use crate::render::json::Assessed;
use crate::source::{Source, Sources};

/// A text up to this size is shown whole; of a longer one the lines with facts and their neighbours.
const WHOLE_TEXT: usize = 4 << 20;
/// A table up to this many lines is shown whole; of a longer one the head and the lines that a conclusion uses.
const WHOLE_TABLE: usize = 300;
/// Longest piece of a line that is shown; caller tables have columns of megabytes.
const LONGEST_LINE: usize = 6000;
/// Most conclusions named behind a fact in the text; the table of facts names all.
const LINKS_IN_TEXT: usize = 3;
/// Lines in one block: a browser lays out only the blocks that are in view.
const BLOCK: usize = 60;

pub(super) fn section(a: &Assessed<'_>, sources: &Sources, links: &Links<'_>) -> Markup {
    html! {
        p {
            "Every fact that was read is marked in the text and numbered; the number leads to the table of facts, and "
            "the names behind it to the conclusions that use it."
        }
        (not_read(a))
        (problems(a))
        @for (index, (source, report)) in sources.iter().zip(&a.read.sources).enumerate() {
            h3 id={ "source-" (index + 1) } { (Shown(source.path())) }
            (text(index, source, report, links))
        }
        (facts(links))
    }
}

fn not_read(a: &Assessed<'_>) -> Markup {
    let unread: Vec<_> = a
        .read
        .sources
        .iter()
        .enumerate()
        .flat_map(|(n, s)| s.unread.iter().map(move |line| (n, s, line)))
        .collect();
    html! {
        h3 { "What was not read" }
        @if unread.is_empty() {
            p { "No line names a marker, gene, drug or assay without giving a fact." }
        } @else {
            div class="wide" tabindex="0" role="region" aria-label="Lines that were not read" {
                table {
                    caption { "Lines that name a marker, gene, drug or assay and gave no fact (" (unread.len()) ")" }
                    thead { tr { th scope="col" { "Line" } th scope="col" { "Text" } th scope="col" { "Why" } } }
                    tbody {
                        @for (n, source, line) in &unread {
                            tr {
                                th scope="row" {
                                    a href={ "#s" (n + 1) "-" (line.line) } { (Shown(&source.path)) ":" (line.line) }
                                }
                                td { (Shown(&line.text)) }
                                td { (line.reason.unwrap_or("")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn problems(a: &Assessed<'_>) -> Markup {
    html! {
        @if !a.read.diagnostics.is_empty() {
            details {
                summary { "Remarks of the readers (" (a.read.diagnostics.len()) ")" }
                ul {
                    @for d in &a.read.diagnostics {
                        li {
                            @match d.severity {
                                Severity::Error => { strong { "error" } }
                                Severity::Warning => { strong { "warning" } }
                                _ => { "note" }
                            }
                            " " code { (d.code.code()) } " " (Shown(&d.message))
                            @if let Some(place) = d.place() { ", " (Shown(&place.path)) ":" (place.line) }
                            @if let Some(help) = &d.help { "; " (Shown(help)) }
                        }
                    }
                }
            }
        }
    }
}

/// A marked piece of the text.
struct Piece {
    range: Range<usize>,
    facts: Vec<usize>,
}

/// Pieces in order, those that overlap made one.
fn pieces(source: &Source, links: &Links<'_>) -> Vec<Piece> {
    let mut spans: Vec<(Range<usize>, usize)> = links
        .facts
        .iter()
        .enumerate()
        .filter_map(|(index, fact)| Some((fact.place.span?, index)))
        .filter(|(span, _)| span.source == source.id())
        .map(|(span, index)| (span.range(), index))
        .collect();
    spans.sort_by_key(|(range, index)| (range.start, range.end, *index));
    let mut out: Vec<Piece> = Vec::new();
    for (range, index) in spans {
        match out.last_mut() {
            Some(last) if range.start < last.range.end => {
                last.range.end = last.range.end.max(range.end);
                last.facts.push(index);
            }
            _ => out.push(Piece {
                range,
                facts: vec![index],
            }),
        }
    }
    out
}

fn text(number: usize, source: &Source, report: &SourceReport, links: &Links<'_>) -> Markup {
    let pieces = pieces(source, links);
    let numbered: Vec<(u32, Range<usize>)> = source.lines().collect();
    let shown = which(source, report, &numbered, &pieces, links);
    let hidden = shown.iter().filter(|s| !**s).count();
    let mut unread = report.unread.iter().map(|u| u.line).peekable();
    let mut out: Vec<Markup> = Vec::new();
    let mut left_out = 0;
    let mut next = 0;
    for ((line, range), show) in numbered.into_iter().zip(&shown) {
        while unread.peek().is_some_and(|u| *u < line) {
            unread.next();
        }
        let named = unread.peek() == Some(&line);
        if !show {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            out.push(html! { span class="l gap" { "… " (left_out) " lines" } });
            left_out = 0;
        }
        while pieces.get(next).is_some_and(|p| p.range.end <= range.start) {
            next += 1;
        }
        let id = named.then(|| format!("s{}-{line}", number + 1));
        out.push(html! {
            span class={ "l" @if named { " unread" } } id=[id] {
                span class="n" { (line) }
                (one_line(source, &range, &pieces[next.min(pieces.len())..], links))
                @if named { span class="badge" { "not read" } }
                "\n"
            }
        });
    }
    if left_out > 0 {
        out.push(html! { span class="l gap" { "… " (left_out) " lines" } });
    }
    html! {
        p {
            (report.format) ", " (report.records.total) " records: " (report.records.read) " read, "
            (report.records.skipped) " skipped, " (report.records.failed) " failed."
            @if hidden > 0 { " " (hidden) " lines without facts used here are left out." }
        }
        pre class="report" tabindex="0" aria-label={ "Text of " (printable(source.path())) } {
            @for block in out.chunks(BLOCK) {
                span class="block" { @for line in block { (line) } }
            }
        }
    }
}

/// Which lines are shown.
fn which(
    source: &Source,
    report: &SourceReport,
    numbered: &[(u32, Range<usize>)],
    pieces: &[Piece],
    links: &Links<'_>,
) -> Vec<bool> {
    let narrative = report.format == "report" || report.format == "case";
    if (narrative && source.text().len() <= WHOLE_TEXT)
        || (!narrative && numbered.len() <= WHOLE_TABLE)
    {
        return vec![true; numbered.len()];
    }
    let mut shown = vec![false; numbered.len()];
    let mut show = |line: usize, around: usize| {
        let last = numbered.len().saturating_sub(1);
        let from = line.saturating_sub(around).min(last);
        for one in &mut shown[from..=(line + around).min(last)] {
            *one = true;
        }
    };
    if numbered.is_empty() {
        return Vec::new();
    }
    show(0, 0);
    for piece in pieces {
        let used = piece.facts.iter().any(|f| !links.facts[*f].uses.is_empty());
        if narrative || used {
            let line = source.line(piece.range.start) as usize;
            show(line.saturating_sub(1), usize::from(narrative));
        }
    }
    for unread in &report.unread {
        show((unread.line as usize).saturating_sub(1), 0);
    }
    shown
}

/// One line; `pieces` are those that end behind its start.
fn one_line(source: &Source, line: &Range<usize>, pieces: &[Piece], links: &Links<'_>) -> Markup {
    let whole = source.text();
    let limit = whole.floor_char_boundary(line.end.min(line.start + LONGEST_LINE));
    let mut at = line.start;
    let mut parts: Vec<Markup> = Vec::new();
    for piece in pieces.iter().take_while(|p| p.range.start < line.end) {
        let from = piece.range.start.max(line.start);
        let to = piece.range.end.min(line.end);
        // A fact behind the cut still needs its place to jump to.
        let (from, to) = (from.min(limit).max(at), to.min(limit).max(at));
        let first = piece.range.start >= line.start;
        let last = piece.range.end <= line.end;
        parts.push(html! { (Shown(&whole[at..from])) });
        parts.push(marked(&whole[from..to], piece, first, last, links));
        at = to;
    }
    html! {
    @for part in &parts { (part) }
    (Shown(&whole[at..limit.max(at)]))
    @if limit < line.end { span class="badge" { "… " (line.end - limit) " bytes more" } }
        }
}

fn marked(text: &str, piece: &Piece, first: bool, last: bool, links: &Links<'_>) -> Markup {
    let used = piece.facts.iter().any(|f| !links.facts[*f].uses.is_empty());
    let id = first.then(|| format!("f{}", piece.facts[0] + 1));
    html! {
        mark id=[id] class=[used.then_some("used")] {
            @if first { @for other in &piece.facts[1..] { span id={ "f" (other + 1) } {} } }
            (Shown(text))
        }
        @if last {
            sup {
                @for (n, fact) in piece.facts.iter().enumerate() {
                    @let row = links.has_row(*fact);
                    @if n > 0 { " " }
                    @if row { a href={ "#r" (fact + 1) } { (fact + 1) } }
                    @if row && !links.facts[*fact].uses.is_empty() { " " }
                    (links.conclusions(*fact, LINKS_IN_TEXT))
                }
            }
        }
    }
}

/// The facts as a table, with the way back.
fn facts(links: &Links<'_>) -> Markup {
    let rows = links.rows();
    html! {
        h3 { "Facts" }
        @if rows.len() < links.facts.len() {
            p { "Of " (links.facts.len()) " facts " (rows.len()) " that conclusions use; " code { "fusedx read" } " lists all." }
        }
        div class="wide" tabindex="0" role="region" aria-label="Facts" {
            table class="facts" {
                caption { "Facts that were read" }
                thead { tr {
                    th scope="col" { "No." } th scope="col" { "Kind" } th scope="col" { "Read as" }
                    th scope="col" { "Where" } th scope="col" { "Used by" }
                } }
                tbody {
                    @for &index in rows {
                        @let fact = &links.facts[index];
                        tr id={ "r" (index + 1) } {
                            th scope="row" { (index + 1) }
                            td { @for (n, (kind, _)) in fact.readings.iter().enumerate() { @if n > 0 { br; } (kind) } }
                            td { @for (n, (_, words)) in fact.readings.iter().enumerate() { @if n > 0 { br; } (Shown(words)) } }
                            td { (links.place(fact.place)) }
                            td { (links.conclusions(index, usize::MAX)) }
                        }
                    }
                }
            }
        }
    }
}
