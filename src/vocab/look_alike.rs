//! Letters of another script that only look like a known name: Cyrillic `АLК` for ALK.
//!
//! Such a word is never read as the name. It is reported, so that a person decides.

use unicode_security::confusable_detection::skeleton;

use super::Vocab;

/// A word that looks like a name and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAlike {
    /// First byte of the word.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The name it looks like.
    pub name: String,
}

/// The words of `text` that look like a gene or marker but are written with letters of another
/// script.
#[must_use]
pub fn look_alikes(text: &str, vocab: &Vocab) -> Vec<LookAlike> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() {
            start.get_or_insert(at);
        } else if let Some(from) = start.take()
            && let Some(name) = looks_like(&text[from..at], vocab)
        {
            out.push(LookAlike {
                start: from,
                end: at,
                name,
            });
        }
    }
    out
}

fn looks_like(word: &str, vocab: &Vocab) -> Option<String> {
    // The first test keeps this off ordinary text; full-width letters are folded, not look-alikes.
    let foreign = |c: char| matches!(c, '\u{370}'..='\u{52f}' | '\u{13a0}'..='\u{13ff}' | '\u{1e00}'..='\u{1eff}' | '\u{2c80}'..='\u{2cff}');
    if word.len() > 64 || !word.chars().any(foreign) {
        return None;
    }
    let seen: String = skeleton(word).collect();
    let same = |name: &str| skeleton(name).eq(seen.chars());
    let genes = vocab.genes().iter().map(|g| g.symbol.as_str());
    let markers = vocab.markers().iter().map(|m| m.name.as_str());
    genes
        .chain(markers)
        .find(|name| same(name))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::VocabBuilder;

    #[test]
    fn cyrillic_letters_are_seen() {
        let mut b = VocabBuilder::default();
        b.marker("ALK", &[]);
        let vocab = b.build();
        let text = "NGS: АLК fusion, ALK, β-catenin";
        let found = look_alikes(text, &vocab);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "ALK");
        assert_eq!(&text[found[0].start..found[0].end], "АLК");
    }
}
