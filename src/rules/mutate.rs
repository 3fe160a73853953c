//! Mutation testing of rules: a small change to a rule, a finding or a table that no test notices shows
//! what is not tested.
//!
//! A leaf is negated, a part dropped, a number changed by one, `any` and `all` swapped, a row taken out.
//! A mutant that is never killed may be equivalent: then no case of facts tells it from the rule, which
//! is proved, or its author says why beside the rule.

use std::collections::BTreeMap;

use crate::case::Case;
use crate::rules::Pack;
use crate::rules::compile::compile_with;
use crate::rules::condition::RawCondition;
use crate::rules::program::{Condition, Program};
use crate::rules::prove::Prover;
use crate::rules::solve::{Holder, Solved, Swap};
use crate::rules::space::Space;
use crate::rules::statics::queries;
use crate::rules::tables::Tables;
use crate::rules::trial::Trial;
use crate::source::Place;

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Some test notices it.
    Killed,
    /// Nothing could notice it, and why.
    Equivalent(String),
    /// No test notices it.
    Alive,
}

/// A changed rule, finding or table.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was changed, such as `IMT-1 when.all[0] negated`.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// Where it lives: the case with the fewest facts that a test could give to notice it.
    pub unseen: Option<Unseen>,
}

/// A case that tells a mutant from the rule, and that no test gives.
#[derive(Debug, Clone)]
pub struct Unseen {
    /// The rule that says something else.
    pub rule: String,
    /// What it says, and what it says under the change: `true`, `false` or `unknown`.
    pub outcomes: [&'static str; 2],
    /// The facts.
    pub case: Box<Case>,
}

/// A row of a table that conditions ask.
#[derive(Debug, Clone)]
pub struct RowUse {
    /// The table.
    pub table: String,
    /// Key of the row.
    pub key: String,
    /// Where it stands.
    pub place: Place,
    /// Whether some test would see it missing.
    pub used: bool,
    /// What becomes of the tests without it.
    pub fate: Fate,
}

/// All mutants of a pack.
#[derive(Debug, Default)]
pub struct Mutation {
    /// Of rules and findings, then of rows.
    pub mutants: Vec<Mutant>,
    /// Declared equivalents that name no mutant, or one that is killed or proved equivalent.
    pub needless: Vec<String>,
}

/// A change of a condition.
struct Change {
    what: String,
    when: Condition,
    under_known: bool,
}

fn changes(condition: &Condition, path: &str, under_known: bool) -> Vec<Change> {
    let mut out = Vec::new();
    let mut add = |what: String, when: Condition| {
        out.push(Change {
            what,
            when,
            under_known,
        });
    };
    match condition {
        Condition::Leaf(_) | Condition::Finding(_) | Condition::Decided(..) => {
            let negated = Condition::Not(Box::new(condition.clone()));
            add(format!("{path} negated"), negated);
        }
        Condition::All(of) if of.len() > 1 => {
            add(
                format!("{path} all swapped for any"),
                Condition::Any(of.clone()),
            );
        }
        Condition::Any(of) if of.len() > 1 => {
            add(
                format!("{path} any swapped for all"),
                Condition::All(of.clone()),
            );
        }
        Condition::AtLeast { n, of, what } => {
            for other in [n.saturating_sub(1), n + 1] {
                if other >= 1 && other <= of.len() {
                    let when = Condition::AtLeast {
                        n: other,
                        of: of.clone(),
                        what,
                    };
                    add(format!("{path} at_least {n} changed to {other}"), when);
                }
            }
        }
        _ => {}
    }
    let parts = condition.parts();
    if parts.len() > 1 {
        for index in 0..parts.len() {
            add(
                format!("{} removed", part_path(condition, path, index)),
                without(condition, index),
            );
        }
    }
    let known = under_known || matches!(condition, Condition::Known(_));
    for (index, part) in parts.iter().enumerate() {
        for change in changes(part, &part_path(condition, path, index), known) {
            out.push(Change {
                when: condition.with_part(index, change.when),
                ..change
            });
        }
    }
    out
}

fn part_path(condition: &Condition, path: &str, index: usize) -> String {
    match condition {
        Condition::All(_) => format!("{path}.all[{index}]"),
        Condition::Any(_) => format!("{path}.any[{index}]"),
        Condition::NoneOf(_) => format!("{path}.none[{index}]"),
        Condition::AtLeast { .. } => format!("{path}.of[{index}]"),
        Condition::Not(_) => format!("{path}.not"),
        Condition::Known(_) => format!("{path}.known"),
        Condition::Assume { .. } => format!("{path}.assume"),
        _ => format!("{path}.doubt_unless"),
    }
}

fn without(condition: &Condition, index: usize) -> Condition {
    let mut changed = condition.clone();
    match &mut changed {
        Condition::All(of) | Condition::Any(of) | Condition::NoneOf(of) => {
            of.remove(index);
        }
        Condition::AtLeast { n, of, .. } => {
            of.remove(index);
            *n = (*n).min(of.len());
        }
        _ => {}
    }
    changed
}

/// A test that passes, with the case it gives and what the program says of it.
struct Base<'a> {
    trial: &'a Trial,
    case: &'a Case,
    solved: Solved,
}

impl Pack {
    /// Changes every rule, finding and row in turn and sees which tests notice. `cases` are the cases
    /// the tests give, in the order of [`Pack::trials`].
    #[must_use]
    pub fn mutate(&self, cases: &[Case]) -> Mutation {
        let program = &self.program;
        let base = self.base(cases);
        let space = Space::new(program, self.vocab());
        let mut prover = Prover::new(program, &space);
        let mut declared = self.declared();
        let mut out = Mutation::default();
        for (holder, name) in holders(program) {
            for change in changes(program.when(holder), "when", false) {
                let name = format!("{name} {}", change.what);
                let swap = Swap {
                    of: holder,
                    when: change.when,
                };
                let why = declared.remove(&name);
                let mut unseen = None;
                let fate = if base.iter().any(|b| b.notices(program, &swap)) {
                    Fate::Killed
                } else if change.under_known && change.what.ends_with("negated") {
                    Fate::Equivalent("negation under `known`".to_owned())
                } else if let Some(apart) = prover.told_apart(&swap) {
                    let (case, _) = space.case(&apart.states);
                    unseen = Some(Unseen {
                        rule: program.rules[apart.rule].id.clone(),
                        outcomes: [apart.was, apart.is],
                        case: Box::new(case),
                    });
                    why.clone().map_or(Fate::Alive, Fate::Equivalent)
                } else {
                    Fate::Equivalent("no case of facts tells the two apart (checked)".to_owned())
                };
                if let Some(why) = why
                    && fate != Fate::Equivalent(why)
                {
                    out.needless.push(name.clone());
                }
                out.mutants.push(Mutant { name, fate, unseen });
            }
        }
        out.needless.extend(declared.into_keys());
        for row in self.rows_with(&base) {
            out.mutants.push(Mutant {
                name: format!("table {} row {} removed", row.table, row.key),
                fate: row.fate,
                unseen: None,
            });
        }
        out
    }

    /// Which rows of tables the tests need.
    #[must_use]
    pub fn rows(&self, cases: &[Case]) -> Vec<RowUse> {
        self.rows_with(&self.base(cases))
    }

    fn base<'a>(&'a self, cases: &'a [Case]) -> Vec<Base<'a>> {
        let program = &self.program;
        self.trials()
            .iter()
            .zip(cases)
            .map(|(trial, case)| Base {
                trial,
                case,
                solved: super::evaluate::solve(program, case),
            })
            .filter(|b| b.trial.differences(program, &b.solved, None).is_empty())
            .collect()
    }

    /// Mutants that an author declares equivalent, by name.
    fn declared(&self) -> BTreeMap<String, String> {
        let rules = self.checked.modules.iter().flat_map(|m| &m.rules);
        rules
            .flat_map(|rule| rule.equivalent.iter().map(move |e| (rule, e)))
            .map(|(rule, e)| {
                let name = format!("{} {}", rule.id.value, e.mutant.value);
                (name, e.why.clone())
            })
            .collect()
    }

    fn rows_with(&self, base: &[Base<'_>]) -> Vec<RowUse> {
        let program = &self.program;
        let mut out = Vec::new();
        for (name, table) in self.asked_tables() {
            for index in 0..table.rows.len() {
                let row = &table.rows[index];
                let key = table.label(row);
                let mut tables: Tables = self.checked.tables.clone();
                if let Some(table) = tables.get_mut(name) {
                    table.rows.remove(index);
                }
                let changed = compile_with(&self.checked, &tables);
                let leaves: Vec<usize> = (0..program.leaves.len().min(changed.leaves.len()))
                    .filter(|leaf| program.leaves[*leaf] != changed.leaves[*leaf])
                    .collect();
                let (mut used, mut fate) = (false, Fate::Alive);
                for b in base {
                    let mut truths = b.solved.leaves.clone();
                    for leaf in &leaves {
                        truths[*leaf] = changed.leaves[*leaf].answer(b.case).truth;
                    }
                    if truths == b.solved.leaves {
                        continue;
                    }
                    used = true;
                    let solved = Solved::new(&changed, truths);
                    if !b.trial.differences(&changed, &solved, None).is_empty() {
                        fate = Fate::Killed;
                        break;
                    }
                }
                if leaves.is_empty() && changed.leaves.len() == program.leaves.len() {
                    fate = Fate::Equivalent("another row says the same to every rule".to_owned());
                    used = true;
                }
                out.push(RowUse {
                    table: name.clone(),
                    key,
                    place: row.place.clone(),
                    used,
                    fate,
                });
            }
        }
        out
    }

    /// The tables that conditions ask.
    fn asked_tables(&self) -> Vec<(&String, &crate::rules::tables::Table)> {
        let mut names = std::collections::BTreeSet::new();
        for module in &self.checked.modules {
            let whens = module.findings.iter().map(|f| &f.when);
            for condition in whens.chain(module.rules.iter().map(|r| &r.when)) {
                condition.walk(&mut |c| {
                    if let RawCondition::Fact(fact) = c {
                        names.extend(queries(&fact.test).iter().map(|q| &q.table.value));
                    }
                });
            }
        }
        let tables = self.checked.tables.iter();
        tables.filter(|(name, _)| names.contains(name)).collect()
    }
}

impl Base<'_> {
    /// Whether the test fails under the change. Where the changed condition has the same value, and
    /// misses the same facts, nothing else can differ.
    fn notices(&self, program: &Program, swap: &Swap) -> bool {
        let same = self.solved.truth(&swap.when) == self.solved.truth(program.when(swap.of));
        if same && self.trial.expect.missing.is_empty() {
            return false;
        }
        let solved = self.solved.changed(program, [], Some(swap));
        !self
            .trial
            .differences(program, &solved, Some(swap))
            .is_empty()
    }
}

/// Everything that holds a condition, with its name.
fn holders(program: &Program) -> Vec<(Holder, String)> {
    let findings = program.findings.iter().enumerate();
    let mut findings: Vec<(Holder, String)> = findings
        .map(|(index, f)| (Holder::Finding(index), format!("finding {}", f.name)))
        .collect();
    findings.sort_by(|a, b| a.1.cmp(&b.1));
    let rules = program.rules.iter().enumerate();
    rules
        .map(|(index, rule)| (Holder::Rule(index), rule.id.clone()))
        .chain(findings)
        .collect()
}
