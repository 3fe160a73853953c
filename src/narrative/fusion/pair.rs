//! Pairs of partners as written.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::orientation::Notation;
use crate::narrative::clause::has;
use crate::narrative::fusion::{Clause, Partner};
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::vocab::{Assay, Gap, Section, Word};

static SYMBOL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Z][A-Z0-9]*(?:orf[0-9]+)?$").expect("a constant pattern"));

impl Clause<'_, '_> {
    // pair = partner joint partner
    pub(super) fn pair(&self, at: usize) -> Option<(Partner, Partner, Notation, usize)> {
        let (first, mut after) = self.partner(at)?;
        if self.gene_word(after) && self.word(after + 1, |w| *w == Word::And) {
            after += 1;
        }
        // `IGFBP5 exon 1 - ALK exon 20`
        let exon = self.exon_behind(after).filter(|_| {
            // `IGFBP5(NM_000599.4) exon 1`: the bracket is the transcript.
            first
                .bracket
                .as_ref()
                .is_none_or(|b| self.tokens.slice(b.clone()).text().contains('_'))
        });
        let mut first = first;
        if let Some(number) = exon {
            first.bracket = Some(number..number + 1);
            after = number + 1;
        }
        let to = || {
            // `IGFBP5 exon 1 to ALK exon 20`
            let to = exon.is_some()
                && self
                    .tokens
                    .get(after)
                    .is_some_and(|t| self.tokens.text_of(t) == "to");
            to.then_some((Some(Notation::Prose), true, after + 1))
        };
        let (notation, strong, after_joint) = self.joint(after).or_else(to)?;
        let (mut second, mut end) = if notation == Some(Notation::Prose) && strong {
            // `fused to exon 3 of B`
            self.placed(after_joint)?
        } else {
            self.partner(after_joint)?
        };
        if exon.is_some() && second.bracket.is_none() {
            let number = self.exon_behind(end)?;
            second.bracket = Some(number..number + 1);
            end = number + 1;
        }
        let exons = first.bracket.is_some() && second.bracket.is_some();
        // Two symbols the table does not know make a pair only where nothing else is meant.
        let plain = notation == Some(Notation::DoubleColon) || (exons && self.molecular());
        if !(first.listed || second.listed || plain) || first.symbol == second.symbol {
            return None;
        }
        let joined_by_and = notation.is_none();
        if joined_by_and {
            let transcripts = |p: &Partner| {
                p.bracket
                    .as_ref()
                    .is_some_and(|b| self.tokens.slice(b.clone()).text().contains('_'))
            };
            let fused = self.named_genes_fused(after, end);
            if !(fused || (transcripts(&first) && transcripts(&second))) {
                return None;
            }
        }
        // A hyphen or slash between two names needs more: a known pair of genes, or the context.
        if self.mark(after, '/') && self.speaks_of_variants() {
            return None;
        }
        // `ALK/ROS1/NTRK1-3融合阴性`: two kinases are a list.
        let vocab = self.tokens.vocab();
        let kinase = |p: &Partner| vocab.gene(&p.symbol).is_some_and(|g| g.three_prime_kinase);
        if self.mark(after, '/') && kinase(&first) && kinase(&second) {
            return None;
        }
        let known = first.listed && second.listed && !self.slash(after);
        if !(strong || known || self.molecular()) {
            return None;
        }
        // An exon of the partner alone says nothing of the order.
        let both = first.bracket.is_some() && second.bracket.is_some();
        let exons = both
            || [&first, &second]
                .iter()
                .any(|p| p.bracket.is_some() && (kinase(p) || !p.listed));
        let notation = match notation {
            Some(Notation::Prose) if exons => Notation::ProseWithExons,
            Some(notation) => notation,
            None => Notation::Prose,
        };
        Some((first, second, notation, end))
    }

    /// `TSC1 / TSC2: no pathogenic variant` is about two genes.
    fn speaks_of_variants(&self) -> bool {
        let fusion = has(&self.tokens, |w| *w == Word::Rearrangement);
        !fusion
            && self.tokens.iter().any(|t| {
                matches!(
                    self.tokens.text_of(t).to_ascii_lowercase().as_str(),
                    "variant"
                        | "variants"
                        | "mutation"
                        | "mutations"
                        | "mutated"
                        | "pathogenic"
                        | "wild-type"
                        | "wildtype"
                        | "unmutated"
                        | "hotspot"
                        | "hot"
                )
            })
    }

    /// The number behind `exon`.
    pub(super) fn exon_behind(&self, at: usize) -> Option<usize> {
        let number = self.word(at, |w| *w == Word::Exon)
            && self
                .tokens
                .get(at + 1)
                .is_some_and(|t| t.kind == Kind::Number);
        number.then_some(at + 1)
    }

    // half = ("?" | "v" | "unknown") "::" gene | gene "::" ("?" | "v" | "unknown")      ; the partner is not known
    pub(super) fn half(&self, at: usize) -> Option<(Partner, usize)> {
        let open = |i: usize| {
            self.tokens.get(i).is_some_and(|t| {
                t.kind == Kind::Mark('?')
                    || matches!(
                        self.tokens.text_of(t).to_ascii_lowercase().as_str(),
                        "v" | "unknown"
                    )
            })
        };
        let colons = |i: usize| {
            [i, i + 1].iter().all(|k| {
                self.tokens
                    .get(*k)
                    .is_some_and(|t| t.kind == Kind::Mark(':'))
            })
        };
        let gene = |i: usize| {
            self.tokens
                .get(i)
                .is_some_and(|t| self.tokens.gene(t).is_some())
        };
        if open(at) && colons(at + 1) && gene(at + 3) {
            return self.partner(at + 3);
        }
        let whole = gene(at) && colons(at + 1) && open(at + 3);
        whole.then(|| self.partner(at).map(|(partner, _)| (partner, at + 4)))?
    }

    /// `A基因与B基因融合`: the word for a gene before `and`, a fusion behind the second partner.
    fn named_genes_fused(&self, and: usize, end: usize) -> bool {
        let fusion = end + usize::from(self.gene_word(end));
        and > 0 && self.gene_word(and - 1) && self.word(fusion, |w| *w == Word::Rearrangement)
    }

    fn gene_word(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| matches!(self.tokens.text_of(t), "基因" | "gene"))
    }

    /// A slash or a colon: weaker than a hyphen.
    fn slash(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| matches!(t.kind, Kind::Mark('/' | ':')))
    }

    pub(super) fn molecular(&self) -> bool {
        self.setting.section == Some(Section::Molecular)
            || self.whole.rearrangement
            || matches!(
                self.whole.assay,
                Some(Assay::Rna | Assay::Dna | Assay::Sequencing)
            )
    }

    // partner = gene ["(" ... ")"]
    pub(super) fn partner(&self, at: usize) -> Option<(Partner, usize)> {
        if let Some(found) = self.transcript(at) {
            return Some(found);
        }
        let token = self.tokens.get(at)?;
        let (mut partner, mut end) = if let Some((gene, sense)) = self.tokens.gene(token) {
            let repaired = sense.damaged || matches!(token.kind, Kind::Name { repaired: true, .. });
            let partner = Partner {
                symbol: gene.symbol.clone(),
                written: self.tokens.text_of(token).to_owned(),
                repaired,
                listed: true,
                bracket: None,
                range: token.start..token.end,
            };
            (partner, at + 1)
        } else {
            self.unlisted(at)?
        };
        if self
            .tokens
            .get(end)
            .is_some_and(|t| t.kind == Kind::Mark('('))
            && let Some(close) = (end + 1..(end + 10).min(self.tokens.len())).find(|i| {
                self.tokens
                    .get(*i)
                    .is_some_and(|t| t.kind == Kind::Mark(')'))
            })
        {
            let inside = self.tokens.slice(end + 1..close);
            let exon_or_transcript = (inside.len() <= 3 && !has(&inside, |w| *w == Word::Reads))
                || inside.text().contains('_')
                || has(&inside, |w| *w == Word::Exon);
            // The bracket belongs to the partner only when the pair goes on behind it.
            let goes_on = self.joint(close + 1).is_some() || !partner_only_bracket(&inside);
            if exon_or_transcript && inside.iter().any(|t| t.kind == Kind::Number) && goes_on {
                partner.bracket = Some(end + 1..close);
                end = close + 1;
            }
        }
        Some((partner, self.past_positions(end)))
    }

    // positions = ":" ("r" | "c" | "g") "." { number | "_" | "+" | "-" | "*" | "?" | "(" | ")" } before "::"
    /// One past the positions that HGVS puts behind a transcript.
    fn past_positions(&self, end: usize) -> usize {
        let mark = |i: usize, wanted: char| {
            self.tokens
                .get(i)
                .is_some_and(|t| t.kind == Kind::Mark(wanted) && t.gap == Gap::None)
        };
        let letter = self
            .tokens
            .get(end + 1)
            .is_some_and(|t| matches!(self.tokens.text_of(t), "r" | "c" | "g"));
        if !(mark(end, ':') && letter && mark(end + 2, '.')) {
            return end;
        }
        let mut at = end + 3;
        while self.tokens.get(at).is_some_and(|t| {
            t.gap == Gap::None
                && (t.kind == Kind::Number
                    || matches!(t.kind, Kind::Mark('_' | '+' | '-' | '*' | '?' | '(' | ')')))
        }) {
            at += 1;
        }
        at
    }

    /// A gene-like symbol that the table does not know: capitals and digits without a gap.
    fn unlisted(&self, at: usize) -> Option<(Partner, usize)> {
        let start = self.tokens.get(at)?;
        if !matches!(start.kind, Kind::Other) {
            return None;
        }
        if at > 0 && start.gap == Gap::None {
            let before = self.tokens.get(at - 1)?;
            if !matches!(before.kind, Kind::Mark(_)) {
                return None;
            }
        }
        let mut end = at + 1;
        while let Some(next) = self.tokens.get(end) {
            if next.gap != Gap::None || !matches!(next.kind, Kind::Number | Kind::Other) {
                break;
            }
            end += 1;
        }
        let symbol = self.tokens.slice(at..end).text();
        let fits = SYMBOL.is_match(symbol) && (3..=12).contains(&symbol.len());
        fits.then(|| {
            let partner = Partner {
                symbol: symbol.to_owned(),
                written: symbol.to_owned(),
                repaired: false,
                listed: false,
                bracket: None,
                range: start.start..start.start + symbol.len(),
            };
            (partner, end)
        })
    }

    /// What joins two partners: its notation (none for a mere `and`), whether it alone makes a pair,
    /// and where it ends.
    // joint = ":" [":"] | "-" ["-" | ">"] | "/" | "→" | [rearrangement [","]] joined | "and"
    fn joint(&self, at: usize) -> Option<(Option<Notation>, bool, usize)> {
        let token = self.tokens.get(at)?;
        let next = self.tokens.get(at + 1);
        let glued = |t: Option<&Token<'_>>, mark: char| {
            t.is_some_and(|t| t.kind == Kind::Mark(mark) && t.gap == Gap::None)
        };
        match token.kind {
            Kind::Mark(':') if glued(next, ':') => {
                Some((Some(Notation::DoubleColon), true, at + 2))
            }
            Kind::Mark('-') if glued(next, '-') || glued(next, '>') => {
                Some((Some(Notation::Prose), true, at + 2))
            }
            // `HIP1(e23):ALK(e20)`, not the colon of `ALK: positive`.
            Kind::Mark(':')
                if token.gap == Gap::None && next.is_some_and(|t| t.gap == Gap::None) =>
            {
                Some((Some(Notation::Prose), false, at + 1))
            }
            // `ALK-Fusion (Partner: B)`
            Kind::Mark('-')
                if self.word(at + 1, |w| *w == Word::Rearrangement)
                    && let Some(end) = self.named_partner(at) =>
            {
                Some((Some(Notation::NamedPartner), true, end))
            }
            Kind::Mark('-' | '/' | '~') => Some((Some(Notation::Prose), false, at + 1)),
            Kind::Mark('_' | '>') if token.gap == Gap::None => {
                Some((Some(Notation::Prose), false, at + 1))
            }
            Kind::Mark('→') => Some((Some(Notation::Prose), true, at + 1)),
            // `A was fused to B`
            _ if self.word(at, |w| *w == Word::Copula)
                && self.word(at + 1, |w| *w == Word::Joined) =>
            {
                Some((Some(Notation::Prose), true, at + 2))
            }
            // `the ALK partner gene was identified as B`
            _ if self.tokens.is(token, &Word::Joined)
                && self
                    .tokens
                    .text_of(token)
                    .to_ascii_lowercase()
                    .ends_with("partner") =>
            {
                let glue = |i: usize| {
                    self.word(i, |w| {
                        matches!(w, Word::Copula | Word::Detected | Word::Filler)
                    }) || self.tokens.get(i).is_some_and(|t| {
                        matches!(t.kind, Kind::Mark(':' | '=' | '('))
                            || matches!(self.tokens.text_of(t), "gene" | "as" | "the")
                    })
                };
                let end = (at + 1..at + 6).find(|i| !glue(*i))?;
                Some((Some(Notation::NamedPartner), true, end))
            }
            _ if self.tokens.is(token, &Word::Joined) => {
                Some((Some(Notation::Prose), true, at + 1))
            }
            _ if self.tokens.is(token, &Word::And) => Some((None, true, at + 1)),
            _ => self
                .named_partner(at)
                .map(|end| (Some(Notation::NamedPartner), true, end)),
        }
    }

    /// `ALK gene rearrangement, partner EML4`: the word before the second partner ends here.
    fn named_partner(&self, at: usize) -> Option<usize> {
        let rearrangement = (at..at + 3).find(|i| {
            self.tokens
                .get(*i)
                .is_some_and(|t| self.tokens.is(t, &Word::Rearrangement))
        })?;
        // `rearrangement, partner B`, `fusion (partner: B)`, `rearrangement; the partner gene was B`
        let passes = |i: usize, marks: &[char]| {
            self.tokens.get(i).is_some_and(|t| {
                matches!(t.kind, Kind::Mark(c) if marks.contains(&c))
                    || matches!(
                        self.tokens.text_of(t).to_ascii_lowercase().as_str(),
                        "the" | "gene" | "with" | "as" | "its"
                    )
            }) || self.word(i, |w| *w == Word::Copula)
        };
        let word =
            (rearrangement + 1..rearrangement + 4).find(|i| !passes(*i, &[',', '(', ';']))?;
        let joined = self.word(word, |w| *w == Word::Joined);
        let behind = (word + 1..word + 4).find(|i| !passes(*i, &[':', '=']))?;
        joined.then_some(behind)
    }
}

/// A bracket that could as well follow the whole pair (`(T4;A19)`).
fn partner_only_bracket(inside: &Tokens<'_>) -> bool {
    inside.iter().filter(|t| t.kind == Kind::Number).count() != 1
}
