//! Lays a laboratory's own additions over a pack, before anything is checked, so that what is checked
//! and tested is what will run.
//!
//! An overlay adds rows, rules, findings, flags and citations, appends follow-ups and citations to
//! rules, disables rules, retires rows and tests. It changes no condition and no conclusion of a base
//! rule. A locked rule keeps its tests and cannot be disabled.

use semver::{Version, VersionReq};

use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::load::RawPack;
use crate::rules::raw::{RawOverlay, RawPatch, RawRetiredTest, RawRule};
use crate::yaml::{Spanned, Value};

/// Applies one overlay; what does not fit the base pack is reported.
pub(crate) fn apply(overlay: RawOverlay, base: &mut RawPack, out: &mut Vec<Diagnostic>) {
    extends(&overlay, base, out);
    let locked: Vec<Spanned<String>> = base
        .manifest
        .iter()
        .flat_map(|m| m.locked.clone())
        .collect();
    for retired in &overlay.retire_tests {
        retire_test(retired, &locked, base, out);
    }
    for patch in overlay.patches {
        self::patch(patch, &locked, base, out);
    }
    for rows in overlay.rows {
        let names: Vec<String> = base.tables.iter().map(|t| t.name.value.clone()).collect();
        let Some(table) = base
            .tables
            .iter_mut()
            .find(|t| t.name.value == rows.table.value)
        else {
            out.push(missing(
                "table",
                &rows.table,
                names.iter().map(String::as_str),
            ));
            continue;
        };
        let key = table.key.as_ref().map(|k| k.value.clone());
        for retired in rows.retire {
            let Some(key) = &key else {
                out.push(
                    Diagnostic::error(
                        Code::UnknownReference,
                        format!("table `{}` has no key to retire a row by", table.name.value),
                    )
                    .at(retired.place, "this row"),
                );
                continue;
            };
            let cell = |node: &crate::yaml::Node| match node.get(key).map(|n| &n.value) {
                Some(Value::Scalar { text, .. }) => text.clone(),
                _ => String::new(),
            };
            let before = table.rows.len();
            let held: Vec<String> = table.rows.iter().map(|r| cell(&r.node)).collect();
            table.rows.retain(|row| cell(&row.node) != retired.value);
            if table.rows.len() == before {
                let held = held.iter().map(String::as_str);
                out.push(missing("row", &retired, held));
            }
        }
        table.rows.extend(rows.add);
    }
    if let Some(manifest) = &mut base.manifest {
        manifest.flags.extend(overlay.flags);
        manifest.cites.extend(overlay.cites);
    }
    base.modules.push(overlay.module);
    base.overlays.push(overlay.name.value);
}

fn extends(overlay: &RawOverlay, base: &RawPack, out: &mut Vec<Diagnostic>) {
    let Some(manifest) = &base.manifest else {
        return;
    };
    if overlay.pack.value != manifest.name.value {
        out.push(
            Diagnostic::error(
                Code::OverlayMismatch,
                format!(
                    "overlay `{}` is for the pack `{}`, this is `{}`",
                    overlay.name.value, overlay.pack.value, manifest.name.value
                ),
            )
            .at(overlay.pack.place.clone(), "extends this pack")
            .at(manifest.name.place.clone(), "the base pack"),
        );
    }
    let Some(wanted) = &overlay.version else {
        return;
    };
    // `1.2` stands for every 1.2.x.
    let Ok(range) = VersionReq::parse(&format!("~{}", wanted.value)) else {
        out.push(
            Diagnostic::error(
                Code::UnknownValue,
                format!("`{}` is no version", wanted.value),
            )
            .at(wanted.place.clone(), "expected a version such as \"1.2\""),
        );
        return;
    };
    let fits = Version::parse(&manifest.version.value).is_ok_and(|v| range.matches(&v));
    if !fits {
        out.push(
            Diagnostic::error(
                Code::OverlayMismatch,
                format!(
                    "overlay `{}` is for version {} of the base pack, this is {}",
                    overlay.name.value, wanted.value, manifest.version.value
                ),
            )
            .at(wanted.place.clone(), "extends this version")
            .at(manifest.version.place.clone(), "the base pack")
            .help("read what changed in the base pack, run `fusedx rules test --overlay`, then set the version"),
        );
    }
}

fn missing<'n>(
    what: &str,
    name: &Spanned<String>,
    known: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        Code::UnknownReference,
        format!("the base pack has no {what} `{}`", name.value),
    )
    .at(name.place.clone(), "not in the base pack");
    if let Some(near) = near_name(&name.value, known) {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    diagnostic
}

fn rule<'b>(
    base: &'b mut RawPack,
    id: &Spanned<String>,
    out: &mut Vec<Diagnostic>,
) -> Option<&'b mut RawRule> {
    let known = base.modules.iter().flat_map(|m| &m.rules);
    let ids: Vec<String> = known.map(|r| r.id.value.clone()).collect();
    let mut rules = base.modules.iter_mut().flat_map(|m| &mut m.rules);
    let found = rules.find(|r| r.id.value == id.value);
    if found.is_none() {
        out.push(missing("rule", id, ids.iter().map(String::as_str)));
    }
    found
}

fn lock<'l>(locked: &'l [Spanned<String>], id: &Spanned<String>) -> Option<&'l Spanned<String>> {
    locked.iter().find(|l| l.value == id.value)
}

fn retire_test(
    retired: &RawRetiredTest,
    locked: &[Spanned<String>],
    base: &mut RawPack,
    out: &mut Vec<Diagnostic>,
) {
    let Some(rule) = rule(base, &retired.rule, out) else {
        return;
    };
    if let Some(lock) = lock(locked, &retired.rule) {
        out.push(weakened(
            &format!("a test of the locked rule `{}` is retired", lock.value),
            retired.test.place.clone(),
            lock,
        ));
        return;
    }
    let before = rule.tests.len();
    let names: Vec<String> = rule.tests.iter().map(|t| t.name.value.clone()).collect();
    rule.tests.retain(|t| t.name.value != retired.test.value);
    if rule.tests.len() == before {
        out.push(missing(
            "test",
            &retired.test,
            names.iter().map(String::as_str),
        ));
    }
}

fn weakened(message: &str, at: crate::source::Place, lock: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(Code::Locked, message)
        .at(at, "an overlay may not weaken it")
        .at(lock.place.clone(), "locked here")
        .help("append to the rule, or raise it with the authors of the base pack")
}

fn patch(
    patch: RawPatch,
    locked: &[Spanned<String>],
    base: &mut RawPack,
    out: &mut Vec<Diagnostic>,
) {
    let Some(rule) = rule(base, &patch.id, out) else {
        return;
    };
    if patch.expect_revision.value != rule.revision {
        let changed = match &rule.changed {
            Some(changed) => format!("changed in revision {}: {changed}. ", rule.revision),
            None => String::new(),
        };
        out.push(
            Diagnostic::error(
                Code::RevisionMismatch,
                format!(
                    "overlay expects {} revision {}, base has revision {}",
                    patch.id.value, patch.expect_revision.value, rule.revision
                ),
            )
            .at(patch.expect_revision.place.clone(), "expected here")
            .at(rule.id.place.clone(), "the base rule")
            .help(format!(
                "{changed}Read the base rule, then set expect_revision: {}",
                rule.revision
            )),
        );
    }
    if let Some(place) = patch.disable {
        if let Some(lock) = lock(locked, &patch.id) {
            out.push(weakened(
                &format!("the locked rule `{}` is disabled", lock.value),
                place,
                lock,
            ));
            return;
        }
        let id = patch.id.value;
        for module in &mut base.modules {
            module.rules.retain(|r| r.id.value != id);
        }
        return;
    }
    rule.follow_up.extend(patch.follow_up);
    rule.cite.extend(patch.cite);
    rule.tests.extend(patch.tests);
}
