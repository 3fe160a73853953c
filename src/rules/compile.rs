//! From checked rule files to a program: names become indices, table queries become sets.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::fusion;
use crate::rules::check::Checked;
use crate::rules::condition::RawCondition;
use crate::rules::fact::{FactTest, GeneSet, HistoryTest, RowQuery};
use crate::rules::leaf::{FishLeaf, FusionLeaf, HistoryLeaf, IhcLeaf, Leaf};
use crate::rules::order;
use crate::rules::raw::{FollowUp, RawDecision};
use crate::rules::tables::Tables;
use crate::rules::therapy::{self, TherapyBook};
use crate::rules::truth::Reason;

/// A compiled rule pack: everything evaluation needs, nothing else.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) decisions: Vec<Decision>,
    pub(crate) findings: Vec<Finding>,
    /// Sorted by id, so that the order of files never shows.
    pub(crate) rules: Vec<Rule>,
    pub(crate) leaves: Vec<Leaf>,
    /// Findings and decisions, each after all it needs.
    pub(crate) order: Vec<Step>,
    pub(crate) flags: BTreeMap<String, String>,
    pub(crate) cites: BTreeMap<String, String>,
    pub(crate) therapy: TherapyBook,
    pub(crate) tests: Vec<NextTest>,
}

/// One step of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Finding(usize),
    Decision(usize),
}

#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) name: String,
    /// Highest priority first.
    pub(crate) values: Vec<String>,
    pub(crate) titles: BTreeMap<String, String>,
    pub(crate) default: usize,
}

#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) title: String,
    pub(crate) when: Condition,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) when: Condition,
    /// Decision and value.
    pub(crate) conclude: Option<(usize, usize)>,
    pub(crate) flag: Option<String>,
    pub(crate) grade: &'static str,
    pub(crate) cite: Vec<String>,
    pub(crate) follow_up: Vec<FollowUp>,
    /// Rows of the therapy table, as indices into the book.
    pub(crate) therapy: Vec<usize>,
}

/// A test that can be ordered next.
#[derive(Debug, Clone)]
pub(crate) struct NextTest {
    /// Fact key, for example `ihc ALK`.
    pub(crate) test: String,
    pub(crate) title: String,
    /// Cheapest first.
    pub(crate) rank: u32,
}

/// A condition over indices.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    NoneOf(Vec<Condition>),
    Not(Box<Condition>),
    AtLeast(usize, Vec<Condition>),
    Finding(usize),
    Decided(usize, usize),
    Known(Box<Condition>),
    Assume {
        of: Box<Condition>,
        when: BTreeSet<Reason>,
        is: bool,
        why: String,
    },
    DoubtUnless {
        of: Box<Condition>,
        why: String,
    },
    Leaf(usize),
}

/// Compiles a checked pack.
pub(crate) fn compile(checked: &Checked) -> Program {
    let decisions: Vec<Decision> = checked
        .modules
        .iter()
        .flat_map(|m| &m.decisions)
        .map(decision)
        .collect();
    let mut compiler = Compiler {
        finding_index: checked
            .modules
            .iter()
            .flat_map(|m| &m.findings)
            .enumerate()
            .map(|(i, f)| (f.name.value.clone(), i))
            .collect(),
        decisions: &decisions,
        tables: &checked.tables,
        leaves: Vec::new(),
    };
    let findings = checked
        .modules
        .iter()
        .flat_map(|m| &m.findings)
        .map(|f| Finding {
            title: f.title.clone(),
            when: compiler.condition(&f.when),
        })
        .collect();
    let (book, rows) = therapy::book(checked);
    let mut rules: Vec<Rule> = Vec::new();
    for raw in checked.modules.iter().flat_map(|m| &m.rules) {
        rules.push(Rule {
            id: raw.id.value.clone(),
            title: raw.title.clone(),
            when: compiler.condition(&raw.when),
            conclude: raw
                .conclude
                .as_ref()
                .and_then(|(d, v)| compiler.decided(&d.value, &v.value)),
            flag: raw.flag.as_ref().map(|f| f.value.clone()),
            grade: raw.grade.as_str(),
            cite: raw.cite.iter().map(|c| c.value.clone()).collect(),
            follow_up: raw.follow_up.clone(),
            therapy: rows.get(&raw.id.value).cloned().unwrap_or_default(),
        });
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let order = order::dependencies(&checked.modules)
        .sorted()
        .into_iter()
        .filter_map(|node| match node {
            order::Node::Finding(name) => compiler
                .finding_index
                .get(&name)
                .copied()
                .map(Step::Finding),
            order::Node::Decision(name) => decisions
                .iter()
                .position(|d| d.name == name)
                .map(Step::Decision),
        })
        .collect();
    let leaves = compiler.leaves;
    Program {
        findings,
        rules,
        leaves,
        order,
        flags: checked
            .manifest
            .flags
            .iter()
            .map(|(code, title)| (code.value.clone(), title.value.clone()))
            .collect(),
        cites: checked
            .manifest
            .cites
            .iter()
            .map(|c| (c.id.value.clone(), c.text.clone()))
            .collect(),
        therapy: book,
        tests: next_tests(checked),
        decisions,
    }
}

fn decision(raw: &RawDecision) -> Decision {
    let values: Vec<String> = raw.values.iter().map(|v| v.value.clone()).collect();
    let titles = raw.titles.iter().map(|(v, t)| (v.value.clone(), t.clone()));
    Decision {
        name: raw.name.value.clone(),
        default: values
            .iter()
            .position(|v| *v == raw.default.value)
            .unwrap_or_default(),
        values,
        titles: titles.collect(),
    }
}

fn next_tests(checked: &Checked) -> Vec<NextTest> {
    let table = checked
        .manifest
        .tests
        .iter()
        .filter_map(|name| checked.tables.get(&name.value));
    table
        .flat_map(|table| &table.rows)
        .map(|row| NextTest {
            test: row.text("test").to_owned(),
            title: row.text("title").to_owned(),
            rank: row.int("rank").unwrap_or(u32::MAX),
        })
        .collect()
}

struct Compiler<'a> {
    finding_index: BTreeMap<String, usize>,
    decisions: &'a [Decision],
    tables: &'a Tables,
    leaves: Vec<Leaf>,
}

impl Compiler<'_> {
    fn decided(&self, decision: &str, value: &str) -> Option<(usize, usize)> {
        let index = self.decisions.iter().position(|d| d.name == decision)?;
        let value = self.decisions[index]
            .values
            .iter()
            .position(|v| v == value)?;
        Some((index, value))
    }

    fn condition(&mut self, raw: &RawCondition) -> Condition {
        match raw {
            RawCondition::All(of) => Condition::All(self.several(of)),
            RawCondition::Any(of) => Condition::Any(self.several(of)),
            RawCondition::NoneOf(of) => Condition::NoneOf(self.several(of)),
            RawCondition::AtLeast(n, of) => Condition::AtLeast(*n as usize, self.several(of)),
            RawCondition::Not(of) => Condition::Not(Box::new(self.condition(of))),
            RawCondition::Known(of, _) => Condition::Known(Box::new(self.condition(of))),
            RawCondition::Ref(name) => Condition::Finding(
                *self
                    .finding_index
                    .get(&name.value)
                    .expect("a checked pack refers only to findings that exist"),
            ),
            RawCondition::Decided(decision, value) => {
                let (decision, value) = self
                    .decided(&decision.value, &value.value)
                    .expect("a checked pack refers only to declared decisions");
                Condition::Decided(decision, value)
            }
            RawCondition::Assume { of, when, is, why } => Condition::Assume {
                of: Box::new(self.condition(of)),
                when: when.iter().copied().collect(),
                is: *is,
                why: why.clone(),
            },
            RawCondition::DoubtUnless { of, why } => Condition::DoubtUnless {
                of: Box::new(self.condition(of)),
                why: why.clone(),
            },
            RawCondition::Fact(fact) => {
                let leaf = self.leaf(&fact.test);
                let index = self
                    .leaves
                    .iter()
                    .position(|l| *l == leaf)
                    .unwrap_or_else(|| {
                        self.leaves.push(leaf);
                        self.leaves.len() - 1
                    });
                Condition::Leaf(index)
            }
        }
    }

    fn several(&mut self, of: &[RawCondition]) -> Vec<Condition> {
        of.iter().map(|c| self.condition(c)).collect()
    }

    fn leaf(&self, test: &FactTest) -> Leaf {
        let tables = self.tables;
        match test {
            FactTest::Fusion(t) => Leaf::Fusion(Box::new(FusionLeaf {
                is: if t.is.is_empty() {
                    vec![fusion::Status::Detected]
                } else {
                    t.is.clone()
                },
                gene: t.gene.as_ref().map(|s| genes(tables, s)),
                five_prime: t.five_prime.as_ref().map(|s| genes(tables, s)),
                three_prime: t.three_prime.as_ref().map(|s| genes(tables, s)),
                partner: t.partner.as_ref().map(|s| genes(tables, s)),
                pair: t.pair_in.as_ref().map(|q| pairs(tables, q)),
                frame: t.frame.clone(),
                kinase_domain: t.kinase_domain.clone(),
                orientation: t.orientation.clone(),
                method: t.method.clone(),
                confidence: t.confidence.clone(),
                kinase_written_first: t.kinase_written_first,
                doubt_if: t.doubt_if.clone(),
            })),
            FactTest::Ihc(t) => Leaf::Ihc(IhcLeaf {
                marker: t.marker.clone(),
                is: t.is.clone(),
                clone: t.clone.clone(),
                pattern: t.pattern.clone(),
                percent_at_least: t.percent_at_least,
                percent_below: t.percent_below,
            }),
            FactTest::Fish(t) => Leaf::Fish(FishLeaf {
                genes: genes(tables, &t.gene),
                is: t.is.clone(),
            }),
            FactTest::History(t) => Leaf::History(match t {
                HistoryTest::State(values) => HistoryLeaf::State(values.clone()),
                HistoryTest::Diagnosis {
                    keys,
                    groups,
                    roles,
                } => HistoryLeaf::Diagnosis {
                    keys: keys.clone(),
                    groups: groups.clone(),
                    roles: roles.clone(),
                },
                HistoryTest::OnDrug(drugs) => HistoryLeaf::OnDrug(drugs.clone()),
                HistoryTest::AgeAtLeast(age) => HistoryLeaf::AgeAtLeast(*age),
                HistoryTest::AgeBelow(age) => HistoryLeaf::AgeBelow(*age),
                HistoryTest::Sex(sex) => HistoryLeaf::Sex(sex.clone()),
            }),
            FactTest::Disagreement(between) => Leaf::Disagreement(*between),
        }
    }
}

fn genes(tables: &Tables, set: &GeneSet) -> BTreeSet<String> {
    match set {
        GeneSet::Named(names) => names.clone(),
        GeneSet::Rows(query) => rows(tables, query)
            .map(|row| row.text("gene").to_owned())
            .collect(),
    }
}

fn pairs(tables: &Tables, query: &RowQuery) -> BTreeSet<(String, String)> {
    rows(tables, query)
        .map(|row| {
            (
                row.text("five_prime").to_owned(),
                row.text("three_prime").to_owned(),
            )
        })
        .collect()
}

/// The rows a query asks for.
pub(crate) fn rows<'t>(
    tables: &'t Tables,
    query: &'t RowQuery,
) -> impl Iterator<Item = &'t crate::rules::tables::Row> {
    tables
        .get(&query.table.value)
        .into_iter()
        .flat_map(|table| &table.rows)
        .filter(|row| {
            query.filters.iter().all(|(column, wanted)| {
                let held = row.values(&column.value);
                wanted.iter().any(|w| held.contains(&w.value.as_str()))
            })
        })
}
