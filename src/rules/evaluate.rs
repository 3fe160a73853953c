//! Evaluates a program over a case. Pure: the same case and program give the same assessment.
//!
//! Every truth is that of `solve`. A [`Trace`] puts a condition into words with those truths, whole and without
//! short cuts, when somebody asks for it; the answer, `why` and the tests of the pack rest on the same, so they cannot
//! disagree.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::case::Case;
use crate::rules::leaf::Answer;
use crate::rules::program::{Condition, Program, Rule};
use crate::rules::solve::Solved;
use crate::rules::therapy::{Asked, Therapy};
use crate::rules::trace::{Trace, TraceKind};
use crate::rules::truth::Truth;
use crate::source::Place;

/// The outcome of every rule, decision and flag for one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Decisions in the order of the pack.
    pub decisions: Vec<Decided>,
    /// Every rule, sorted by id.
    pub rules: Vec<RuleOutcome>,
    /// Flags raised, sorted by code.
    pub flags: Vec<Flag>,
    /// Drugs listed by rules that hold.
    pub therapy: Vec<Therapy>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// Its name.
    pub name: String,
    /// The first value, in order of priority, that a rule concludes; else the default.
    pub value: String,
    /// The value in words.
    pub title: String,
    /// Whether no higher value is open.
    pub settled: bool,
    /// Lower values that rules conclude as well.
    pub also_true: Vec<String>,
    /// Higher values that may still become true.
    pub open: Vec<String>,
    /// Rules that conclude the value.
    pub rules: Vec<String>,
    /// Defaults the value rests on, in words.
    pub assumptions: Vec<String>,
    /// What the rules that conclude the value ask to be done.
    pub follow_up: Vec<FollowUp>,
}

/// Something to be done next.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FollowUp {
    /// The kind of act, such as `order_test`.
    pub act: String,
    /// What to do, in words.
    pub text: String,
}

/// The outcome of one rule. Its trace is made when it is first asked for.
#[derive(Clone)]
pub struct RuleOutcome {
    run: Arc<Run>,
    index: usize,
}

impl RuleOutcome {
    fn rule(&self) -> &Rule {
        &self.run.program.rules[self.index]
    }

    /// Its place among the rules of the program.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.rule().id
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.rule().title
    }

    /// Strong, moderate or weak; of a rule with a tier only, the tier.
    #[must_use]
    pub fn grade(&self) -> &str {
        &self.rule().grade
    }

    /// Level of evidence on the scale of the pack.
    #[must_use]
    pub fn tier(&self) -> Option<&str> {
        self.rule().tier.as_deref()
    }

    /// Citations.
    #[must_use]
    pub fn cites(&self) -> &[String] {
        &self.rule().cite
    }

    /// The decision and value it concludes.
    #[must_use]
    pub fn concludes(&self) -> Option<(&str, &str)> {
        let (decision, value) = self.rule().conclude?;
        let decision = &self.run.program.decisions[decision];
        Some((&decision.name, &decision.values[value]))
    }

    /// The flag it raises.
    #[must_use]
    pub fn flag(&self) -> Option<&str> {
        self.rule().flag.as_deref()
    }

    /// Whether it holds.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.run.solved.rules[self.index]
    }

    /// How that came about.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        self.run.traced(self.index)
    }

    /// Keys of the unknown facts its value depends on, sorted; empty when it is known.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let run = &self.run;
        run.solved.missing(&run.program, &self.rule().when, None)
    }
}

impl PartialEq for RuleOutcome {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id() && self.trace() == other.trace()
    }
}

impl fmt::Debug for RuleOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuleOutcome")
            .field("id", &self.id())
            .field("trace", self.trace())
            .finish_non_exhaustive()
    }
}

/// A flag that was raised.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Its code.
    pub code: String,
    /// The rule that raised it.
    pub rule: String,
    /// What it says.
    pub message: String,
    /// What to do.
    pub action: String,
    /// Strong, moderate or weak; of a rule with a tier only, the tier.
    pub grade: String,
    /// Citations.
    pub cites: Vec<String>,
    /// The facts.
    pub sources: Vec<Place>,
}

/// Evaluates everything.
pub(crate) fn evaluate(program: &Arc<Program>, case: &Case, asked: &Asked) -> Assessment {
    let answers = program.index().answers(program, case);
    let run = Arc::new(Run {
        solved: solved(program, &answers),
        program: Arc::clone(program),
        answers,
        traces: program.rules.iter().map(|_| OnceLock::new()).collect(),
    });
    finish(&run, case, asked)
}

/// The truth of everything, without traces.
pub(crate) fn solve(program: &Program, case: &Case) -> Solved {
    solved(program, &program.index().answers(program, case))
}

/// The same of a case that differs little from one that was solved.
pub(crate) fn solve_again(program: &Program, before: &Solved, case: &Case) -> Solved {
    let mut leaves = program.index().silent().leaves.clone();
    for (leaf, answer) in program.index().answers(program, case) {
        leaves[leaf] = answer.truth;
    }
    before.changed(program, leaves.into_iter().enumerate(), None)
}

fn solved(program: &Program, answers: &BTreeMap<usize, Answer>) -> Solved {
    let heard = answers.iter().map(|(leaf, answer)| (*leaf, answer.truth));
    program.index().silent().changed(program, heard, None)
}

/// One evaluation: what was answered, and what follows.
struct Run {
    program: Arc<Program>,
    /// The leaves that some fact of the case is about.
    answers: BTreeMap<usize, Answer>,
    solved: Solved,
    /// The trace of each rule that was asked for.
    traces: Vec<OnceLock<Box<Trace>>>,
}

impl Run {
    /// How a rule came to its value.
    fn traced(&self, rule: usize) -> &Trace {
        self.traces[rule].get_or_init(|| Box::new(self.trace(&self.program.rules[rule].when)))
    }

    /// A condition with everything it rests on. Its truth is that of [`Solved`], by the same meaning
    /// of every operator.
    fn trace(&self, condition: &Condition) -> Trace {
        let truth = self.solved.truth(condition);
        let (words, kind) = self.describe(condition, truth);
        let facts = match condition {
            Condition::Leaf(index) => {
                let answer = self.answers.get(index);
                answer.map_or_else(Vec::new, |answer| answer.facts.clone())
            }
            _ => Vec::new(),
        };
        let children = match condition {
            Condition::Finding(index) => vec![self.trace(&self.program.findings[*index].when)],
            Condition::Decided(decision, value) => self.speaking(*decision, *value),
            operator => operator.parts().iter().map(|c| self.trace(c)).collect(),
        };
        Trace {
            words,
            kind,
            truth,
            facts,
            children,
        }
    }

    /// A condition in words, and what kind of node it is.
    fn describe(&self, condition: &Condition, truth: Truth) -> (Arc<str>, TraceKind) {
        let operator = |words: &str| (Arc::from(words), TraceKind::Operator);
        match condition {
            Condition::All(_) => operator("all of"),
            Condition::Any(_) => operator("any of"),
            Condition::AtLeast { n, what, .. } => {
                operator(format!("at least {n} of {what}").trim_end())
            }
            Condition::NoneOf(_) => ("none of".into(), TraceKind::Negation),
            Condition::Not(_) => ("not".into(), TraceKind::Negation),
            Condition::Known(_) => ("known".into(), TraceKind::Known),
            Condition::Assume { of, is, why, .. } => (
                format!("unless known otherwise {}", if *is { "yes" } else { "no" }).into(),
                TraceKind::Assumed {
                    why: why.clone(),
                    used: self.solved.truth(of) != truth,
                },
            ),
            Condition::DoubtUnless { of, why } => (
                "in doubt unless".into(),
                TraceKind::Doubted {
                    why: why.clone(),
                    used: self.solved.truth(of).is_false(),
                },
            ),
            Condition::Finding(index) => (
                self.program.findings[*index].title.as_str().into(),
                TraceKind::Finding,
            ),
            Condition::Decided(decision, value)
            | Condition::Reported(decision, value)
            | Condition::Possible(decision, value) => {
                let named = &self.program.decisions[*decision];
                (
                    format!("{} is {}", named.name, named.values[*value]).into(),
                    TraceKind::Decided,
                )
            }
            Condition::Leaf(index) => {
                let (words, key) = &self.program.spoken()[*index];
                (words.clone(), TraceKind::Leaf(key.clone()))
            }
        }
    }

    /// The rules that speak for a value: they say what is missing.
    fn speaking(&self, decision: usize, value: usize) -> Vec<Trace> {
        let rules = self.program.concluding[decision].iter();
        rules
            .map(|index| &self.program.rules[*index])
            .filter(|rule| rule.conclude == Some((decision, value)))
            .map(|rule| {
                let inner = self.trace(&rule.when);
                Trace {
                    words: format!("{}: {}", rule.id, rule.title).into(),
                    kind: TraceKind::Operator,
                    truth: inner.truth,
                    facts: Vec::new(),
                    children: vec![inner],
                }
            })
            .collect()
    }

    /// Whether the value a rule concludes is the one that was decided.
    fn speaks(&self, rule: &Rule) -> bool {
        match rule.conclude {
            None => true,
            Some((decision, value)) => self.solved.verdicts[decision].has(value),
        }
    }

    fn decided_value(&self, index: usize, case: &Case) -> Decided {
        let decision = &self.program.decisions[index];
        let verdict = &self.solved.verdicts[index];
        let (mut assumptions, mut rules, mut follow_up) = (Vec::new(), Vec::new(), Vec::new());
        for number in &self.program.concluding[index] {
            let rule = &self.program.rules[*number];
            if let Some((_, value)) = rule.conclude
                && self.solved.rules[*number].is_true()
                && (verdict.has(value) || verdict.conflict)
            {
                let trace = self.traced(*number);
                rules.push(rule.id.clone());
                trace.assumptions(&mut assumptions);
                for action in actions(rule, trace, case) {
                    if !follow_up.contains(&action) {
                        follow_up.push(action);
                    }
                }
            }
        }
        let open = verdict.open();
        let value = verdict.value(decision).to_owned();
        let title = if verdict.conflict {
            "rules conclude more than one value".to_owned()
        } else {
            decision.titles.get(&value).unwrap_or(&value).clone()
        };
        Decided {
            name: decision.name.clone(),
            title,
            value,
            settled: verdict.settled(),
            also_true: decision.named(&verdict.also_true()),
            open: decision.named(&open),
            rules,
            assumptions,
            follow_up,
        }
    }
}

fn finish(run: &Arc<Run>, case: &Case, asked: &Asked) -> Assessment {
    let program = &*run.program;
    let decisions = (0..program.decisions.len())
        .map(|index| run.decided_value(index, case))
        .collect();
    let age = case.history.age.as_ref().map(|a| a.value);
    let mut flags = Vec::new();
    let mut therapy = Vec::new();
    for (index, rule) in program.rules.iter().enumerate() {
        if !run.solved.rules[index].is_true() {
            continue;
        }
        let raised = rule.flag.as_ref();
        flags.extend(raised.map(|code| raise(rule, code, run.traced(index), case)));
        if run.speaks(rule) {
            let listed = rule.therapy.iter();
            therapy
                .extend(listed.map(|index| program.therapy.therapy(*index, &rule.id, age, asked)));
        }
    }
    flags.sort_by(|a: &Flag, b: &Flag| (&a.code, &a.rule).cmp(&(&b.code, &b.rule)));
    let outcome = |index| RuleOutcome {
        run: Arc::clone(run),
        index,
    };
    Assessment {
        decisions,
        rules: (0..program.rules.len()).map(outcome).collect(),
        flags,
        therapy,
    }
}

fn actions(rule: &Rule, trace: &Trace, case: &Case) -> Vec<FollowUp> {
    let filled = rule.follow_up.iter().map(|action| FollowUp {
        act: action.act.clone(),
        text: action.text.fill(trace, case),
    });
    filled.collect()
}

fn raise(rule: &Rule, code: &str, trace: &Trace, case: &Case) -> Flag {
    let actions = actions(rule, trace, case).into_iter();
    let actions: Vec<String> = actions.map(|f| f.text).collect();
    Flag {
        code: code.to_owned(),
        rule: rule.id.clone(),
        message: rule.message.fill(trace, case),
        action: actions.join(" "),
        grade: rule.grade.clone(),
        cites: rule.cite.clone(),
        sources: trace.decisive_facts(),
    }
}
