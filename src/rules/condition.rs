//! Conditions as written: operators over findings, decisions and facts.
//!
//! ```yaml
//! all:      [COND, ...]          # every one
//! any:      [COND, ...]          # at least one
//! none:     [COND, ...]          # not any
//! not:      COND
//! at_least: 2
//! of:       [COND, ...]
//! ref:      finding
//! decided:  {dx: imt_alk}
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
    Ref(Spanned<String>),
    Decided(Spanned<String>, Spanned<String>),
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

/// The operators that are not questions about facts.
const OPERATORS: &[&str] = &[
    "all",
    "any",
    "none",
    "not",
    "at_least",
    "ref",
    "decided",
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
                Some(Self::NoneOf(Self::several(d, argument)))
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
            "decided" => {
                lone(d);
                let (decision, value) = d.single(
                    argument,
                    "one decision and its value, such as `{dx: imt_alk}`",
                )?;
                Some(Self::Decided(decision, d.text(value)?))
            }
            "at_least" => Self::at_least(d, node),
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
            Self::Not(of)
            | Self::Known(of, _)
            | Self::Assume { of, .. }
            | Self::DoubtUnless { of, .. } => of.walk(visit),
            Self::Ref(_) | Self::Decided(..) | Self::Fact(_) => {}
        }
    }
}
