//! LongGF: results are lines of a program log. Its order of genes is not reliable.
//!
//! ```text
//! SumGF<TAB>A:B reads chr:pos chr:pos
//! ```

use crate::case::fusion::{Breakpoint, Fusion, Method, Status};
use crate::diag::{Code, Diagnostic};
use crate::read::layout::{Promise, order, partner};
use crate::read::lines::{Line, lines};
use crate::read::symbol::split_pair;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("longgf", "LongGF log", detect, read);

const MARK: &str = "SumGF\t";

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let found = text.starts_with(MARK) || text.contains("\nSumGF\t") || text.contains("\rSumGF\t");
    found.then(|| Evidence {
        dialect: "log",
        found: "lines that begin with SumGF".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    lines(source, |line, range, reading| {
        let Some(rest) = line.strip_prefix(MARK) else {
            return Line::Other;
        };
        let cells: Vec<&str> = rest.split_whitespace().collect();
        let [pair, reads, one, two] = cells[..] else {
            reading.diagnostics.push(
                Diagnostic::warning(Code::ShortRow, "a LongGF result with other fields").at(
                    source.place(range),
                    "expected a pair, a number of reads and two breakpoints",
                ),
            );
            return Line::Failed;
        };
        let start = range.start + MARK.len();
        let mut fusion = Fusion::new(Status::Detected, source.place(start..start + pair.len()));
        let out = &mut reading.diagnostics;
        let cells = split_pair(pair, &[":"], vocab).told(|| source.place(range.clone()), out);
        let symbols = [&cells[0], &cells[1]]
            .map(|cell| partner(cell, || source.place(range.clone()), vocab, out).0);
        order(&mut fusion, symbols, Promise::Nothing);
        pair.clone_into(&mut fusion.as_written);
        fusion.as_reported = Some(cells);
        fusion.support.split = reads.parse().ok();
        fusion.breakpoints = Some([Breakpoint::parse(one), Breakpoint::parse(two)]);
        fusion.caller = Some("LongGF".to_owned());
        fusion.method = Method::Rna;
        Line::Call(Box::new(fusion))
    })
}
