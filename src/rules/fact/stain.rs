//! `ihc: {...}`, `fish: {...}`, `disagreement: {...}`

use super::{Bounds, GeneSet, NameKind, Names, Take, count, genes, named, percents, take};
use crate::case::percent::Percent;
use crate::case::{fish, ihc};
use crate::yaml::{Decoder, Node};

/// `ihc: {...}`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IhcTest {
    pub(crate) marker: String,
    pub(crate) is: Vec<ihc::Status>,
    pub(crate) clone: Vec<String>,
    pub(crate) pattern: Vec<String>,
    pub(crate) extent: Vec<String>,
    pub(crate) intensity: Vec<String>,
    pub(crate) compartment: Vec<String>,
    /// Readings of these cells instead of the tumour's own.
    pub(crate) cells: Vec<String>,
    pub(crate) percent: Bounds<Percent>,
    pub(crate) take: Take,
}

/// `fish: {...}`, over a set of genes as written or as resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FishTest<G> {
    pub(crate) genes: G,
    pub(crate) is: Vec<fish::Status>,
    pub(crate) pattern: Vec<String>,
    pub(crate) percent: Bounds<Percent>,
    pub(crate) cells_at_least: Option<u32>,
    pub(crate) take: Take,
}

/// Whose results differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    Panels,
    /// Of one laboratory.
    Samples,
    Clones,
    Methods,
}

/// `disagreement: {between: ..., marker: ...}`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DisagreementTest {
    pub(crate) between: Between,
    /// Only these markers; all without any. Between methods: these genes.
    pub(crate) only: Vec<String>,
}

/// Results of FISH as rules and structured facts name them.
pub(crate) const FISH_STATUSES: [(fish::Status, &str); 6] = [
    (fish::Status::Positive, "rearranged"),
    (fish::Status::Negative, "not_rearranged"),
    (fish::Status::Equivocal, "equivocal"),
    (fish::Status::Pending, "pending"),
    (fish::Status::Failed, "failed"),
    (fish::Status::NotDone, "not_done"),
];

pub(super) fn ihc(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<IhcTest> {
    let statuses = ihc::Status::ALL.map(|s| (s, s.as_str()));
    let mut f = d.fields(node, "`ihc`")?;
    let marker = f.need_text(d, "marker");
    let is = f
        .need(d, "is")
        .map(|n| d.choices(n, &statuses))
        .unwrap_or_default();
    let clone = named(f.texts(d, "clone"), NameKind::Clone, names);
    let pattern = named(f.texts(d, "pattern"), NameKind::Pattern, names);
    let extent = named(f.texts(d, "extent"), NameKind::Extent, names);
    let intensity = named(f.texts(d, "intensity"), NameKind::Intensity, names);
    let compartment = named(f.texts(d, "compartment"), NameKind::Compartment, names);
    let cells = named(f.texts(d, "cells"), NameKind::Cells, names);
    let percent = percents(d, &mut f, "percent_at_least", "percent_below");
    let take = take(d, &mut f);
    f.finish(d);
    let marker = marker?;
    names.push((NameKind::Marker, marker.clone()));
    Some(IhcTest {
        marker: marker.value,
        is,
        clone,
        pattern,
        extent,
        intensity,
        compartment,
        cells,
        percent,
        take,
    })
}

pub(super) fn fish(
    d: &mut Decoder<'_>,
    node: &Node,
    names: &mut Names,
) -> Option<FishTest<GeneSet>> {
    let mut f = d.fields(node, "`fish`")?;
    let genes = genes(d, &mut f, "gene", "gene_in", names);
    let is = f
        .need(d, "is")
        .map(|n| d.choices(n, &FISH_STATUSES))
        .unwrap_or_default();
    if genes.is_none() {
        f.need(d, "gene");
    }
    let pattern = named(f.texts(d, "pattern"), NameKind::Signal, names);
    let percent = percents(d, &mut f, "percent_at_least", "percent_below");
    let cells_at_least = count(d, &mut f, "cells_at_least");
    let take = take(d, &mut f);
    f.finish(d);
    Some(FishTest {
        genes: genes?,
        is,
        pattern,
        percent,
        cells_at_least,
        take,
    })
}

pub(super) fn disagreement(
    d: &mut Decoder<'_>,
    node: &Node,
    names: &mut Names,
) -> Option<DisagreementTest> {
    let choices = [
        (Between::Panels, "panels"),
        (Between::Samples, "samples"),
        (Between::Clones, "clones"),
        (Between::Methods, "methods"),
    ];
    let mut f = d.fields(node, "`disagreement`")?;
    let between = f
        .need(d, "between")
        .and_then(|n| d.choice(n, &choices))
        .map(|s| s.value);
    // Stains are of markers, methods are compared for a gene.
    let only = match between {
        Some(Between::Methods) => named(f.texts(d, "gene"), NameKind::Gene, names),
        _ => named(f.texts(d, "marker"), NameKind::Marker, names),
    };
    f.finish(d);
    Some(DisagreementTest {
        between: between?,
        only,
    })
}
