//! Cuts report text into tokens: names of the vocabulary, numbers, marks and other words.
//!
//! ```text
//! token = name | number | mark | word
//! ```
//!
//! A name is the longest one the vocabulary knows at this place; only where it knows none is damage
//! undone. Tokens keep their byte range in the source and what stood before them, so that the
//! grammar can tell columns, lines and blocks apart without looking at white space again.

use nom::{Input, Needed};

use crate::vocab::{
    Class, Clone as AntibodyClone, Disease, Drug, Figure, Gap, Gene, Marker, Meaning, Piece, Sense,
    Vocab, Word, pieces,
};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind<'v> {
    /// A name or grammar word, with every reading the spelling allows.
    Name { senses: &'v [Sense], repaired: bool },
    /// Digits.
    Number,
    /// One mark, narrowed to ASCII where it has an ASCII form.
    Mark(char),
    /// Any other word, or a single Chinese character.
    Other,
}

/// A token with its byte range in the source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'v> {
    pub(crate) kind: Kind<'v>,
    pub(crate) gap: Gap,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The text of a source as tokens, with what is needed to understand them.
pub(crate) struct Lexed<'v> {
    pub(crate) text: &'v str,
    pub(crate) vocab: &'v Vocab,
    pub(crate) tokens: Vec<Token<'v>>,
}

impl<'v> Lexed<'v> {
    /// Cuts a text into tokens.
    pub(crate) fn new(text: &'v str, vocab: &'v Vocab) -> Self {
        let all = pieces(text);
        let mut tokens = Vec::with_capacity(all.len());
        let mut at = 0;
        while at < all.len() {
            let rest = &all[at..];
            let (kind, count) = next(text, vocab, rest);
            tokens.push(Token {
                kind,
                gap: rest[0].gap,
                start: rest[0].start,
                end: rest[count - 1].end,
            });
            at += count;
        }
        Self {
            text,
            vocab,
            tokens,
        }
    }

    /// All tokens as a view.
    pub(crate) fn view(&self) -> Tokens<'_> {
        Tokens {
            lexed: self,
            tokens: &self.tokens,
        }
    }
}

fn next<'v>(text: &str, vocab: &'v Vocab, rest: &[Piece]) -> (Kind<'v>, usize) {
    if let Some(found) = vocab.find(text, rest) {
        // `ALK-l` is the clone ALK1, not ALK and a hyphen.
        if hyphenated(text, rest, found.pieces)
            && let Some(longer) = vocab.repair(text, rest)
            && longer.pieces > found.pieces
        {
            let kind = Kind::Name {
                senses: longer.senses,
                repaired: true,
            };
            return (kind, longer.pieces);
        }
        let kind = Kind::Name {
            senses: found.senses,
            repaired: false,
        };
        return (kind, found.pieces);
    }
    if let Some(found) = vocab.repair(text, rest) {
        let kind = Kind::Name {
            senses: found.senses,
            repaired: true,
        };
        return (kind, found.pieces);
    }
    let piece = &rest[0];
    let kind = match piece.class {
        Class::Number => Kind::Number,
        Class::Word | Class::Cjk => Kind::Other,
        Class::Punct => Kind::Mark(
            text[piece.start..]
                .chars()
                .next()
                .map_or(' ', crate::vocab::narrow),
        ),
    };
    (kind, 1)
}

/// Whether a hyphen and one more character are glued to the name that ends at `count`.
fn hyphenated(text: &str, rest: &[Piece], count: usize) -> bool {
    let (Some(hyphen), Some(next)) = (rest.get(count), rest.get(count + 1)) else {
        return false;
    };
    hyphen.gap == Gap::None
        && next.gap == Gap::None
        && crate::vocab::is_dash_text(&text[hyphen.start..hyphen.end])
        && next.end - next.start == 1
}

/// A run of tokens: the input of the grammar.
#[derive(Clone, Copy)]
pub(crate) struct Tokens<'a> {
    lexed: &'a Lexed<'a>,
    tokens: &'a [Token<'a>],
}

impl std::fmt::Debug for Tokens<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl<'a> Tokens<'a> {
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(crate) fn first(&self) -> Option<&'a Token<'a>> {
        self.tokens.first()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(index)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'a, Token<'a>> {
        self.tokens.iter()
    }

    /// The tokens of an index range.
    pub(crate) fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let end = range.end.min(self.tokens.len());
        Self {
            lexed: self.lexed,
            tokens: &self.tokens[range.start.min(end)..end],
        }
    }

    /// How many tokens from the start hold this; they must come first.
    pub(crate) fn partition_point(&self, holds: impl Fn(&Token<'a>) -> bool) -> usize {
        self.tokens.partition_point(|t| holds(t))
    }

    /// The text from the first to the last token.
    pub(crate) fn text(&self) -> &'a str {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => &self.lexed.text[first.start..last.end],
            _ => "",
        }
    }

    /// The byte range from the first to the last token.
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// The text of a token.
    pub(crate) fn text_of(&self, token: &Token<'_>) -> &'a str {
        &self.lexed.text[token.start..token.end]
    }

    /// The senses a token can have as written.
    pub(crate) fn senses(&self, token: &Token<'a>) -> impl Iterator<Item = &'a Sense> + use<'a> {
        let (senses, repaired): (&'a [Sense], bool) = match token.kind {
            Kind::Name { senses, repaired } => (senses, repaired),
            _ => (&[], false),
        };
        let written = self.text_of(token);
        senses
            .iter()
            .filter(move |sense| repaired || sense.accepts(written))
    }

    /// The grammar words a token can be.
    pub(crate) fn words(&self, token: &Token<'a>) -> impl Iterator<Item = &'a Word> + use<'a> {
        self.senses(token).filter_map(|sense| match &sense.meaning {
            Meaning::Word(word) => Some(word),
            _ => None,
        })
    }

    /// The words of values a token can be; only in a text that was cut with that dictionary.
    pub(crate) fn figures(&self, token: &Token<'a>) -> impl Iterator<Item = &'a Figure> + use<'a> {
        self.senses(token).filter_map(|sense| match &sense.meaning {
            Meaning::Figure(figure) => Some(figure),
            _ => None,
        })
    }

    /// Whether a token can be this grammar word.
    pub(crate) fn is(&self, token: &Token<'a>, word: &Word) -> bool {
        self.words(token).any(|w| w == word)
    }

    /// The marker a token names.
    pub(crate) fn marker(&self, token: &Token<'a>) -> Option<(&'a Marker, &'a Sense)> {
        self.senses(token).find_map(|sense| match sense.meaning {
            Meaning::Marker(index) => Some((&self.lexed.vocab.markers()[index], sense)),
            _ => None,
        })
    }

    /// The gene a token names.
    pub(crate) fn gene(&self, token: &Token<'a>) -> Option<(&'a Gene, &'a Sense)> {
        self.senses(token).find_map(|sense| match sense.meaning {
            Meaning::Gene(index) => Some((&self.lexed.vocab.genes()[index], sense)),
            _ => None,
        })
    }

    /// The antibody clone a token names.
    pub(crate) fn clone_name(&self, token: &Token<'a>) -> Option<&'a AntibodyClone> {
        self.senses(token).find_map(|sense| match sense.meaning {
            Meaning::Clone(index) => Some(&self.lexed.vocab.clones()[index]),
            _ => None,
        })
    }

    /// The drug a token names.
    pub(crate) fn drug(&self, token: &Token<'a>) -> Option<&'a Drug> {
        self.senses(token).find_map(|sense| match sense.meaning {
            Meaning::Drug(index) => Some(&self.lexed.vocab.drugs()[index]),
            _ => None,
        })
    }

    /// The diagnosis a token names.
    pub(crate) fn disease(&self, token: &Token<'a>) -> Option<&'a Disease> {
        self.senses(token).find_map(|sense| match sense.meaning {
            Meaning::Disease(index) => Some(&self.lexed.vocab.diseases()[index]),
            _ => None,
        })
    }

    pub(crate) fn vocab(&self) -> &'a Vocab {
        self.lexed.vocab
    }
}

/// Makes a run of tokens an input of `nom`.
impl<'a> Input for Tokens<'a> {
    type Item = &'a Token<'a>;
    type Iter = std::slice::Iter<'a, Token<'a>>;
    type IterIndices = std::iter::Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.tokens.len()
    }

    fn take(&self, index: usize) -> Self {
        self.slice(0..index)
    }

    fn take_from(&self, index: usize) -> Self {
        self.slice(index..self.tokens.len())
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P>(&self, predicate: P) -> Option<usize>
    where
        P: Fn(Self::Item) -> bool,
    {
        self.tokens.iter().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        self.tokens.iter()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.tokens.iter().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.tokens.len() {
            Ok(count)
        } else {
            Err(Needed::new(count - self.tokens.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Pack;

    fn names(text: &str) -> Vec<String> {
        let pack = Pack::built_in();
        let lexed = Lexed::new(text, pack.vocab());
        let view = lexed.view();
        view.iter()
            .map(|t| match view.marker(t) {
                Some((marker, _)) => format!("<{}>", marker.name),
                None => view.text_of(t).to_owned(),
            })
            .collect()
    }

    #[test]
    fn names_are_found_through_line_ends_and_damage() {
        assert_eq!(
            names("Ki-\n67(30%+), caldesmon\n(=)"),
            [
                "<Ki-67>",
                "(",
                "30",
                "%",
                "+",
                ")",
                ",",
                "<h-caldesmon>",
                "(",
                "=",
                ")"
            ]
        );
        assert_eq!(names("SlOO negative"), ["<S100>", "negative"]);
        assert_eq!(names("ALK（D5F3）"), ["<ALK>", "（", "D5F3", "）"]);
    }

    #[test]
    fn a_phrase_that_only_holds_a_name_is_not_the_name() {
        assert_eq!(names("ALK phos 112"), ["ALK phos", "112"]);
    }
}
