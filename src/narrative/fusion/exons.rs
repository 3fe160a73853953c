//! Exons and reads beside a pair.

use std::ops::Range;

use crate::narrative::fusion::{Clause, Partner};
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::vocab::{Gap, Word};

impl<'a> Clause<'a, '_> {
    // reads = number "reads", behind the pair
    pub(super) fn reads(&self, end: usize) -> Option<u64> {
        let rest = self.sentence_after(end);
        (1..rest.len()).find_map(|i| {
            let (number, word) = (rest.get(i - 1)?, rest.get(i)?);
            let counts = number.kind == Kind::Number && rest.is(word, &Word::Reads);
            counts
                .then(|| rest.text_of(number).replace(',', "").parse().ok())
                .flatten()
        })
    }

    /// Exons of the first and second partner as written.
    pub(super) fn exons(
        &self,
        first: &Partner,
        second: &Partner,
        at: &Range<usize>,
    ) -> Option<[String; 2]> {
        let number_in = |range: &Range<usize>| {
            let inside = self.tokens.slice(range.clone());
            let number = inside.iter().find(|t| t.kind == Kind::Number)?;
            (!inside.text().contains('_')).then(|| inside.text_of(number).to_owned())
        };
        if let (Some(a), Some(b)) = (&first.bracket, &second.bracket)
            && let (Some(a), Some(b)) = (number_in(a), number_in(b))
        {
            return Some([a, b]);
        }
        let rest = self.sentence_after(at.end);
        named_exons(first, second, &rest)
            .or_else(|| lettered_exons(first, second, &rest))
            .or_else(|| listed_exons(&rest))
    }

    /// `ALK exon 26`, anywhere in the sentence.
    pub(super) fn exon_of(&self, symbol: &str) -> Option<String> {
        let tokens = &self.whole.tokens;
        (0..tokens.len()).find_map(|i| {
            let named = tokens.get(i).and_then(|t| tokens.gene(t));
            let (exon, number) = (tokens.get(i + 1)?, tokens.get(i + 2)?);
            let here = named.is_some_and(|(gene, _)| gene.symbol == symbol)
                && tokens.is(exon, &Word::Exon)
                && number.kind == Kind::Number;
            here.then(|| tokens.text_of(number).to_owned())
        })
    }

    /// The sentence behind the pair: exons may stand behind a comma or in a bracket.
    fn sentence_after(&self, end: usize) -> Tokens<'a> {
        let from = self.tokens.get(end.saturating_sub(1)).map_or(0, |t| t.end);
        let sentence = &self.whole.tokens;
        let start = sentence.partition_point(|t| t.start < from);
        sentence.slice(start..start + 16)
    }
}

// letter number (";" | ":" | "-" | "::") letter number
fn lettered_exons(first: &Partner, second: &Partner, rest: &Tokens<'_>) -> Option<[String; 2]> {
    for i in 0..rest.len().saturating_sub(3) {
        let mut tokens: Vec<&Token<'_>> = (i..i + 6).filter_map(|k| rest.get(k)).collect();
        if tokens.len() > 4
            && tokens[2..4]
                .iter()
                .all(|t| t.kind == Kind::Mark(':') && t.gap == Gap::None)
        {
            // `e7::e29`
            tokens.remove(3);
        }
        let letter = |t: &Token<'_>| {
            let text = rest.text_of(t);
            (text.len() == 1 && text.chars().all(|c| c.is_ascii_alphabetic()))
                .then(|| text.to_ascii_uppercase())
        };
        let number = |t: &Token<'_>| {
            (t.kind == Kind::Number && t.gap == Gap::None).then(|| rest.text_of(t).to_owned())
        };
        let [a, one, sep, b, two, ..] = tokens.as_slice() else {
            continue;
        };
        if !matches!(sep.kind, Kind::Mark(';' | ':' | '-')) {
            continue;
        }
        if let (Some(a), Some(one), Some(b), Some(two)) =
            (letter(a), number(one), letter(b), number(two))
        {
            // The letters are the genes' initials, or `e` for exon.
            let initial = |p: &Partner, l: &str| p.symbol.starts_with(l);
            return Some(
                if initial(first, &b) && initial(second, &a) && !initial(first, &a) {
                    [two, one]
                } else {
                    [one, two]
                },
            );
        }
    }
    None
}

// exon number ("/" | "-" | ":" | ";" | "," | "to")+ [exon] number
/// `(exon 7 / exon 20)`, `exons 7-20`: in the order of the pair.
fn listed_exons(rest: &Tokens<'_>) -> Option<[String; 2]> {
    let at =
        (0..rest.len().min(6)).find(|i| rest.get(*i).is_some_and(|t| rest.is(t, &Word::Exon)))?;
    let number = |i: usize| {
        rest.get(i)
            .filter(|t| t.kind == Kind::Number)
            .map(|t| rest.text_of(t).to_owned())
    };
    let one = number(at + 1)?;
    let mut next = at + 2;
    while next < at + 5
        && rest.get(next).is_some_and(|t| {
            matches!(t.kind, Kind::Mark('/' | '-' | ':' | ';' | ','))
                || rest.is(t, &Word::Exon)
                || matches!(
                    rest.text_of(t),
                    "to" | "and" | "auf" | "e" | "y" | "et" | "–"
                )
        })
    {
        next += 1;
    }
    (next > at + 2).then_some(())?;
    Some([one, number(next)?])
}

// named = gene exon number                        ; `EML4 exon 13`
//       | gene "第" number ["号"] exon             ; `EML4第13外显子`
//       | exon number preposition gene            ; `exon 13 de EML4`, `exon 13 of EML4`
fn named_exons(first: &Partner, second: &Partner, rest: &Tokens<'_>) -> Option<[String; 2]> {
    let number = |i: usize| {
        let token = rest.get(i).filter(|t| t.kind == Kind::Number)?;
        Some(rest.text_of(token).to_owned())
    };
    let exon = |i: usize| rest.get(i).is_some_and(|t| rest.is(t, &Word::Exon));
    let behind = |i: usize| {
        if exon(i + 1) {
            return number(i + 2);
        }
        // The words around a number in Chinese are one token each or one with it.
        let at = (i + 1..i + 3).find(|k| number(*k).is_some())?;
        (exon(at + 1) || exon(at + 2)).then(|| number(at))?
    };
    let before = |i: usize| {
        let of = rest
            .get(i.checked_sub(1)?)
            .is_some_and(|t| rest.is(t, &Word::Preposition));
        let at = i.checked_sub(2)?;
        (of && exon(at.checked_sub(1)?)).then(|| number(at))?
    };
    let exon_of = |symbol: &str| {
        (0..rest.len()).find_map(|i| {
            let gene = rest.get(i)?;
            (rest.gene(gene)?.0.symbol == symbol).then_some(())?;
            before(i).or_else(|| behind(i))
        })
    };
    // `exon 23 of A to exon 19 of B` is a pair of its own, in its own order.
    let to = (1..rest.len())
        .any(|i| exon(i + 1) && rest.get(i).is_some_and(|t| rest.text_of(t) == "to"));
    (!to).then_some(())?;
    Some([exon_of(&first.symbol)?, exon_of(&second.symbol)?])
}
