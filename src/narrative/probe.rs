//! A FISH report that describes a probe and gives its result on later lines.
//!
//! ```text
//! part    = probe-line { line }               ; `PROBE 1. A (2p23) dual-color break-apart`
//! line    = signal counts | percent | result  ; without a gene, in the same block
//! ```
//!
//! A call in words stands before what only the numbers said. Of several probes listed one below the other no one knows
//! which a later line means, so none takes it.

use super::Reader;
use super::fish::{self, Numbers};
use super::lex::Tokens;
use super::outline::Setting;
use crate::case::fish::{Fish, Status};
use crate::source::Span;
use crate::vocab::Section;

/// The probe that a FISH report is about at a place.
pub(super) struct Subject {
    gene: String,
    version: u32,
    block: u32,
    /// What was counted before its result.
    numbers: Numbers,
    /// Its result so far.
    fact: Option<usize>,
    /// One of several in a list.
    listed: bool,
}

impl Subject {
    fn holds(&self, setting: &Setting) -> bool {
        setting.section == Some(Section::Fish)
            && setting.version == self.version
            && setting.block == self.block
    }

    fn waits(&self, setting: &Setting) -> bool {
        self.fact.is_none() && self.holds(setting)
    }
}

impl Reader<'_> {
    /// The gene that a line without one is about.
    pub(super) fn probe_meant(&self, setting: &Setting) -> Option<String> {
        let subject = self.fish_subject.as_ref()?;
        (subject.holds(setting) && !subject.listed).then(|| subject.gene.clone())
    }

    /// Keeps numbers for a probe that has no result yet; others are given back.
    pub(super) fn keep_for_probe(
        &mut self,
        more: Numbers,
        tokens: &Tokens<'_>,
        setting: &Setting,
    ) -> Option<Numbers> {
        match &mut self.fish_subject {
            Some(subject) if subject.waits(setting) => {
                if !subject.listed {
                    subject.numbers.add(more);
                    self.covered.push(tokens.range());
                }
                None
            }
            _ => Some(more),
        }
    }

    /// Completes the result of the probe with what a later line says of it.
    pub(super) fn go_on_about(&mut self, facts: &mut Vec<Fish>, setting: &Setting) {
        let subject = self.fish_subject.as_ref().filter(|s| s.holds(setting));
        let index = subject.and_then(|s| s.fact);
        let Some(known) = index.and_then(|i| self.out.case.fish.get_mut(i)) else {
            return;
        };
        let goes_on = |known: &Fish, fact: &Fish| {
            let same = fact.gene == known.gene
                && fact.context == known.context
                && fact.specimen == known.specimen;
            let open = |status| status == Status::Equivocal;
            same && (open(known.status) || open(fact.status) || fact.status == known.status)
        };
        for fact in std::mem::take(facts) {
            if !goes_on(known, &fact) {
                facts.push(fact);
                continue;
            }
            self.covered.extend(fact.source.span.map(Span::range));
            if known.status == Status::Equivocal {
                // The line that gives the result is its place.
                known.status = fact.status;
                known.source = fact.source.clone();
                known.as_written.clone_from(&fact.as_written);
            }
            known.complete(fact);
        }
    }

    /// Remembers the probe that a line describes; results from `before` on are those of this line.
    pub(super) fn follow_probe(&mut self, tokens: &Tokens<'_>, setting: &Setting, before: usize) {
        let new = (self.out.case.fish.len() > before).then_some(before);
        let gene = fish::first_gene(tokens);
        if let Some(subject) = &mut self.fish_subject
            && (gene.is_none() || gene.as_ref() == Some(&subject.gene))
            && subject.holds(setting)
        {
            // A line without a gene, or one that names it again, goes on about it.
            subject.fact = subject.fact.or(new);
            if let Some(fact) = subject.fact.and_then(|i| self.out.case.fish.get_mut(i)) {
                std::mem::take(&mut subject.numbers).fill(fact);
            }
            return;
        }
        let Some(gene) = gene else { return };
        // A row with a result of its own needs no more.
        let listed = (self.fish_subject.as_ref()).is_some_and(|s| s.waits(setting));
        let opens = setting.section == Some(Section::Fish) && new.is_none();
        self.fish_subject = opens.then_some(Subject {
            gene,
            version: setting.version,
            block: setting.block,
            numbers: Numbers::default(),
            fact: None,
            listed,
        });
    }
}
