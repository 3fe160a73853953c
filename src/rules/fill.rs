//! Texts of rules with the values of facts filled in.
//!
//! `{fusion ALK}` in a message or follow-up stands for what the report says of that fact, such as
//! `IGFBP5::ALK`. Only facts the rule asks about can be named, which is checked when the pack is
//! loaded.

use crate::case::{Case, fish, ihc};
use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::Trace;
use crate::rules::TraceKind;
use crate::rules::check::Checked;
use crate::rules::program::Program;
use crate::rules::tables::Row;
use crate::source::Place;

/// A text with places to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// Key of a fact, for example `ihc ALK`.
    Fact(String),
}

impl Template {
    /// Takes a text apart. A brace that is not closed stays as it is; the check reports it.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((key, behind)) = after.split_once('}') else {
                break;
            };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Fact(key.trim().to_owned()));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self(pieces)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Fact(key) => Some(key.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with the cells of a row.
    pub(crate) fn of_row(&self, row: &Row) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Fact(column) => row.values(column).join(", "),
            })
            .collect()
    }

    /// The text with what the rule saw of each fact.
    pub(crate) fn fill(&self, trace: &Trace, case: &Case) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Fact(key) => said(key, trace, case),
            })
            .collect()
    }
}

/// Reports placeholders that no fact of their rule can fill, and braces that are not closed.
pub(crate) fn check(checked: &Checked, program: &Program, out: &mut Vec<Diagnostic>) {
    for raw in checked.modules.iter().flat_map(|m| &m.rules) {
        let texts = raw.follow_up.iter().map(|f| &f.text).chain(&raw.message);
        let mut texts = texts.filter(|t| t.value.contains(['{', '}'])).peekable();
        if texts.peek().is_none() {
            continue;
        }
        let Some(rule) = program.rules.iter().find(|r| r.id == raw.id.value) else {
            continue;
        };
        let known = program.keys(&rule.when);
        let expected: Vec<&str> = known.iter().map(String::as_str).collect();
        for text in texts {
            let template = Template::parse(&text.value);
            for key in template.keys().filter(|k| !known.contains(*k)) {
                let mut diagnostic = Diagnostic::error(
                    Code::BadPlaceholder,
                    format!("rule `{}` asks for no fact `{key}`", raw.id.value),
                )
                .at(
                    text.place.clone(),
                    format!("expected one of: {}", expected.join(", ")),
                );
                if let Some(near) = near_name(key, expected.iter().copied()) {
                    diagnostic = diagnostic.help(format!("did you mean `{{{near}}}`?"));
                }
                out.push(diagnostic);
            }
            let pairs = template.keys().count();
            let braces = text.value.matches(['{', '}']).count();
            if braces != 2 * pairs {
                out.push(
                    Diagnostic::error(Code::BadPlaceholder, "a brace without its partner")
                        .at(text.place.clone(), "expected `{fact}`")
                        .help("braces stand only around the key of a fact, such as `{fusion ALK}`"),
                );
            }
        }
    }
}

/// What the report says of a fact, in a few words.
fn said(key: &str, trace: &Trace, case: &Case) -> String {
    let mut places: Vec<&Place> = Vec::new();
    trace.walk(&mut |t| {
        if matches!(&t.kind, TraceKind::Leaf(own) if **own == *key) {
            for fact in &t.facts {
                if !places.contains(&fact) {
                    places.push(fact);
                }
            }
        }
    });
    let mut values: Vec<String> = Vec::new();
    for place in places {
        let value = value(key, place, case).unwrap_or_else(|| place.text.trim().to_owned());
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.is_empty() {
        return format!("{key} (not on record)");
    }
    values.join(" and ")
}

fn value(key: &str, place: &Place, case: &Case) -> Option<String> {
    match key.split_once(' ')?.0 {
        "fusion" => {
            let fusion = case.fusions.iter().find(|f| f.source == *place)?;
            Some(fusion.name())
        }
        "ihc" => {
            let reading = case.ihc.iter().find(|r| r.source == *place)?;
            Some(stain(reading))
        }
        "fish" => {
            let result = case.fish.iter().find(|r| r.source == *place)?;
            let verdict = match result.status {
                fish::Status::Positive => "rearranged",
                fish::Status::Negative => "not rearranged",
                other => other.as_str(),
            };
            let percent = result.percent.map(|p| format!(" in {p} % of nuclei"));
            Some(format!("{verdict}{}", percent.unwrap_or_default()))
        }
        "variant" => {
            let variant = case.variants.iter().find(|v| v.source == *place)?;
            let change = variant.protein_change.as_deref();
            Some(change.map_or_else(|| variant.gene.clone(), |c| format!("{} {c}", variant.gene)))
        }
        _ => None,
    }
}

fn stain(reading: &ihc::Ihc) -> String {
    let percent = reading.percent.map(|[low, high]| {
        if low == high {
            format!(" {low} %")
        } else {
            format!(" {low} to {high} %")
        }
    });
    let clone = reading.clone.as_ref().map(|c| format!(" (clone {c})"));
    format!(
        "{}{}{}",
        reading.status.as_str().replace('_', " "),
        percent.unwrap_or_default(),
        clone.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::{Piece, Template};

    #[test]
    fn braces_name_facts() {
        let template = Template::parse("a {fusion ALK} b");
        assert_eq!(template.keys().collect::<Vec<_>>(), ["fusion ALK"]);
        assert_eq!(template.0[2], Piece::Text(" b".to_owned()));
        assert_eq!(Template::parse("no braces").keys().count(), 0);
        assert_eq!(Template::parse("{open").keys().count(), 0);
    }
}
