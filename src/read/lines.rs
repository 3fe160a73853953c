//! Calls that are lines of another kind of file: a log, a list, records of a variant file.

use crate::case::fusion::Fusion;
use crate::read::Reading;
use crate::source::Source;

/// What became of a line.
pub(super) enum Line {
    /// It is no record.
    Other,
    /// A record that is a call.
    Call(Box<Fusion>),
    /// A record that is left out, for the reason given once per file.
    Skipped(&'static str),
    /// A record that cannot be read.
    Failed,
}

/// Reads a source line by line and accounts for every record.
pub(super) fn lines(
    source: &Source,
    mut read: impl FnMut(&str, std::ops::Range<usize>, &mut Reading) -> Line,
) -> Reading {
    let text = source.text();
    let mut reading = Reading::default();
    let mut reasons: Vec<(&'static str, usize, std::ops::Range<usize>)> = Vec::new();
    for (_, range) in source.lines() {
        let line = read(&text[range.clone()], range.clone(), &mut reading);
        match line {
            Line::Other => continue,
            Line::Call(fusion) => {
                reading.records.read += 1;
                reading.case.fusions.push(*fusion);
            }
            Line::Skipped(why) => {
                reading.records.skipped += 1;
                match reasons.iter_mut().find(|(reason, ..)| *reason == why) {
                    Some((_, count, _)) => *count += 1,
                    None => reasons.push((why, 1, range)),
                }
            }
            Line::Failed => reading.records.failed += 1,
        }
        reading.records.total += 1;
    }
    for (why, count, first) in reasons {
        reading.diagnostics.push(
            crate::diag::Diagnostic::note(
                crate::diag::Code::Skipped,
                format!("{count} records were skipped: {why}"),
            )
            .at(source.place(first), "the first of them"),
        );
    }
    if reading.records.total == 0 {
        reading.diagnostics.push(super::table::no_calls(source));
    }
    reading
}
