//! Whether a kinase fusion can drive the tumour: points of a scale, each with its reason.
//!
//! The scale is a table of the pack (`function_scale`); here are only the conditions it can name. The evidence is
//! that of the whole case, so this runs when all inputs are merged: calls of the same product by other callers,
//! stains for the kinase and FISH count. "Frame unknown" is not "out of frame", and a missing value gives and takes
//! no point.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::case::fish::{self, Fish};
use crate::case::fusion::{Frame, Fusion, KinaseDomain, Method, Status};
use crate::case::history::{Diagnosis, Role};
use crate::case::ihc::{self, Ihc};
use crate::case::{Case, Context};
use crate::source::Place;
use crate::vocab::Vocab;

/// The judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// The evidence does not support a driver.
    NotSupported,
    /// Open.
    Unresolved,
    /// Likely a driver.
    LikelyFunctional,
    /// A driver by all that is known.
    Functional,
}

impl Value {
    /// Every value with its name in JSON, lowest first.
    pub const ALL: [(Self, &str); 4] = [
        (Self::NotSupported, "not_supported"),
        (Self::Unresolved, "unresolved"),
        (Self::LikelyFunctional, "likely_functional"),
        (Self::Functional, "functional"),
    ];

    /// The value as written in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        crate::case::fusion::name_of(&Self::ALL, self)
    }
}

/// A condition the scale can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The kinase is 3' and keeps its domain.
    KinaseDomainKept,
    /// In frame, and no caller of the same product says not.
    InFrame,
    /// The partner gives no coding sequence, and the kinase protein is there.
    NoFrameButProtein,
    /// Found in RNA.
    Rna,
    /// The partner is in the table of the kinase.
    PartnerKnown,
    /// The pair was seen in the tumour the report names.
    PartnerSameTumour,
    /// A stain with a named clone is positive.
    ProteinNamedClone,
    /// A stain without a named clone is positive.
    ProteinUnnamedClone,
    /// FISH shows the kinase rearranged.
    Fish,
    /// The kinase is the 5' partner.
    KinaseFivePrime,
    /// The domain is lost.
    KinaseDomainLost,
    /// Out of frame, and the stain is negative.
    OutOfFrameNoProtein,
    /// DNA alone, with the partner side between genes.
    DnaIntergenic,
}

impl Condition {
    /// Every condition with its name in the table.
    pub const ALL: [(Self, &str); 13] = [
        (Self::KinaseDomainKept, "kinase_domain_kept"),
        (Self::InFrame, "in_frame"),
        (Self::NoFrameButProtein, "no_frame_but_protein"),
        (Self::Rna, "rna"),
        (Self::PartnerKnown, "partner_known"),
        (Self::PartnerSameTumour, "partner_same_tumour"),
        (Self::ProteinNamedClone, "protein_named_clone"),
        (Self::ProteinUnnamedClone, "protein_unnamed_clone"),
        (Self::Fish, "fish"),
        (Self::KinaseFivePrime, "kinase_five_prime"),
        (Self::KinaseDomainLost, "kinase_domain_lost"),
        (Self::OutOfFrameNoProtein, "out_of_frame_no_protein"),
        (Self::DnaIntergenic, "dna_intergenic"),
    ];
}

/// A row of the scale that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Id of the row.
    pub id: String,
    /// Its points.
    pub points: i64,
    /// Why, with the evidence.
    pub because: String,
    /// Where the evidence stands, when it is another fact than the fusion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// Citations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<String>,
}

/// What the scale says of a fusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Function {
    /// The judgement.
    pub value: Value,
    /// Sum of the points.
    pub points: i64,
    /// Where the points come from.
    pub reasons: Vec<Reason>,
    /// What holds the judgement down, or is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What a call says of its product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Rna,
    Dna,
    OtherThanDna,
    InFrame,
    OutOfFrame,
    NoCoding,
    Junction,
    DomainKept,
    DomainLost,
}

/// What all calls of one product say together.
#[derive(Default)]
struct Product(BTreeSet<Sign>);

impl Product {
    fn has(&self, sign: Sign) -> bool {
        self.0.contains(&sign)
    }

    fn add(&mut self, fusion: &Fusion) {
        if fusion.method == Method::Rna {
            self.0.insert(Sign::Rna);
        }
        self.0.insert(if fusion.method == Method::Dna {
            Sign::Dna
        } else {
            Sign::OtherThanDna
        });
        self.0.extend(match fusion.frame {
            Some(Frame::InFrame) => Some(Sign::InFrame),
            Some(Frame::OutOfFrame | Frame::StopBeforeJunction) => Some(Sign::OutOfFrame),
            Some(Frame::FivePrimeUtrFullCds | Frame::NotCoding) => Some(Sign::NoCoding),
            Some(Frame::AmbiguousMultiTranscript) | None => None,
        });
        if fusion.has_junction() {
            self.0.insert(Sign::Junction);
        }
        self.0.extend(match fusion.kinase_domain {
            Some(KinaseDomain::Retained) => Some(Sign::DomainKept),
            Some(KinaseDomain::Lost) => Some(Sign::DomainLost),
            Some(KinaseDomain::Unknown) | None => None,
        });
    }
}

/// A product: its event, whether its order is sure, and its partners in order.
type Key<'f> = (Option<&'f str>, bool, Option<&'f str>, Option<&'f str>);

fn key(fusion: &Fusion) -> Key<'_> {
    (
        fusion.event.as_deref(),
        fusion.is_ordered(),
        fusion.five_prime.as_deref(),
        fusion.three_prime.as_deref(),
    )
}

/// Judges every current fusion that names a kinase of the gene table. Call when events are grouped.
pub fn judge(case: &mut Case, vocab: &Vocab) {
    if vocab.scale().is_empty() {
        return;
    }
    // Most calls of a table name no kinase, and no call of a kinase asks for their products.
    let of_kinases: Vec<(usize, &str)> = case
        .fusions
        .iter()
        .enumerate()
        .filter(|(_, fusion)| counts(fusion))
        .filter_map(|(index, fusion)| Some((index, kinase_of(fusion, vocab)?)))
        .collect();
    let mut products: BTreeMap<Key<'_>, Product> = BTreeMap::new();
    for (index, _) in &of_kinases {
        let fusion = &case.fusions[*index];
        products.entry(key(fusion)).or_default().add(fusion);
    }
    let others = Others::of(case, vocab);
    let judged: Vec<(usize, Function)> = of_kinases
        .iter()
        .filter_map(|(index, kinase)| {
            let (index, kinase) = (*index, *kinase);
            let fusion = &case.fusions[index];
            let product = products.get(&key(fusion))?;
            let evidence = Evidence {
                fusion,
                product,
                kinase,
                vocab,
                signs: others.kinases.get(kinase).copied().unwrap_or_default(),
                others: &others,
                reciprocal: products.contains_key(&(
                    fusion.event.as_deref(),
                    true,
                    fusion.three_prime.as_deref(),
                    fusion.five_prime.as_deref(),
                )),
            };
            Some((index, evidence.judge()))
        })
        .collect();
    for (index, function) in judged {
        case.fusions[index].function = Some(function);
    }
}

fn counts(fusion: &Fusion) -> bool {
    fusion.status == Status::Detected && fusion.is_current() && fusion.as_reported.is_some()
}

/// The kinase a fusion is about: the 3' partner, else the 5' partner, else one of a pair without an order.
fn kinase_of<'f>(fusion: &'f Fusion, vocab: &Vocab) -> Option<&'f str> {
    let is = |symbol: &&str| {
        vocab
            .gene(symbol)
            .is_some_and(|gene| gene.three_prime_kinase)
    };
    let pair = fusion.pair_as_reported().into_iter().flatten();
    [&fusion.three_prime, &fusion.five_prime]
        .into_iter()
        .filter_map(Option::as_deref)
        .chain(pair)
        .find(is)
}

struct Evidence<'a> {
    fusion: &'a Fusion,
    product: &'a Product,
    kinase: &'a str,
    vocab: &'a Vocab,
    signs: Signs<'a>,
    others: &'a Others<'a>,
    /// The reciprocal product was found too.
    reciprocal: bool,
}

impl Evidence<'_> {
    fn judge(&self) -> Function {
        let mut reasons = Vec::new();
        let mut points: i64 = 0;
        for row in self.vocab.scale() {
            let condition = Condition::ALL.iter().find(|(_, name)| *name == row.when);
            let held = condition.and_then(|(condition, _)| self.holds(*condition));
            let Some((detail, source)) = held else {
                continue;
            };
            points = points.saturating_add(row.points);
            reasons.push(Reason {
                id: row.id.clone(),
                points: row.points,
                because: if detail.is_empty() {
                    row.because.clone()
                } else {
                    format!("{}: {detail}", row.because)
                },
                source: source.cloned(),
                cites: row.cites.clone(),
            });
        }
        let reached = self
            .vocab
            .levels()
            .iter()
            .filter(|(_, at_least)| points >= *at_least)
            .filter_map(|(name, _)| Value::ALL.iter().find(|(_, n)| n == name))
            .map(|(value, _)| *value)
            .max();
        let mut value = reached.unwrap_or(Value::NotSupported);
        let mut notes = Vec::new();
        if !self.product.has(Sign::Junction) {
            value = value.min(Value::LikelyFunctional);
            notes.push("junction not reported".to_owned());
        }
        if self.ordered().is_none() {
            value = value.min(Value::Unresolved);
            notes.push("which partner is 5' is not known, or in doubt".to_owned());
        }
        if self.product.has(Sign::InFrame) && self.product.has(Sign::OutOfFrame) {
            notes.push("callers disagree on the reading frame".to_owned());
        }
        if self.fusion.kinase_domain_doubted
            || (self.product.has(Sign::DomainKept) && self.product.has(Sign::DomainLost))
        {
            value = value.min(Value::Unresolved);
            notes.push("signs of the kinase domain contradict each other".to_owned());
        }
        if self.ordered() == Some(0) {
            notes.push(if self.reciprocal {
                "reciprocal product: the other product of this event carries the kinase".to_owned()
            } else {
                "may be the reciprocal product of a fusion that was missed: test RNA or protein"
                    .to_owned()
            });
        }
        Function {
            value,
            points,
            reasons,
            notes,
        }
    }

    /// The side of the kinase, 0 for 5' and 1 for 3'; none where the order is not sure.
    fn ordered(&self) -> Option<usize> {
        if !self.fusion.is_ordered() {
            return None;
        }
        if self.fusion.three_prime.as_deref() == Some(self.kinase) {
            Some(1)
        } else if self.fusion.five_prime.as_deref() == Some(self.kinase) {
            Some(0)
        } else {
            None
        }
    }

    /// A diagnosis of the case that is the tumour of a table: `imt`, or with its site `uterine_imt`.
    fn diagnosis(&self, tumour: &str) -> Option<&Diagnosis> {
        let group = |name: &str| self.others.diagnoses.get(name).copied();
        group(tumour).or_else(|| group(tumour.split_once('_')?.1))
    }

    fn partner(&self) -> Option<&str> {
        let pair = self.fusion.pair_as_reported()?;
        pair.into_iter().find(|symbol| *symbol != self.kinase)
    }

    /// The evidence where a condition holds: in words, empty where the condition says it all, and the place of
    /// another fact.
    fn holds(&self, condition: Condition) -> Option<(String, Option<&Place>)> {
        let when = |holds: bool| holds.then(|| (String::new(), None));
        let known = || {
            let partners = &self.vocab.gene(self.kinase)?.partners;
            partners.get(self.partner()?)
        };
        let signs = self.signs;
        match condition {
            Condition::KinaseDomainKept => {
                let own = match self.fusion.kinase_domain {
                    Some(KinaseDomain::Retained) => true,
                    Some(KinaseDomain::Lost) => false,
                    Some(KinaseDomain::Unknown) | None => self.product.has(Sign::DomainKept),
                };
                when(
                    self.ordered() == Some(1)
                        && own
                        && !self.product.has(Sign::DomainLost)
                        && !self.fusion.kinase_domain_doubted,
                )
            }
            Condition::KinaseDomainLost => when(
                self.ordered() == Some(1)
                    && match self.fusion.kinase_domain {
                        Some(KinaseDomain::Lost) => true,
                        Some(KinaseDomain::Retained) => false,
                        Some(KinaseDomain::Unknown) | None => {
                            self.product.has(Sign::DomainLost)
                                && !self.product.has(Sign::DomainKept)
                        }
                    },
            ),
            Condition::KinaseFivePrime => when(self.ordered() == Some(0)),
            Condition::InFrame => {
                when(self.product.has(Sign::InFrame) && !self.product.has(Sign::OutOfFrame))
            }
            Condition::NoFrameButProtein => signs
                .positive
                .filter(|_| {
                    self.product.has(Sign::NoCoding)
                        && !self.product.has(Sign::InFrame)
                        && !self.product.has(Sign::OutOfFrame)
                })
                .map(stained),
            Condition::OutOfFrameNoProtein => signs
                .negative
                .filter(|_| {
                    self.product.has(Sign::OutOfFrame)
                        && !self.product.has(Sign::InFrame)
                        && signs.positive.is_none()
                })
                .map(stained),
            Condition::Rna => when(self.product.has(Sign::Rna)),
            Condition::PartnerKnown => {
                known().map(|_| (self.partner().unwrap_or_default().to_owned(), None))
            }
            Condition::PartnerSameTumour => {
                let mut seen = known()?.iter();
                seen.find_map(|tumour| self.diagnosis(tumour))
                    .map(|d| (d.label.clone(), Some(&d.source)))
            }
            Condition::ProteinNamedClone => signs.named_clone.map(stained),
            Condition::ProteinUnnamedClone => signs
                .positive
                .filter(|_| signs.named_clone.is_none())
                .map(stained),
            Condition::Fish => signs.fish.map(|f| (String::new(), Some(&f.source))),
            Condition::DnaIntergenic => {
                let pair = self.fusion.as_reported.as_ref()?;
                let between = pair.iter().any(|cell| {
                    cell.contains('(') || cell.is_empty() || cell.eq_ignore_ascii_case("intergenic")
                });
                when(
                    self.product.has(Sign::Dna) && !self.product.has(Sign::OtherThanDna) && between,
                )
            }
        }
    }
}

/// What stains and FISH say of a kinase: the first result of each kind.
#[derive(Default, Clone, Copy)]
struct Signs<'c> {
    positive: Option<&'c Ihc>,
    named_clone: Option<&'c Ihc>,
    negative: Option<&'c Ihc>,
    fish: Option<&'c Fish>,
}

/// The signs of the case that are no fusions, by kinase, and its diagnoses by group. A table of several samples tells
/// of several tumours, and a report beside it does not say which of them it is about: then there are none.
#[derive(Default)]
struct Others<'c> {
    kinases: BTreeMap<&'c str, Signs<'c>>,
    diagnoses: BTreeMap<&'c str, &'c Diagnosis>,
}

impl<'c> Others<'c> {
    fn of(case: &'c Case, vocab: &'c Vocab) -> Self {
        let mut out = Self::default();
        let samples: BTreeSet<&String> = case
            .fusions
            .iter()
            .filter_map(|f| f.sample.as_ref())
            .collect();
        if samples.len() > 1 {
            return out;
        }
        for reading in case.ihc.iter().filter(|reading| reading.is_current()) {
            let marker = vocab.marker_named(&reading.marker);
            let Some(gene) = marker.and_then(|marker| marker.gene.as_deref()) else {
                continue;
            };
            let signs = out.kinases.entry(gene).or_default();
            match reading.status {
                ihc::Status::Positive => {
                    signs.positive.get_or_insert(reading);
                    if reading.clone.is_some() {
                        signs.named_clone.get_or_insert(reading);
                    }
                }
                ihc::Status::Negative => {
                    signs.negative.get_or_insert(reading);
                }
                _ => {}
            }
        }
        for result in case.fish.iter().filter(|result| result.is_current()) {
            if result.status == fish::Status::Positive {
                let signs = out.kinases.entry(&result.gene).or_default();
                signs.fish.get_or_insert(result);
            }
        }
        for diagnosis in case.history.diagnoses.iter().filter(|d| speaks(d)) {
            out.diagnoses.entry(&diagnosis.group).or_insert(diagnosis);
        }
        out
    }
}

fn stained(reading: &Ihc) -> (String, Option<&Place>) {
    let clone = reading.clone.iter().map(|clone| format!(" ({clone})"));
    let name: String = std::iter::once(reading.marker.clone())
        .chain(clone)
        .collect();
    (
        format!("{name} {}", reading.status.as_str()),
        Some(&reading.source),
    )
}

/// Whether a diagnosis stands for this tumour.
fn speaks(diagnosis: &Diagnosis) -> bool {
    diagnosis.context != Some(Context::Prior)
        && !matches!(diagnosis.role, Role::Superseded | Role::NotExcluded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Pack;

    #[test]
    fn the_scale_names_every_condition_once_and_every_level() {
        let pack = Pack::built_in();
        for (_, name) in Condition::ALL {
            let rows = pack.vocab().scale().iter().filter(|row| row.when == name);
            assert_eq!(rows.count(), 1, "{name}");
        }
        let levels = pack.vocab().levels();
        assert_eq!(levels.len(), Value::ALL.len() - 1);
        for (name, _) in levels {
            assert!(Value::ALL.iter().any(|(_, value)| value == name), "{name}");
        }
    }
}
