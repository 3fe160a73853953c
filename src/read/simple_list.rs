//! A list of pairs, one a line (`A--B` or `A::B`), as FusionInspector takes it. Not a caller's output: what the
//! list stands for is not said, so nothing is known of reads or frame.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Fusion, Method, Status};
use crate::read::layout::{Promise, order, partner, split_pair};
use crate::read::lines::{Line, lines};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format =
    Format::own("simple-list", "a list of pairs, one a line", detect, read);

static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z][A-Za-z0-9._@-]*(?:--|::)[A-Za-z][A-Za-z0-9._@-]*$")
        .expect("a constant pattern")
});

fn detect(source: &Source) -> Option<Evidence> {
    let text = source.text();
    let mut lines = source
        .lines()
        .map(|(_, line)| text[line].trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .peekable();
    lines.peek()?;
    lines.all(|line| PAIR.is_match(line)).then(|| Evidence {
        dialect: "pairs",
        found: "one pair on every line".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    lines(source, |line, range, reading| {
        let pair = line.trim();
        if pair.is_empty() || pair.starts_with('#') {
            return Line::Other;
        }
        let cells = split_pair(pair, &["::", "--"], vocab);
        let out = &mut reading.diagnostics;
        let symbols = [&cells[0], &cells[1]]
            .map(|cell| partner(cell, || source.place(range.clone()), vocab, out).0);
        let mut fusion = Fusion::new(Status::Detected, source.place(range));
        order(&mut fusion, symbols, Promise::First);
        pair.clone_into(&mut fusion.as_written);
        fusion.as_reported = Some(cells);
        fusion.method = Method::Unspecified;
        // A list may hold targets as well as findings: a person has to say which.
        fusion.confidence = Some("low".to_owned());
        Line::Call(Box::new(fusion))
    })
}
