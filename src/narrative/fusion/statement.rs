//! Statements about one gene, and assays without a named gene.

use crate::case::Repair;
use crate::case::fusion::{Fusion, Status};
use crate::narrative::clause::{has, has_cue, has_result};
use crate::narrative::fusion::{Clause, Partner};
use crate::narrative::lex::Kind;
use crate::narrative::outline::assay;
use crate::narrative::passed::Passed;
use crate::vocab::{Assay, Cue, Polarity, Section, Word};

impl Clause<'_, '_> {
    /// Statements about one gene: `no ALK rearrangement detected`, `ROS1, RET or NTRK1 fusions`.
    pub(super) fn statements(&mut self, paired: bool) {
        let joints: Vec<usize> = (0..self.tokens.len())
            .filter(|i| {
                self.tokens
                    .get(*i)
                    .is_some_and(|t| self.tokens.is(t, &Word::Rearrangement))
                    // `ALK intron 19 breakpoint`
                    || self.tokens.get(*i).is_some_and(|t| {
                        matches!(self.tokens.text_of(t).to_ascii_lowercase().as_str(), "breakpoint" | "breakpoints")
                    })
            })
            .collect();
        for joint in joints {
            // `ALK rearrangement (IHC): negative` is a stain.
            let stain = (joint + 1..joint + 4).any(|i| {
                self.word(i, |w| {
                    matches!(w, Word::Section(Section::Ihc) | Word::Assay(Assay::Ihc))
                })
            });
            if stain && assay(&self.tokens) == Some(Assay::Ihc) {
                continue;
            }
            let mut genes = self.genes_before(joint);
            if genes.is_empty() {
                genes = self.genes_after(joint);
            }
            if genes.is_empty() {
                genes = self.genes_in_bracket(joint);
            }
            self.spans(&mut genes);
            genes.retain(|(index, _)| !self.out.used.contains(index));
            let Some(first) = genes.iter().map(|(i, _)| *i).min() else {
                continue;
            };
            self.out.used.extend(genes.iter().map(|(i, _)| *i));
            let at = first.min(joint)..joint.max(first) + 1;
            let range = self.tokens.slice(at.clone()).range();
            if let Some(passed) = self.passed() {
                self.out.passed.push((range, passed));
                continue;
            }
            let Some(status) = self.status(&at) else {
                continue;
            };
            // A breakpoint alone is no fusion.
            let breakpoint = !self.word(joint, |w| *w == Word::Rearrangement);
            if breakpoint && status != Status::Inconclusive {
                continue;
            }
            if status == Status::Inconclusive && paired {
                continue;
            }
            if status == Status::Detected && (paired || !self.asserts()) {
                continue;
            }
            for (index, gene) in genes {
                let Some(token) = self.tokens.get(index) else {
                    continue;
                };
                let mut fact = Fusion::new(status, self.source.place(token.start..token.end));
                if at.len() <= 12 && self.tokens.slice(at.clone()).range().contains(&token.start) {
                    fact.source = self.source.place(range.start.min(token.start)..range.end);
                    fact.as_written.clone_from(&fact.source.text);
                }
                if gene.repaired {
                    fact.repairs.push(Repair {
                        from: gene.written.clone(),
                        to: gene.symbol.clone(),
                    });
                }
                fact.gene = Some(gene.symbol);
                self.finish(fact);
            }
        }
    }

    // tested = fusion-assay result "for" gene { ("," | "and" | "or") gene }
    /// `RNA fusion panel negative for ALK and ROS1`.
    pub(super) fn tested(&mut self) {
        let assay = self.tokens.iter().any(|t| {
            self.tokens
                .words(t)
                .any(|w| matches!(w, Word::Assay(Assay::Rna | Assay::Sequencing)))
                && self
                    .tokens
                    .text_of(t)
                    .to_ascii_lowercase()
                    .contains("fusion")
        });
        let result = (0..self.tokens.len()).find(|i| {
            self.word(*i, |w| matches!(w, Word::Result(..)))
                && self.word(i + 1, |w| *w == Word::Preposition)
        });
        if !assay || self.passed().is_some() || !self.out.facts.is_empty() {
            return;
        }
        let Some(result) = result else {
            if let Some((genes, status)) = self.asked() {
                self.gene_level(genes, status);
            }
            return;
        };
        let genes = self.genes_after(result + 1);
        let ends = genes.last().is_some_and(|(last, _)| {
            self.tokens
                .get(last + 1)
                .is_none_or(|t| matches!(t.kind, Kind::Mark(_)))
        });
        let Some(status) = self.status(&(result..result + 1)).filter(|_| ends) else {
            return;
        };
        self.gene_level(genes, status);
    }

    /// Records one status of several genes.
    pub(super) fn gene_level(&mut self, genes: Vec<(usize, Partner)>, status: Status) {
        for (index, gene) in genes {
            let Some(token) = self.tokens.get(index) else {
                continue;
            };
            let mut fact = Fusion::new(status, self.source.place(token.start..token.end));
            fact.gene = Some(gene.symbol);
            self.out.used.push(index);
            self.finish(fact);
        }
    }

    // asked = fusion-assay ("for" | "auf" ...) gene { ("," | "and") gene } ... (pending | failed | negative)
    /// `RNA fusion panel for ALK: requested, result awaited`
    fn asked(&self) -> Option<(Vec<(usize, Partner)>, Status)> {
        let lead = (1..self.tokens.len()).find(|i| {
            (self.word(*i, |w| *w == Word::Preposition)
                || self
                    .tokens
                    .get(*i)
                    .is_some_and(|t| matches!(self.tokens.text_of(t), "auf" | "su" | "op")))
                && self.gene_at(i + 1).is_some()
        })?;
        let genes = self.genes_after(lead);
        let last = genes.last()?.0;
        let ends = self.tokens.get(last + 1).is_none_or(|t| {
            matches!(t.kind, Kind::Mark(_))
                || self.word(last + 1, |w| matches!(w, Word::Copula | Word::Result(..)))
        });
        let status = self.status(&(last..last + 1)).filter(|_| ends)?;
        let awaited = matches!(status, Status::Pending | Status::Failed)
            || (status == Status::NotDetected && self.says.results.contains(&Polarity::Negative));
        awaited.then_some((genes, status))
    }

    /// Whether the clause asserts a finding rather than naming a test.
    fn asserts(&self) -> bool {
        if has_cue(&self.tokens, Cue::Performed) || self.setting.section == Some(Section::Diagnosis)
        {
            return false;
        }
        let ihc = match assay(&self.tokens) {
            Some(method) => method == Assay::Ihc,
            None => self.setting.section == Some(Section::Ihc),
        };
        let said = has(&self.tokens, |w| {
            matches!(w, Word::Detected | Word::Result(Polarity::Positive, _))
        });
        !ihc && (said || self.setting.section == Some(Section::Molecular))
    }

    // genes = gene { ("," | "and" | "or" | "-") gene } rearrangement
    fn genes_before(&self, joint: usize) -> Vec<(usize, Partner)> {
        let mut genes = Vec::new();
        let mut at = joint;
        let mut depth = 0;
        let denied = self.negated(&(joint..joint + 1));
        while at > 0 {
            at -= 1;
            let Some(token) = self.tokens.get(at) else {
                break;
            };
            match token.kind {
                Kind::Mark(')') => depth += 1,
                Kind::Mark('(') => depth -= 1,
                _ if depth > 0 => {}
                Kind::Mark(',' | '-' | '/') => {}
                // `A, B: no fusion`
                Kind::Mark(':') if self.word(at + 1, |w| *w == Word::Negation) => {}
                _ => match self.gene_at(at) {
                    Some(gene) => genes.push((at, gene)),
                    None if self.tokens.words(token).any(|w| {
                        // `A and B were not rearranged`
                        matches!(
                            w,
                            Word::And
                                | Word::Or
                                | Word::Filler
                                | Word::Copula
                                | Word::Negation
                                | Word::Neither
                        )
                    }) => {}
                    // `A, B not detected: fusion`, `A and B negative for fusion`, `A, B: kein Nachweis einer Fusion`
                    None if denied
                        && (self.word(at, |w| {
                            matches!(
                                w,
                                Word::Detected
                                    | Word::Preposition
                                    | Word::Result(Polarity::Negative, _)
                            )
                        }) || matches!(
                            self.tokens.text_of(token).to_lowercase().as_str(),
                            "nachweis"
                                | "einer"
                                | "eines"
                                | "evidence"
                                | "any"
                                | "sign"
                                | "une"
                                | "una"
                        )) => {}
                    None if matches!(
                        self.tokens.text_of(token),
                        "gene"
                            | "genes"
                            | "kinase"
                            | "基因"
                            | "intron"
                            | "locus"
                            | "loci"
                            | "a"
                            | "an"
                    ) => {}
                    // `ALK intron 19 rearranged`, and family names that are no gene (`NTRK`)
                    None if self.tokens.marker(token).is_some()
                        || self.word(at, |w| *w == Word::Exon)
                        || (token.kind == Kind::Number && self.is_place(at)) => {}
                    None => break,
                },
            }
            if joint - at > 40 {
                break;
            }
        }
        genes.reverse();
        genes
    }

    /// The number of an exon or intron.
    fn is_place(&self, at: usize) -> bool {
        at > 0
            && (self.word(at - 1, |w| *w == Word::Exon)
                || self
                    .tokens
                    .get(at - 1)
                    .is_some_and(|t| self.tokens.text_of(t).eq_ignore_ascii_case("intron")))
    }

    // rearrangement ("of" | "in" | "involving") gene { ("," | "and" | "or") gene }
    pub(super) fn genes_after(&self, joint: usize) -> Vec<(usize, Partner)> {
        let mut genes = Vec::new();
        // A denial or a failure may name its genes behind a colon: `no fusions detected in: A, B`.
        let open =
            self.negated(&(joint..joint + 1)) || self.says.results.contains(&Polarity::Failed);
        let mut led = false;
        for at in joint + 1..(joint + 24).min(self.tokens.len()) {
            let Some(token) = self.tokens.get(at) else {
                break;
            };
            if let Some(gene) = self.gene_at(at) {
                genes.push((at, gene));
                continue;
            }
            let glue = self
                .tokens
                .words(token)
                .any(|w| matches!(w, Word::And | Word::Or | Word::Preposition))
                || matches!(
                    self.tokens.text_of(token),
                    "in" | "involving"
                        | "impliquant"
                        | "concernant"
                        | "implicando"
                        | "affecting"
                        | "targeting"
                        | "the"
                        | "of"
                        | "status"
                        | "des"
                        | "gènes"
                        | "geni"
                        | "genes"
                        | "genen"
                        | "o"
                        | "ni"
                )
                || (token.kind == Kind::Mark(',') && !genes.is_empty())
                || (self.joins_family(at) && token.kind != Kind::Mark(',') && !genes.is_empty());
            led |= token.kind == Kind::Mark(':')
                || self.word(at, |w| *w == Word::Preposition)
                || self.tokens.text_of(token) == "in";
            let denial = open
                && genes.is_empty()
                && (token.kind == Kind::Mark(':')
                    || self.word(at, |w| {
                        matches!(
                            w,
                            Word::Detected
                                | Word::Copula
                                | Word::Filler
                                | Word::Negation
                                | Word::Result(Polarity::Negative | Polarity::Failed, _)
                        )
                    })
                    || matches!(self.tokens.text_of(token), "following" | "any" | "a" | "an"));
            if !(glue || denial) {
                break;
            }
            if denial && !led && self.gene_at(at + 1).is_some() {
                // `no fusion detected ALK ...` is two statements.
                break;
            }
        }
        genes
    }

    // no rearrangement ... "(" gene { "," gene } other{0,2} ")"
    /// `No fusion was found (ALK, ROS1, RET covered)`: the genes a denied search looked at.
    fn genes_in_bracket(&self, joint: usize) -> Vec<(usize, Partner)> {
        let none = Vec::new();
        if !self.negated(&(joint..joint + 1)) {
            return none;
        }
        let mark = |i: usize, wanted: char| {
            self.tokens
                .get(i)
                .is_some_and(|t| t.kind == Kind::Mark(wanted))
        };
        let Some(open) = (joint + 1..joint + 14).find(|i| mark(*i, '(')) else {
            return none;
        };
        let Some(close) = (open + 1..open + 40).find(|i| mark(*i, ')')) else {
            return none;
        };
        let genes: Vec<_> = (open + 1..close)
            .filter_map(|i| Some((i, self.gene_at(i)?)))
            .collect();
        let others = (open + 1..close)
            .filter(|i| {
                self.gene_at(*i).is_none()
                    && !mark(*i, ',')
                    && !mark(*i, '/')
                    && !self.word(*i, |w| matches!(w, Word::And | Word::Or))
            })
            .count();
        if others > 2 { none } else { genes }
    }

    /// `no fusion detected`, `RNA fusion panel negative`, `NGS: pending`.
    pub(super) fn without_gene(&mut self) {
        let clause = self.tokens;
        let advised = self.passed() == Some(Passed::Hypothetical) && failed_then_advice(&clause);
        if self.passed().is_some_and(|why| why != Passed::Retracted) && !advised {
            return;
        }
        let section = self.setting.section;
        let names = clause
            .iter()
            .any(|t| clause.marker(t).is_some() || clause.gene(t).is_some());
        if names || clause.is_empty() {
            return;
        }
        let sequencing = matches!(
            assay(&clause),
            Some(Assay::Rna | Assay::Sequencing | Assay::Dna)
        );
        let rearrangement = clause
            .iter()
            .position(|t| clause.is(t, &Word::Rearrangement));
        let status = if let Some(at) = rearrangement {
            let others = clause.iter().any(|t| {
                matches!(
                    clause.text_of(t).to_ascii_lowercase().as_str(),
                    "other" | "additional" | "further" | "second"
                )
            });
            let negated = (0..at)
                .any(|i| clause.get(i).is_some_and(|t| clause.is(t, &Word::Negation)))
                || self.negated(&(at..at + 1));
            let failed = has_result(&clause, Polarity::Failed);
            match (negated && !others, self.status(&(at..at + 1))) {
                // `质控不合格，检测失败`, `no fusion detected, RNA degraded`: a test that failed denies nothing.
                _ if failed => Some(Status::Failed),
                (true, _) => Some(Status::NotDetected),
                (
                    false,
                    Some(status @ (Status::Failed | Status::Pending | Status::Inconclusive)),
                ) => Some(status),
                _ => None,
            }
        } else if sequencing || section == Some(Section::Molecular) {
            let rna = assay(&clause) == Some(Assay::Rna);
            if has_result(&clause, Polarity::Pending) {
                Some(Status::Pending)
            } else if has_result(&clause, Polarity::Failed) {
                Some(Status::Failed)
            } else if rna && has_result(&clause, Polarity::Negative) && clause.len() <= 8 {
                Some(Status::NotDetected)
            } else {
                None
            }
        } else {
            None
        };
        if let Some(status) = status {
            let fact = Fusion::new(status, self.source.place(clause.range()));
            self.finish(fact);
        }
    }
}

/// `the assay failed, a new biopsy is suggested`: the advice stands behind what it follows from.
fn failed_then_advice(clause: &crate::narrative::lex::Tokens<'_>) -> bool {
    let first = |wanted: fn(&Word) -> bool| {
        let mut tokens = clause.iter();
        tokens.position(|t| clause.words(t).any(wanted))
    };
    let failed = first(|w| matches!(w, Word::Result(Polarity::Failed, _)));
    let advice = first(|w| *w == Word::Cue(Cue::Hypothetical));
    failed
        .zip(advice)
        .is_some_and(|(failed, advice)| failed < advice)
}
