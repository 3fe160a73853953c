//! `fusion: {...}`

use super::{GeneSet, Names, RowQuery, Take, chosen, count, genes, plain, row_query, take};
use crate::case::function;
use crate::case::fusion::{Frame, KinaseDomain, Method, Orientation, Status};
use crate::yaml::{Decoder, Fields, Node};

/// Which fusion is asked for, by its genes, and what it must be like.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FusionTest {
    pub(crate) gene: Option<GeneSet>,
    pub(crate) five_prime: Option<GeneSet>,
    pub(crate) three_prime: Option<GeneSet>,
    pub(crate) partner: Option<GeneSet>,
    pub(crate) pair_in: Option<RowQuery>,
    pub(crate) marks: FusionMarks,
}

/// What a fusion must be like beside its genes; an empty list asks nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FusionMarks {
    pub(crate) is: Vec<Status>,
    pub(crate) frame: Vec<Frame>,
    pub(crate) kinase_domain: Vec<KinaseDomain>,
    pub(crate) orientation: Vec<Orientation>,
    pub(crate) method: Vec<Method>,
    pub(crate) function: Vec<function::Value>,
    pub(crate) confidence: Vec<String>,
    /// One of these filters or annotations of the caller.
    pub(crate) filters: Vec<String>,
    /// None of these.
    pub(crate) without_filters: Vec<String>,
    pub(crate) caller: Vec<String>,
    /// Exons of the 3' partner at the junction, and of the 5' partner.
    pub(crate) exon: Vec<String>,
    pub(crate) five_prime_exon: Vec<String>,
    /// A transcript of either partner.
    pub(crate) transcript: Vec<String>,
    pub(crate) support_at_least: Option<u32>,
    /// So many callers report the same pair.
    pub(crate) callers_at_least: Option<u32>,
    /// So many different pairs.
    pub(crate) distinct_at_least: Option<u32>,
    /// So many junctions of one pair, told apart by exons, transcripts or breakpoints.
    pub(crate) variants_at_least: Option<u32>,
    pub(crate) kinase_written_first: Option<bool>,
    /// A symbol had to be repaired to be read.
    pub(crate) repaired: Option<bool>,
    /// A symbol is not known and becomes one when two neighbouring letters are exchanged.
    pub(crate) misprint: Option<bool>,
    /// One of the two was reported under one of these names.
    pub(crate) reported_as: Vec<String>,
    pub(crate) take: Take,
    pub(crate) doubt_if: Doubt,
}

/// Marks of a call that make an answer unknown instead of true.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Doubt {
    pub(crate) frame: Vec<Frame>,
    pub(crate) kinase_domain: Vec<KinaseDomain>,
    pub(crate) function: Vec<function::Value>,
    pub(crate) confidence: Vec<String>,
    pub(crate) filters: Vec<String>,
    pub(crate) support_below: Option<u32>,
}

const ORIENTATIONS: [(Orientation, &str); 4] = [
    (Orientation::Stated, "stated"),
    (Orientation::Inferred, "inferred"),
    (Orientation::Unknown, "unknown"),
    (Orientation::Conflicting, "conflicting"),
];

pub(super) fn decode(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<FusionTest> {
    let mut f = d.fields(node, "`fusion`")?;
    let test = FusionTest {
        gene: genes(d, &mut f, "gene", "gene_in", names),
        five_prime: genes(d, &mut f, "five_prime", "five_prime_in", names),
        three_prime: genes(d, &mut f, "three_prime", "three_prime_in", names),
        partner: genes(d, &mut f, "partner", "partner_in", names),
        pair_in: f.take("pair_in").and_then(|n| row_query(d, n)),
        marks: marks(d, &mut f),
    };
    f.finish(d);
    Some(test)
}

fn marks(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> FusionMarks {
    let mut is = chosen(d, f, "is", &Status::ALL);
    if is.is_empty() {
        is.push(Status::Detected);
    }
    FusionMarks {
        is,
        frame: chosen(d, f, "frame", &Frame::ALL),
        kinase_domain: chosen(d, f, "kinase_domain", &KinaseDomain::ALL),
        orientation: chosen(d, f, "orientation", &ORIENTATIONS),
        method: chosen(d, f, "method", &Method::ALL),
        function: chosen(d, f, "function", &function::Value::ALL),
        confidence: plain(f.texts(d, "confidence")),
        filters: plain(f.texts(d, "filters")),
        without_filters: plain(f.texts(d, "without_filters")),
        caller: plain(f.texts(d, "caller")),
        exon: plain(f.texts(d, "exon")),
        five_prime_exon: plain(f.texts(d, "five_prime_exon")),
        transcript: plain(f.texts(d, "transcript")),
        support_at_least: count(d, f, "support_at_least"),
        callers_at_least: count(d, f, "callers_at_least"),
        distinct_at_least: count(d, f, "distinct_at_least"),
        variants_at_least: count(d, f, "variants_at_least"),
        kinase_written_first: f
            .take("kinase_written_first")
            .and_then(|n| d.boolean(n))
            .map(|s| s.value),
        repaired: f
            .take("repaired")
            .and_then(|n| d.boolean(n))
            .map(|s| s.value),
        misprint: f
            .take("misprint")
            .and_then(|n| d.boolean(n))
            .map(|s| s.value),
        reported_as: plain(f.texts(d, "reported_as")),
        take: take(d, f),
        doubt_if: doubt(d, f),
    }
}

fn doubt(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Doubt {
    let Some(mut f) = f.take("doubt_if").and_then(|n| d.fields(n, "`doubt_if`")) else {
        return Doubt::default();
    };
    let doubt = Doubt {
        frame: chosen(d, &mut f, "frame", &Frame::ALL),
        kinase_domain: chosen(d, &mut f, "kinase_domain", &KinaseDomain::ALL),
        function: chosen(d, &mut f, "function", &function::Value::ALL),
        confidence: plain(f.texts(d, "confidence")),
        filters: plain(f.texts(d, "filters")),
        support_below: count(d, &mut f, "support_below"),
    };
    f.finish(d);
    doubt
}
