//! The leaves of a condition: questions about one kind of fact, as a rule author writes them.
//!
//! ```yaml
//! fusion:  {three_prime: ALK, partner_in: alk_partners, frame: in_frame}
//! ihc:     {marker: ALK, is: positive, clone: D5F3}
//! fish:    {gene: ALK, is: rearranged}
//! history: {state: [recurrent, metastatic]}
//! disagreement: {between: panels}
//! ```
//!
//! How a question is answered is in [`super::leaf`].

use std::collections::BTreeSet;

use crate::case::fusion::{Frame, KinaseDomain, Method, Orientation};
use crate::case::history::Role;
use crate::case::percent::Percent;
use crate::case::{fish, fusion, ihc};
use crate::diag::{Code, Diagnostic};
use crate::yaml::{Decoder, Fields, Node, Spanned, Value};

/// A question about one kind of fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FactTest {
    Fusion(Box<FusionTest>),
    Ihc(IhcTest),
    Fish(FishTest),
    History(HistoryTest),
    Disagreement(Between),
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

/// `fusion: {...}`
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FusionTest {
    pub(crate) is: Vec<fusion::Status>,
    pub(crate) gene: Option<GeneSet>,
    pub(crate) five_prime: Option<GeneSet>,
    pub(crate) three_prime: Option<GeneSet>,
    pub(crate) partner: Option<GeneSet>,
    pub(crate) pair_in: Option<RowQuery>,
    pub(crate) frame: Vec<Frame>,
    pub(crate) kinase_domain: Vec<KinaseDomain>,
    pub(crate) orientation: Vec<Orientation>,
    pub(crate) method: Vec<Method>,
    pub(crate) confidence: Vec<String>,
    pub(crate) kinase_written_first: Option<bool>,
    pub(crate) doubt_if: Doubt,
}

/// Marks of a call that make an answer unknown instead of true.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Doubt {
    pub(crate) frame: Vec<Frame>,
    pub(crate) kinase_domain: Vec<KinaseDomain>,
    pub(crate) confidence: Vec<String>,
}

/// `ihc: {...}`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IhcTest {
    pub(crate) marker: String,
    pub(crate) is: Vec<ihc::Status>,
    pub(crate) clone: Vec<String>,
    pub(crate) pattern: Vec<String>,
    pub(crate) percent_at_least: Option<Percent>,
    pub(crate) percent_below: Option<Percent>,
}

/// `fish: {...}`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FishTest {
    pub(crate) gene: GeneSet,
    pub(crate) is: Vec<fish::Status>,
}

/// `history: {...}`, one field each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum HistoryTest {
    State(Vec<String>),
    Diagnosis {
        keys: Vec<String>,
        groups: Vec<String>,
        roles: Vec<Role>,
    },
    OnDrug(Vec<String>),
    AgeAtLeast(u32),
    AgeBelow(u32),
    Sex(String),
}

/// Whose results differ in `disagreement: {between: ...}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    Panels,
    Clones,
}

/// What kind of name a text in a rule is, so that it can be checked against its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Gene,
    Marker,
    Clone,
    Drug,
    Disease,
    DiseaseGroup,
    State,
    Pattern,
}

/// A decoded question with the names that must be looked up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawFact {
    pub(crate) test: FactTest,
    pub(crate) names: Vec<(NameKind, Spanned<String>)>,
}

/// The operators that are questions about facts.
pub(crate) const FACTS: &[&str] = &["fusion", "ihc", "fish", "history", "disagreement"];

/// Roles of a diagnosis that stands unless a rule asks for others.
const STANDING: [Role; 4] = [Role::Initial, Role::Outside, Role::Favoured, Role::Final];

impl RawFact {
    /// Decodes the question `kind` with these keys.
    pub(crate) fn decode(d: &mut Decoder<'_>, kind: &str, node: &Node) -> Option<Self> {
        let mut names = Vec::new();
        let test = match kind {
            "fusion" => FactTest::Fusion(Box::new(fusion_test(d, node, &mut names)?)),
            "ihc" => FactTest::Ihc(ihc_test(d, node, &mut names)?),
            "fish" => FactTest::Fish(fish_test(d, node, &mut names)?),
            "history" => FactTest::History(history_test(d, node, &mut names)?),
            _ => FactTest::Disagreement(disagreement(d, node)?),
        };
        Some(Self { test, names })
    }
}

type Names = Vec<(NameKind, Spanned<String>)>;

fn fusion_test(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<FusionTest> {
    let mut f = d.fields(node, "`fusion`")?;
    let mut test = FusionTest {
        is: f.take("is").map_or_else(
            || vec![fusion::Status::Detected],
            |n| d.choices(n, &fusion::Status::ALL),
        ),
        gene: genes(d, &mut f, "gene", "gene_in", names),
        five_prime: genes(d, &mut f, "five_prime", "five_prime_in", names),
        three_prime: genes(d, &mut f, "three_prime", "three_prime_in", names),
        partner: genes(d, &mut f, "partner", "partner_in", names),
        pair_in: f.take("pair_in").and_then(|n| row_query(d, n)),
        frame: f
            .take("frame")
            .map(|n| d.choices(n, &Frame::ALL))
            .unwrap_or_default(),
        kinase_domain: f
            .take("kinase_domain")
            .map(|n| d.choices(n, &KinaseDomain::ALL))
            .unwrap_or_default(),
        orientation: f
            .take("orientation")
            .map(|n| {
                d.choices(
                    n,
                    &[
                        (Orientation::Stated, "stated"),
                        (Orientation::Inferred, "inferred"),
                        (Orientation::Unknown, "unknown"),
                        (Orientation::Conflicting, "conflicting"),
                    ],
                )
            })
            .unwrap_or_default(),
        method: f
            .take("method")
            .map(|n| d.choices(n, &Method::ALL))
            .unwrap_or_default(),
        confidence: plain(f.texts(d, "confidence")),
        kinase_written_first: f
            .take("kinase_written_first")
            .and_then(|n| d.boolean(n))
            .map(|s| s.value),
        doubt_if: Doubt::default(),
    };
    if let Some(doubt) = f.take("doubt_if")
        && let Some(mut f) = d.fields(doubt, "`doubt_if`")
    {
        test.doubt_if = Doubt {
            frame: f
                .take("frame")
                .map(|n| d.choices(n, &Frame::ALL))
                .unwrap_or_default(),
            kinase_domain: f
                .take("kinase_domain")
                .map(|n| d.choices(n, &KinaseDomain::ALL))
                .unwrap_or_default(),
            confidence: plain(f.texts(d, "confidence")),
        };
        f.finish(d);
    }
    f.finish(d);
    Some(test)
}

fn ihc_test(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<IhcTest> {
    let statuses = ihc::Status::ALL.map(|s| (s, s.as_str()));
    let mut f = d.fields(node, "`ihc`")?;
    let marker = f.need_text(d, "marker");
    let is = f
        .need(d, "is")
        .map(|n| d.choices(n, &statuses))
        .unwrap_or_default();
    let clone = named(f.texts(d, "clone"), NameKind::Clone, names);
    let pattern = named(f.texts(d, "pattern"), NameKind::Pattern, names);
    let percent_at_least = percent(d, &mut f, "percent_at_least");
    let percent_below = percent(d, &mut f, "percent_below");
    f.finish(d);
    let marker = marker?;
    names.push((NameKind::Marker, marker.clone()));
    Some(IhcTest {
        marker: marker.value,
        is,
        clone,
        pattern,
        percent_at_least,
        percent_below,
    })
}

fn fish_test(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<FishTest> {
    const STATUSES: [(fish::Status, &str); 6] = [
        (fish::Status::Positive, "rearranged"),
        (fish::Status::Negative, "not_rearranged"),
        (fish::Status::Equivocal, "equivocal"),
        (fish::Status::Pending, "pending"),
        (fish::Status::Failed, "failed"),
        (fish::Status::NotDone, "not_done"),
    ];
    let mut f = d.fields(node, "`fish`")?;
    let gene = genes(d, &mut f, "gene", "gene_in", names);
    let is = f
        .need(d, "is")
        .map(|n| d.choices(n, &STATUSES))
        .unwrap_or_default();
    if gene.is_none() {
        f.need(d, "gene");
    }
    f.finish(d);
    Some(FishTest { gene: gene?, is })
}

fn history_test(d: &mut Decoder<'_>, node: &Node, names: &mut Names) -> Option<HistoryTest> {
    let mut f = d.fields(node, "`history`")?;
    let state = f.take("state").map(|n| d.texts(n));
    let diagnosis = f.take("diagnosis").map(|n| d.texts(n));
    let group = f.take("diagnosis_group").map(|n| d.texts(n));
    let roles = f.take("roles").map(|n| d.choices(n, &Role::ALL));
    let on_drug = f.take("on_drug").map(|n| d.texts(n));
    let age_at_least = f.take("age_at_least").and_then(|n| d.number(n));
    let age_below = f.take("age_below").and_then(|n| d.number(n));
    let sex = f
        .take("sex")
        .and_then(|n| d.choice(n, &[("F", "F"), ("M", "M")]));
    f.finish(d);
    let mut tests = Vec::new();
    if let Some(values) = state {
        tests.push(HistoryTest::State(named(values, NameKind::State, names)));
    }
    if diagnosis.is_some() || group.is_some() {
        tests.push(HistoryTest::Diagnosis {
            keys: named(diagnosis.unwrap_or_default(), NameKind::Disease, names),
            groups: named(group.unwrap_or_default(), NameKind::DiseaseGroup, names),
            roles: roles.unwrap_or_else(|| STANDING.to_vec()),
        });
    }
    if let Some(values) = on_drug {
        tests.push(HistoryTest::OnDrug(named(values, NameKind::Drug, names)));
    }
    tests.extend(age_at_least.map(|s| HistoryTest::AgeAtLeast(s.value)));
    tests.extend(age_below.map(|s| HistoryTest::AgeBelow(s.value)));
    tests.extend(sex.map(|s| HistoryTest::Sex(s.value.to_owned())));
    if tests.len() == 1 {
        return tests.pop();
    }
    let place = d.place(node);
    d.report(
        Diagnostic::error(Code::WrongShape, "`history` asks one question at a time")
            .at(
                place,
                "expected exactly one of: state, diagnosis, diagnosis_group, on_drug, age_at_least, age_below, sex",
            )
            .help("join several with `all:` or `any:`"),
    );
    None
}

fn disagreement(d: &mut Decoder<'_>, node: &Node) -> Option<Between> {
    let mut f = d.fields(node, "`disagreement`")?;
    let between = f.need(d, "between").and_then(|n| {
        d.choice(
            n,
            &[(Between::Panels, "panels"), (Between::Clones, "clones")],
        )
    });
    f.finish(d);
    between.map(|s| s.value)
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
            if let Some(first) = genes.first() {
                d.report(
                    Diagnostic::error(
                        Code::WrongShape,
                        format!("both `{by_name}` and `{by_table}` are given"),
                    )
                    .at(first.place.clone(), "keep one of the two"),
                );
            }
            None
        }
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

fn percent(d: &mut Decoder<'_>, f: &mut Fields<'_>, key: &'static str) -> Option<Percent> {
    let node = f.take(key)?;
    let text = d.text(node)?;
    let value = Percent::parse(&text.value);
    if value.is_none() {
        d.wrong_value(node, "a percentage from 0 to 100", &[]);
    }
    value
}
