//! Evaluates a program over a case. Pure: the same case and program give the same assessment.
//!
//! Every condition is evaluated whole, without short cuts, into a [`Trace`]; the same traces serve
//! the answer, `why` and the tests of the pack, so they cannot disagree.

use std::sync::Arc;

use crate::case::Case;
use crate::rules::compile::{Condition, Program, Rule};
use crate::rules::leaf::Answer;
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

/// The outcome of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Strong, moderate or weak; of a rule with a tier only, the tier.
    pub grade: String,
    /// Level of evidence on the scale of the pack.
    pub tier: Option<String>,
    /// Citations.
    pub cites: Vec<String>,
    /// The decision and value it concludes.
    pub concludes: Option<(String, String)>,
    /// The flag it raises.
    pub flag: Option<String>,
    /// Whether it holds.
    pub truth: Truth,
    /// How that came about.
    pub trace: Trace,
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
pub(crate) fn evaluate(program: &Program, case: &Case, asked: &Asked) -> Assessment {
    let answers: Vec<Answer> = program
        .leaves
        .iter()
        .map(|leaf| leaf.answer(case))
        .collect();
    let solved = Solved::new(program, answers.iter().map(|a| a.truth).collect());
    let run = Run {
        program,
        answers,
        solved,
    };
    run.finish(case, asked)
}

/// The truth of everything, without traces.
pub(crate) fn solve(program: &Program, case: &Case) -> Solved {
    let leaves = program.leaves.iter().map(|l| l.answer(case).truth);
    Solved::new(program, leaves.collect())
}

struct Run<'a> {
    program: &'a Program,
    answers: Vec<Answer>,
    solved: Solved,
}

impl Run<'_> {
    /// A condition with everything it rests on. Its truth is that of [`Solved`], by the same meaning
    /// of every operator.
    fn trace(&self, condition: &Condition) -> Trace {
        let truth = self.solved.truth(condition);
        let (words, kind) = self.describe(condition, truth);
        let facts = match condition {
            Condition::Leaf(index) => self.answers[*index].facts.clone(),
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

    fn finish(&self, case: &Case, asked: &Asked) -> Assessment {
        let program = self.program;
        let traces: Vec<Trace> = program.rules.iter().map(|r| self.trace(&r.when)).collect();
        let decisions = (0..program.decisions.len())
            .map(|index| self.decided_value(index, &traces, case))
            .collect();
        let age = case.history.age.as_ref().map(|a| a.value);
        let mut flags = Vec::new();
        let mut therapy = Vec::new();
        let mut rules = Vec::new();
        for (rule, trace) in program.rules.iter().zip(traces) {
            if trace.truth.is_true() {
                let raised = rule.flag.as_ref();
                flags.extend(raised.map(|code| raise(rule, code, &trace, case)));
                if self.speaks(rule) {
                    let listed = rule.therapy.iter();
                    therapy.extend(
                        listed.map(|index| program.therapy.therapy(*index, &rule.id, age, asked)),
                    );
                }
            }
            rules.push(outcome(program, rule, trace));
        }
        flags.sort_by(|a: &Flag, b: &Flag| (&a.code, &a.rule).cmp(&(&b.code, &b.rule)));
        Assessment {
            decisions,
            rules,
            flags,
            therapy,
        }
    }

    /// Whether the value a rule concludes is the one that was decided.
    fn speaks(&self, rule: &Rule) -> bool {
        match rule.conclude {
            None => true,
            Some((decision, value)) => self.solved.verdicts[decision].has(value),
        }
    }

    fn decided_value(&self, index: usize, traces: &[Trace], case: &Case) -> Decided {
        let decision = &self.program.decisions[index];
        let verdict = &self.solved.verdicts[index];
        let names = |values: &[usize]| -> Vec<String> {
            values.iter().map(|v| decision.values[*v].clone()).collect()
        };
        let (mut assumptions, mut rules, mut follow_up) = (Vec::new(), Vec::new(), Vec::new());
        for (rule, trace) in self.program.rules.iter().zip(traces) {
            if let Some((of, value)) = rule.conclude
                && of == index
                && trace.truth.is_true()
                && (verdict.has(value) || verdict.conflict)
            {
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
            also_true: names(&verdict.also_true()),
            open: names(&open),
            rules,
            assumptions,
            follow_up,
        }
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

fn outcome(program: &Program, rule: &Rule, trace: Trace) -> RuleOutcome {
    RuleOutcome {
        id: rule.id.clone(),
        title: rule.title.clone(),
        grade: rule.grade.clone(),
        tier: rule.tier.clone(),
        cites: rule.cite.clone(),
        concludes: rule.conclude.map(|(decision, value)| {
            let decision = &program.decisions[decision];
            (decision.name.clone(), decision.values[value].clone())
        }),
        flag: rule.flag.clone(),
        truth: trace.truth,
        trace,
    }
}
