//! Input text with places: which file, line and column every character came from.
//!
//! A [`Source`] is one input after decoding. Everything later refers to it by [`Span`] (two byte
//! offsets) or, where a person will read it, by [`Place`] (path, line, column and the text as
//! written). Lines and columns count from 1; columns count characters, not bytes.
//!
//! This module knows nothing of medicine and does not touch the file system.
//!
//! ```
//! use fusedx::source::{Limits, Sources};
//!
//! let mut sources = Sources::new(Limits::default());
//! let id = sources.add("report.txt", b"IHC:\nALK (+)\n")?;
//! let place = sources.get(id).place(5..12);
//! assert_eq!((place.line, place.column, place.text.as_str()), (2, 1, "ALK (+)"));
//! # Ok::<(), Box<fusedx::diag::Diagnostic>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use memchr::memchr2_iter;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::diag::{Code, Diagnostic};

mod decode;
mod inflate;

use inflate::inflate;

pub use decode::Encoding;

/// What one case may contain before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all inputs of one case together.
    pub case_bytes: usize,
    /// Bytes of one line. Read-name columns of fusion callers reach several megabytes.
    pub line_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            case_bytes: 256 << 20,
            line_bytes: 16 << 20,
        }
    }
}

/// Which source of a [`Sources`] collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A piece of a source, as byte offsets into its decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The byte range inside the source's text.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where something stands and how it is written there: what a person needs to find it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The path as the user gave it.
    pub path: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The text as written, at most [`Place::MAX_TEXT`] characters.
    pub text: String,
    /// The piece of the decoded source; none where the bytes could not be decoded.
    #[serde(skip)]
    pub span: Option<Span>,
}

impl Place {
    /// Longest text a place quotes; a longer piece ends in an ellipsis.
    pub const MAX_TEXT: usize = 160;

    /// The place of a fact that stands in no file: a result that is only supposed.
    pub(crate) fn nowhere() -> Self {
        Self::undecoded("", 0, 0)
    }

    /// A place in bytes that could not be decoded: it can be named but not shown.
    fn undecoded(path: &str, line: u32, column: u32) -> Self {
        Self {
            path: path.into(),
            line,
            column,
            text: String::new(),
            span: None,
        }
    }
}

/// One input after decoding.
#[derive(Debug)]
pub struct Source {
    id: SourceId,
    path: Arc<str>,
    text: String,
    encoding: Encoding,
    sha256: String,
    bytes: usize,
    line_starts: Vec<u32>,
    /// Characters before each block of [`BLOCK`] bytes, so that a column costs at most one block
    /// however long the line is. None where every character is one byte.
    chars_before: Option<Vec<u32>>,
}

const BLOCK: usize = 1024;

impl Source {
    /// `bytes` are those of the file, `plain` those that were packed in it.
    fn new(
        id: SourceId,
        path: &str,
        bytes: &[u8],
        plain: &[u8],
        checksum: Checksum,
    ) -> Result<Self, Box<Diagnostic>> {
        let path: Arc<str> = path.into();
        let (text, encoding) = decode::decode(&path, plain)?;
        let line_starts = line_starts(&text);
        let chars_before = (!text.is_ascii()).then(|| char_marks(&text));
        Ok(Self {
            id,
            path,
            text,
            encoding,
            sha256: match checksum {
                Checksum::Made => hex(&Sha256::digest(bytes)),
                Checksum::LeftOut => String::new(),
            },
            bytes: bytes.len(),
            line_starts,
            chars_before,
        })
    }

    /// Its number in the collection.
    #[must_use]
    pub fn id(&self) -> SourceId {
        self.id
    }

    /// The path as the user gave it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded text, without a byte-order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the bytes were encoded.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// SHA-256 of the bytes as given, in lower-case hexadecimal; empty where the collection makes none.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How many lines the text has.
    pub(crate) fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Number of bytes as given.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Line and column (both from 1) of a byte offset.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let line = self.line_index(offset);
        let start = self.line_starts[line] as usize;
        (
            as_u32(line + 1),
            self.chars_to(offset) - self.chars_to(start) + 1,
        )
    }

    /// The line (from 1) that holds a byte offset.
    #[must_use]
    pub fn line(&self, offset: usize) -> u32 {
        as_u32(self.line_index(offset) + 1)
    }

    fn line_index(&self, offset: usize) -> usize {
        let offset = as_u32(offset.min(self.text.len()));
        self.line_starts.partition_point(|&start| start <= offset) - 1
    }

    fn chars_to(&self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        let Some(chars_before) = &self.chars_before else {
            return as_u32(offset);
        };
        let offset = self.text.floor_char_boundary(offset);
        let block = offset / BLOCK;
        let from = self.text.floor_char_boundary(block * BLOCK);
        chars_before[block] + as_u32(self.text[from..offset].chars().count())
    }

    /// The lines with their byte ranges, line ends left out.
    pub fn lines(&self) -> impl Iterator<Item = (u32, Range<usize>)> + '_ {
        (0..self.line_starts.len()).map(|index| {
            let start = self.line_starts[index] as usize;
            let end = self
                .line_starts
                .get(index + 1)
                .map_or(self.text.len(), |&next| next as usize);
            let text = self.text[start..end].trim_end_matches(['\r', '\n']);
            (as_u32(index + 1), start..start + text.len())
        })
    }

    /// A span of this source.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        Span {
            source: self.id,
            start: as_u32(range.start.min(self.text.len())),
            end: as_u32(range.end.min(self.text.len())),
        }
    }

    /// The place of a byte range: line, column and the text as written.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Place {
        let line = self.line_index(range.start);
        let start = self.line_starts[line] as usize;
        self.place_in_line(as_u32(line + 1), start, range)
    }

    /// As `place`, of a byte range in a line whose number and first byte are known: finding them again costs more than
    /// all the rest.
    pub(crate) fn place_in_line(&self, line: u32, start: usize, range: Range<usize>) -> Place {
        let column = self.chars_to(range.start) - self.chars_to(start) + 1;
        let span = self.span(range);
        let written = self.text.get(span.range()).unwrap_or_default();
        Place {
            path: Arc::clone(&self.path),
            line,
            column,
            text: shorten(written, Place::MAX_TEXT),
            span: Some(span),
        }
    }
}

/// The inputs of one case, under common limits.
#[derive(Debug, Default)]
pub struct Sources {
    limits: Limits,
    total: usize,
    list: Vec<Source>,
    checksum: Checksum,
}

/// Whether sources are given a checksum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Checksum {
    #[default]
    Made,
    /// What is read is a part of a file, of which no checksum is printed.
    LeftOut,
}

impl Sources {
    /// An empty collection.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            total: 0,
            list: Vec::new(),
            checksum: Checksum::Made,
        }
    }

    /// An empty collection for parts of a file: no checksum is made of them.
    pub(crate) fn of_parts(limits: Limits) -> Self {
        Self {
            checksum: Checksum::LeftOut,
            ..Self::new(limits)
        }
    }

    /// Decodes and adds one input.
    ///
    /// # Errors
    /// A diagnostic when the bytes are not text, or the case or a line is larger than the limits.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> Result<SourceId, Box<Diagnostic>> {
        let left = self.limits.case_bytes.saturating_sub(self.total);
        let plain = inflate(path, bytes, left)?;
        let total = self.total.saturating_add(plain.len());
        if total > self.limits.case_bytes {
            return Err(Box::new(too_large(path, total, self.limits.case_bytes)));
        }
        let id = SourceId(as_u32(self.list.len()));
        let source = Source::new(id, path, bytes, &plain, self.checksum)?;
        if let Some((line, range)) = source
            .lines()
            .find(|(_, range)| range.len() > self.limits.line_bytes)
        {
            return Err(Box::new(
                Diagnostic::error(
                    Code::LineTooLong,
                    format!(
                        "line {line} has {} bytes, the limit is {}",
                        range.len(),
                        self.limits.line_bytes
                    ),
                )
                .at(source.place(range.start..range.start), "the line starts here")
                .help("check that the file has line ends; a text report has lines of some hundred characters"),
            ));
        }
        self.total = total;
        self.list.push(source);
        Ok(id)
    }

    /// The source with this number.
    ///
    /// # Panics
    /// When the number is of another collection.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        self.find(id)
            .expect("a source id is only made by its own collection")
    }

    /// The source with this number, if it is of this collection.
    #[must_use]
    pub fn find(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// All sources in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.list.iter()
    }
}

/// The refusal of a case larger than its limit. Also used before the bytes are read at all.
#[must_use]
pub fn too_large(path: &str, bytes: usize, limit: usize) -> Diagnostic {
    Diagnostic::error(
        Code::CaseTooLarge,
        format!("`{path}` brings the case to {bytes} bytes, the limit is {limit}"),
    )
    .help("raise the limit with --max-bytes, or split the input")
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for index in memchr2_iter(b'\n', b'\r', bytes) {
        let before_lf = bytes[index] == b'\r' && bytes.get(index + 1) == Some(&b'\n');
        if !before_lf && index + 1 < bytes.len() {
            starts.push(as_u32(index + 1));
        }
    }
    starts
}

fn char_marks(text: &str) -> Vec<u32> {
    let mut marks = Vec::with_capacity(text.len() / BLOCK + 1);
    let mut chars = 0;
    let mut previous = 0;
    let mut at = 0;
    while at <= text.len() {
        let boundary = text.floor_char_boundary(at);
        chars += text[previous..boundary].chars().count();
        marks.push(as_u32(chars));
        previous = boundary;
        at += BLOCK;
    }
    marks
}

/// At most `max` characters, with an ellipsis where something was cut off.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((cut, _)) => format!("{}…", &text[..cut]),
    }
}

/// Sizes are below [`Limits::case_bytes`], which is checked to fit when a source is added.
fn as_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        let bytes = text.as_bytes();
        Source::new(SourceId(0), "t.txt", bytes, bytes, Checksum::Made).unwrap()
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let s = source("ä(+)\r\nβ-x\rlast");
        let offset = s.text().find("-x").unwrap();
        assert_eq!(s.line_column(offset), (2, 2));
        assert_eq!(s.line_column(0), (1, 1));
        let lines: Vec<_> = s.lines().map(|(n, r)| (n, &s.text()[r])).collect();
        assert_eq!(lines, [(1, "ä(+)"), (2, "β-x"), (3, "last")]);
    }

    #[test]
    fn columns_of_a_long_line_with_wide_characters() {
        let text = "平".repeat(5000) + "ALK";
        let s = source(&text);
        assert_eq!(s.line_column(text.find("ALK").unwrap()), (1, 5001));
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        let s = source("ab\n");
        assert_eq!(s.line_column(99), (1, 4));
        assert_eq!(s.place(1..99).text, "b\n");
    }

    #[test]
    fn the_case_limit_counts_all_inputs() {
        let mut sources = Sources::new(Limits {
            case_bytes: 5,
            ..Limits::default()
        });
        sources.add("a", b"abc").unwrap();
        let refused = sources.add("b", b"abc").unwrap_err();
        assert_eq!(refused.code, Code::CaseTooLarge);
    }
}
