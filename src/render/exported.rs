//! Which fusions go to other systems, and as which pair: what every writer of fusions shares.
//!
//! Only what was found in the tumour as it is now goes out: no negative, pending, superseded or earlier result. A pair
//! without a sure order goes out in the order it was reported, and each writer says so.

use crate::case::Case;
use crate::case::fusion::{Fusion, Status};

/// A fusion that goes out.
#[derive(Debug, Clone, Copy)]
pub struct Exported<'c> {
    /// The fusion.
    pub fusion: &'c Fusion,
    /// Symbols, 5' and 3' where `ordered`, else as reported; none for a partner that is not known.
    pub pair: [Option<&'c str>; 2],
    /// Side of the reported pair that each of the two is.
    pub sides: [usize; 2],
    /// The order is stated or follows from evidence.
    pub ordered: bool,
}

impl Exported<'_> {
    /// The pair in HGNC notation, or with a slash where it has no order; `?` is a partner that is not known.
    #[must_use]
    pub fn name(&self) -> String {
        let [one, two] = self.pair.map(|symbol| symbol.unwrap_or("?"));
        let mark = if self.ordered { "::" } else { " / " };
        format!("{one}{mark}{two}")
    }
}

/// The fusions of a case that go out, in the order read.
pub fn exported(case: &Case) -> impl Iterator<Item = Exported<'_>> {
    case.fusions
        .iter()
        .filter(|fusion| fusion.status == Status::Detected && fusion.is_current())
        .filter_map(|fusion| {
            let ordered = fusion.is_ordered();
            let three = fusion.three_prime_side();
            let (pair, sides) = if ordered {
                (
                    [&fusion.five_prime, &fusion.three_prime].map(Option::as_deref),
                    [1 - three, three],
                )
            } else if fusion.as_reported.is_some() {
                (fusion.symbols.each_ref().map(Option::as_deref), [0, 1])
            } else {
                ([None, fusion.gene.as_deref()], [0, 1])
            };
            pair.iter().any(Option::is_some).then_some(Exported {
                fusion,
                pair,
                sides,
                ordered,
            })
        })
}
