//! Decodes `kind: overlay`.

use super::manifest::{cites, named_texts};
use super::module::{findings, follow_up, rules, tests};
use super::{RawModule, RawOverlay, RawPatch, RawRetiredTest, RawRow, RawRows};
use crate::yaml::{Decoder, Fields, Node, Spanned};

pub(super) fn overlay(d: &mut Decoder<'_>, mut f: Fields<'_>) -> Option<RawOverlay> {
    let name = f.need_text(d, "module");
    f.take("about");
    let (mut pack, mut version) = (None, None);
    if let Some(node) = f.need(d, "extends")
        && let Some(mut f) = d.fields(node, "`extends`")
    {
        pack = f.need_text(d, "pack");
        version = f.text(d, "version");
        f.finish(d);
    }
    let mut tables = Vec::new();
    if let Some(node) = f.take("rows") {
        for (table, node) in d.named(node) {
            tables.extend(rows(d, table, node));
        }
    }
    let mut retire_tests = Vec::new();
    for node in f
        .take("retire_tests")
        .map(|n| d.list(n))
        .unwrap_or_default()
    {
        retire_tests.extend(retired_test(d, node));
    }
    let mut patches = Vec::new();
    let mut added = Vec::new();
    if let Some(node) = f.take("rules")
        && let Some(mut f) = d.fields(node, "`rules` of an overlay")
    {
        for node in f.take("patch").map(|n| d.list(n)).unwrap_or_default() {
            patches.extend(patch(d, node));
        }
        added = f.take("add").map(|n| rules(d, n)).unwrap_or_default();
        f.finish(d);
    }
    let findings = findings(d, &mut f);
    let flags = named_texts(d, &mut f, "flags");
    let cites = cites(d, &mut f);
    f.finish(d);
    let name = name?;
    Some(RawOverlay {
        pack: pack?,
        version,
        rows: tables,
        retire_tests,
        patches,
        module: RawModule {
            name: name.value.clone(),
            findings,
            rules: added,
            ..RawModule::default()
        },
        name,
        flags,
        cites,
    })
}

fn rows(d: &mut Decoder<'_>, table: Spanned<String>, node: &Node) -> Option<RawRows> {
    let mut f = d.fields(node, "rows of an overlay")?;
    let source = d.source.id();
    let added = f.take("add").map(|n| d.list(n)).unwrap_or_default();
    let add = added
        .iter()
        .map(|node| RawRow {
            source,
            node: node.clone(),
        })
        .collect();
    let mut retire = Vec::new();
    for node in f.take("retire").map(|n| d.list(n)).unwrap_or_default() {
        if let Some(mut f) = d.fields(node, "a retired row") {
            retire.extend(f.need_text(d, "key"));
            f.need_text(d, "why");
            f.finish(d);
        }
    }
    f.finish(d);
    Some(RawRows { table, add, retire })
}

fn retired_test(d: &mut Decoder<'_>, node: &Node) -> Option<RawRetiredTest> {
    let mut f = d.fields(node, "a retired test")?;
    let rule = f.need_text(d, "rule");
    let test = f.need_text(d, "test");
    f.need_text(d, "why");
    f.finish(d);
    Some(RawRetiredTest {
        rule: rule?,
        test: test?,
    })
}

fn patch(d: &mut Decoder<'_>, node: &Node) -> Option<RawPatch> {
    let mut f = d.fields(node, "a patch")?;
    let id = f.need_text(d, "id");
    let expect_revision = f.need(d, "expect_revision").and_then(|n| d.number(n));
    let disable = f
        .take("disable")
        .and_then(|n| d.boolean(n))
        .filter(|s| s.value)
        .map(|s| s.place);
    let mut additions = (Vec::new(), Vec::new(), Vec::new());
    if let Some(node) = f.take("append")
        && let Some(mut f) = d.fields(node, "`append`")
    {
        additions.0 = follow_up(d, &mut f);
        additions.1 = f.texts(d, "cite");
        additions.2 = tests(d, &mut f, id.as_ref());
        f.finish(d);
    }
    f.need_text(d, "why");
    f.finish(d);
    let (follow_up, cite, tests) = additions;
    Some(RawPatch {
        id: id?,
        expect_revision: expect_revision?,
        follow_up,
        cite,
        tests,
        disable,
    })
}
