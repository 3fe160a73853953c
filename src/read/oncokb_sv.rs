//! Inputs of the OncoKB annotator with a column for each gene; no order is promised.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Layout, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "oncokb-sv",
    "OncoKB annotator input, structural variants",
    &LAYOUT,
);

static LAYOUT: Layout = Layout {
    caller: "OncoKB input",
    required: &["Tumor_Sample_Barcode", "GeneA", "GeneB"],
    pair: Pair::Columns("GeneA", "GeneB"),
    filters: &["Sv_Type"],
    sample: &["Tumor_Sample_Barcode"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};
