//! The leaves of a condition: questions about one kind of fact, as a rule author writes them.
//!
//! ```yaml
//! fusion:      {three_prime: ALK, partner_in: alk_partners, frame: in_frame}
//! ihc:         {marker: ALK, is: positive, clone: D5F3}
//! fish:        {gene: ALK, is: rearranged, percent_at_least: 15}
//! variant:     {gene: ALK, change_in: resistance, vaf_at_least: 5}
//! morphology:  {feature: plasma_cells, is: present}
//! measurement: {kind: specimen, mm_at_least: 50}
//! lab:         {analyte: neutrophils, at_least: "7.5"}
//! history:     {state: [recurrent, metastatic]}
//! response:    {best: [CR, PR]}
//! disagreement: {between: panels}
//! ```
//!
//! One kind of fact is one file below this one. How a question is answered is in [`super::leaf`].

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::case::percent::Percent;
use crate::diag::{Code, Diagnostic};
use crate::yaml::{Decoder, Fields, Node, Spanned, Value};

mod clinical;
mod fusion;
mod history;
mod stain;
mod variant;

pub(crate) use clinical::{LabTest, MeasurementTest, MorphologyTest, ResponseTest, WhichResponse};
pub(crate) use fusion::{Doubt, FusionMarks, FusionTest};
pub(crate) use history::HistoryTest;
pub(crate) use stain::{Between, DisagreementTest, FISH_STATUSES, FishTest, IhcTest};
pub(crate) use variant::{ChangeSet, VariantTest, one_letter};

/// A question about one kind of fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FactTest {
    Fusion(Box<FusionTest>),
    Ihc(Box<IhcTest>),
    Fish(FishTest<GeneSet>),
    Variant(VariantTest<GeneSet, ChangeSet>),
    Morphology(MorphologyTest),
    Measurement(MeasurementTest),
    Lab(LabTest),
    History(HistoryTest),
    Response(ResponseTest),
    Disagreement(DisagreementTest),
}

/// Rows of a table whose columns hold given values; all rows without any.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowQuery {
    pub(crate) table: Spanned<String>,
    pub(crate) filters: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
}

/// A set of genes, by name or by the keys of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum GeneSet {
    Named(BTreeSet<String>),
    Rows(RowQuery),
}

/// Which of several results counts when they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Take {
    /// None alone: results that differ make the answer unknown.
    #[default]
    All,
    /// The one with the latest date; results without a date stay beside it.
    Latest,
    /// A result that says yes, whatever the others say.
    AnyPositive,
}

/// A lower bound, included, and an upper one, not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bounds<T> {
    pub(crate) at_least: Option<T>,
    pub(crate) below: Option<T>,
}

impl<T> Bounds<T> {
    /// Whether nothing is asked.
    pub(crate) fn is_open(&self) -> bool {
        self.at_least.is_none() && self.below.is_none()
    }
}

/// What kind of name a text in a rule is, so that it can be checked against its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameKind {
    Gene,
    Marker,
    Clone,
    Drug,
    Disease,
    DiseaseGroup,
    State,
    Pattern,
    Extent,
    Intensity,
    Compartment,
    Cells,
    Signal,
    DrugResponse,
    Feature,
    Site,
    Analyte,
}

impl NameKind {
    /// What it is called in messages.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Gene => "gene",
            Self::Marker => "marker",
            Self::Clone => "clone",
            Self::Drug => "drug",
            Self::Disease => "disease",
            Self::DiseaseGroup => "disease group",
            Self::State => "disease state",
            Self::Pattern => "pattern",
            Self::Extent => "extent",
            Self::Intensity => "intensity",
            Self::Compartment => "compartment",
            Self::Cells => "kind of cells",
            Self::Signal => "signal pattern",
            Self::DrugResponse => "response",
            Self::Feature => "morphology feature",
            Self::Site => "site",
            Self::Analyte => "analyte",
        }
    }
}

/// A decoded question with the names that must be looked up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawFact {
    pub(crate) test: FactTest,
    pub(crate) names: Vec<(NameKind, Spanned<String>)>,
}

/// The operators that are questions about facts.
pub(crate) const FACTS: &[&str] = &[
    "fusion",
    "ihc",
    "fish",
    "variant",
    "morphology",
    "measurement",
    "lab",
    "history",
    "response",
    "disagreement",
];

type Names = Vec<(NameKind, Spanned<String>)>;

impl RawFact {
    /// Decodes the question `kind` with these keys.
    pub(crate) fn decode(d: &mut Decoder<'_>, kind: &str, node: &Node) -> Option<Self> {
        let mut names = Vec::new();
        let test = match kind {
            "fusion" => FactTest::Fusion(Box::new(fusion::decode(d, node, &mut names)?)),
            "ihc" => FactTest::Ihc(Box::new(stain::ihc(d, node, &mut names)?)),
            "fish" => FactTest::Fish(stain::fish(d, node, &mut names)?),
            "variant" => FactTest::Variant(variant::decode(d, node, &mut names)?),
            "morphology" => FactTest::Morphology(clinical::morphology(d, node, &mut names)?),
            "measurement" => FactTest::Measurement(clinical::measurement(d, node, &mut names)?),
            "lab" => FactTest::Lab(clinical::lab(d, node, &mut names)?),
            "response" => FactTest::Response(clinical::response(d, node)?),
            "history" => FactTest::History(history::decode(d, node, &mut names)?),
            _ => FactTest::Disagreement(stain::disagreement(d, node, &mut names)?),
        };
        Some(Self { test, names })
    }
}

/// `gene: ALK`, `gene: [ALK, ROS1]` or `gene_in: table`.
fn genes(
    d: &mut Decoder<'_>,
    f: &mut Fields<'_>,
    by_name: &'static str,
    by_table: &'static str,
    names: &mut Names,
) -> Option<GeneSet> {
    let named_genes = f.take(by_name).map(|n| d.texts(n));
    let rows = f.take(by_table).and_then(|n| row_query(d, n));
    match (named_genes, rows) {
        (Some(genes), None) => Some(GeneSet::Named(
            named(genes, NameKind::Gene, names).into_iter().collect(),
        )),
        (None, Some(rows)) => Some(GeneSet::Rows(rows)),
        (None, None) => None,
        (Some(genes), Some(_)) => {
            either(d, genes.first(), by_name, by_table);
            None
        }
    }
}

/// Reports two keys of which one is enough.
fn either(d: &mut Decoder<'_>, first: Option<&Spanned<String>>, a: &str, b: &str) {
    if let Some(first) = first {
        d.report(
            Diagnostic::error(Code::WrongShape, format!("both `{a}` and `{b}` are given"))
                .at(first.place.clone(), "keep one of the two"),
        );
    }
}

/// `table` or `{table: name, where: {column: [values]}}`.
pub(crate) fn row_query(d: &mut Decoder<'_>, node: &Node) -> Option<RowQuery> {
    if let Value::Scalar { .. } = node.value {
        return Some(RowQuery {
            table: d.text(node)?,
            filters: Vec::new(),
        });
    }
    let mut f = d.fields(node, "a table query")?;
    let table = f.need_text(d, "table");
    let mut filters = Vec::new();
    if let Some(node) = f.take("where") {
        for (column, values) in d.named(node) {
            filters.push((column, d.texts(values)));
        }
    }
    f.finish(d);
    Some(RowQuery {
        table: table?,
        filters,
    })
}

fn named(values: Vec<Spanned<String>>, kind: NameKind, names: &mut Names) -> Vec<String> {
    values
        .into_iter()
        .map(|value| {
            let text = value.value.clone();
            names.push((kind, value));
            text
        })
        .collect()
}

fn plain(values: Vec<Spanned<String>>) -> Vec<String> {
    values.into_iter().map(|s| s.value).collect()
}

/// The choices under a key; empty when the key is not there.
fn chosen<T: Copy>(
    d: &mut Decoder<'_>,
    f: &mut Fields<'_>,
    key: &'static str,
    choices: &[(T, &'static str)],
) -> Vec<T> {
    f.take(key)
        .map(|n| d.choices(n, choices))
        .unwrap_or_default()
}

/// `take: latest` or `take: any_positive`.
fn take(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Take {
    let choices = [
        (Take::Latest, "latest"),
        (Take::AnyPositive, "any_positive"),
    ];
    f.take("take")
        .and_then(|n| d.choice(n, &choices))
        .map_or(Take::All, |s| s.value)
}

fn percent(d: &mut Decoder<'_>, f: &mut Fields<'_>, key: &'static str) -> Option<Percent> {
    let node = f.take(key)?;
    let text = d.text(node)?;
    let value = Percent::parse(&text.value);
    if value.is_none() {
        d.wrong_value(node, "a percentage from 0 to 100", &[]);
    }
    value
}

fn percents(
    d: &mut Decoder<'_>,
    f: &mut Fields<'_>,
    at_least: &'static str,
    below: &'static str,
) -> Bounds<Percent> {
    Bounds {
        at_least: percent(d, f, at_least),
        below: percent(d, f, below),
    }
}

fn decimal(d: &mut Decoder<'_>, f: &mut Fields<'_>, key: &'static str) -> Option<Decimal> {
    let node = f.take(key)?;
    let text = d.text(node)?;
    let value = text.value.parse::<Decimal>().ok();
    if value.is_none() {
        d.wrong_value(node, "a number such as 7.5", &[]);
    }
    value
}

fn decimals(
    d: &mut Decoder<'_>,
    f: &mut Fields<'_>,
    at_least: &'static str,
    below: &'static str,
) -> Bounds<Decimal> {
    Bounds {
        at_least: decimal(d, f, at_least),
        below: decimal(d, f, below),
    }
}

/// A whole number under a key, if it is there.
fn count(d: &mut Decoder<'_>, f: &mut Fields<'_>, key: &'static str) -> Option<u32> {
    f.take(key).and_then(|n| d.number(n)).map(|s| s.value)
}
