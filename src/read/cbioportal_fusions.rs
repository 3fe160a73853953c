//! The old cBioPortal fusion file: the pair in free text, in no order.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Layout, Pair};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "cbioportal-fusions-old",
    "cBioPortal data_fusions (superseded by data_sv)",
    &LAYOUT,
);

static LAYOUT: Layout = Layout {
    caller: "cBioPortal",
    required: &[
        "Hugo_Symbol",
        "Fusion",
        "DNA_support",
        "RNA_support",
        "Frame",
    ],
    pair: Pair::Joined("Fusion", &["::", "--", "-", "/"]),
    frame: &["Frame"],
    sample: &["Tumor_Sample_Barcode"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};
