//! Conditions as written: operators over findings, decisions and facts.
//!
//! ```yaml
//! all:      [COND, ...]          # every one
//! any:      [COND, ...]          # at least one
//! none:     [COND, ...]          # not any
//! not:      COND
//! at_least: 2
//! of:       [COND, ...]
//! criteria: {major: [COND, ...], minor: [COND, ...], any_of: [{major: 1}, {minor: 3}]}
//! ref:      finding
//! decided:  {dx: imt_alk}
//! possible: {dx: imt_alk}        # only in invariants: reported, true or open
//! known:    COND                 # looks at ignorance itself; only in rules that raise a flag
//! assume:   COND                 # a default: what an unknown counts as, and why
//! when:     [not_tested]
//! is:       true
//! why:      text
//! doubt_unless: COND             # false counts as unknown: a contradiction goes to a person
//! why:      text
//! ```

use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::fact::{FACTS, RawFact};
use crate::rules::truth::Reason;
use crate::source::Place;
use crate::yaml::{Decoder, Node, Spanned, Value};

/// A condition with the places needed to report what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RawCondition {
    All(Vec<RawCondition>),
    Any(Vec<RawCondition>),
    NoneOf(Vec<RawCondition>),
    Not(Box<RawCondition>),
    AtLeast(u32, Vec<RawCondition>),
    Criteria(Box<RawCriteria>),
    Ref(Spanned<String>),
    Decided(Spanned<String>, Spanned<String>),
    Possible(Spanned<String>, Spanned<String>),
    Known(Box<RawCondition>, Place),
    Assume {
        of: Box<RawCondition>,
        when: Vec<Reason>,
        is: bool,
        why: String,
    },
    DoubtUnless {
        of: Box<RawCondition>,
        why: String,
    },
    Fact(Box<RawFact>),
}

/// Major and minor criteria, and how many of each are enough.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawCriteria {
    pub(crate) major: Vec<RawCondition>,
    pub(crate) minor: Vec<RawCondition>,
    /// Each a number of major and of minor criteria; 0 asks for none.
    pub(crate) any_of: Vec<(u32, u32)>,
}

/// The operators that are not questions about facts.
const OPERATORS: &[&str] = &[
    "all",
    "any",
    "none",
    "not",
    "at_least",
    "criteria",
    "ref",
    "decided",
    "possible",
    "known",
    "assume",
    "doubt_unless",
];

impl RawCondition {
    pub(crate) fn decode(d: &mut Decoder<'_>, node: &Node) -> Option<Self> {
        let Value::Mapping(entries) = &node.value else {
            d.fields(
                node,
                "a condition such as `{ihc: {marker: ALK, is: positive}}`",
            );
            return None;
        };
        let names: Vec<&str> = OPERATORS.iter().chain(FACTS).copied().collect();
        let operators: Vec<_> = entries
            .iter()
            .filter(|(k, _)| names.contains(&k.text.as_str()))
            .collect();
        let [(key, argument)] = operators.as_slice() else {
            if operators.is_empty() {
                Self::no_operator(d, node, &names);
            } else {
                let place = d.place(node);
                d.report(
                    Diagnostic::error(
                        Code::WrongShape,
                        "a condition has one operator, this one has several",
                    )
                    .at(place, "join them with `all:` or `any:`"),
                );
            }
            return None;
        };
        let lone = |d: &mut Decoder<'_>| {
            if let Some(mut fields) = d.fields(node, "a condition") {
                for name in &names {
                    if *name == key.text {
                        fields.take(name);
                    }
                }
                fields.finish(d);
            }
        };
        match key.text.as_str() {
            "all" => {
                lone(d);
                Some(Self::All(Self::several(d, argument)))
            }
            "any" => {
                lone(d);
                Some(Self::Any(Self::several(d, argument)))
            }
            "none" => {
                lone(d);
                let of = Self::several(d, argument);
                if of.len() == 1 {
                    let place = d.source.place(key.range.clone());
                    d.report(
                        Diagnostic::warning(Code::NoneOfOne, "`none` over one condition")
                            .at(place, "write `not` and take the brackets away"),
                    );
                }
                Some(Self::NoneOf(of))
            }
            "not" => {
                lone(d);
                Some(Self::Not(Box::new(Self::decode(d, argument)?)))
            }
            "known" => {
                lone(d);
                let place = d.place(node);
                Some(Self::Known(Box::new(Self::decode(d, argument)?), place))
            }
            "ref" => {
                lone(d);
                Some(Self::Ref(d.text(argument)?))
            }
            operator @ ("decided" | "possible") => {
                lone(d);
                let (decision, value) = d.single(
                    argument,
                    "one decision and its value, such as `{dx: imt_alk}`",
                )?;
                let value = d.text(value)?;
                Some(match operator {
                    "decided" => Self::Decided(decision, value),
                    _ => Self::Possible(decision, value),
                })
            }
            "at_least" => Self::at_least(d, node),
            "criteria" => {
                lone(d);
                Self::criteria(d, argument)
            }
            "assume" => Self::assume(d, node),
            "doubt_unless" => Self::doubt_unless(d, node),
            fact => {
                lone(d);
                Some(Self::Fact(Box::new(RawFact::decode(d, fact, argument)?)))
            }
        }
    }

    fn no_operator(d: &mut Decoder<'_>, node: &Node, names: &[&str]) {
        let first = d.named(node).into_iter().next();
        let (message, place) = match &first {
            Some((key, _)) => (
                format!("unknown operator `{}`", key.value),
                key.place.clone(),
            ),
            None => ("an empty condition".to_owned(), d.place(node)),
        };
        let mut diagnostic = Diagnostic::error(Code::UnknownKey, message)
            .at(place, format!("expected one of: {}", names.join(", ")));
        if let Some((key, _)) = &first
            && let Some(near) = near_name(&key.value, names.iter().copied())
        {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        d.report(diagnostic);
    }

    fn several(d: &mut Decoder<'_>, node: &Node) -> Vec<Self> {
        let items = d.list(node);
        if items.is_empty() {
            let place = d.place(node);
            d.report(
                Diagnostic::error(Code::WrongShape, "an empty list of conditions")
                    .at(place, "expected at least one condition"),
            );
        }
        items
            .iter()
            .filter_map(|item| Self::decode(d, item))
            .collect()
    }

    fn at_least(d: &mut Decoder<'_>, node: &Node) -> Option<Self> {
        let mut f = d.fields(node, "`at_least`")?;
        let n = f.need(d, "at_least").and_then(|n| d.number(n));
        let of = f.need(d, "of").map(|n| Self::several(d, n));
        f.finish(d);
        let (n, of) = (n?, of?);
        if n.value == 0 || n.value as usize > of.len() {
            d.report(
                Diagnostic::error(
                    Code::WrongShape,
                    format!("`at_least: {}` of {} conditions", n.value, of.len()),
                )
                .at(n.place, format!("expected a number from 1 to {}", of.len())),
            );
        }
        Some(Self::AtLeast(n.value, of))
    }

    fn criteria(d: &mut Decoder<'_>, node: &Node) -> Option<Self> {
        let mut f = d.fields(node, "`criteria`")?;
        let mut group = |d: &mut Decoder<'_>, key| f.take(key).map(|n| Self::several(d, n));
        let major = group(d, "major").unwrap_or_default();
        let minor = group(d, "minor").unwrap_or_default();
        let mut any_of = Vec::new();
        for node in f.need(d, "any_of").map(|n| d.list(n)).unwrap_or_default() {
            let Some(mut f) = d.fields(node, "one way to reach the criteria") else {
                continue;
            };
            let mut least = |d: &mut Decoder<'_>, key, of: usize| {
                let n = f.take(key).and_then(|n| d.number(n))?;
                if n.value as usize > of {
                    d.report(
                        Diagnostic::error(
                            Code::WrongShape,
                            format!("`{key}: {}` of {of} criteria", n.value),
                        )
                        .at(n.place, format!("expected a number up to {of}")),
                    );
                }
                Some(n.value)
            };
            let way = (
                least(d, "major", major.len()).unwrap_or_default(),
                least(d, "minor", minor.len()).unwrap_or_default(),
            );
            f.finish(d);
            if way == (0, 0) {
                let place = d.place(node);
                d.report(
                    Diagnostic::error(
                        Code::WrongShape,
                        "a way to reach the criteria that asks for none",
                    )
                    .at(place, "expected `{major: 1}`, `{minor: 3}` or both"),
                );
            }
            any_of.push(way);
        }
        f.finish(d);
        Some(Self::Criteria(Box::new(RawCriteria {
            major,
            minor,
            any_of,
        })))
    }

    fn assume(d: &mut Decoder<'_>, node: &Node) -> Option<Self> {
        let mut f = d.fields(node, "`assume`")?;
        let of = f.need(d, "assume").and_then(|n| Self::decode(d, n));
        let when = f
            .need(d, "when")
            .map(|n| d.choices(n, &Reason::ALL))
            .unwrap_or_default();
        let is = f.need(d, "is").and_then(|n| d.boolean(n));
        let why = f.need_text(d, "why");
        f.finish(d);
        Some(Self::Assume {
            of: Box::new(of?),
            when,
            is: is?.value,
            why: why?.value,
        })
    }

    fn doubt_unless(d: &mut Decoder<'_>, node: &Node) -> Option<Self> {
        let mut f = d.fields(node, "`doubt_unless`")?;
        let of = f.need(d, "doubt_unless").and_then(|n| Self::decode(d, n));
        let why = f.need_text(d, "why");
        f.finish(d);
        Some(Self::DoubtUnless {
            of: Box::new(of?),
            why: why?.value,
        })
    }

    /// Calls `visit` on this condition and everything in it.
    pub(crate) fn walk<'c>(&'c self, visit: &mut dyn FnMut(&'c Self)) {
        visit(self);
        match self {
            Self::All(of) | Self::Any(of) | Self::NoneOf(of) | Self::AtLeast(_, of) => {
                for condition in of {
                    condition.walk(visit);
                }
            }
            Self::Criteria(criteria) => {
                for condition in criteria.major.iter().chain(&criteria.minor) {
                    condition.walk(visit);
                }
            }
            Self::Not(of)
            | Self::Known(of, _)
            | Self::Assume { of, .. }
            | Self::DoubtUnless { of, .. } => of.walk(visit),
            Self::Ref(_) | Self::Decided(..) | Self::Possible(..) | Self::Fact(_) => {}
        }
    }
}
