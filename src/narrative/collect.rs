//! Facts of a sentence into the case: what was said before is one fact, and every doubt is told.

use std::ops::Range;

use super::clause;
use super::passed::Passed;
use super::{Reader, columns, fusion, ihc};
use crate::case::{Context, fish as fish_fact, fusion as fusion_fact};
use crate::diag::{Code, Diagnostic};
use crate::narrative::lex::Tokens;
use crate::source::{Place, Span};
use crate::vocab::Cue;

/// What tells one statement about a fusion from another.
pub(super) type Said = (
    fusion_fact::Status,
    Option<[String; 2]>,
    String,
    Option<Context>,
    u32,
    Option<String>,
);
/// The same of FISH.
pub(super) type SaidOfFish = (
    String,
    fish_fact::Status,
    Option<Context>,
    u32,
    Option<String>,
);

fn said(fact: &fusion_fact::Fusion) -> Said {
    (
        fact.status,
        fact.as_reported.clone(),
        fact.name(),
        fact.context,
        fact.version,
        fact.sample.clone(),
    )
}

impl Reader<'_> {
    pub(super) fn cover<'p>(&mut self, places: impl Iterator<Item = &'p Place>) {
        self.covered
            .extend(places.filter_map(|place| place.span.map(Span::range)));
    }

    /// Takes the tables and returns the tokens they used.
    pub(super) fn take_columns(&mut self, read: columns::Read) -> Vec<Range<usize>> {
        let bytes = |tokens: &Range<usize>| self.tokens.slice(tokens.clone()).range();
        self.covered.extend(read.used.iter().map(bytes));
        self.reasons.extend(
            read.unmatched
                .iter()
                .map(|line| (bytes(line), "names and results do not match")),
        );
        self.out.diagnostics.extend(read.diagnostics);
        self.out.case.ihc.extend(read.facts);
        let mut used = read.used;
        used.extend(read.unmatched);
        used.sort_unstable_by_key(|line| line.start);
        used
    }

    pub(super) fn take_fusions(&mut self, read: fusion::Read) {
        for (range, why) in read.passed {
            self.pass(range, why);
        }
        for (symbol, range) in read.unlisted {
            let vocab = self.tokens.vocab();
            let symbols = || vocab.genes().iter().map(|g| g.symbol.as_str());
            let meant = vocab.misprint_of(&symbol);
            let near = meant.or_else(|| crate::diag::near_name(&symbol, symbols()));
            let mut note = Diagnostic::note(
                Code::UnlistedGene,
                format!("`{symbol}` is not in the gene table"),
            )
            .at(self.source.place(range), "read as a gene symbol");
            note = match near {
                Some(near) => note.help(format!("did the report mean `{near}`?")),
                None => note.help(
                    "a new partner is one row in the gene table and one in the partner table",
                ),
            };
            self.out.diagnostics.push(note);
        }
        for fact in read.facts {
            self.cover(std::iter::once(&fact.source));
            self.repaired(&fact.repairs, &fact.source);
            if fact.context == Some(Context::Prior) {
                self.not_current("a fusion", &fact.source);
            }
            let next = self.out.case.fusions.len();
            let facts = &mut self.out.case.fusions;
            let said = said(&fact);
            let first = *self.fusions.entry(said.clone()).or_insert(next);
            let exons = fact
                .exons_joined()
                .map(|(a, b)| (a.to_owned(), b.to_owned()));
            // Two junctions of one pair are two variants; without one, it is the pair said first.
            let known = match exons {
                None => first,
                Some(exons) => {
                    let open = facts.get(first).is_none_or(|f| f.exons_joined().is_none());
                    let new = if open { first } else { next };
                    *self.variants.entry((said, exons)).or_insert(new)
                }
            };
            match facts.get_mut(known) {
                // Said twice in one report: one fact, with what either sentence knows.
                Some(known) => {
                    known.frame = known.frame.or(fact.frame);
                    known.support.total = known.support.total.or(fact.support.total);
                    if known.exons.five_prime.is_none() {
                        known.exons = fact.exons;
                    }
                    if known.method == fusion_fact::Method::Unspecified {
                        known.method = fact.method;
                    }
                }
                None => facts.push(fact),
            }
        }
    }

    pub(super) fn take_fish(&mut self, facts: Vec<fish_fact::Fish>, block: u32) {
        for fact in facts {
            self.cover(std::iter::once(&fact.source));
            if fact.context == Some(Context::Prior) {
                self.not_current("a FISH result", &fact.source);
            }
            let key = (
                fact.gene.clone(),
                fact.status,
                fact.context,
                fact.version,
                fact.specimen.clone(),
            );
            let next = self.out.case.fish.len();
            let known = *self.fish.entry(key).or_insert(next);
            self.last_fish = Some((known, block));
            match self.out.case.fish.get_mut(known) {
                Some(known) => known.complete(fact),
                None => self.out.case.fish.push(fact),
            }
        }
    }

    pub(super) fn take_stains(&mut self, read: ihc::Read, sentence: &Tokens<'_>) {
        for (range, why) in read.passed {
            self.pass(range, why);
        }
        self.covered.extend(read.covered);
        self.out.diagnostics.extend(read.diagnostics);
        for fact in &read.facts {
            self.repaired(&fact.repairs, &fact.source);
            if fact.context == Some(Context::Prior) {
                self.not_current("a stain", &fact.source);
            }
        }
        let performed = clause::has_cue(sentence, Cue::Performed);
        if performed && !read.listed.is_empty() {
            self.reasons
                .push((sentence.range(), "a list of tests without results"));
        }
        for (name, range) in read.listed {
            if performed {
                self.listed.insert(name);
            } else {
                self.silent.push((name, range));
            }
        }
        for fact in &read.facts {
            // It is no longer one of `the remaining markers`.
            self.listed.remove(&fact.marker);
        }
        self.out.case.ihc.extend(read.facts);
    }

    pub(super) fn pass(&mut self, range: Range<usize>, why: Passed) {
        if why == Passed::Retracted {
            self.out.diagnostics.push(
                Diagnostic::warning(Code::Retracted, "the report takes this finding back")
                    .at(self.source.place(range.clone()), "not used")
                    .help("check which result replaces it"),
            );
        }
        self.reasons.push((range, why.reason()));
    }

    pub(super) fn repaired(&mut self, repairs: &[crate::case::Repair], place: &Place) {
        for repair in repairs {
            self.out.diagnostics.push(
                Diagnostic::warning(
                    Code::Repaired,
                    format!("`{}` was read as `{}`", repair.from, repair.to),
                )
                .at(place.clone(), "as written")
                .help("check it against the original report"),
            );
        }
    }

    pub(super) fn not_current(&mut self, what: &str, place: &Place) {
        self.out.diagnostics.push(
            Diagnostic::warning(
                Code::NotCurrent,
                format!("{what} of another time or another tumour"),
            )
            .at(place.clone(), "kept apart, not used for today's questions"),
        );
    }
}
