//! Pairs in running text, and partners named by their transcript.
//!
//! ```text
//! pair       = rearrangement ["gene"] link place partner ("and" | "to" | "with") place partner     ; not negated
//! link       = "of" | "between" | "involving" | "joining" | "linking"
//! place      = ["exon" number ("of" | "in")]
//! transcript = accession "(" gene ")" [":" "e." number]
//! ```

use crate::case::orientation::Notation;
use crate::narrative::fusion::{Clause, Partner};
use crate::narrative::lex::Kind;
use crate::vocab::{Gap, Word};

impl Clause<'_, '_> {
    pub(super) fn fusion_of(&self, at: usize) -> Option<(Partner, Partner, Notation, usize)> {
        let text = |i: usize| {
            self.tokens.get(i).map_or(String::new(), |t| {
                self.tokens.text_of(t).to_ascii_lowercase()
            })
        };
        let product = matches!(
            text(at).as_str(),
            "transcript" | "junction" | "chimera" | "transkript"
        ) && !self.is_text(at + 1, &["of"]);
        let one =
            (self.word(at, |w| *w == Word::Rearrangement) && !text(at).ends_with('s')) || product;
        if !one || self.negated(&(at..at + 1)) {
            return None;
        }
        let link = at
            + 1
            + usize::from(matches!(
                text(at + 1).as_str(),
                "gene" | "event" | "transcript"
            ));
        let involves = matches!(text(link).as_str(), "involving" | "involves");
        let links = involves
            || matches!(
                text(link).as_str(),
                "of" | "between"
                    | "joining"
                    | "linking"
                    | "joins"
                    | "links"
                    | "zwischen"
                    | "entre"
                    | "tra"
                    | "tussen"
                    | "fusing"
            );
        if !links {
            return None;
        }
        let (first, and) = self.placed(link + 1)?;
        let joins = self.word(and, |w| *w == Word::And)
            || matches!(text(and).as_str(), "to" | "with" | "e" | "y" | "et");
        if !joins {
            return None;
        }
        let (second, end) = self.placed(and + 1)?;
        let vocab = self.tokens.vocab();
        let is_kinase = |p: &Partner| {
            vocab
                .gene(&p.symbol)
                .is_some_and(|gene| gene.three_prime_kinase)
        };
        // `fusions of ALK and ROS1` are two questions; so is `involving` without a kinase.
        let both = is_kinase(&first) && is_kinase(&second);
        let neither = involves && !is_kinase(&first) && !is_kinase(&second);
        let notation = if first.bracket.is_some() && second.bracket.is_some() {
            Notation::ProseWithExons
        } else {
            Notation::Prose
        };
        (!both && !neither && first.symbol != second.symbol)
            .then_some((first, second, notation, end))
    }

    // pair = "exon" number "of" gene ("to" | "and" | "with" | joined) "exon" number "of" gene
    /// `exon 4 of THBS1 was fused to exon 19 of ALK`
    pub(super) fn joined_exons(&self, at: usize) -> Option<(Partner, Partner, Notation, usize)> {
        if !self.word(at, |w| *w == Word::Exon) || !self.molecular() {
            return None;
        }
        let (first, mut joint) = self.placed(at)?;
        while self.word(joint, |w| *w == Word::Copula) {
            joint += 1;
        }
        let joins = self.word(joint, |w| matches!(w, Word::And | Word::Joined))
            || self.is_text(joint, &["to", "with"]);
        let (second, end) = self.placed(joint + 1).filter(|_| joins)?;
        let both = first.bracket.is_some() && second.bracket.is_some();
        (both && first.symbol != second.symbol).then_some((
            first,
            second,
            Notation::ProseWithExons,
            end,
        ))
    }

    // pair = ["fusion"] "partner" "of" gene copula gene
    /// `the fusion partner of ALK is B`
    pub(super) fn partner_of(&self, at: usize) -> Option<(Partner, Partner, Notation, usize)> {
        let partner =
            self.word(at, |w| *w == Word::Joined) && self.is_text(at + 1, &["of", "for", "to"]);
        if !partner || self.negated(&(at..at + 1)) {
            return None;
        }
        let (first, mut is) = self.placed(at + 2)?;
        let from = is;
        while self.word(is, |w| matches!(w, Word::Copula | Word::Detected))
            || self.is_text(is, &["as", "the"])
        {
            is += 1;
        }
        let (second, end) = self.placed(is)?;
        (is > from && first.symbol != second.symbol).then_some((
            first,
            second,
            Notation::NamedPartner,
            end,
        ))
    }

    // placed = ["exon" number ("of" | "in") ["the"]] partner
    pub(super) fn placed(&self, at: usize) -> Option<(Partner, usize)> {
        let mut from = at;
        while self.is_text(from, &["the", "a"]) {
            from += 1;
        }
        let number = from + 1;
        let exon = self.word(from, |w| *w == Word::Exon)
            && self
                .tokens
                .get(number)
                .is_some_and(|t| t.kind == Kind::Number);
        if !exon {
            // `THBS1 exon 5 to ALK exon 18`
            let (mut partner, end) = self.partner(from)?;
            if partner.bracket.is_none()
                && let Some(number) = self.exon_behind(end)
            {
                partner.bracket = Some(number..number + 1);
                return Some((partner, number + 1));
            }
            return Some((partner, end));
        }
        let mut gene = number + 1;
        while self.is_text(gene, &["of", "in", "the", "del", "von", "de", "du"]) {
            gene += 1;
        }
        let (mut partner, end) = self.partner(gene)?;
        partner.bracket = Some(number..number + 1);
        Some((partner, end))
    }

    fn is_text(&self, at: usize, wanted: &[&str]) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| wanted.contains(&self.tokens.text_of(t).to_ascii_lowercase().as_str()))
    }

    pub(super) fn transcript(&self, at: usize) -> Option<(Partner, usize)> {
        if !self.is_text(at, &["nm", "nr", "xm", "enst", "lrg"]) {
            return None;
        }
        let mark = |i: usize, wanted: char| {
            self.tokens
                .get(i)
                .is_some_and(|t| t.kind == Kind::Mark(wanted) && t.gap == Gap::None)
        };
        let open = (at + 1..at + 6).find(|i| mark(*i, '('))?;
        let token = self.tokens.get(open + 1)?;
        let (gene, _) = self.tokens.gene(token)?;
        mark(open + 2, ')').then_some(())?;
        let mut end = open + 3;
        let mut bracket = None;
        let exon = mark(end, ':')
            && self.is_text(end + 1, &["e", "exon"])
            && self
                .tokens
                .get(end + 2 + usize::from(mark(end + 2, '.')))
                .is_some_and(|t| t.kind == Kind::Number);
        if exon {
            let number = end + 2 + usize::from(mark(end + 2, '.'));
            bracket = Some(number..number + 1);
            end = number + 1;
        }
        let partner = Partner {
            symbol: gene.symbol.clone(),
            written: self.tokens.text_of(token).to_owned(),
            repaired: false,
            listed: true,
            bracket,
            range: token.start..token.end,
        };
        Some((partner, end))
    }
}
