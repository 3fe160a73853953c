//! Laboratory values, lesions, responses, variants and morphology as structured facts.
//!
//! ```yaml
//! labs:
//!   - {analyte: neutrophils, value: 5.94, unit: 10^9/L, date: 2021-04-23}
//! measurements:
//!   - {kind: target, lesion: TL1, site: vaginal stump, mm: 42, date: 2021-04-20, baseline: true}
//!   - {kind: new, state: absent, date: 2021-10-25}
//! responses:
//!   - {category: PR, date: 2021-10-25}
//! variants:
//!   - {gene: ALK, change: G1202R, vaf: 12.3}
//! morphology: {plasma_cells: present, necrosis: absent}
//! ```

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{gene, known};
use crate::case::Case;
use crate::case::lab::{Kind as LabKind, Lab};
use crate::case::measurement::{Category, Kind, Measurement, State, StatedResponse};
use crate::case::morphology::{Morphology, Status as Seen};
use crate::case::percent::Percent;
use crate::case::variant::{Status, Variant};
use crate::narrative::lex::Lexed;
use crate::narrative::quantity;
use crate::narrative::variant_short_form;
use crate::vocab::{Figure, Naming, Vocab};
use crate::yaml::{Decoder, Fields, Node};

/// Takes the keys of this kind.
pub(super) fn take(d: &mut Decoder<'_>, f: &mut Fields<'_>, vocab: &Vocab, case: &mut Case) {
    if let Some(node) = f.take("labs") {
        for item in d.list(node) {
            case.labs.extend(lab(d, item, vocab));
        }
    }
    if let Some(node) = f.take("measurements") {
        for item in d.list(node) {
            match measurement(d, item) {
                Some(fact) if fact.mm.is_empty() => case.lesion_states.push(fact),
                Some(fact) => case.measurements.push(fact),
                None => {}
            }
        }
    }
    if let Some(node) = f.take("responses") {
        for item in d.list(node) {
            case.stated_responses.extend(response(d, item));
        }
    }
    if let Some(node) = f.take("variants") {
        for item in d.list(node) {
            case.variants.extend(variant(d, item, vocab));
        }
    }
    if let Some(node) = f.take("morphology") {
        let features = vocab.features();
        for (name, node) in d.named(node) {
            let feature = features.get(name.value.as_str()).copied();
            let feature = known(d, &name, "feature", feature, features.iter().copied());
            if let (Some(feature), Some(status)) = (feature, d.choice(node, &Seen::ALL)) {
                case.morphology.push(Morphology {
                    feature: feature.to_owned(),
                    as_written: name.value.clone(),
                    status: status.value,
                    per_10_hpf: None,
                    source: name.place,
                });
            }
        }
    }
}

/// A number that is exact.
fn decimal(d: &mut Decoder<'_>, node: &Node) -> Option<Decimal> {
    let text = d.text(node)?;
    let value = text.value.parse().ok();
    if value.is_none() {
        d.wrong_value(node, "a number such as 5.94", &[]);
    }
    value
}

pub(super) fn date(d: &mut Decoder<'_>, node: &Node) -> Option<Date> {
    let text = d.text(node)?;
    let value = text.value.parse().ok();
    if value.is_none() {
        d.wrong_value(node, "a date such as 2021-04-23", &[]);
    }
    value
}

fn lab(d: &mut Decoder<'_>, node: &Node, vocab: &Vocab) -> Option<Lab> {
    let mut f = d.fields(node, "a laboratory value")?;
    let name = f.need_text(d, "analyte");
    let value = f.need(d, "value").and_then(|n| decimal(d, n));
    let kind = f.take("kind").and_then(|n| d.choice(n, &LabKind::ALL));
    let unit = f.text(d, "unit");
    let flag = f
        .take("flag")
        .and_then(|n| d.choice(n, &[("H", "H"), ("L", "L")]));
    let day = f.take("date").and_then(|n| date(d, n));
    f.finish(d);
    let name = name?;
    let analyte = vocab.values().and_then(|values| {
        let index = values
            .figures(&name.value)
            .find_map(|figure| match figure {
                Figure::Analyte(index, naming) if *naming != Naming::Short => Some(*index),
                _ => None,
            })?;
        vocab.analytes().get(index)
    });
    let names = vocab.analytes().iter().map(|a| a.name.as_str());
    let analyte = known(d, &name, "analyte", analyte, names)?;
    let percent = unit.as_ref().is_some_and(|u| u.value.trim() == "%");
    let kind = kind.map_or(
        if percent {
            LabKind::Percent
        } else {
            LabKind::Absolute
        },
        |k| k.value,
    );
    let value = value?;
    let mut fact = Lab::new(&analyte.name, kind, value, d.place(node));
    fact.date = day;
    fact.flag = flag.map(|f| f.value.to_owned());
    if let (Some(unit), Some(values)) = (&unit, vocab.values()) {
        let lexed = Lexed::new(&unit.value, values);
        if let Ok((_, read)) = quantity::unit(lexed.view()) {
            fact.value_si = read
                .factor
                .filter(|_| kind == LabKind::Absolute && analyte.counts.is_some())
                .and_then(|factor| value.checked_mul(factor))
                .map(|v| v.normalize());
        }
    }
    fact.unit = unit.map(|u| u.value);
    Some(fact)
}

fn measurement(d: &mut Decoder<'_>, node: &Node) -> Option<Measurement> {
    let mut f = d.fields(node, "a measurement")?;
    let kind = f.need(d, "kind").and_then(|n| d.choice(n, &Kind::ALL));
    let mut mm = Vec::new();
    if let Some(node) = f.take("mm") {
        for item in d.one_or_more(node) {
            mm.extend(decimal(d, item));
        }
    }
    let state = f.take("state").and_then(|n| d.choice(n, &State::ALL));
    let lesion = f.text(d, "lesion");
    let site = f.text(d, "site");
    let baseline = f.take("baseline").and_then(|n| d.boolean(n));
    let day = f.take("date").and_then(|n| date(d, n));
    f.finish(d);
    if mm.is_empty() && state.is_none() {
        d.wrong_value(node, "`mm` or `state`", &[]);
        return None;
    }
    let mut fact = Measurement::new(kind?.value, mm, d.place(node));
    fact.state = state.map(|s| s.value);
    fact.lesion = lesion.map(|s| s.value);
    fact.site = site.map(|s| s.value);
    fact.baseline = baseline.is_some_and(|b| b.value);
    fact.date = day;
    Some(fact)
}

fn response(d: &mut Decoder<'_>, node: &Node) -> Option<StatedResponse> {
    let mut f = d.fields(node, "a response")?;
    let category = f
        .need(d, "category")
        .and_then(|n| d.choice(n, &Category::ALL));
    let day = f.take("date").and_then(|n| date(d, n));
    f.finish(d);
    let category = category?;
    Some(StatedResponse {
        category: Some(category.value),
        as_written: category.place.text.clone(),
        decrease_percent: None,
        date: day,
        context: None,
        source: category.place,
    })
}

fn variant(d: &mut Decoder<'_>, node: &Node, vocab: &Vocab) -> Option<Variant> {
    let mut f = d.fields(node, "a variant")?;
    let name = f.need_text(d, "gene");
    let change = f.text(d, "change");
    let status = f.take("status").and_then(|n| d.choice(n, &Status::ALL));
    let vaf = f.take("vaf").and_then(|n| {
        let text = d.text(n)?;
        let percent = Percent::parse(&text.value);
        if percent.is_none() {
            d.wrong_value(n, "a percentage such as 12.3", &[]);
        }
        percent
    });
    let day = f.take("date").and_then(|n| date(d, n));
    f.finish(d);
    let gene = gene(d, &name?, vocab)?;
    let mut fact = Variant::new(
        &gene,
        status.map_or(Status::Detected, |s| s.value),
        d.place(node),
    );
    fact.protein_change = change.map(|c| variant_short_form(c.value.trim_start_matches("p.")));
    fact.vaf = vaf;
    fact.date = day;
    Some(fact)
}
