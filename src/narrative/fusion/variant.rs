//! The named variant of a fusion (`EML4-ALK variant 3a/b`, `v3`, `Variante 1`, `变体 3`).
//!
//! ```text
//! variant = ( "variant" | "Variante" | "v" glued | "变体" ) name [ "/" name | ("and" | "or") name ]
//! name    = digit [ "a" | "b" | "c" ]                 ; after "/" the digit may be left out
//! ```

use std::sync::LazyLock;

use regex::Regex;

static VARIANT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: (?i:\bvariant(?:e|s|es|en)?) \s* (?:\#|no\.)? \s* | 变体 \s* | \b[vV] )
          ( [1-9][abc]? (?: \s? / \s? (?: [1-9][abc]? | [abc] ) | \s (?:and|or|und|et|y|en) \s [1-9][abc] )? )
          (?: [^\w.%/] | \. (?:\D|$) | $ )",
    )
    .expect("the pattern is valid")
});

/// `3a/b variants`
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b([1-9][abc] ?/ ?[1-9]?[abc]) (?i:variant)").expect("the pattern is valid")
});

/// The variant named after a pair, two with a slash between.
pub(super) fn named(after: &str) -> Option<String> {
    let found = VARIANT
        .captures(after)
        .or_else(|| BEFORE.captures(after))?
        .get(1)?;
    let words: Vec<&str> = found.as_str().split(' ').collect();
    Some(match words.as_slice() {
        [first, joined, second] if !joined.contains('/') => format!("{first}/{second}"),
        all => all.concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_named_and_counts_are_not() {
        for (text, want) in [
            (" variant 1 (E13;A20)", Some("1")),
            (" fusion (exon 6; exon 20), variant 3a/b", Some("3a/b")),
            (" v3.", Some("3")),
            (" (E6;A20), Variante 3", Some("3")),
            (" 变体 2", Some("2")),
            (", 3a/b variants", Some("3a/b")),
            (", Varianten 3a und 3b", Some("3a/3b")),
            (" variants 3a and 3b", Some("3a/3b")),
            (", variant allele frequency 3 %", None),
            (", variant 12 of the panel", None),
            (", variant 3.5 %", None),
            (" found on panel v2.1", None),
            (" detected", None),
        ] {
            assert_eq!(named(text).as_deref(), want, "{text}");
        }
    }
}
