//! Inputs of the OncoKB annotator: a pair as text; no order is promised.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Layout, Pair};

/// The format.
pub(super) const FORMAT: Format =
    Format::table("oncokb", "OncoKB annotator input, fusions", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "OncoKB input",
    required: &["Tumor_Sample_Barcode", "Fusion"],
    absent: &["Hugo_Symbol"],
    pair: Pair::Text("Fusion"),
    sample: &["Tumor_Sample_Barcode"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};
