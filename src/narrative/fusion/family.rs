//! Genes named by their family, lists of genes with one answer, and two symbols written as one word.
//!
//! ```text
//! family = gene ("/" | "-" | ",") number { ("/" | "-" | "," | "and") number }     ; `NTRK1/2/3`, `FGFR1-3`
//! list   = gene { ("," | "/" | "and") gene } (":" | "-" | copula | column gap) (negative | failed | pending)
//! glued  = gene gene                                                                ; without a gap
//! ```

use crate::case::Repair;
use crate::case::fusion::Status;
use crate::narrative::fusion::{Clause, Partner};
use crate::narrative::lex::Kind;
use crate::vocab::{Assay, Gap, Polarity, Section, Word};

/// Most tokens of a family behind its first gene.
const FAMILY: usize = 10;

impl Clause<'_, '_> {
    /// The gene at `at`: named, or a later number of a family.
    pub(super) fn gene_at(&self, at: usize) -> Option<Partner> {
        let token = self.tokens.get(at)?;
        if self.tokens.gene(token).is_some() {
            return self.partner(at).map(|(partner, _)| partner);
        }
        (token.kind == Kind::Number).then_some(())?;
        let number: u32 = self
            .tokens
            .text_of(token)
            .parse()
            .ok()
            .filter(|n| *n < 10)?;
        let head = (at.saturating_sub(FAMILY)..at)
            .rev()
            .find(|i| !self.joins_family(*i))
            .filter(|i| {
                self.tokens
                    .get(*i)
                    .is_some_and(|t| self.tokens.gene(t).is_some())
            })?;
        let loose = (head + 1..at).any(|i| !self.tight(i));
        let ends = self.tokens.get(at + 1).is_none_or(|t| {
            matches!(t.kind, Kind::Mark(_))
                || self.word(at + 1, |w| {
                    matches!(w, Word::Rearrangement | Word::And | Word::Or)
                })
        });
        if loose && !ends {
            return None;
        }
        self.relative(head, number)
    }

    /// The family of the gene at `head` with another number.
    fn relative(&self, head: usize, number: u32) -> Option<Partner> {
        let token = self.tokens.get(head)?;
        let (gene, _) = self.tokens.gene(token)?;
        let stem = gene.symbol.strip_suffix(|c: char| c.is_ascii_digit())?;
        let symbol = format!("{stem}{number}");
        let gene = self.tokens.vocab().gene(&symbol)?;
        Some(Partner {
            symbol: gene.symbol.clone(),
            written: symbol,
            repaired: false,
            listed: true,
            bracket: None,
            range: token.start..token.end,
        })
    }

    fn tight(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| t.kind == Kind::Number || matches!(t.kind, Kind::Mark('/' | '-')))
    }

    pub(super) fn joins_family(&self, at: usize) -> bool {
        self.tight(at)
            || self
                .tokens
                .get(at)
                .is_some_and(|t| t.kind == Kind::Mark(','))
            || self.word(at, |w| matches!(w, Word::And | Word::Or))
    }

    /// Adds what stands between the ends of `FGFR1-3`.
    pub(super) fn spans(&self, genes: &mut Vec<(usize, Partner)>) {
        let last_digit = |p: &Partner| p.symbol.chars().last().and_then(|c| c.to_digit(10));
        let mut between = Vec::new();
        for (at, gene) in genes.iter() {
            let span = *at > 1
                && self
                    .tokens
                    .get(at - 1)
                    .is_some_and(|t| t.kind == Kind::Mark('-'))
                && self.tokens.get(*at).is_some_and(|t| t.kind == Kind::Number);
            if !span {
                continue;
            }
            let first = self.gene_at(at - 2).as_ref().and_then(last_digit);
            if let (Some(first), Some(last)) = (first, last_digit(gene)) {
                let head = (0..at - 1).rev().find(|i| {
                    self.tokens
                        .get(*i)
                        .is_some_and(|t| self.tokens.gene(t).is_some())
                });
                let inner = head.into_iter().flat_map(|head| {
                    (first + 1..last).filter_map(move |n| Some((*at, self.relative(head, n)?)))
                });
                between.extend(inner);
            }
        }
        genes.extend(between);
    }

    /// `A: not detected`, `B - negative` in the results of a fusion assay.
    pub(super) fn listed(&mut self) {
        let fusion_assay = self.setting.fusions
            || self.tokens.iter().any(|t| {
                self.tokens
                    .words(t)
                    .any(|w| matches!(w, Word::Assay(Assay::Rna)))
                    || (self
                        .tokens
                        .words(t)
                        .any(|w| matches!(w, Word::Assay(Assay::Sequencing)))
                        && self
                            .tokens
                            .text_of(t)
                            .to_ascii_lowercase()
                            .contains("fusion"))
            });
        let molecular =
            self.setting.section == Some(Section::Molecular) || self.whole.method.is_some();
        if self.passed().is_some() || !self.out.facts.is_empty() {
            return;
        }
        if let Some(gene) = self.positive_kinase() {
            self.gene_level(vec![gene], Status::Detected);
            return;
        }
        if !fusion_assay || !molecular {
            return;
        }
        let mut genes = Vec::new();
        // `ALK     Not detected     no 3'/5' imbalance`: what stands in the third column is a remark.
        let wide: Vec<usize> = (1..self.tokens.len())
            .filter(|i| self.tokens.get(*i).is_some_and(|t| t.gap == Gap::Wide))
            .collect();
        let row = !wide.is_empty() && self.gene_at(0).is_some();
        let end = match wide.as_slice() {
            [_, remark, ..] if row => *remark,
            _ => self.tokens.len(),
        };
        for at in 0..end {
            let Some(token) = self.tokens.get(at) else {
                break;
            };
            if let Some(gene) = self.gene_at(at) {
                genes.push((at, gene));
                continue;
            }
            let passes = matches!(
                token.kind,
                Kind::Mark(',' | ':' | '-' | '/' | '|' | '(' | ')' | '.' | '•' | '*' | ';' | '=')
            ) || self.word(at, |w| {
                matches!(
                    w,
                    Word::And
                        | Word::Or
                        | Word::Copula
                        | Word::Filler
                        | Word::Negation
                        | Word::Detected
                        | Word::Preposition
                        | Word::Section(Section::Molecular)
                        | Word::Assay(Assay::Rna | Assay::Sequencing)
                        | Word::Result(
                            Polarity::Negative | Polarity::Failed | Polarity::Pending,
                            _
                        )
                )
            }) || (row
                && self.word(at, |w| matches!(w, Word::Result(Polarity::Equivocal, _))));
            if !passes {
                // `NTRK3     Inconclusive, low coverage`
                if row && wide.first().is_some_and(|cell| at > cell + 1) {
                    break;
                }
                return;
            }
        }
        let Some(last) = genes.last().map(|(at, _)| *at) else {
            return;
        };
        let Some(status) = self.status(&(last..last + 1)) else {
            return;
        };
        let open = row && status == Status::Inconclusive;
        if open
            || matches!(
                status,
                Status::NotDetected | Status::Failed | Status::Pending
            )
        {
            self.spans(&mut genes);
            self.gene_level(genes, status);
        }
    }

    /// `Molecular: ALK-positive`: a kinase known by its fusions, and nothing but its result.
    fn positive_kinase(&self) -> Option<(usize, Partner)> {
        let own = self.setting.section == Some(Section::Molecular);
        let start = (0..self.tokens.len()).find(|i| {
            !self.word(*i, |w| matches!(w, Word::Section(Section::Molecular)))
                && !self.mark(*i, ':')
        })?;
        let (gene, _) = self.tokens.gene(self.tokens.get(start)?)?;
        let result = start + 1 + usize::from(self.mark(start + 1, '-'));
        let positive = self.word(result, |w| matches!(w, Word::Result(Polarity::Positive, _)));
        let ends = self.tokens.get(result + 1).is_none()
            || (self.mark(result + 1, '.') && self.tokens.get(result + 2).is_none());
        (own && gene.three_prime_kinase && positive && ends)
            .then(|| self.gene_at(start).map(|gene| (start, gene)))?
    }

    /// Two symbols without anything between them: `TPM3ALK`. A kinase and another gene, or nothing.
    pub(super) fn glued(&self, at: usize) -> Option<(Partner, Partner, usize)> {
        let vocab = self.tokens.vocab();
        let start = self.tokens.get(at)?;
        if at > 0 && start.gap == Gap::None {
            let mark = self
                .tokens
                .get(at - 1)
                .is_some_and(|t| matches!(t.kind, Kind::Mark(_)));
            mark.then_some(())?;
        }
        let mut end = at + 1;
        while end < at + 8
            && self
                .tokens
                .get(end)
                .is_some_and(|t| t.gap == Gap::None && !matches!(t.kind, Kind::Mark(_)))
        {
            end += 1;
        }
        let run = self.tokens.slice(at..end);
        let written = run.text();
        let whole = end == at + 1 && self.tokens.gene(start).is_some();
        if whole
            || !(5..=20).contains(&written.len())
            || !written
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        {
            return None;
        }
        let gene = |symbol: &str| vocab.gene(symbol);
        let mut found = (2..written.len() - 1).filter_map(|cut| {
            let (a, b) = written.split_at_checked(cut)?;
            let (one, two) = (gene(a)?, gene(b)?);
            (one.three_prime_kinase != two.three_prime_kinase).then_some((one, two))
        });
        let (one, two) = found.next()?;
        // In two ways: no one knows which.
        found.next().is_none().then_some(())?;
        let partner = |symbol: &str| Partner {
            symbol: symbol.to_owned(),
            written: symbol.to_owned(),
            repaired: false,
            listed: true,
            bracket: None,
            range: run.range(),
        };
        Some((partner(&one.symbol), partner(&two.symbol), end))
    }

    /// Records a pair whose joint was lost.
    pub(super) fn glued_call(
        &mut self,
        first: &Partner,
        second: &Partner,
        at: std::ops::Range<usize>,
    ) {
        let written = self.tokens.slice(at.clone()).text().to_owned();
        let before = self.out.facts.len();
        self.call(first, second, crate::case::orientation::Notation::Prose, at);
        for fact in &mut self.out.facts[before..] {
            fact.repairs.push(Repair {
                from: written.clone(),
                to: format!("{}::{}", first.symbol, second.symbol),
            });
        }
    }
}
