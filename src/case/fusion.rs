//! Gene fusions: calls of tables and statements of reports in one record.

use serde::Serialize;

use crate::case::function::Function;
use crate::case::{Context, Repair};
use crate::source::Place;

/// What a call or statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The fusion was found.
    Detected,
    /// It was looked for and not found.
    NotDetected,
    /// The assay could not tell.
    Inconclusive,
    /// The assay gave no result.
    Failed,
    /// The result is awaited.
    Pending,
}

impl Status {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 5] = [
        (Self::Detected, "detected"),
        (Self::NotDetected, "not_detected"),
        (Self::Inconclusive, "inconclusive"),
        (Self::Failed, "failed"),
        (Self::Pending, "pending"),
    ];

    /// The value as written in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(status, _)| *status == self)
            .map_or("", |(_, name)| name)
    }
}

/// How sure it is which partner is 5'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// The format or the notation states it.
    Stated,
    /// It follows from the written order and the known 3' kinase.
    Inferred,
    /// Nothing tells.
    Unknown,
    /// Two signs contradict each other.
    Conflicting,
}

impl Orientation {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 4] = [
        (Self::Stated, "stated"),
        (Self::Inferred, "inferred"),
        (Self::Unknown, "unknown"),
        (Self::Conflicting, "conflicting"),
    ];
}

/// What the orientation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrientationFrom {
    /// The caller's 5' and 3' columns.
    Columns,
    /// `::` between the symbols (HGNC 2021).
    DoubleColon,
    /// The order of the pair as written in prose, 5' first by convention.
    WrittenOrder,
    /// The kinase was written first; it is the 3' partner of every known driver fusion.
    KinaseWrittenFirst,
    /// The strands of the genes and the side of each breakpoint that is kept.
    StrandAndBreakpoint,
    /// A text of the caller that names the pair in order: exons, or a named 5' and 3' partner.
    Annotation,
}

impl OrientationFrom {
    /// Every value with its name in JSON and in words.
    pub const ALL: [(Self, &str, &str); 6] = [
        (Self::Columns, "columns", "the caller's columns"),
        (Self::DoubleColon, "double_colon", "the double colon"),
        (Self::WrittenOrder, "written_order", "the order written"),
        (
            Self::KinaseWrittenFirst,
            "kinase_written_first",
            "the kinase written first",
        ),
        (
            Self::StrandAndBreakpoint,
            "strand_and_breakpoint",
            "strands and breakpoints",
        ),
        (Self::Annotation, "annotation", "the caller's annotation"),
    ];
}

/// Reading frame over the junction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// In frame.
    InFrame,
    /// Out of frame.
    OutOfFrame,
    /// A stop codon before the junction.
    StopBeforeJunction,
    /// The 5' partner gives no coding sequence, and that of the 3' partner is whole.
    FivePrimeUtrFullCds,
    /// The 5' partner has no coding sequence at the junction.
    NotCoding,
    /// It differs between transcripts of the partners.
    AmbiguousMultiTranscript,
}

impl Frame {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 6] = [
        (Self::InFrame, "in_frame"),
        (Self::OutOfFrame, "out_of_frame"),
        (Self::StopBeforeJunction, "stop_before_junction"),
        (Self::FivePrimeUtrFullCds, "five_prime_utr_full_cds"),
        (Self::NotCoding, "not_coding"),
        (Self::AmbiguousMultiTranscript, "ambiguous_multi_transcript"),
    ];

    /// Whether it says that the reading frame is kept, or that it is not; none where it leaves that open.
    #[must_use]
    pub fn kept(self) -> Option<bool> {
        match self {
            Self::InFrame => Some(true),
            Self::OutOfFrame | Self::StopBeforeJunction => Some(false),
            Self::FivePrimeUtrFullCds | Self::NotCoding | Self::AmbiguousMultiTranscript => None,
        }
    }
}

/// Whether the kinase domain of the 3' partner is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KinaseDomain {
    /// Kept.
    Retained,
    /// Broken or cut off.
    Lost,
    /// Nothing tells, or two signs contradict each other.
    Unknown,
}

impl KinaseDomain {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 3] = [
        (Self::Retained, "retained"),
        (Self::Lost, "lost"),
        (Self::Unknown, "unknown"),
    ];
}

/// The molecule that was sequenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// RNA.
    Rna,
    /// DNA.
    Dna,
    /// Chromosomes.
    Karyotype,
    /// Sequencing without saying of what, or nothing said.
    Unspecified,
}

impl Method {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 4] = [
        (Self::Rna, "rna"),
        (Self::Dna, "dna"),
        (Self::Karyotype, "karyotype"),
        (Self::Unspecified, "unspecified"),
    ];
}

/// The side of a breakpoint that is part of the fusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Lower coordinates.
    Lower,
    /// Higher coordinates.
    Higher,
}

impl Side {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 2] = [(Self::Lower, "lower"), (Self::Higher, "higher")];
}

/// The name in JSON of a value of one of the enums here.
#[must_use]
pub fn name_of<T: Copy + PartialEq>(all: &[(T, &'static str)], value: T) -> &'static str {
    all.iter()
        .find(|(one, _)| *one == value)
        .map_or("", |(_, name)| name)
}

/// A position on a chromosome, as the caller wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breakpoint {
    /// Chromosome without the `chr` prefix.
    pub chromosome: String,
    /// Position, 1-based.
    pub position: u64,
    /// Strand of the transcript, where given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strand: Option<char>,
    /// The side that is part of the fusion, where given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keeps: Option<Side>,
    /// Strand of the gene, where the caller gives it.
    #[serde(skip)]
    pub gene_strand: Option<char>,
}

impl Breakpoint {
    /// Reads `chr2:29223528`, `2:29223528` or `chr2:29223528:-`.
    ///
    /// ```
    /// use fusedx::case::fusion::Breakpoint;
    /// let b = Breakpoint::parse("chr2:29223528:-").unwrap();
    /// assert_eq!((b.chromosome.as_str(), b.position, b.strand), ("2", 29_223_528, Some('-')));
    /// assert_eq!(Breakpoint::parse("2:"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (chromosome, rest) = text.split_once(':')?;
        let chromosome = chromosome.strip_prefix("chr").unwrap_or(chromosome);
        let (position, strand) = rest.split_once(':').unwrap_or((rest, ""));
        let strand = match strand {
            "" | "." => None,
            "+" => Some('+'),
            "-" => Some('-'),
            _ => return None,
        };
        let position = position.parse().ok()?;
        (!chromosome.is_empty()).then(|| Self {
            chromosome: chromosome.to_owned(),
            position,
            strand,
            keeps: None,
            gene_strand: None,
        })
    }
}

/// Reads that support a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Support {
    /// Reads across the junction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<u64>,
    /// Read pairs with one mate on each side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spanning: Option<u64>,
    /// All supporting reads, where only a total is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// A value for each partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sides {
    /// Of the 5' partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub five_prime: Option<String>,
    /// Of the 3' partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub three_prime: Option<String>,
}

impl Sides {
    /// Whether neither is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.five_prime.is_none() && self.three_prime.is_none()
    }
}

/// One call or statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fusion {
    /// The call as written.
    pub as_written: String,
    /// The two partners in the order of the source, as written; none for a gene-level statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_reported: Option<[String; 2]>,
    /// Approved symbol of the 5' partner.
    pub five_prime: Option<String>,
    /// Approved symbol of the 3' partner.
    pub three_prime: Option<String>,
    /// How sure the order is; none for a gene-level statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation: Option<Orientation>,
    /// What the order rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation_from: Option<OrientationFrom>,
    /// The signs of the order that are not plain from the format: strands, sides, contradictions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orientation_because: Vec<String>,
    /// What is said.
    pub status: Status,
    /// The gene of a gene-level statement (`no ALK rearrangement`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gene: Option<String>,
    /// Breakpoints, in the order of `as_reported`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakpoints: Option<[Option<Breakpoint>; 2]>,
    /// Exons at the junction.
    #[serde(skip_serializing_if = "Sides::is_empty")]
    pub exons: Sides,
    /// Transcripts.
    #[serde(skip_serializing_if = "Sides::is_empty")]
    pub transcripts: Sides,
    /// Reading frame, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<Frame>,
    /// The caller's own word for the frame, also where it leaves the frame open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_as_written: Option<String>,
    /// Kinase domain of the 3' partner, where it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinase_domain: Option<KinaseDomain>,
    /// Two signs of the kinase domain contradict each other.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub kinase_domain_doubted: bool,
    /// The named variants of the fusion, as written: `1`, `3a`; two where the report leaves open which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The known symbol that an unknown one becomes when two neighbouring letters are exchanged. Asked
    /// back, never put in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misprint_of: Option<String>,
    /// Supporting reads.
    pub support: Support,
    /// The caller's own confidence, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
    /// The caller's filters and annotations on this call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// The caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// What was sequenced.
    pub method: Method,
    /// Sample id of a multi-sample table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// Whether it can drive the tumour, with the reasons; only where it names a kinase of the gene table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// The event this call is a member of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Another laboratory or another time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// A later part of the case replaces this statement.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
    /// Where it stands.
    pub source: Place,
    /// What was repaired to read it.
    pub repairs: Vec<Repair>,
    /// Which part of its report it is from.
    #[serde(skip)]
    pub version: u32,
    /// Approved symbols in the order of `as_reported`, whatever the order of the partners.
    #[serde(skip)]
    pub symbols: [Option<String>; 2],
    /// Exons at the junction in the order of `as_reported`.
    #[serde(skip)]
    pub reported_exons: [Option<String>; 2],
    /// Transcripts in the order of `as_reported`.
    #[serde(skip)]
    pub reported_transcripts: [Option<String>; 2],
    /// The breakpoints stand in an order of their own, not in that of the pair.
    #[serde(skip)]
    pub loose_breakpoints: bool,
}

impl Fusion {
    /// A record with nothing but a status.
    #[must_use]
    pub fn new(status: Status, source: Place) -> Self {
        Self::written_as(source.text.clone(), status, source)
    }

    /// As `new`, where the call is written otherwise than its place quotes it.
    #[must_use]
    pub fn written_as(as_written: String, status: Status, source: Place) -> Self {
        Self {
            as_written,
            as_reported: None,
            five_prime: None,
            three_prime: None,
            orientation: None,
            orientation_from: None,
            orientation_because: Vec::new(),
            status,
            gene: None,
            breakpoints: None,
            exons: Sides::default(),
            transcripts: Sides::default(),
            frame: None,
            frame_as_written: None,
            kinase_domain: None,
            kinase_domain_doubted: false,
            variant: None,
            misprint_of: None,
            support: Support::default(),
            confidence: None,
            filters: Vec::new(),
            caller: None,
            method: Method::Unspecified,
            sample: None,
            function: None,
            event: None,
            context: None,
            superseded: false,
            source,
            repairs: Vec::new(),
            version: 0,
            symbols: [None, None],
            reported_exons: [None, None],
            reported_transcripts: [None, None],
            loose_breakpoints: false,
        }
    }

    /// Whether it says something about the tumour as it is now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.superseded && self.context != Some(Context::Prior)
    }

    /// Whether it is known which partner is 5'.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        matches!(
            self.orientation,
            Some(Orientation::Stated | Orientation::Inferred)
        )
    }

    /// Whether it names this gene as a partner or as the gene of a gene-level statement.
    #[must_use]
    pub fn names(&self, gene: &str) -> bool {
        [&self.five_prime, &self.three_prime, &self.gene]
            .into_iter()
            .any(|g| g.as_deref() == Some(gene))
    }

    /// The side of `as_reported` and of the breakpoints that is the 3' partner; the second where nothing tells.
    #[must_use]
    pub fn three_prime_side(&self) -> usize {
        let own =
            |side: usize| self.three_prime.is_some() && self.symbols[side] == self.three_prime;
        usize::from(!own(0) || own(1))
    }

    /// The breakpoint in the 5' partner, and in the 3' partner.
    #[must_use]
    pub fn sided_breakpoints(&self) -> [Option<&Breakpoint>; 2] {
        let Some(breakpoints) = &self.breakpoints else {
            return [None, None];
        };
        let three = self.three_prime_side();
        [breakpoints[1 - three].as_ref(), breakpoints[three].as_ref()]
    }

    /// Symbols of the pair in the order it was reported: approved where they are read, as written where not.
    #[must_use]
    pub fn pair_as_reported(&self) -> Option<[&str; 2]> {
        match &self.as_reported {
            Some(written) => {
                let side = |i: usize| self.symbols[i].as_deref().unwrap_or(written[i].as_str());
                Some([side(0), side(1)])
            }
            None => Some([self.five_prime.as_deref()?, self.three_prime.as_deref()?]),
        }
    }

    /// The exons at the junction, 5' and 3', where both are given.
    #[must_use]
    pub fn exons_joined(&self) -> Option<(&str, &str)> {
        Some((
            self.exons.five_prime.as_deref()?,
            self.exons.three_prime.as_deref()?,
        ))
    }

    /// Whether a position, an exon or a transcript of the junction is given.
    #[must_use]
    pub fn has_junction(&self) -> bool {
        let point = self.breakpoints.iter().flatten().any(Option::is_some);
        point || !self.exons.is_empty() || self.reported_exons.iter().any(Option::is_some)
    }

    /// The pair in HGNC notation, or what is known of it: `IGFBP5::ALK`, `ALK`, `any fusion`.
    #[must_use]
    pub fn name(&self) -> String {
        match (
            &self.five_prime,
            &self.three_prime,
            &self.gene,
            &self.as_reported,
        ) {
            (Some(five), Some(three), _, _) => format!("{five}::{three}"),
            (_, _, Some(gene), _) => gene.clone(),
            (_, _, None, Some([a, b])) => {
                let side = |side: &str| if side.is_empty() { "?" } else { side }.to_owned();
                format!("{} / {}", side(a), side(b))
            }
            _ => "any fusion".to_owned(),
        }
    }
}
