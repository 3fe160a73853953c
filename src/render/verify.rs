//! The result of `fusedx verify` as text and JSON.

use std::fmt::Write as _;

use crate::diag::Diagnostic;
use crate::diag::render::printable;
use crate::render::text::quoted;
use crate::verify::{Outcome, Verified};

/// Samples that are not as expected with what differs, then a count.
#[must_use]
pub fn text(samples: &[Verified]) -> String {
    let mut out = String::new();
    for sample in samples {
        let name = printable(&sample.name);
        match &sample.outcome {
            Outcome::AsExpected => {
                let _ = writeln!(out, "ok        {name}");
            }
            Outcome::Accepted => {
                let _ = writeln!(out, "accepted  {name}");
            }
            Outcome::Differs(list) => {
                let _ = writeln!(out, "DIFFERS   {name}");
                for difference in list {
                    one(&mut out, difference);
                }
            }
            Outcome::Unreadable(list) => {
                let _ = writeln!(out, "UNREAD    {name}");
                for problem in list {
                    one(&mut out, problem);
                }
            }
        }
    }
    let count = |word| samples.iter().filter(|s| s.outcome.word() == word).count();
    let _ = write!(
        out,
        "{} samples: {} as expected, {} differ",
        samples.len(),
        count("as_expected"),
        count("differs")
    );
    for (word, shown) in [("unreadable", "cannot be read"), ("accepted", "accepted")] {
        if count(word) > 0 {
            let _ = write!(out, ", {} {shown}", count(word));
        }
    }
    out.push('\n');
    out
}

fn one(out: &mut String, difference: &Diagnostic) {
    let _ = writeln!(
        out,
        "    {}  {}",
        difference.code.code(),
        printable(&difference.message)
    );
    for label in difference.labels.iter().filter(|l| l.place.line > 0) {
        let text = printable(&label.text);
        if label.text.starts_with("expected")
            || label.text.starts_with("refused")
            || label.text.starts_with("not named")
        {
            let place = &label.place;
            let _ = writeln!(
                out,
                "          {text:<14} {}:{}:{}",
                printable(&place.path),
                place.line,
                place.column
            );
        } else {
            let _ = writeln!(out, "          {text:<14} {}", quoted(&label.place));
        }
    }
    if let Some(help) = &difference.help {
        let _ = writeln!(out, "          {}", printable(help));
    }
}
