//! What can be said of a pack without any report: static checks and its invariants.

use crate::case::Case;
use crate::diag::{self, Diagnostic};
use crate::rules::Pack;
use crate::rules::invariant::{self, Finding};
use crate::rules::program::Claim;
use crate::rules::prove::Prover;
use crate::rules::space::Space;
use crate::rules::statics;
use crate::source::Place;

/// What was found out.
#[derive(Debug)]
pub struct Study {
    /// Warnings and notes on rules, findings, tables and flags.
    pub diagnostics: Vec<Diagnostic>,
    /// Every invariant and what became of it.
    pub claims: Vec<Proof>,
    /// How many cases were told apart, in words.
    pub space: String,
    /// Each kind of fact and how many states it has.
    pub kinds: Vec<(String, usize)>,
    /// How many sets of cases it took.
    pub sets: usize,
}

/// An invariant and what became of it.
#[derive(Debug)]
pub struct Proof {
    /// Its id.
    pub id: String,
    /// What it claims.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// What breaks it; none when it holds.
    pub refuted: Option<Refuted>,
}

/// A case that breaks an invariant.
#[derive(Debug)]
pub struct Refuted {
    /// What happens, in words.
    pub why: String,
    /// The case with the fewest facts; empty where no case is needed to see it.
    pub case: Box<Case>,
    /// Whether all its facts could be made up.
    pub made: bool,
}

impl Pack {
    /// Checks every rule and invariant over all cases the rules can tell apart.
    #[must_use]
    pub fn study(&self) -> Study {
        let program = &self.program;
        let space = Space::new(program, self.vocab());
        let mut prover = Prover::new(program, &space);
        let mut diagnostics = Vec::new();
        statics::check(&self.checked, program, &mut prover, &mut diagnostics);
        let claims = program
            .invariants
            .iter()
            .map(|claim| Proof {
                id: claim.id.clone(),
                title: claim.title.clone(),
                place: claim.place.clone(),
                refuted: match invariant::check(claim, program, &space, &mut prover) {
                    Finding::Holds => None,
                    Finding::Fails { why, case, made } => Some(Refuted { why, case, made }),
                },
            })
            .collect();
        diag::sort(&mut diagnostics);
        Study {
            diagnostics,
            claims,
            space: space.size(),
            kinds: space.sizes(),
            sets: prover.diagram.size(),
        }
    }

    /// Whether a case breaks an invariant that says `never`.
    #[must_use]
    pub fn breaks(&self, invariant: &str, case: &Case) -> bool {
        let solved = super::evaluate::solve(&self.program, case);
        let claims = self.program.invariants.iter();
        let mut claims = claims.filter(|c| c.id == invariant);
        claims.any(|c| match &c.claim {
            Claim::Never(condition) => solved.truth(condition).is_true(),
            _ => false,
        })
    }
}
