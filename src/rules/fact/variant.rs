//! `variant: {...}`

use super::{
    Bounds, GeneSet, Names, RowQuery, Take, chosen, either, genes, percents, row_query, take,
};
use crate::case::percent::Percent;
use crate::case::variant::Status;
use crate::yaml::{Decoder, Node};

/// Protein changes, by name or by the `change` column of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ChangeSet {
    Named(Vec<String>),
    Rows(RowQuery),
}

/// `variant: {...}`, over sets as written or as resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VariantTest<G, C> {
    pub(crate) genes: G,
    /// Any variant of the gene without.
    pub(crate) changes: Option<C>,
    pub(crate) is: Vec<Status>,
    pub(crate) vaf: Bounds<Percent>,
    pub(crate) take: Take,
}

pub(super) fn decode(
    d: &mut Decoder<'_>,
    node: &Node,
    names: &mut Names,
) -> Option<VariantTest<GeneSet, ChangeSet>> {
    let mut f = d.fields(node, "`variant`")?;
    let genes = genes(d, &mut f, "gene", "gene_in", names);
    if genes.is_none() {
        f.need(d, "gene");
    }
    let by_name = f.take("change").map(|n| d.texts(n));
    let by_table = f.take("change_in").and_then(|n| row_query(d, n));
    let changes = match (by_name, by_table) {
        (Some(list), Some(_)) => {
            either(d, list.first(), "change", "change_in");
            None
        }
        (Some(list), None) => {
            let list = list.into_iter().map(|s| one_letter(&s.value)).collect();
            Some(ChangeSet::Named(list))
        }
        (None, rows) => rows.map(ChangeSet::Rows),
    };
    let mut is = chosen(d, &mut f, "is", &Status::ALL);
    if is.is_empty() {
        is.push(Status::Detected);
    }
    let vaf = percents(d, &mut f, "vaf_at_least", "vaf_below");
    let take = take(d, &mut f);
    f.finish(d);
    Some(VariantTest {
        genes: genes?,
        changes,
        is,
        vaf,
        take,
    })
}

/// `p.G1202R` as `G1202R`, the form of the case.
pub(crate) fn one_letter(change: &str) -> String {
    change.strip_prefix("p.").unwrap_or(change).to_owned()
}
