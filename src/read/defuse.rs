//! deFuse: one row a cluster, the genes in no order. `genomic_strand` is the strand on which the kept sequence lies
//! upstream of the break, `gene_strand` that of the gene; together they tell the 5' partner.

use crate::read::Format;
use crate::read::layout::{KeptSides, Layout, Pair, Points};

/// The format.
pub(super) const FORMAT: Format = Format::table("defuse", "deFuse results", &LAYOUT);

static LAYOUT: Layout<'_> = Layout {
    caller: "deFuse",
    required: &["cluster_id", "splitr_count", "gene_name1", "gene_name2"],
    pair: Pair::Columns("gene_name1", "gene_name2"),
    points: Points::Parts([
        ("gene_chromosome1", "genomic_break_pos1", ""),
        ("gene_chromosome2", "genomic_break_pos2", ""),
    ]),
    sides: KeptSides {
        columns: ["genomic_strand1", "genomic_strand2"],
        lower: "+",
        higher: "-",
    },
    gene_strands: ["gene_strand1", "gene_strand2"],
    split: &["splitr_count"],
    spanning: &["span_count"],
    sample: &["library_name"],
    ..Layout::PLAIN
};
