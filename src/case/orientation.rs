//! Which partner of a written pair is 5'.
//!
//! Order is 5' first by convention (HGNC, doi 10.1038/s41375-021-01436-6), but many reports put the
//! clinically interesting gene first: "ALK-IGFBP5" stands for `IGFBP5::ALK`, because in every known
//! driver fusion of these kinases the kinase is the 3' partner. The pair as written is always kept
//! beside the order that is read, and what the order rests on is recorded.

use crate::case::fusion::{Orientation, OrientationFrom};

/// How the pair was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `A::B`: the order is stated.
    DoubleColon,
    /// `A-B`, `A/B`, `A fused to B`: the order is a convention.
    Prose,
    /// As prose, with exons at the junction, which may contradict a changed order.
    ProseWithExons,
    /// `A rearrangement, partner B`: the gene of interest first, no order meant.
    NamedPartner,
}

/// A pair with its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered<'a> {
    /// The 5' and the 3' partner; none when nothing tells.
    pub pair: Option<[&'a str; 2]>,
    /// How sure the order is.
    pub orientation: Orientation,
    /// What it rests on.
    pub from: Option<OrientationFrom>,
}

/// Orders the pair `first`, `second` as written.
///
/// ```
/// use fusedx::case::orientation::{Notation, order};
/// use fusedx::case::fusion::Orientation;
///
/// let read = order("ALK", "IGFBP5", Notation::Prose, |gene| gene == "ALK");
/// assert_eq!(read.pair, Some(["IGFBP5", "ALK"]));
/// assert_eq!(read.orientation, Orientation::Inferred);
/// ```
pub fn order<'a>(
    first: &'a str,
    second: &'a str,
    notation: Notation,
    is_kinase: impl Fn(&str) -> bool,
) -> Ordered<'a> {
    let read = |pair, orientation, from| Ordered {
        pair,
        orientation,
        from,
    };
    let as_written = Some([first, second]);
    if notation == Notation::DoubleColon {
        return read(
            as_written,
            Orientation::Stated,
            Some(OrientationFrom::DoubleColon),
        );
    }
    match (is_kinase(first), is_kinase(second)) {
        (false, false) if notation == Notation::NamedPartner => {
            read(None, Orientation::Unknown, None)
        }
        (true, true) => read(None, Orientation::Unknown, None),
        // Without a gene model an exon number cannot be told to be the last of a 5' partner or the
        // first of a 3' partner, so the order is not changed against it.
        (true, false) if notation == Notation::ProseWithExons => {
            read(None, Orientation::Unknown, None)
        }
        (true, false) => read(
            Some([second, first]),
            Orientation::Inferred,
            Some(OrientationFrom::KinaseWrittenFirst),
        ),
        (false, _) => read(
            as_written,
            Orientation::Inferred,
            Some(OrientationFrom::WrittenOrder),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(first: &'static str, second: &'static str, notation: Notation) -> Ordered<'static> {
        order(first, second, notation, |gene| {
            gene == "ALK" || gene == "ROS1"
        })
    }

    #[test]
    fn a_stated_order_is_never_changed() {
        let stated = read("ALK", "IGFBP5", Notation::DoubleColon);
        assert_eq!(stated.pair, Some(["ALK", "IGFBP5"]));
        assert_eq!(stated.orientation, Orientation::Stated);
    }

    #[test]
    fn two_kinases_have_no_order() {
        assert_eq!(read("ALK", "ROS1", Notation::Prose).pair, None);
    }

    #[test]
    fn a_named_partner_says_nothing_of_the_order() {
        let of = |a, b| read(a, b, Notation::NamedPartner).pair;
        assert_eq!(of("ERG", "FUS"), None);
        assert_eq!(of("ALK", "EML4"), Some(["EML4", "ALK"]));
    }

    #[test]
    fn exons_stop_an_inference() {
        let unclear = read("ALK", "IGFBP5", Notation::ProseWithExons);
        assert_eq!(
            (unclear.pair, unclear.orientation),
            (None, Orientation::Unknown)
        );
        assert_eq!(
            read("IGFBP5", "ALK", Notation::ProseWithExons).pair,
            Some(["IGFBP5", "ALK"])
        );
    }
}
