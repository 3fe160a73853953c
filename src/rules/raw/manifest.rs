//! Decodes `kind: pack`.

use jiff::civil::Date;

use super::{RawCite, RawManifest};
use crate::diag::{Code, Diagnostic};
use crate::yaml::{Decoder, Fields, Node, Spanned};

pub(super) fn manifest(d: &mut Decoder<'_>, mut f: Fields<'_>) -> Option<RawManifest> {
    let name = f.need_text(d, "name");
    let version = f.need_text(d, "version");
    f.take("about");
    let engine = f.text(d, "engine");
    let include = f.need(d, "include").map(|n| d.texts(n)).unwrap_or_default();
    let mut vocabulary = Vec::new();
    if let Some(node) = f.take("vocabulary") {
        for (role, tables) in d.named(node) {
            vocabulary.push((role, d.texts(tables)));
        }
    }
    let labels = f.text(d, "labels");
    let safety = f.text(d, "safety");
    let tests = f.text(d, "tests");
    let guide = named_texts(d, &mut f, "guide");
    let flags = named_texts(d, &mut f, "flags");
    let tiers = named_texts(d, &mut f, "tiers");
    let locked = f.texts(d, "locked");
    let cites = cites(d, &mut f);
    f.finish(d);
    Some(RawManifest {
        name: name?,
        version: version?,
        engine,
        include,
        vocabulary,
        labels,
        safety,
        tests,
        guide,
        flags,
        tiers,
        locked,
        cites,
    })
}

/// Names of the author's choice, each with a text.
pub(super) fn named_texts(
    d: &mut Decoder<'_>,
    f: &mut Fields<'_>,
    key: &'static str,
) -> Vec<(Spanned<String>, Spanned<String>)> {
    let Some(node) = f.take(key) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (name, text) in d.named(node) {
        out.extend(d.text(text).map(|text| (name, text)));
    }
    out
}

/// `cites: {id: {title: ..., doi: ...}}`
pub(super) fn cites(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Vec<RawCite> {
    let Some(node) = f.take("cites") else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (id, node) in d.named(node) {
        out.extend(cite(d, id, node));
    }
    out
}

fn cite(d: &mut Decoder<'_>, id: Spanned<String>, node: &Node) -> Option<RawCite> {
    let mut f = d.fields(node, "a citation")?;
    let title = f.need_text(d, "title");
    let mut where_found = Vec::new();
    for key in ["doi", "pmid", "pmcid", "url"] {
        if let Some(text) = f.text(d, key) {
            where_found.push(format!("{key}:{}", text.value));
        }
    }
    let checked = f.take("checked").and_then(|n| checked(d, n));
    f.finish(d);
    let title = title?;
    if where_found.is_empty() {
        d.report(
            Diagnostic::error(
                Code::MissingKey,
                format!("citation `{}` cannot be found", id.value),
            )
            .at(id.place.clone(), "expected one of: doi, pmid, pmcid, url"),
        );
    }
    let checked = checked
        .map(|c| format!(" (checked {c})"))
        .unwrap_or_default();
    Some(RawCite {
        id,
        text: format!("{} {}{checked}", title.value, where_found.join(" ")),
    })
}

/// When somebody last compared the source with what the pack says: `2026-05` or `2026-05-14`.
fn checked(d: &mut Decoder<'_>, node: &Node) -> Option<String> {
    let text = d.text(node)?.value;
    let day = if text.len() == 7 {
        format!("{text}-01")
    } else {
        text.clone()
    };
    if day.parse::<Date>().is_err() {
        d.wrong_value(node, "a month or day such as 2026-05 or 2026-05-14", &[]);
        return None;
    }
    Some(text)
}
