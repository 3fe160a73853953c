//! Inputs of the OncoKB annotator with a column for each gene; no order is promised.

use crate::case::fusion::Method;
use crate::read::layout::{Layout, Pair, first_of};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "oncokb-sv",
    "OncoKB annotator input, structural variants",
    detect,
    read,
)
.with_rows_alone();

/// The names the annotator takes for the genes, in any letter case.
const GENE_A: &str = "GeneA|SITE1_GENE|GENE1|SITE1_HUGO_SYMBOL";
const GENE_B: &str = "GeneB|SITE2_GENE|GENE2|SITE2_HUGO_SYMBOL";

const CLASS: &str = "SV_TYPE|SV_CLASS_NAME|CLASS";

static LAYOUT: Layout<'_> = Layout {
    required: &["Tumor_Sample_Barcode", GENE_A, GENE_B],
    ..BOTH
};

/// The other name of the sample, which many tables have: the class of the event tells.
static SAMPLES: Layout<'_> = Layout {
    required: &["SAMPLE_ID", GENE_A, GENE_B, CLASS],
    absent: &["Site1_Hugo_Symbol", "Breakpoint1", "Gene_A_Breakpoint"],
    ..BOTH
};

/// What both share.
const BOTH: Layout<'_> = Layout {
    caller: "OncoKB input",
    pair: Pair::Columns(GENE_A, GENE_B),
    filters: &[CLASS],
    sample: &["Tumor_Sample_Barcode|SAMPLE_ID"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};

fn layout(source: &Source) -> Option<(&'static Layout<'static>, Evidence)> {
    first_of(&[&LAYOUT, &SAMPLES], source)
}

fn detect(source: &Source) -> Option<Evidence> {
    layout(source).map(|(_, evidence)| evidence)
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    layout(source).map_or_else(Reading::default, |(layout, _)| layout.read(source, vocab))
}
