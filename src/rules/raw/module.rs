//! Decodes `kind: rules`: decisions, findings, rules and their inline tests.

use super::{FollowUp, GRADES, RawDecision, RawFinding, RawModule, RawRule, RawTest};
use crate::rules::condition::RawCondition;
use crate::rules::fact::row_query;
use crate::yaml::{Decoder, Fields, Node, Spanned};

const FIRES: [(&str, &str); 3] = [("true", "true"), ("false", "false"), ("unknown", "unknown")];

pub(super) fn module(d: &mut Decoder<'_>, mut f: Fields<'_>) -> Option<RawModule> {
    let name = f.need_text(d, "module");
    f.take("about");
    let mut decisions = Vec::new();
    if let Some(node) = f.take("decisions") {
        for (name, node) in d.named(node) {
            decisions.extend(decision(d, name, node));
        }
    }
    let mut findings = Vec::new();
    if let Some(node) = f.take("findings") {
        for (name, node) in d.named(node) {
            findings.extend(finding(d, name, node));
        }
    }
    let mut rules = Vec::new();
    if let Some(node) = f.take("rules") {
        for node in d.list(node) {
            rules.extend(rule(d, node));
        }
    }
    f.finish(d);
    Some(RawModule {
        name: name?,
        decisions,
        findings,
        rules,
    })
}

fn decision(d: &mut Decoder<'_>, name: Spanned<String>, node: &Node) -> Option<RawDecision> {
    let mut f = d.fields(node, "a decision")?;
    let hit = f
        .need(d, "hit")
        .and_then(|n| d.choice(n, &[((), "priority")]));
    let mut titles = Vec::new();
    if let Some(node) = f.take("titles") {
        for (value, title) in d.named(node) {
            titles.extend(d.text(title).map(|title| (value, title.value)));
        }
    }
    let values = f.need(d, "values").map(|n| d.texts(n)).unwrap_or_default();
    let default = f.need_text(d, "default");
    f.finish(d);
    let (_, default) = (hit?, default?);
    Some(RawDecision {
        name,
        values,
        titles,
        default,
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
    let when = f.need(d, "when").and_then(|n| RawCondition::decode(d, n));
    let conclude = f.take("conclude").and_then(|n| {
        let (decision, value) =
            d.single(n, "one decision and its value, such as `{dx: imt_alk}`")?;
        Some((decision, d.text(value)?))
    });
    let flag = f.text(d, "flag");
    let grade = f.need(d, "grade").and_then(|n| d.choice(n, &GRADES));
    let cite = f.texts(d, "cite");
    let therapy = f.take("therapy").and_then(|n| row_query(d, n));
    let mut follow_up = Vec::new();
    if let Some(node) = f.take("follow_up") {
        for item in d.list(node) {
            follow_up.extend(action(d, item));
        }
    }
    f.take("notes");
    let mut tests = Vec::new();
    if let Some(node) = f.take("tests") {
        for item in d.list(node) {
            tests.extend(test(d, item));
        }
    }
    f.finish(d);
    Some(RawRule {
        id: id?,
        title: title?.value,
        when: when?,
        conclude,
        flag,
        grade: grade?.value,
        cite,
        therapy,
        follow_up,
        tests,
    })
}

fn action(d: &mut Decoder<'_>, node: &Node) -> Option<FollowUp> {
    let mut f = d.fields(node, "a follow-up")?;
    let act = f.need_text(d, "act");
    let text = f.need_text(d, "text");
    f.finish(d);
    Some(FollowUp {
        act: act?.value,
        text: text?.value,
    })
}

fn test(d: &mut Decoder<'_>, node: &Node) -> Option<RawTest> {
    let mut f = d.fields(node, "a test")?;
    let name = f.need_text(d, "name");
    let given = f.need(d, "given");
    let expect = f.need(d, "expect");
    f.finish(d);
    let mut f = d.fields(given?, "`given`")?;
    let text = f.text(d, "text");
    let facts = f.take("facts").cloned();
    f.finish(d);
    let mut f = d.fields(expect?, "`expect`")?;
    let fires = f.take("fires").and_then(|n| d.choice(n, &FIRES));
    let missing = f.take("missing").map(|n| d.texts(n));
    let flags = f.texts(d, "flags");
    let absent_flags = f.texts(d, "absent_flags");
    let mut settled = Vec::new();
    if let Some(node) = f.take("settled") {
        for (decision, value) in d.named(node) {
            settled.extend(d.boolean(value).map(|v| (decision, v.value)));
        }
    }
    // Whatever else is there names a decision; that it exists is checked with the pack.
    let mut decisions = Vec::new();
    for (key, node) in f.rest() {
        let decision = Spanned {
            value: key.text.clone(),
            place: d.source.place(key.range.clone()),
        };
        decisions.extend(d.text(node).map(|value| (decision, value)));
    }
    Some(RawTest {
        name: name?,
        source: d.source.id(),
        text,
        facts,
        fires,
        missing,
        flags,
        absent_flags,
        settled,
        decisions,
    })
}
