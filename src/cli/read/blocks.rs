//! Conversion of a large table block by block: memory does not grow with the file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::thread::available_parallelism;

use flate2::read::MultiGzDecoder;

use crate::diag::{Code, Diagnostic};
use crate::error::Error;
use crate::pipeline::blocks::{BLOCK, Failure, Table};
use crate::pipeline::{ReadCase, ReadOptions};
use crate::render::tsv;
use crate::rules::Pack;
use crate::source::{Limits, Sources};

use super::{
    super::{Common, Outcome},
    strict,
};

/// Writes the canonical table of one large table. None when the input is small or of a format whose rows do not
/// stand alone: it is then read whole.
pub(super) fn convert(path: &Path, common: &Common, pack: &Pack) -> Result<Option<Outcome>, Error> {
    let options = ReadOptions {
        input_format: common.input_format.clone(),
        sample: common.sample.clone(),
        columns: None,
    };
    let limits = Limits {
        case_bytes: common.max_bytes,
        ..Limits::default()
    };
    let name = path.display().to_string();
    let Some((start, table, rest)) = open(path, &name, common, &options, limits) else {
        return Ok(None);
    };
    let mut account = ReadCase::default();
    let target = common.shown.target();
    let threads = available_parallelism().map_or(1, Into::into);
    target.stream(|out| {
        tsv::header(out).map_err(|error| target.failed(error))?;
        let from = io::Cursor::new(start).chain(rest);
        let result = table.each(from, pack.vocab(), threads, |block| {
            common.shown.show(&block.read.diagnostics, &block.sources);
            tsv::rows(out, &block.read.case)?;
            add(&mut account, block.read);
            Ok(())
        });
        match result {
            Ok(()) => Ok(()),
            Err(Failure::Write(error)) => Err(target.failed(error)),
            Err(Failure::Read(error)) => {
                let problem = Diagnostic::error(
                    Code::Unreadable,
                    format!("`{name}` cannot be read to its end: {error}"),
                )
                .help("the file may have been cut off on its way; copy it again");
                common
                    .shown
                    .show(std::slice::from_ref(&problem), &Sources::default());
                Err(Error::Input(vec![problem]))
            }
            Err(Failure::Input(problems, sources)) => {
                common.shown.show(&problems, &sources);
                Err(Error::Input(problems))
            }
        }
    })?;
    strict(common, &Sources::default(), &account)?;
    Ok(Some(Outcome::Done))
}

/// The first bytes, the table they begin, and what is left to read. None for what is not to be read in blocks.
fn open<'a>(
    path: &Path,
    name: &'a str,
    common: &Common,
    options: &ReadOptions,
    limits: Limits,
) -> Option<(Vec<u8>, Table<'a>, Box<dyn Read>)> {
    if common.columns.is_some() || !path.is_file() {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let mut magic = [0; 2];
    file.read_exact(&mut magic).ok()?;
    let from = io::Cursor::new(magic).chain(file);
    let mut from: Box<dyn Read> = if magic == [0x1f, 0x8b] {
        Box::new(MultiGzDecoder::new(from))
    } else {
        Box::new(from)
    };
    let mut start = Vec::new();
    let most = u64::try_from(BLOCK).unwrap_or(u64::MAX);
    from.by_ref().take(most).read_to_end(&mut start).ok()?;
    if start.len() < BLOCK {
        return None;
    }
    let table = Table::begin(name, &start, options, limits)?;
    Some((start, table, from))
}

/// Adds up the accounts of the blocks.
fn add(account: &mut ReadCase, block: ReadCase) {
    for source in block.sources {
        match account.sources.first_mut() {
            None => account.sources.push(source),
            Some(all) => {
                all.records.total += source.records.total;
                all.records.read += source.records.read;
                all.records.skipped += source.records.skipped;
                all.records.failed += source.records.failed;
            }
        }
    }
}
