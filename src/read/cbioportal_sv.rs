//! cBioPortal structural variants. Site 1 and 2 are in no order unless the connection type or an
//! annotation that names the pair in order says so.

use crate::case::fusion::Method;
use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table(
    "cbioportal-sv",
    "cBioPortal data_sv, and its columns as GENIE writes them",
    &LAYOUT,
);

static LAYOUT: Layout = Layout {
    caller: "cBioPortal",
    required: &["Site1_Hugo_Symbol", "Site2_Hugo_Symbol"],
    dialects: &[("Sample_Id", "data-sv"), ("", "genie")],
    pair: Pair::Columns("Site1_Hugo_Symbol", "Site2_Hugo_Symbol"),
    order: Order::Either("Connection_Type", &["5to3"], &["3to5"]),
    points: Points::Parts([
        ("Site1_Chromosome", "Site1_Position", ""),
        ("Site2_Chromosome", "Site2_Position", ""),
    ]),
    exons: ["Site1_Region_Number", "Site2_Region_Number"],
    regions: ["Site1_Region", "Site2_Region"],
    transcripts: ["Site1_Ensembl_Transcript_Id", "Site2_Ensembl_Transcript_Id"],
    annotations: &[
        "Annotation",
        "Event_Info",
        "Site1_Description",
        "Site2_Description",
    ],
    split: &["Tumor_Split_Read_Count"],
    spanning: &["Tumor_Paired_End_Read_Count"],
    total: &["Tumor_Variant_Count"],
    frame: &["Site2_Effect_On_Frame"],
    filters: &["SV_Status", "Class"],
    sample: &["Sample_Id", "SAMPLE_ID"],
    method: Method::Unspecified,
    ..Layout::PLAIN
};
