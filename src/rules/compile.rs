//! From checked rule files to a program: names become indices, table queries become sets.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use crate::rules::check::Checked;
use crate::rules::condition::{RawCondition, RawCriteria};
use crate::rules::fact::{
    ChangeSet, FactTest, FishTest, GeneSet, HistoryTest, RowQuery, VariantTest, one_letter,
};
use crate::rules::fill::Template;
use crate::rules::leaf::{FusionLeaf, Leaf};
use crate::rules::order;
use crate::rules::program::{
    Action, Claim, Condition, Decision, Finding, Invariant, NextTest, Program, Rule, Step,
};
use crate::rules::raw::{RawClaim, RawDecision, RawRule};
use crate::rules::tables::Tables;
use crate::rules::therapy;
use crate::yaml::Spanned;

/// Compiles a checked pack.
pub(crate) fn compile(checked: &Checked) -> Program {
    compile_with(checked, &checked.tables)
}

/// The same with other rows in the tables that conditions ask.
pub(crate) fn compile_with(checked: &Checked, tables: &Tables) -> Program {
    let needs = order::dependencies(&checked.modules).sorted();
    // Each after those it needs, whatever file declares it first.
    let decisions: Vec<Decision> = needs
        .iter()
        .filter_map(|node| {
            let order::Node::Decision(name) = node else {
                return None;
            };
            let declared = checked.modules.iter().flat_map(|m| &m.decisions);
            declared.into_iter().find(|d| d.name.value == *name)
        })
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
        tables,
        sites: &checked.closed.sites,
        leaves: Vec::new(),
        known: HashMap::new(),
        claiming: false,
    };
    let findings = checked
        .modules
        .iter()
        .flat_map(|m| &m.findings)
        .map(|f| Finding {
            name: f.name.value.clone(),
            title: f.title.clone(),
            when: compiler.condition(&f.when),
        })
        .collect();
    let (book, rows) = therapy::book(checked);
    let mut rules: Vec<Rule> = Vec::new();
    for raw in checked.modules.iter().flat_map(|m| &m.rules) {
        let therapy = rows.get(&raw.id.value).cloned().unwrap_or_default();
        rules.push(compiler.rule(raw, therapy));
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let order = needs
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
    compiler.claiming = true;
    let invariants = invariants(checked, &mut compiler);
    let leaves = compiler.leaves;
    Program {
        spoken: OnceLock::new(),
        index: OnceLock::new(),
        invariants,
        findings,
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
        concluding: (0..decisions.len())
            .map(|decision| {
                let concludes = |rule: &Rule| rule.conclude.is_some_and(|(d, _)| d == decision);
                (0..rules.len()).filter(|r| concludes(&rules[*r])).collect()
            })
            .collect(),
        rules,
        decisions,
    }
}

fn invariants(checked: &Checked, compiler: &mut Compiler<'_>) -> Vec<Invariant> {
    let values = |list: &[Spanned<String>]| list.iter().map(|s| s.value.clone()).collect();
    let mut out = Vec::new();
    for raw in checked.invariants.iter().flat_map(|i| &i.invariants) {
        let claim = match &raw.claim {
            RawClaim::Never(condition) => Claim::Never(compiler.condition(condition)),
            RawClaim::Independent { decisions, of } => Claim::Independent {
                decisions: decisions
                    .iter()
                    .filter_map(|d| compiler.decisions.iter().position(|x| x.name == d.value))
                    .collect(),
                of: values(of),
            },
            RawClaim::UnknownWithout(of) => Claim::UnknownWithout(values(of)),
            RawClaim::Ignores(what) => Claim::Ignores(values(what)),
        };
        out.push(Invariant {
            id: raw.id.value.clone(),
            title: raw.title.clone(),
            place: raw.id.place.clone(),
            claim,
        });
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

fn decision(raw: &RawDecision) -> Decision {
    let values: Vec<String> = raw.values.iter().map(|v| v.value.clone()).collect();
    let titles = raw.titles.iter().map(|(v, t)| (v.value.clone(), t.clone()));
    Decision {
        name: raw.name.value.clone(),
        hit: raw.hit,
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
    sites: &'a BTreeMap<String, Vec<String>>,
    leaves: Vec<Leaf>,
    known: HashMap<String, usize>,
    /// An invariant is being compiled: it speaks of what is reported.
    claiming: bool,
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

    fn rule(&mut self, raw: &RawRule, therapy: Vec<usize>) -> Rule {
        let tier = raw.tier.as_ref().map(|t| t.value.clone());
        let grade = raw.grade.map(|g| g.as_str().to_owned());
        let message = raw.message.as_ref().map(|m| &m.value);
        Rule {
            id: raw.id.value.clone(),
            title: raw.title.clone(),
            when: self.condition(&raw.when),
            conclude: raw
                .conclude
                .as_ref()
                .and_then(|(d, v)| self.decided(&d.value, &v.value)),
            flag: raw.flag.as_ref().map(|f| f.value.clone()),
            message: Template::parse(message.unwrap_or(&raw.title)),
            grade: grade.or_else(|| tier.clone()).unwrap_or_default(),
            tier,
            cite: raw.cite.iter().map(|c| c.value.clone()).collect(),
            follow_up: raw
                .follow_up
                .iter()
                .map(|f| Action {
                    act: f.act.clone(),
                    text: Template::parse(&f.text.value),
                })
                .collect(),
            therapy,
        }
    }

    fn condition(&mut self, raw: &RawCondition) -> Condition {
        match raw {
            RawCondition::All(of) => Condition::All(self.several(of)),
            RawCondition::Any(of) => Condition::Any(self.several(of)),
            RawCondition::NoneOf(of) => Condition::NoneOf(self.several(of)),
            RawCondition::AtLeast(n, of) => Condition::AtLeast {
                n: *n as usize,
                of: self.several(of),
                what: "",
            },
            RawCondition::Criteria(criteria) => self.criteria(criteria),
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
                if self.claiming {
                    Condition::Reported(decision, value)
                } else {
                    Condition::Decided(decision, value)
                }
            }
            RawCondition::Possible(decision, value) => {
                let (decision, value) = self
                    .decided(&decision.value, &value.value)
                    .expect("a checked pack refers only to declared decisions");
                Condition::Possible(decision, value)
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
                // Equal leaves print alike; the text finds them at once among thousands.
                let index = match self.known.entry(format!("{leaf:?}")) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(free) => {
                        self.leaves.push(leaf);
                        *free.insert(self.leaves.len() - 1)
                    }
                };
                Condition::Leaf(index)
            }
        }
    }

    fn several(&mut self, of: &[RawCondition]) -> Vec<Condition> {
        of.iter().map(|c| self.condition(c)).collect()
    }

    /// Any of the ways to reach the criteria, each a number of major and of minor ones. More
    /// criteria never make a way fail, so the parts may be judged on their own.
    fn criteria(&mut self, criteria: &RawCriteria) -> Condition {
        let ways = criteria.any_of.iter().map(|(major, minor)| {
            let groups = [
                (*major, &criteria.major, "major criteria"),
                (*minor, &criteria.minor, "minor criteria"),
            ];
            let mut parts: Vec<Condition> = groups
                .into_iter()
                .filter(|(n, _, _)| *n > 0)
                .map(|(n, of, what)| Condition::AtLeast {
                    n: n as usize,
                    of: self.several(of),
                    what,
                })
                .collect();
            if parts.len() == 1 {
                parts.remove(0)
            } else {
                Condition::All(parts)
            }
        });
        Condition::Any(ways.collect())
    }

    fn leaf(&self, test: &FactTest) -> Leaf {
        let tables = self.tables;
        match test {
            FactTest::Fusion(t) => Leaf::Fusion(Box::new(FusionLeaf {
                gene: t.gene.as_ref().map(|s| genes(tables, s)),
                five_prime: t.five_prime.as_ref().map(|s| genes(tables, s)),
                three_prime: t.three_prime.as_ref().map(|s| genes(tables, s)),
                partner: t.partner.as_ref().map(|s| genes(tables, s)),
                pair: t.pair_in.as_ref().map(|q| pairs(tables, q)),
                marks: t.marks.clone(),
            })),
            FactTest::Ihc(t) => Leaf::Ihc(t.clone()),
            FactTest::Fish(t) => Leaf::Fish(FishTest {
                genes: genes(tables, &t.genes),
                is: t.is.clone(),
                pattern: t.pattern.clone(),
                percent: t.percent,
                cells_at_least: t.cells_at_least,
                take: t.take,
            }),
            FactTest::Variant(t) => Leaf::Variant(VariantTest {
                genes: genes(tables, &t.genes),
                changes: t.changes.as_ref().map(|c| changes(tables, c)),
                is: t.is.clone(),
                vaf: t.vaf,
                take: t.take,
            }),
            FactTest::Morphology(t) => Leaf::Morphology(t.clone()),
            FactTest::Measurement(t) => Leaf::Measurement(t.clone()),
            FactTest::Lab(t) => Leaf::Lab(t.clone()),
            FactTest::History(t) => Leaf::History(self.history(t)),
            FactTest::Response(t) => Leaf::Response(t.clone()),
            FactTest::Disagreement(t) => Leaf::Disagreement(t.clone()),
        }
    }

    fn history(&self, test: &HistoryTest) -> HistoryTest {
        match test {
            HistoryTest::Site { names, .. } => HistoryTest::Site {
                spellings: names
                    .iter()
                    .filter_map(|n| self.sites.get(n))
                    .flatten()
                    .cloned()
                    .collect(),
                names: names.clone(),
            },
            other => other.clone(),
        }
    }
}

fn changes(tables: &Tables, set: &ChangeSet) -> BTreeSet<String> {
    match set {
        ChangeSet::Named(names) => names.iter().cloned().collect(),
        ChangeSet::Rows(query) => rows(tables, query)
            .map(|row| one_letter(row.text("change")))
            .collect(),
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
