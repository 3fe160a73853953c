//! Gene fusions: calls of tables and statements of reports in one record.

use serde::Serialize;

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
}

impl Frame {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 3] = [
        (Self::InFrame, "in_frame"),
        (Self::OutOfFrame, "out_of_frame"),
        (Self::StopBeforeJunction, "stop_before_junction"),
    ];
}

/// Whether the kinase domain of the 3' partner is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KinaseDomain {
    /// Kept.
    Retained,
    /// Broken or cut off.
    Lost,
}

impl KinaseDomain {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 2] = [(Self::Retained, "retained"), (Self::Lost, "lost")];
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
        let mut parts = text.split(':');
        let chromosome = parts.next()?;
        let chromosome = chromosome.strip_prefix("chr").unwrap_or(chromosome);
        let position = parts.next()?.parse().ok()?;
        let strand = match parts.next() {
            None | Some("" | ".") => None,
            Some("+") => Some('+'),
            Some("-") => Some('-'),
            Some(_) => return None,
        };
        (!chromosome.is_empty() && parts.next().is_none()).then(|| Self {
            chromosome: chromosome.to_owned(),
            position,
            strand,
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
    fn is_empty(&self) -> bool {
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
    /// What is said.
    pub status: Status,
    /// The gene of a gene-level statement (`no ALK rearrangement`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gene: Option<String>,
    /// Breakpoints, in the order 5', 3' when the order is known.
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
}

impl Fusion {
    /// A record with nothing but a status.
    #[must_use]
    pub fn new(status: Status, source: Place) -> Self {
        Self {
            as_written: source.text.clone(),
            as_reported: None,
            five_prime: None,
            three_prime: None,
            orientation: None,
            orientation_from: None,
            status,
            gene: None,
            breakpoints: None,
            exons: Sides::default(),
            transcripts: Sides::default(),
            frame: None,
            frame_as_written: None,
            kinase_domain: None,
            support: Support::default(),
            confidence: None,
            filters: Vec::new(),
            caller: None,
            method: Method::Unspecified,
            sample: None,
            context: None,
            superseded: false,
            source,
            repairs: Vec::new(),
            version: 0,
        }
    }

    /// Whether it says something about the tumour as it is now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.superseded && self.context != Some(Context::Prior)
    }

    /// Whether it names this gene as a partner or as the gene of a gene-level statement.
    #[must_use]
    pub fn names(&self, gene: &str) -> bool {
        [&self.five_prime, &self.three_prime, &self.gene]
            .into_iter()
            .any(|g| g.as_deref() == Some(gene))
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
