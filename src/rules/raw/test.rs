//! Decodes tests: beside a rule, or in a file of `kind: cases`.

use super::{RawCases, RawTest};
use crate::diag::{Code, Diagnostic};
use crate::rules::fact::row_query;
use crate::yaml::{Decoder, Fields, Node, Spanned};

const FIRES: [(&str, &str); 3] = [("true", "true"), ("false", "false"), ("unknown", "unknown")];

pub(super) fn cases(d: &mut Decoder<'_>, mut f: Fields<'_>) -> Option<RawCases> {
    let name = f.need_text(d, "module");
    f.take("about");
    let items = f.need(d, "cases").map(|n| d.list(n)).unwrap_or_default();
    let tests = items
        .iter()
        .filter_map(|item| test(d, item, None))
        .collect();
    f.finish(d);
    Some(RawCases { name: name?, tests })
}

/// One test. Beside a rule `fires` and `missing` are of that rule; elsewhere they name their rules.
pub(super) fn test(
    d: &mut Decoder<'_>,
    node: &Node,
    rule: Option<&Spanned<String>>,
) -> Option<RawTest> {
    let mut f = d.fields(node, "a test")?;
    let name = f.need_text(d, "name");
    f.take("notes");
    let for_each = f.take("for_each").and_then(|n| row_query(d, n));
    let given = f.need(d, "given");
    let expect = f.need(d, "expect");
    f.finish(d);
    let mut f = d.fields(given?, "`given`")?;
    let text = f.text(d, "text");
    let facts = f.take("facts").cloned();
    f.finish(d);
    let mut f = d.fields(expect?, "`expect`")?;
    let mut fires = Vec::new();
    for (rule, node) in f
        .take("fires")
        .map(|n| of_rules(d, n, rule))
        .unwrap_or_default()
    {
        fires.extend(d.choice(node, &FIRES).map(|outcome| (rule, outcome)));
    }
    let mut missing = Vec::new();
    for (rule, node) in f
        .take("missing")
        .map(|n| of_rules(d, n, rule))
        .unwrap_or_default()
    {
        missing.push((rule, d.texts(node)));
    }
    let flags = f.texts(d, "flags");
    let absent_flags = f.texts(d, "absent_flags");
    let mut settled = Vec::new();
    if let Some(node) = f.take("settled") {
        for (decision, value) in d.named(node) {
            settled.extend(d.boolean(value).map(|v| (decision, v)));
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
    let decoded = RawTest {
        name: name?,
        source: d.source.id(),
        for_each,
        text,
        facts,
        fires,
        missing,
        flags,
        absent_flags,
        settled,
        decisions,
    };
    if decoded.expects_nothing() {
        d.report(
            Diagnostic::error(
                Code::BadTest,
                format!("test `{}` expects nothing", decoded.name.value),
            )
            .at(
                decoded.name.place.clone(),
                "expected `fires:`, a decision or `flags:`",
            ),
        );
    }
    Some(decoded)
}

/// What is said of the rule beside the test, or of rules by name.
fn of_rules<'n>(
    d: &mut Decoder<'_>,
    node: &'n Node,
    rule: Option<&Spanned<String>>,
) -> Vec<(Spanned<String>, &'n Node)> {
    match rule {
        Some(rule) => vec![(rule.clone(), node)],
        None => d.named(node),
    }
}

impl RawTest {
    fn expects_nothing(&self) -> bool {
        self.fires.is_empty()
            && self.missing.is_empty()
            && self.decisions.is_empty()
            && self.settled.is_empty()
            && self.flags.is_empty()
            && self.absent_flags.is_empty()
    }
}
