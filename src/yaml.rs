//! YAML files as trees of spanned nodes: the one module that knows the YAML crates.
//!
//! YAML is only a carrier here. Scalars stay text until the rule schema types them, and whatever
//! hides meaning from a reviewer is refused: tags, anchors, aliases, merge keys, second documents,
//! duplicate keys, deep nesting. The positions come from an event parser; `serde_yaml` then decodes
//! the same text on its own, and a file that the two understand differently is refused.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::diag::{Code, Diagnostic};
use crate::source::Source;

mod decode;

pub(crate) use decode::{Decoder, Fields, Spanned};

/// Deepest nesting of a rule file.
const MAX_DEPTH: usize = 32;
/// Largest rule file in bytes.
const MAX_BYTES: usize = 4 << 20;

/// A node with its byte range in the source.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) range: Range<usize>,
}

/// What a node holds. Order is kept, keys are unique.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Scalar { text: String, quoted: bool },
    Sequence(Vec<Node>),
    Mapping(Vec<(Key, Node)>),
}

/// A mapping key with its byte range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

impl Node {
    /// What kind of thing it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar { .. } => "a single value",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The value under a key of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Mapping(entries) => entries
                .iter()
                .find(|(k, _)| k.text == key)
                .map(|(_, node)| node),
            _ => None,
        }
    }
}

/// Decodes one YAML file. Problems are added to `out`; the tree is none when there is no telling
/// what the file says.
pub(crate) fn parse(source: &Source, out: &mut Vec<Diagnostic>) -> Option<Node> {
    let text = source.text();
    if text.len() > MAX_BYTES {
        out.push(
            Diagnostic::error(
                Code::FileTooLarge,
                format!(
                    "a rule file has {} bytes, the limit is {MAX_BYTES}",
                    text.len()
                ),
            )
            .at(source.place(0..0), "")
            .help("split it into several files and list them under `include`"),
        );
        return None;
    }
    let before = out.len();
    let tree = Builder::new(source, out).build();
    if out.len() > before {
        return None;
    }
    let Some(tree) = tree else {
        out.push(
            Diagnostic::error(Code::EmptyFile, "the file holds nothing")
                .at(source.place(0..0), "expected `format: 1` and `kind:` here")
                .help("an empty rule file is not the same as a rule file without findings"),
        );
        return None;
    };
    match serde_yaml::from_str::<serde_yaml::Value>(text) {
        Ok(value) => {
            if let Some(node) = difference(&tree, &value) {
                out.push(
                    Diagnostic::error(
                        Code::ReadDifferently,
                        "two YAML readers understand this differently",
                    )
                    .at(source.place(node.range.clone()), "here")
                    .help("quote the value, or write it in block style"),
                );
                return None;
            }
        }
        Err(error) => {
            let offset = error.location().map_or(0, |l| l.index().min(text.len()));
            let offset = text.floor_char_boundary(offset);
            out.push(
                Diagnostic::error(
                    Code::ReadDifferently,
                    format!("a second YAML reader refuses this file: {error}"),
                )
                .at(source.place(offset..offset), "here")
                .help("quote the value, or write it in block style"),
            );
            return None;
        }
    }
    Some(tree)
}

/// The first node the other reader sees differently.
fn difference<'n>(node: &'n Node, value: &serde_yaml::Value) -> Option<&'n Node> {
    use serde_yaml::Value as Other;
    match (&node.value, value) {
        (Value::Scalar { text, .. }, Other::String(other)) => (text != other).then_some(node),
        (Value::Scalar { quoted: false, .. }, Other::Null | Other::Bool(_) | Other::Number(_)) => {
            None
        }
        (Value::Sequence(items), Other::Sequence(others)) if items.len() == others.len() => {
            items.iter().zip(others).find_map(|(a, b)| difference(a, b))
        }
        (Value::Mapping(entries), Other::Mapping(others)) if entries.len() == others.len() => {
            entries
                .iter()
                .zip(others)
                .find_map(|((_, node), (_, other))| difference(node, other))
        }
        _ => Some(node),
    }
}

/// A collection that is being filled.
enum Open {
    Sequence(Vec<Node>, usize),
    Mapping(Vec<(Key, Node)>, usize, Option<Key>),
}

struct Builder<'a> {
    source: &'a Source,
    out: &'a mut Vec<Diagnostic>,
    /// Byte offset of each character, where the two differ.
    offsets: Option<Vec<usize>>,
    open: Vec<Open>,
    root: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Source, out: &'a mut Vec<Diagnostic>) -> Self {
        let text = source.text();
        let offsets = (!text.is_ascii()).then(|| {
            text.char_indices()
                .map(|(i, _)| i)
                .chain([text.len()])
                .collect()
        });
        Self {
            source,
            out,
            offsets,
            open: Vec::new(),
            root: None,
        }
    }

    /// The parser counts characters; everything here counts bytes.
    fn byte(&self, index: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets
                .get(index)
                .copied()
                .unwrap_or(self.source.text().len()),
            None => index.min(self.source.text().len()),
        }
    }

    fn range(&self, span: &saphyr_parser::Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }

    fn error(&mut self, code: Code, message: &str, range: Range<usize>, label: &str, help: &str) {
        self.out.push(
            Diagnostic::error(code, message)
                .at(self.source.place(range), label)
                .help(help),
        );
    }

    fn build(mut self) -> Option<Node> {
        let source = self.source;
        let mut parser = Parser::new_from_str(source.text());
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(next) => next,
                Err(error) => {
                    self.scan_error(&error);
                    return None;
                }
            };
            let range = self.range(&span);
            match event {
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        self.error(
                            Code::SeveralDocuments,
                            "a second YAML document in one file",
                            range,
                            "starts here",
                            "one file holds one document; move it to a file of its own",
                        );
                        return None;
                    }
                }
                Event::Alias(_) => {
                    self.anchor(range);
                    return None;
                }
                Event::Scalar(text, style, anchor, tag) => {
                    if !self.plain(anchor, tag.is_some(), &range) {
                        return None;
                    }
                    let quoted = style != ScalarStyle::Plain;
                    self.scalar(text.into_owned(), quoted, range);
                }
                Event::SequenceStart(anchor, tag) => {
                    if !self.plain(anchor, tag.is_some(), &range) || !self.deepen(&range) {
                        return None;
                    }
                    self.open.push(Open::Sequence(Vec::new(), range.start));
                }
                Event::MappingStart(anchor, tag) => {
                    if !self.plain(anchor, tag.is_some(), &range) || !self.deepen(&range) {
                        return None;
                    }
                    self.open.push(Open::Mapping(Vec::new(), range.start, None));
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            }
        }
        self.root
    }

    fn scan_error(&mut self, error: &ScanError) {
        if let Some(tab) = self.tab_indent() {
            self.error(
                Code::Yaml,
                "a tab in the indentation",
                tab,
                "tab",
                "indent with spaces; YAML does not allow tabs here",
            );
            return;
        }
        let at = self.byte(error.marker().index());
        if error.info().contains("recursion limit") {
            self.too_deep(at..at);
            return;
        }
        let quote =
            self.source.text()[at..].starts_with(['>', '%', '!', '@', '#', '`', '&', '*', '|']);
        let help = if quote {
            "quote this value"
        } else {
            "check indentation, brackets and quotes around this place"
        };
        let message = format!("not valid YAML: {}", error.info());
        self.error(
            Code::Yaml,
            &message,
            at..at,
            "the reader stopped here",
            help,
        );
    }

    /// The first tab that indents a line.
    fn tab_indent(&self) -> Option<Range<usize>> {
        let text = self.source.text();
        self.source.lines().find_map(|(_, line)| {
            let indent =
                text[line.clone()].len() - text[line.clone()].trim_start_matches([' ', '\t']).len();
            let tab = text[line.start..line.start + indent].find('\t')?;
            Some(line.start + tab..line.start + tab + 1)
        })
    }

    fn anchor(&mut self, range: Range<usize>) {
        self.error(
            Code::Anchor,
            "YAML anchors, aliases and merge keys are not used in rule files",
            range,
            "here",
            "write the value out, or share a condition with `ref:`",
        );
    }

    /// Refuses tags and anchors.
    fn plain(&mut self, anchor: usize, tagged: bool, range: &Range<usize>) -> bool {
        if anchor > 0 {
            self.anchor(range.clone());
        } else if tagged {
            self.error(
                Code::Tag,
                "YAML tags are not used in rule files",
                range.clone(),
                "tagged value",
                "remove the tag; the schema knows the type",
            );
        }
        anchor == 0 && !tagged
    }

    fn deepen(&mut self, range: &Range<usize>) -> bool {
        let deep = self.open.len() >= MAX_DEPTH;
        if deep {
            self.too_deep(range.clone());
        }
        !deep
    }

    fn too_deep(&mut self, range: Range<usize>) {
        self.error(
            Code::TooDeep,
            &format!("nested more than {MAX_DEPTH} levels deep"),
            range,
            "too deep",
            "give the inner condition a name under `findings` and use `ref:`",
        );
    }

    fn scalar(&mut self, text: String, quoted: bool, range: Range<usize>) {
        if let Some(Open::Mapping(entries, _, pending @ None)) = self.open.last_mut() {
            let first = entries
                .iter()
                .find(|(k, _)| k.text == text)
                .map(|(k, _)| k.range.clone());
            *pending = Some(Key {
                text: text.clone(),
                range: range.clone(),
            });
            if text == "<<" && !quoted {
                self.anchor(range);
            } else if let Some(first) = first {
                self.out.push(
                    Diagnostic::error(Code::Duplicate, format!("key `{text}` is given twice"))
                        .at(self.source.place(range), "second")
                        .at(self.source.place(first), "first")
                        .help("keep one of the two"),
                );
            }
            return;
        }
        self.add(Node {
            value: Value::Scalar { text, quoted },
            range,
        });
    }

    fn close(&mut self, end: usize) {
        let (value, start) = match self.open.pop() {
            Some(Open::Sequence(items, start)) => (Value::Sequence(items), start),
            Some(Open::Mapping(entries, start, _)) => (Value::Mapping(entries), start),
            None => return,
        };
        let end = end.max(start);
        let trimmed = self.source.text()[start..end].trim_end().len();
        self.add(Node {
            value,
            range: start..start + trimmed,
        });
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence(items, _)) => items.push(node),
            Some(Open::Mapping(entries, _, pending)) => {
                if let Some(key) = pending.take() {
                    entries.push((key, node));
                } else {
                    let range = node.range;
                    self.error(
                        Code::WrongShape,
                        "a list or mapping cannot be a key",
                        range,
                        "expected a name",
                        "write `name: value`",
                    );
                    // Keep keys and values in step.
                    if let Some(Open::Mapping(_, _, pending)) = self.open.last_mut() {
                        *pending = Some(Key {
                            text: String::new(),
                            range: 0..0,
                        });
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Sources};

    fn read(text: &str) -> (Option<Node>, Vec<(String, u32, u32)>) {
        let mut sources = Sources::new(Limits::default());
        let id = sources.add("r.yaml", text.as_bytes()).unwrap();
        let mut out = Vec::new();
        let node = parse(sources.get(id), &mut out);
        let codes = out
            .iter()
            .map(|d| {
                let p = d.place().unwrap();
                (d.code.code().to_owned(), p.line, p.column)
            })
            .collect();
        (node, codes)
    }

    #[test]
    fn positions_are_bytes_even_below_non_ascii_text() {
        let text = "# Überschrift – μ\na: {b: \"désmin\"}\nc: [1.10, no]\n";
        let (node, codes) = read(text);
        assert_eq!(codes, []);
        let node = node.unwrap();
        let b = node.get("a").unwrap().get("b").unwrap();
        assert_eq!(&text[b.range.clone()], "\"désmin\"");
        let Value::Sequence(items) = &node.get("c").unwrap().value else {
            panic!("a list")
        };
        assert_eq!(
            items[0].value,
            Value::Scalar {
                text: "1.10".to_owned(),
                quoted: false
            }
        );
    }

    #[test]
    fn what_hides_meaning_is_refused_with_its_place() {
        for (text, code, line, column) in [
            ("a: 1\nb: 2\na: 3\n", "E014", 3, 1),
            ("a: &x 1\n", "E006", 1, 4),
            ("a: !t 1\n", "E005", 1, 4),
            ("a: 1\n---\nb: 2\n", "E004", 2, 1),
            ("base: {x: 1}\na:\n  <<: {y: 1}\n", "E006", 3, 3),
            ("", "E007", 1, 1),
        ] {
            let (node, codes) = read(text);
            assert_eq!(node, None, "{text}");
            assert_eq!(codes[0], (code.to_owned(), line, column), "{text}");
        }
    }

    #[test]
    fn deep_nesting_ends_early() {
        let (_, codes) = read(&format!("a: {}", "[".repeat(100_000)));
        assert_eq!(codes[0].0, "E002");
    }

    #[test]
    fn tabs_are_named() {
        let (_, codes) = read("a:\n  - id: x\n\tb: 1\n");
        assert_eq!((codes[0].0.as_str(), codes[0].1), ("E001", 3));
    }

    #[test]
    fn duplicates_are_all_reported() {
        let (_, codes) = read("a: {x: 1, x: 2}\nb: {y: 1, y: 2}\n");
        assert_eq!(codes.len(), 2);
    }
}
