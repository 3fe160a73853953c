//! Evaluates a program over a case. Pure: the same case and program give the same assessment.
//!
//! Every condition is evaluated whole, without short cuts, into a [`Trace`]; the same traces serve
//! the answer, `why` and the tests of the pack, so they cannot disagree.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::rules::compile::{Condition, Program, Rule, Step};
use crate::rules::therapy::{Asked, Therapy};
use crate::rules::truth::{Reason, Truth};
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
}

/// The outcome of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Strong, moderate or weak.
    pub grade: &'static str,
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
    /// Strong, moderate or weak.
    pub grade: &'static str,
    /// Citations.
    pub cites: Vec<String>,
    /// The facts.
    pub sources: Vec<Place>,
}

/// A condition with its value, down to the facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The condition in words.
    pub words: String,
    /// What kind of node it is.
    pub kind: TraceKind,
    /// Its value.
    pub truth: Truth,
    /// The facts a leaf rests on.
    pub facts: Vec<Place>,
    /// The parts.
    pub children: Vec<Trace>,
}

/// What kind of condition a trace is of.
#[derive(Debug, Clone, PartialEq)]
pub enum TraceKind {
    /// A question about facts, with the key of the fact it asks for (`ihc ALK`).
    Leaf(String),
    /// A question about another decision.
    Decided,
    /// A named finding.
    Finding,
    /// `all`, `any`, `at_least`.
    Operator,
    /// `none`, `not`.
    Negation,
    /// `known`.
    Known,
    /// A default; the text says why, and `used` whether it was needed.
    Assumed {
        /// Why.
        why: String,
        /// Whether the value was unknown and the default was taken.
        used: bool,
    },
    /// A contradiction that lowers false to unknown.
    Doubted {
        /// Why, and what would resolve it.
        why: String,
        /// Whether the condition was false.
        used: bool,
    },
}

impl Trace {
    /// Calls `visit` on this trace and everything in it.
    pub fn walk<'t>(&'t self, visit: &mut dyn FnMut(&'t Self)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }

    /// The facts that make a condition what it is: those of true leaves when it is true, of false
    /// leaves when it is false.
    #[must_use]
    pub fn decisive_facts(&self) -> Vec<Place> {
        let mut facts: Vec<Place> = Vec::new();
        self.collect_decisive(&mut facts);
        facts
    }

    fn collect_decisive(&self, out: &mut Vec<Place>) {
        for fact in &self.facts {
            if !out.contains(fact) {
                out.push(fact.clone());
            }
        }
        for child in &self.children {
            // Under `not` and `none` a false part is what made the whole true.
            if !child.truth.is_unknown() {
                child.collect_decisive(out);
            }
        }
    }

    /// Keys of the unknown leaves the value depends on, sorted; empty when it is known.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let mut keys = BTreeSet::new();
        self.collect_missing(&mut keys);
        keys.into_iter().collect()
    }

    fn collect_missing(&self, out: &mut BTreeSet<String>) {
        // A default hides an unknown; a result would replace it.
        let assumed = matches!(self.kind, TraceKind::Assumed { used: true, .. });
        if !self.truth.is_unknown() && !assumed {
            return;
        }
        if let TraceKind::Leaf(key) = &self.kind {
            out.insert(key.clone());
        }
        for child in &self.children {
            child.collect_missing(out);
        }
    }

    /// Defaults that were used under this condition, where they mattered.
    fn assumptions(&self, out: &mut Vec<String>) {
        if let TraceKind::Assumed { why, used: true } = &self.kind
            && !out.contains(why)
        {
            out.push(why.clone());
        }
        for child in &self.children {
            // A part that does not make the whole what it is brings no default with it.
            let idle = match self.kind {
                TraceKind::Operator => child.truth != self.truth,
                TraceKind::Negation => child.truth == self.truth,
                _ => false,
            };
            if !idle {
                child.assumptions(out);
            }
        }
    }
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
    /// Truth of each value of each decision, and the value chosen.
    decided: Vec<Option<(Vec<Truth>, usize)>>,
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
        let chosen = truths
            .iter()
            .position(Truth::is_true)
            .unwrap_or(decision.default);
        self.decided[index] = Some((truths, chosen));
    }

    /// Higher values that may still become true. When nothing was concluded, every value is higher
    /// than the default.
    fn open(&self, index: usize) -> Vec<usize> {
        let Some((truths, chosen)) = &self.decided[index] else {
            return Vec::new();
        };
        let concluded = truths[*chosen].is_true();
        (0..truths.len())
            .filter(|value| truths[*value].is_unknown() && (!concluded || value < chosen))
            .collect()
    }

    fn trace(&self, condition: &Condition) -> Trace {
        match condition {
            Condition::All(of) => self.operator("all of", of, |t| Truth::all(t)),
            Condition::Any(of) => self.operator("any of", of, |t| Truth::any(t)),
            Condition::NoneOf(of) => Trace {
                kind: TraceKind::Negation,
                ..self.operator("none of", of, |t| Truth::any(t).negate())
            },
            Condition::AtLeast(n, of) => {
                self.operator(&format!("at least {n} of"), of, |t| Truth::at_least(*n, t))
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

    /// Whether a decision has this value: open while the value or a higher one is open.
    fn is_decided(&self, decision: usize, value: usize) -> Trace {
        let named = &self.program.decisions[decision];
        let open = self.open(decision);
        let truth = match &self.decided[decision] {
            Some((_, chosen)) if *chosen == value => Truth::True,
            Some(_) if open.contains(&value) => Truth::unknown(Reason::Unresolved),
            _ => Truth::False,
        };
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
            .map(|index| self.decided_value(index))
            .collect();
        let age = case.history.age.as_ref().map(|a| a.value);
        let mut flags = Vec::new();
        let mut therapy = Vec::new();
        let mut rules = Vec::new();
        for (rule, trace) in program.rules.iter().zip(std::mem::take(&mut self.rules)) {
            let Some(trace) = trace else { continue };
            if trace.truth.is_true() {
                flags.extend(rule.flag.as_ref().map(|code| raise(rule, code, &trace)));
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
                .is_some_and(|(_, chosen)| *chosen == value),
        }
    }

    fn decided_value(&self, index: usize) -> Decided {
        let decision = &self.program.decisions[index];
        let open = self.open(index);
        let (truths, chosen) = self.decided[index].clone().unwrap_or_default();
        let name = |value: &usize| decision.values[*value].clone();
        let value = decision.values[chosen].clone();
        let mut assumptions = Vec::new();
        let mut rules = Vec::new();
        for (rule, trace) in self.program.rules.iter().zip(&self.rules) {
            let Some(trace) = trace else { continue };
            if rule.conclude == Some((index, chosen)) && trace.truth.is_true() {
                rules.push(rule.id.clone());
                trace.assumptions(&mut assumptions);
            }
        }
        let also = (0..truths.len()).filter(|v| *v != chosen && truths[*v].is_true());
        Decided {
            name: decision.name.clone(),
            title: decision
                .titles
                .get(&value)
                .cloned()
                .unwrap_or_else(|| value.clone()),
            value,
            settled: open.is_empty(),
            also_true: also.map(|v| name(&v)).collect(),
            open: open.iter().map(name).collect(),
            rules,
            assumptions,
        }
    }
}

fn raise(rule: &Rule, code: &str, trace: &Trace) -> Flag {
    let actions: Vec<&str> = rule.follow_up.iter().map(|f| f.text.as_str()).collect();
    Flag {
        code: code.to_owned(),
        rule: rule.id.clone(),
        message: rule.title.clone(),
        action: actions.join(" "),
        grade: rule.grade,
        cites: rule.cite.clone(),
        sources: trace.decisive_facts(),
    }
}

fn outcome(program: &Program, rule: &Rule, trace: Trace) -> RuleOutcome {
    RuleOutcome {
        id: rule.id.clone(),
        title: rule.title.clone(),
        grade: rule.grade,
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
