//! Puts the text of a rule file in order: line ends, trailing space, blank lines, the last line, the
//! space behind `#`. Nothing that means anything is touched, and that is checked.

use crate::source::{Limits, Sources};
use crate::yaml::{self, Node, Value};

/// The text in order; none when it cannot be read as YAML, or would mean something else.
#[must_use]
pub fn ordered(text: &str) -> Option<String> {
    let before = tree(text)?;
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    let mut kept = Kept::default();
    // Blank lines inside a block of text, until it is known whether they end it.
    let mut waiting: Vec<&str> = Vec::new();
    for line in text.lines() {
        if kept.holds(line) {
            if line.trim().is_empty() && !kept.to_the_end {
                waiting.push(line);
                continue;
            }
            // A block of text is kept letter by letter.
            for line in waiting.drain(..).chain([line]) {
                out.push_str(line);
                out.push('\n');
            }
            continue;
        }
        blank |= !waiting.is_empty();
        waiting.clear();
        let line = line.trim_end();
        if line.is_empty() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push('\n');
        }
        blank = false;
        out.push_str(&comment(line));
        out.push('\n');
        kept.opens(line);
    }
    (tree(&out)? == before).then_some(out)
}

/// A line that is only a comment, with a space behind its `#`.
fn comment(line: &str) -> String {
    let start = line.trim_start();
    match start.strip_prefix('#') {
        Some(rest) if !rest.is_empty() && !rest.starts_with([' ', '#', '!']) => {
            format!("{}# {rest}", &line[..line.len() - start.len()])
        }
        _ => line.to_owned(),
    }
}

/// Whether the lines belong to a block of text (`|`), and how deep it stands.
#[derive(Default)]
struct Kept {
    /// Indentation of the line that opened the block.
    outside: Option<usize>,
    /// Its last blank lines mean something too (`|+`).
    to_the_end: bool,
}

impl Kept {
    fn holds(&mut self, line: &str) -> bool {
        let Some(outside) = self.outside else {
            return false;
        };
        let deeper = line.trim().is_empty() || indent(line) > outside;
        if !deeper {
            self.outside = None;
        }
        deeper
    }

    fn opens(&mut self, line: &str) {
        let code = line.split(" #").next().unwrap_or(line).trim_end();
        let last = code.rsplit(' ').next().unwrap_or_default();
        let mark = last.trim_end_matches(['-', '+', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        if mark == "|" || mark == ">" {
            self.outside = Some(indent(line));
            self.to_the_end = last.contains('+');
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// What the text means, without places.
fn tree(text: &str) -> Option<Node> {
    let mut sources = Sources::new(Limits::default());
    let id = sources.add("file", text.as_bytes()).ok()?;
    let mut node = yaml::parse(sources.get(id), &mut Vec::new())?;
    forget_places(&mut node);
    Some(node)
}

fn forget_places(node: &mut Node) {
    node.range = 0..0;
    match &mut node.value {
        Value::Scalar { .. } => {}
        Value::Sequence(items) => items.iter_mut().for_each(forget_places),
        Value::Mapping(entries) => {
            for (key, node) in entries {
                key.range = 0..0;
                forget_places(node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ordered;

    #[test]
    fn comments_stay_and_meaning_stays() {
        let text = "#one\n\n\n\na: 1   # two  \r\nb: |\n  x  \n\n\n  y\nc: 'it''s'\n\n\n";
        let want = "# one\n\na: 1   # two\nb: |\n  x  \n\n\n  y\nc: 'it''s'\n";
        assert_eq!(ordered(text).as_deref(), Some(want));
        assert_eq!(ordered(want).as_deref(), Some(want));
        assert_eq!(ordered("a: [1"), None);
        let behind = "a: >-\n  x\n\n  y\n\n\n\nb: |+\n  z\n\n\nc: 1\n";
        let want = "a: >-\n  x\n\n  y\n\nb: |+\n  z\n\n\nc: 1\n";
        assert_eq!(ordered(behind).as_deref(), Some(want));
    }
}
