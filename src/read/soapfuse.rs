//! SOAPfuse: up is 5'; `inframe-shift` is in frame.

use crate::read::Format;
use crate::read::layout::{Layout, Order, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("soapfuse", "SOAPfuse fusion genes", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "SOAPfuse",
    required: &["up_gene", "dw_gene", "Span_reads_num", "Junc_reads_num"],
    pair: Pair::Columns("up_gene", "dw_gene"),
    order: Order::FivePrimeFirst,
    points: Points::Parts([
        ("up_chr", "up_Genome_pos", "up_strand"),
        ("dw_chr", "dw_Genome_pos", "dw_strand"),
    ]),
    split: &["Junc_reads_num"],
    spanning: &["Span_reads_num"],
    frame: &["down_fusion_part_frame-shift_or_not"],
    filters: &["Fusion_Type"],
    ..Layout::PLAIN
};
