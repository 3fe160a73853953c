//! Decodes `kind: rules`: decisions, findings and rules.

use super::test::test;
use super::{
    GRADES, Hit, RawDecision, RawEquivalent, RawFinding, RawFollowUp, RawModule, RawRule, RawTest,
};
use crate::diag::{Code, Diagnostic};
use crate::rules::condition::RawCondition;
use crate::rules::fact::row_query;
use crate::yaml::{Decoder, Fields, Node, Spanned};

const HITS: [(Hit, &str); 3] = [
    (Hit::Unique, "unique"),
    (Hit::Priority, "priority"),
    (Hit::Collect, "collect"),
];

pub(super) fn module(d: &mut Decoder<'_>, mut f: Fields<'_>) -> Option<RawModule> {
    let name = f.need_text(d, "module");
    f.take("about");
    let uses = f.texts(d, "uses");
    let mut decisions = Vec::new();
    if let Some(node) = f.take("decisions") {
        for (name, node) in d.named(node) {
            decisions.extend(decision(d, name, node));
        }
    }
    let findings = findings(d, &mut f);
    let rules = f.take("rules").map(|n| rules(d, n)).unwrap_or_default();
    f.finish(d);
    Some(RawModule {
        name: name?.value,
        uses,
        decisions,
        findings,
        rules,
    })
}

/// `findings: {name: {title: ..., when: ...}}`
pub(super) fn findings(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Vec<RawFinding> {
    let mut findings = Vec::new();
    if let Some(node) = f.take("findings") {
        for (name, node) in d.named(node) {
            findings.extend(finding(d, name, node));
        }
    }
    findings
}

/// A list of rules.
pub(super) fn rules(d: &mut Decoder<'_>, node: &Node) -> Vec<RawRule> {
    let items = d.list(node);
    items.iter().filter_map(|item| rule(d, item)).collect()
}

fn decision(d: &mut Decoder<'_>, name: Spanned<String>, node: &Node) -> Option<RawDecision> {
    let mut f = d.fields(node, "a decision")?;
    let hit = f.need(d, "hit").and_then(|n| d.choice(n, &HITS));
    let mut titles = Vec::new();
    if let Some(node) = f.take("titles") {
        for (value, title) in d.named(node) {
            titles.extend(d.text(title).map(|title| (value, title.value)));
        }
    }
    let values = f.need(d, "values").map(|n| d.texts(n)).unwrap_or_default();
    let default = f.need_text(d, "default");
    f.finish(d);
    Some(RawDecision {
        name,
        hit: hit?.value,
        values,
        titles,
        default: default?,
    })
}

fn finding(d: &mut Decoder<'_>, name: Spanned<String>, node: &Node) -> Option<RawFinding> {
    let mut f = d.fields(node, "a finding")?;
    let title = f.need_text(d, "title");
    let when = f.need(d, "when").and_then(|n| RawCondition::decode(d, n));
    f.finish(d);
    Some(RawFinding {
        name,
        title: title?.value,
        when: when?,
    })
}

fn rule(d: &mut Decoder<'_>, node: &Node) -> Option<RawRule> {
    let id = node
        .get("id")
        .filter(|_| node.kind() == "a mapping")
        .and_then(|n| d.text(n));
    let what = id
        .as_ref()
        .map_or_else(|| "a rule".to_owned(), |id| format!("rule `{}`", id.value));
    let mut f = d.fields(node, &what)?;
    f.need(d, "id");
    let title = f.need_text(d, "title");
    let revision = f.take("revision").and_then(|n| d.number(n));
    let changed = f.text(d, "changed");
    let when = f.need(d, "when").and_then(|n| RawCondition::decode(d, n));
    let conclude = f.take("conclude").and_then(|n| {
        let (decision, value) =
            d.single(n, "one decision and its value, such as `{dx: imt_alk}`")?;
        Some((decision, d.text(value)?))
    });
    let flag = f.text(d, "flag");
    let message = f.text(d, "message");
    let grade = f.take("grade").map(|n| d.choice(n, &GRADES));
    let tier = f.text(d, "tier");
    if grade.is_none() && tier.is_none() {
        f.need(d, "grade");
    }
    let cite = f.texts(d, "cite");
    let therapy = f.take("therapy").and_then(|n| row_query(d, n));
    let follow_up = follow_up(d, &mut f);
    f.take("notes");
    let mut equivalent = Vec::new();
    for node in f.take("equivalent").map(|n| d.list(n)).unwrap_or_default() {
        equivalent.extend(equivalent_mutant(d, node));
    }
    let tests = tests(d, &mut f, id.as_ref());
    f.finish(d);
    if let (Some(message), None) = (&message, &flag) {
        d.report(
            Diagnostic::error(
                Code::WrongShape,
                format!("{what} has a `message` and no `flag`"),
            )
            .at(message.place.clone(), "a message is what a flag says"),
        );
    }
    Some(RawRule {
        id: id?,
        title: title?.value,
        revision: revision.map_or(1, |r| r.value),
        changed: changed.map(|c| c.value),
        when: when?,
        conclude,
        flag,
        message,
        grade: match grade {
            Some(grade) => Some(grade?.value),
            None => None,
        },
        tier,
        cite,
        therapy,
        follow_up,
        equivalent,
        tests,
    })
}

/// `tests: [...]` of a rule.
pub(super) fn tests(
    d: &mut Decoder<'_>,
    f: &mut Fields<'_>,
    rule: Option<&Spanned<String>>,
) -> Vec<RawTest> {
    let items = f.take("tests").map(|n| d.list(n)).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| test(d, item, rule))
        .collect()
}

/// `follow_up: [{act: ..., text: ...}]`
pub(super) fn follow_up(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Vec<RawFollowUp> {
    let items = f.take("follow_up").map(|n| d.list(n)).unwrap_or_default();
    items.iter().filter_map(|item| action(d, item)).collect()
}

fn action(d: &mut Decoder<'_>, node: &Node) -> Option<RawFollowUp> {
    let mut f = d.fields(node, "a follow-up")?;
    let act = f.need_text(d, "act");
    let text = f.need_text(d, "text");
    f.finish(d);
    Some(RawFollowUp {
        act: act?.value,
        text: text?,
    })
}

fn equivalent_mutant(d: &mut Decoder<'_>, node: &Node) -> Option<RawEquivalent> {
    let mut f = d.fields(node, "an equivalent mutant")?;
    let mutant = f.need_text(d, "mutant");
    let why = f.need_text(d, "why");
    f.finish(d);
    Some(RawEquivalent {
        mutant: mutant?,
        why: why?.value,
    })
}
