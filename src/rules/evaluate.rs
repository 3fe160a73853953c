//! Evaluates a program over a case. Pure: the same case and program give the same assessment.
//!
//! Every condition is evaluated whole, without short cuts, into a [`Trace`]; the same traces serve
//! the answer, `why` and the tests of the pack, so they cannot disagree.

use crate::case::Case;
use crate::rules::compile::{Condition, Program, Rule, Step};
use crate::rules::therapy::{Asked, Therapy};
use crate::rules::trace::{Trace, TraceKind};
use crate::rules::truth::{Reason, Truth};
use crate::source::Place;

mod decision;

use decision::Verdict;

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
    let mut run = Run {
        program,
        answers: program
            .leaves
            .iter()
            .map(|leaf| leaf.answer(case))
            .collect(),
        findings: vec![None; program.findings.len()],
        decided: vec![None; program.decisions.len()],
        rules: vec![None; program.rules.len()],
    };
    for step in &program.order {
        match *step {
            Step::Finding(index) => {
                run.findings[index] = Some(run.trace(&program.findings[index].when));
            }
            Step::Decision(index) => run.decide(index),
        }
    }
    run.finish(case, asked)
}

struct Run<'a> {
    program: &'a Program,
    answers: Vec<crate::rules::leaf::Answer>,
    findings: Vec<Option<Trace>>,
    decided: Vec<Option<Verdict>>,
    rules: Vec<Option<Trace>>,
}

impl Run<'_> {
    fn decide(&mut self, index: usize) {
        let program = self.program;
        let decision = &program.decisions[index];
        let mut truths = vec![Truth::False; decision.values.len()];
        for (number, rule) in program.rules.iter().enumerate() {
            if let Some((of, value)) = rule.conclude
                && of == index
            {
                let trace = self.trace(&rule.when);
                truths[value] = Truth::any([&truths[value], &trace.truth]);
                self.rules[number] = Some(trace);
            }
        }
        self.decided[index] = Some(Verdict::new(decision.hit, decision.default, truths));
    }

    fn trace(&self, condition: &Condition) -> Trace {
        match condition {
            Condition::All(of) => self.operator("all of", of, |t| Truth::all(t)),
            Condition::Any(of) => self.operator("any of", of, |t| Truth::any(t)),
            Condition::NoneOf(of) => Trace {
                kind: TraceKind::Negation,
                ..self.operator("none of", of, |t| Truth::any(t).negate())
            },
            Condition::AtLeast { n, of, what } => {
                let words = format!("at least {n} of {what}");
                self.operator(words.trim_end(), of, |t| Truth::at_least(*n, t))
            }
            Condition::Not(of) => {
                let child = self.trace(of);
                Trace {
                    words: "not".to_owned(),
                    kind: TraceKind::Negation,
                    truth: child.truth.clone().negate(),
                    facts: Vec::new(),
                    children: vec![child],
                }
            }
            Condition::Known(of) => {
                let child = self.trace(of);
                Trace {
                    words: "known".to_owned(),
                    kind: TraceKind::Known,
                    truth: Truth::from_bool(!child.truth.is_unknown()),
                    facts: Vec::new(),
                    children: vec![child],
                }
            }
            Condition::Assume { of, when, is, why } => {
                let child = self.trace(of);
                let used =
                    matches!(&child.truth, Truth::Unknown(reasons) if reasons.is_subset(when));
                Trace {
                    words: format!("unless known otherwise {}", if *is { "yes" } else { "no" }),
                    kind: TraceKind::Assumed {
                        why: why.clone(),
                        used,
                    },
                    truth: if used {
                        Truth::from_bool(*is)
                    } else {
                        child.truth.clone()
                    },
                    facts: Vec::new(),
                    children: vec![child],
                }
            }
            Condition::DoubtUnless { of, why } => {
                let child = self.trace(of);
                let used = child.truth.is_false();
                Trace {
                    words: "in doubt unless".to_owned(),
                    kind: TraceKind::Doubted {
                        why: why.clone(),
                        used,
                    },
                    truth: if used {
                        Truth::unknown(Reason::Unresolved)
                    } else {
                        child.truth.clone()
                    },
                    facts: Vec::new(),
                    children: vec![child],
                }
            }
            Condition::Finding(index) => {
                let finding = &self.program.findings[*index];
                let inner = self.findings[*index]
                    .clone()
                    .expect("findings are evaluated in order of need");
                Trace {
                    words: finding.title.clone(),
                    kind: TraceKind::Finding,
                    truth: inner.truth.clone(),
                    facts: Vec::new(),
                    children: vec![inner],
                }
            }
            Condition::Decided(decision, value) => self.is_decided(*decision, *value),
            Condition::Leaf(index) => {
                let answer = &self.answers[*index];
                let leaf = &self.program.leaves[*index];
                Trace {
                    words: leaf.words(),
                    kind: TraceKind::Leaf(leaf.key()),
                    truth: answer.truth.clone(),
                    facts: answer.facts.clone(),
                    children: Vec::new(),
                }
            }
        }
    }

    fn operator(
        &self,
        words: &str,
        of: &[Condition],
        combine: impl Fn(Vec<&Truth>) -> Truth,
    ) -> Trace {
        let children: Vec<Trace> = of.iter().map(|c| self.trace(c)).collect();
        Trace {
            words: words.to_owned(),
            kind: TraceKind::Operator,
            truth: combine(children.iter().map(|c| &c.truth).collect()),
            facts: Vec::new(),
            children,
        }
    }

    /// Whether a decision has this value.
    fn is_decided(&self, decision: usize, value: usize) -> Trace {
        let named = &self.program.decisions[decision];
        let truth = self.decided[decision]
            .as_ref()
            .map_or(Truth::False, |verdict| verdict.is(value));
        // The rules that speak for the value say what is missing.
        let rules = self.program.rules.iter().zip(&self.rules);
        let children = rules
            .filter(|(rule, _)| rule.conclude == Some((decision, value)))
            .filter_map(|(rule, trace)| {
                let inner = trace.clone()?;
                Some(Trace {
                    words: format!("{}: {}", rule.id, rule.title),
                    kind: TraceKind::Operator,
                    truth: inner.truth.clone(),
                    facts: Vec::new(),
                    children: vec![inner],
                })
            })
            .collect();
        Trace {
            words: format!("{} is {}", named.name, named.values[value]),
            kind: TraceKind::Decided,
            truth,
            facts: Vec::new(),
            children,
        }
    }

    fn finish(mut self, case: &Case, asked: &Asked) -> Assessment {
        let program = self.program;
        for (number, rule) in program.rules.iter().enumerate() {
            if self.rules[number].is_none() {
                self.rules[number] = Some(self.trace(&rule.when));
            }
        }
        let decisions = (0..program.decisions.len())
            .map(|index| self.decided_value(index, case))
            .collect();
        let age = case.history.age.as_ref().map(|a| a.value);
        let mut flags = Vec::new();
        let mut therapy = Vec::new();
        let mut rules = Vec::new();
        for (rule, trace) in program.rules.iter().zip(std::mem::take(&mut self.rules)) {
            let Some(trace) = trace else { continue };
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
            Some((decision, value)) => self.decided[decision]
                .as_ref()
                .is_some_and(|verdict| verdict.has(value)),
        }
    }

    fn decided_value(&self, index: usize, case: &Case) -> Decided {
        let decision = &self.program.decisions[index];
        let verdict = self.decided[index].clone().unwrap_or_default();
        let names = |values: &[usize]| -> Vec<String> {
            values.iter().map(|v| decision.values[*v].clone()).collect()
        };
        let (mut assumptions, mut rules, mut follow_up) = (Vec::new(), Vec::new(), Vec::new());
        for (rule, trace) in self.program.rules.iter().zip(&self.rules) {
            let Some(trace) = trace else { continue };
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
        let (value, title) = if verdict.conflict {
            (
                "conflict".to_owned(),
                "rules conclude more than one value".to_owned(),
            )
        } else {
            let value = decision.values[verdict.chosen].clone();
            let title = decision.titles.get(&value).cloned();
            (value.clone(), title.unwrap_or(value))
        };
        Decided {
            name: decision.name.clone(),
            title,
            value,
            settled: open.is_empty() && !verdict.conflict,
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
        truth: trace.truth.clone(),
        trace,
    }
}
