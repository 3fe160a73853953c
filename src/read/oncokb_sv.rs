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

/// The names the annotator takes for the genes, in any letter case.
const GENE_A: &str = "GeneA|SITE1_GENE|GENE1|SITE1_HUGO_SYMBOL";
const GENE_B: &str = "GeneB|SITE2_GENE|GENE2|SITE2_HUGO_SYMBOL";

static LAYOUT: Layout<'_> = Layout {
    caller: "OncoKB input",
    required: &["Tumor_Sample_Barcode", GENE_A, GENE_B],
    pair: Pair::Columns(GENE_A, GENE_B),
    filters: &["SV_TYPE|SV_CLASS_NAME|CLASS"],
    sample: &["Tumor_Sample_Barcode"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};
