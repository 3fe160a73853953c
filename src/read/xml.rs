//! What the XML formats share: the document, and the places of its elements.
//!
//! A document type is refused: no laboratory report needs one, and entities are how XML blows up or reads other
//! files.

use roxmltree::{Document, Node, ParsingOptions};

use crate::source::{Place, Source};

/// Largest XML document that is read.
const LARGEST: usize = 64 * 1024 * 1024;
/// Most elements, attributes and texts of one.
const NODES: u32 = 4_000_000;

/// The document, when the source is XML without a document type and holds all these marks.
pub(super) fn document<'s>(source: &'s Source, marks: &[&str]) -> Option<Document<'s>> {
    let text = source.text();
    if !text.trim_start().starts_with('<') || text.len() > LARGEST {
        return None;
    }
    if !marks.iter().all(|mark| text.contains(mark)) {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).ok()
}

/// The elements of this name, in any namespace.
pub(super) fn elements<'a, 'i>(
    document: &'a Document<'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    document
        .descendants()
        .filter(move |node| node.is_element() && node.tag_name().name() == name)
}

/// The text of a child element, blanks trimmed; empty when there is none.
pub(super) fn child<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    node.children()
        .find(|child| child.is_element() && child.tag_name().name() == name)
        .and_then(|child| child.text())
        .map_or("", str::trim)
}

/// The place of an element's start.
pub(super) fn place(source: &Source, node: Node<'_, '_>) -> Place {
    let range = node.range();
    let end = source.text()[range.clone()]
        .find('>')
        .map_or(range.end, |at| range.start + at + 1);
    source.place(range.start..end)
}
