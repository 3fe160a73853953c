//! Diagnostics as text, in rustc's layout. The one file that knows the snippet crate.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diag::{Diagnostic, Label, Severity};
use crate::source::Sources;

/// Whether the output may hold colour codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// ANSI colours.
    Always,
}

/// Longest line shown in a snippet; of a longer one only the neighbourhood of the label is shown.
const MAX_LINE: usize = 120;

/// All diagnostics, each followed by an empty line, then a count.
#[must_use]
pub fn report(diagnostics: &[Diagnostic], sources: &Sources, color: Color) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&one(diagnostic, sources, color));
        out.push_str("\n\n");
    }
    let count = |s| diagnostics.iter().filter(|d| d.severity == s).count();
    let parts: Vec<String> = [
        (count(Severity::Error), "error"),
        (count(Severity::Warning), "warning"),
        (count(Severity::Note), "note"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, word)| format!("{n} {word}{}", if n == 1 { "" } else { "s" }))
    .collect();
    if !parts.is_empty() {
        let _ = writeln!(out, "{}", parts.join(", "));
    }
    out
}

/// One diagnostic with its snippets, without a final line end.
#[must_use]
pub fn one(diagnostic: &Diagnostic, sources: &Sources, color: Color) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = printable(&diagnostic.message);
    let excerpts: Vec<Excerpt> = diagnostic
        .labels
        .iter()
        .map(|label| Excerpt::new(label, sources))
        .collect();
    let mut group = Group::with_title(
        level
            .primary_title(message.as_str())
            .id(diagnostic.code.code()),
    );
    for (index, excerpt) in excerpts.iter().enumerate() {
        let kind = if index == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        group = match &excerpt.text {
            Some(line) => group.element(
                Snippet::source(line.as_str())
                    .path(excerpt.path.as_str())
                    .line_start(excerpt.row)
                    .annotation(
                        kind.span(excerpt.range.clone())
                            .label((!excerpt.label.is_empty()).then_some(excerpt.label.as_str())),
                    ),
            ),
            None => group.element(
                Origin::path(excerpt.path.as_str())
                    .line(excerpt.row)
                    .char_column(excerpt.column),
            ),
        };
    }
    let help = diagnostic.help.as_deref().map(|help| {
        let lines: Vec<String> = help.lines().map(printable).collect();
        lines.join("\n")
    });
    let mut groups = Vec::new();
    match &help {
        // Without a source line there is no gutter to hang the help on.
        Some(help) if excerpts.is_empty() => {
            groups.push(group);
            groups.push(Group::with_title(
                Level::HELP.secondary_title(help.as_str()),
            ));
        }
        Some(help) => groups.push(group.element(Level::HELP.message(help.as_str()))),
        None => groups.push(group),
    }
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    renderer.render(&groups)
}

/// The line of a label, escaped for a terminal, with the label's range in it.
struct Excerpt {
    path: String,
    row: usize,
    column: usize,
    text: Option<String>,
    range: std::ops::Range<usize>,
    label: String,
}

impl Excerpt {
    fn new(label: &Label, sources: &Sources) -> Self {
        let place = &label.place;
        let shown = place
            .span
            .and_then(|span| Some((sources.find(span.source)?, span.range())))
            .map(|(source, range)| {
                let text = source.text();
                let start = text[..range.start].rfind(['\n', '\r']).map_or(0, |i| i + 1);
                let end = text[range.start..]
                    .find(['\n', '\r'])
                    .map_or(text.len(), |i| range.start + i);
                window(
                    text,
                    start,
                    end,
                    range.start,
                    range.end.clamp(range.start, end),
                )
            });
        let (line, range) = match shown {
            Some((line, range)) => (Some(line), range),
            None => (None, 0..0),
        };
        Self {
            path: printable(&place.path),
            row: place.line as usize,
            column: place.column as usize,
            text: line,
            range,
            label: printable(&label.text),
        }
    }
}

/// The part of the line `start..end` around `from..to`, escaped, and where the label lies in it.
fn window(
    text: &str,
    start: usize,
    end: usize,
    from: usize,
    to: usize,
) -> (String, std::ops::Range<usize>) {
    let cut_before = text.floor_char_boundary(from.saturating_sub(MAX_LINE / 2).max(start));
    let cut_after = text
        .ceil_char_boundary((from + MAX_LINE).min(end))
        .max(cut_before);
    let to = text.floor_char_boundary(to.min(cut_after)).max(from);
    let mut line = String::new();
    if cut_before > start {
        line.push('…');
    }
    line.push_str(&printable(&text[cut_before..from]));
    let label_start = line.len();
    line.push_str(&printable(&text[from..to]));
    let label_end = line.len();
    line.push_str(&printable(&text[to..cut_after]));
    if cut_after < end {
        line.push('…');
    }
    if line.is_empty() {
        line.push(' ');
    }
    (line, label_start..label_end)
}

/// The text with control and bidirectional characters escaped, so that it may reach a terminal.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            c if is_unprintable(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Control characters and those that change the direction of writing.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::Limits;

    #[test]
    fn escapes_reach_no_terminal() {
        assert_eq!(
            printable("a\x1b[31mb\u{202e}c\td"),
            "a\\u{1b}[31mb\\u{202e}c d"
        );
    }

    #[test]
    fn a_snippet_shows_the_line_and_the_label() {
        let mut sources = Sources::new(Limits::default());
        let id = sources.add("r.txt", b"Case 1\nIHC: SMA(+, x").unwrap();
        let start = sources.get(id).text().find("(+").unwrap();
        let diagnostic = Diagnostic::warning(Code::OpenBracket, "a bracket is not closed")
            .at(sources.get(id).place(start..start + 2), "opened here")
            .help("close it");
        insta::assert_snapshot!(one(&diagnostic, &sources, Color::Never), @r"
        warning[N005]: a bracket is not closed
         --> r.txt:2:9
          |
        2 | IHC: SMA(+, x
          |         ^^ opened here
          |
          = help: close it
        ");
    }

    #[test]
    fn a_very_long_line_is_shown_around_the_label() {
        let mut sources = Sources::new(Limits::default());
        let text = "x".repeat(100_000) + "ALK" + &"y".repeat(100_000);
        let id = sources.add("r.txt", text.as_bytes()).unwrap();
        let diagnostic =
            Diagnostic::note(Code::Unread, "long").at(sources.get(id).place(100_000..100_003), "");
        let shown = one(&diagnostic, &sources, Color::Never);
        assert!(shown.len() < 1000 && shown.contains("ALK"), "{shown}");
    }
}
