//! Texts of a caller that name the pair in order.
//!
//! ```text
//! Protein Fusion: in frame {EML4:ALK}                     5' partner first
//! EML4 (NM_019063) - ALK (NM_004304) fusion (EML4 exons 1-13 fused with ALK exons 20-29)
//! EML4-ALK.E6bA20.AB374362                                id with the exons of both partners
//! EML4::ALK
//! ```

use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Fusion, Orientation, OrientationFrom};
use crate::read::layout::{Promise, order as promised};

static BRACES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{([^{}:\s]+):([^{}:\s]+)\}"));
static EXONS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\(([^()\s]+)\s+exons?\s[^()]*?\bfused\s+(?:with|to)\s+([^()\s]+)\s+exons?\b")
});
static COLONS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"([A-Za-z0-9._@-]+)::([A-Za-z0-9._@-]+)"));
static IDENTIFIER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b([A-Za-z0-9._@-]+)\.[A-Z][0-9]+[a-z]*(?:ins[0-9]+)?[A-Z][0-9]+"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// Which partner a text names first where it names them in order: `First` or `Second`.
pub(super) fn order(text: &str, pair: &[String; 2]) -> Option<Promise> {
    if text.is_empty() || pair.iter().any(String::is_empty) || pair[0] == pair[1] {
        return None;
    }
    let named = |one: &str, two: &str| {
        if one == pair[0] && two == pair[1] {
            Some(Promise::First)
        } else if one == pair[1] && two == pair[0] {
            Some(Promise::Second)
        } else {
            None
        }
    };
    for pattern in [&BRACES, &EXONS, &COLONS] {
        for found in pattern.captures_iter(text) {
            if let Some(promise) = named(&found[1], &found[2]) {
                return Some(promise);
            }
        }
    }
    let ids = IDENTIFIER.captures_iter(text);
    ids.into_iter().find_map(|found| {
        let id = &found[1];
        let joined = |one: &str, two: &str| format!("{one}-{two}") == id;
        if joined(&pair[0], &pair[1]) {
            Some(Promise::First)
        } else {
            joined(&pair[1], &pair[0]).then_some(Promise::Second)
        }
    })
}

/// Gives a call its order from what its columns promise and what its text says. Where both speak and differ, the
/// order of the columns is kept and is in doubt.
pub(super) fn settle(
    fusion: &mut Fusion,
    symbols: [Option<String>; 2],
    columns: Promise,
    text: Option<Promise>,
) {
    let by_text = columns == Promise::Nothing;
    promised(
        fusion,
        symbols,
        if by_text {
            text.unwrap_or(Promise::Nothing)
        } else {
            columns
        },
    );
    match text {
        Some(_) if by_text => fusion.orientation_from = Some(OrientationFrom::Annotation),
        Some(said) if said != columns => {
            fusion.orientation = Some(Orientation::Conflicting);
            fusion
                .orientation_because
                .push("the annotation names the pair in another order".to_owned());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_name_the_pair_in_order() {
        let pair = ["ALK".to_owned(), "EML4".to_owned()];
        for (text, expected) in [
            ("Protein Fusion: in frame {EML4:ALK}", Some(Promise::Second)),
            (
                "EML4 (NM_019063) - ALK (NM_004304) fusion (EML4 exons 1-13 fused with ALK exons 20-29):(c.1)",
                Some(Promise::Second),
            ),
            (
                "(ALK exons 1-19 fused with EML4 exon 14)",
                Some(Promise::First),
            ),
            ("EML4-ALK.E6bA20.AB374362_1", Some(Promise::Second)),
            ("RNA-seq: EML4::ALK", Some(Promise::Second)),
            // Order by habit is no order.
            ("ALK-EML4 fusion", None),
            ("EML4 - ALK", None),
            ("{TPM3:ALK}", None),
            ("", None),
        ] {
            assert_eq!(order(text, &pair), expected, "{text}");
        }
    }
}
