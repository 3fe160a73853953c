//! Large tables in blocks of whole lines, so that memory does not grow with the file.
//!
//! Each block is read as a small table of its own, the header on top, and is dropped when its rows are written.
//! Only formats whose rows stand alone are read so; what a block finds is what the whole table would give, but for
//! the members of events and the judgement of function: they rest on all calls of an event, so they are left out.

use std::io::{self, Read};
use std::thread;

use crate::detect::detect;
use crate::diag::Diagnostic;
use crate::pipeline::{self, ReadCase, ReadOptions};
use crate::source::{Limits, Sources, too_large};
use crate::vocab::Vocab;

/// Bytes of a block, and the size above which a table is read in blocks.
pub const BLOCK: usize = 4 << 20;
/// Lines among which the header is looked for.
const HEADER_LINES: usize = 200;

/// What went wrong on the way.
#[derive(Debug)]
pub enum Failure {
    /// The file could not be read on.
    Read(io::Error),
    /// A result could not be written.
    Write(io::Error),
    /// The input is at fault; the places are in these sources.
    Input(Vec<Diagnostic>, Box<Sources>),
}

/// A table that can be read in blocks.
#[derive(Debug)]
pub struct Table<'a> {
    path: &'a str,
    /// Every line up to the header, with its end.
    header: String,
    /// Bytes of the file before the first row.
    bytes_to_rows: usize,
    options: ReadOptions,
    limits: Limits,
    block: usize,
}

/// What one block holds, its lines numbered as in the file.
#[derive(Debug)]
pub struct Block {
    /// The facts.
    pub read: ReadCase,
    /// The text of the block.
    pub sources: Sources,
}

impl<'a> Table<'a> {
    /// The table that begins with these bytes, when its rows stand alone.
    #[must_use]
    pub fn begin(
        path: &'a str,
        start: &[u8],
        options: &ReadOptions,
        limits: Limits,
    ) -> Option<Self> {
        let mark = if start.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let start = &start[mark..];
        let whole_lines = start.iter().rposition(|byte| *byte == b'\n')? + 1;
        let text = std::str::from_utf8(&start[..whole_lines]).ok()?;
        let named = |text: &str| {
            let mut sources = Sources::of_parts(limits);
            let id = sources.add(path, text.as_bytes()).ok()?;
            let found = match &options.input_format {
                Some(name) => {
                    let format = crate::read::format(name)?;
                    format.detect(sources.get(id)).map(|_| format)
                }
                None => detect(sources.get(id)).ok().map(|found| found.format),
            }?;
            found.rows_stand_alone().then_some(found.name)
        };
        let format = named(text)?;
        let mut end = 0;
        for line in text.split_inclusive('\n').take(HEADER_LINES) {
            end += line.len();
            if named(&text[..end]) == Some(format) {
                return Some(Self {
                    path,
                    header: text[..end].to_owned(),
                    bytes_to_rows: mark + end,
                    options: ReadOptions {
                        input_format: Some(format.to_owned()),
                        ..options.clone()
                    },
                    limits,
                    block: BLOCK,
                });
            }
        }
        None
    }

    /// The table in blocks of so many bytes and the rest of the line.
    #[must_use]
    pub fn in_blocks_of(self, bytes: usize) -> Self {
        Self {
            block: bytes.max(1),
            ..self
        }
    }

    /// Reads the table from its start, so many blocks at a time, and hands each over in order.
    ///
    /// # Errors
    /// A [`Failure`]; blocks before it have been handed over.
    pub fn each(
        &self,
        mut from: impl Read,
        vocab: &Vocab,
        at_a_time: usize,
        mut take: impl FnMut(Block) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut cutter = Cutter {
            left: Vec::new(),
            ended: false,
            block: self.block,
        };
        let mut bytes = 0_usize;
        let header = lines_of(&self.header);
        // Lines between the header and the next block.
        let mut before = 0_u32;
        let mut skipped = vec![0; self.bytes_to_rows];
        from.read_exact(&mut skipped).map_err(Failure::Read)?;
        loop {
            let mut texts = Vec::new();
            while texts.len() < at_a_time.max(1) {
                let Some(lines) = cutter
                    .next(&mut from, self.limits.line_bytes)
                    .map_err(Failure::Read)?
                else {
                    break;
                };
                bytes = bytes.saturating_add(lines.len());
                if bytes > self.limits.case_bytes {
                    let refused = too_large(self.path, bytes, self.limits.case_bytes);
                    return Err(Failure::Input(vec![refused], Box::default()));
                }
                let mut text = self.header.clone().into_bytes();
                text.extend_from_slice(&lines);
                texts.push(text);
            }
            if texts.is_empty() {
                return Ok(());
            }
            let done: Vec<_> = thread::scope(|scope| {
                let workers: Vec<_> = texts
                    .iter()
                    .map(|text| scope.spawn(|| self.one(text, vocab)))
                    .collect();
                workers
                    .into_iter()
                    .map(thread::ScopedJoinHandle::join)
                    .collect()
            });
            for result in done {
                let result = result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                match result {
                    Ok((mut block, lines)) => {
                        block.settle(header, before);
                        before = before.saturating_add(lines.saturating_sub(header));
                        take(block).map_err(Failure::Write)?;
                    }
                    Err((mut problems, sources)) => {
                        renumber(&mut problems, header, before);
                        return Err(Failure::Input(problems, Box::new(sources)));
                    }
                }
            }
        }
    }

    fn one(&self, text: &[u8], vocab: &Vocab) -> Result<(Block, u32), (Vec<Diagnostic>, Sources)> {
        let mut sources = Sources::of_parts(Limits {
            case_bytes: usize::MAX,
            ..self.limits
        });
        let id = match sources.add(self.path, text) {
            Ok(id) => id,
            Err(problem) => return Err((vec![*problem], sources)),
        };
        let lines = u32::try_from(sources.get(id).line_count()).unwrap_or(u32::MAX);
        match pipeline::read_and(&sources, vocab, &self.options, pipeline::complete_rows) {
            Ok(read) => Ok((Block { read, sources }, lines)),
            Err(problems) => Err((problems, sources)),
        }
    }
}

impl Block {
    /// Gives every place behind the header its line in the file.
    fn settle(&mut self, header: u32, before: u32) {
        for fusion in &mut self.read.case.fusions {
            if fusion.source.line > header {
                fusion.source.line = fusion.source.line.saturating_add(before);
            }
        }
        renumber(&mut self.read.diagnostics, header, before);
    }
}

fn renumber(diagnostics: &mut [Diagnostic], header: u32, before: u32) {
    for label in diagnostics.iter_mut().flat_map(|d| &mut d.labels) {
        if label.place.line > header {
            label.place.line = label.place.line.saturating_add(before);
        }
    }
}

fn lines_of(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// Cuts what is read into blocks that end with a line.
struct Cutter {
    left: Vec<u8>,
    ended: bool,
    block: usize,
}

impl Cutter {
    fn next(&mut self, from: &mut impl Read, longest: usize) -> io::Result<Option<Vec<u8>>> {
        let mut searched = 0;
        loop {
            let wanted = self.left.len().saturating_add(self.block);
            if !self.ended && self.left.len() < self.block.saturating_add(searched) {
                let most = u64::try_from(wanted - self.left.len()).unwrap_or(u64::MAX);
                let got = from.take(most).read_to_end(&mut self.left)?;
                self.ended = u64::try_from(got).is_ok_and(|got| got < most);
            }
            if self.ended || self.left.len() > longest.saturating_add(self.block) {
                // The end, or a line longer than allowed, which is told when the block is read.
                let all = std::mem::take(&mut self.left);
                return Ok((!all.is_empty()).then_some(all));
            }
            if let Some(at) = self.left[searched..]
                .iter()
                .rposition(|byte| *byte == b'\n')
            {
                let rest = self.left.split_off(searched + at + 1);
                return Ok(Some(std::mem::replace(&mut self.left, rest)));
            }
            searched = self.left.len();
        }
    }
}
