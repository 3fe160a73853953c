//! Checks the files of a pack against each other: every name, reference and citation.
//!
//! All problems are reported. A [`Checked`] pack can only be made here, so an unchecked rule cannot
//! be compiled.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Severity};
use crate::rules::condition::RawCondition;
use crate::rules::fact::{FACTS, NameKind};
use crate::rules::load::RawPack;
use crate::rules::raw::{
    ColumnKind, RawCases, RawClaim, RawInvariants, RawManifest, RawModule, RawRule, RawTest,
};
use crate::rules::tables::Tables;
use crate::rules::vocabulary::{self, Closed};
use crate::vocab::Vocab;
use crate::yaml::Spanned;

mod cycles;
mod names;
mod pack;
mod refer;

use names::{Names, uses_known};

/// Rule files that agree with each other.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) manifest: RawManifest,
    pub(crate) modules: Vec<RawModule>,
    pub(crate) cases: Vec<RawCases>,
    pub(crate) invariants: Vec<RawInvariants>,
    pub(crate) overlays: Vec<String>,
    pub(crate) tables: Tables,
    pub(crate) vocab: Vocab,
    pub(crate) closed: Closed,
}

/// Columns of the tables that therapy is read from.
const THERAPY: &[&str] = &["drug", "disease", "evidence", "cite"];
const LABELS: &[&str] = &["drug", "region", "disease", "from", "indication", "cite"];
const SAFETY: &[&str] = &["drug", "rank", "item", "text", "cite"];
const TESTS: &[&str] = &["test", "title", "rank"];

/// States of a fact in which it says nothing of the tumour now.
pub(crate) const IGNORED: &[&str] = &["superseded", "prior", "other_cells"];

/// Checks everything. None when anything is an error.
pub(crate) fn check(
    raw: RawPack,
    mut tables: Tables,
    out: &mut Vec<Diagnostic>,
) -> Option<Checked> {
    let manifest = raw.manifest?;
    let modules = raw.modules;
    let (vocab, closed) = vocabulary::build(&manifest, &tables, out);
    let names = Names::collect(&manifest, &modules, &vocab, &closed, out);
    let mut checker = Checker {
        names: &names,
        tables: &tables,
        vocab: &vocab,
        cited: BTreeSet::new(),
        out,
    };
    let symbols = checker.cells();
    checker.manifest(&manifest);
    for module in &modules {
        checker.module(module);
    }
    for cases in &raw.cases {
        for test in &cases.tests {
            checker.test(test);
        }
    }
    for invariants in &raw.invariants {
        checker.invariants(invariants);
    }
    let cited = checker.cited;
    for cite in &manifest.cites {
        if !cited.contains(&cite.id.value) {
            out.push(
                Diagnostic::warning(
                    Code::UnusedCitation,
                    format!("citation `{}` is not used", cite.id.value),
                )
                .at(cite.id.place.clone(), "declared here"),
            );
        }
    }
    cycles::cycles(&modules, out);
    for (table, row, column, symbol) in symbols {
        if let Some(table) = tables.get_mut(&table) {
            table.rows[row].set_text(&column, symbol);
        }
    }
    let broken = out.iter().any(|d| d.severity == Severity::Error);
    (!broken).then_some(Checked {
        manifest,
        modules,
        cases: raw.cases,
        invariants: raw.invariants,
        overlays: raw.overlays,
        tables,
        vocab,
        closed,
    })
}

struct Checker<'a> {
    names: &'a Names,
    tables: &'a Tables,
    vocab: &'a Vocab,
    cited: BTreeSet<String>,
    out: &'a mut Vec<Diagnostic>,
}

/// A gene cell to be replaced by its approved symbol: table, row, column, symbol.
type Symbol = (String, usize, String, String);

impl Checker<'_> {
    /// Names in typed cells. Returns the cells that hold an alias of a gene.
    fn cells(&mut self) -> Vec<Symbol> {
        let mut symbols = Vec::new();
        let tables = self.tables;
        for (name, table) in tables {
            for (column, kind) in &table.columns {
                for (index, row) in table.rows.iter().enumerate() {
                    for value in row.values(column) {
                        let value = Spanned {
                            value: value.to_owned(),
                            place: row.place_of(column).clone(),
                        };
                        match kind {
                            ColumnKind::Gene if reserved(&value.value) => self.reserved(&value),
                            ColumnKind::Gene => match self.vocab.gene_named(&value.value) {
                                Some(gene) if gene.symbol != value.value => {
                                    symbols.push((
                                        name.clone(),
                                        index,
                                        column.clone(),
                                        gene.symbol.clone(),
                                    ));
                                }
                                Some(_) => {}
                                None => self.name(NameKind::Gene, &value),
                            },
                            ColumnKind::Marker => self.name(NameKind::Marker, &value),
                            ColumnKind::Drug => self.name(NameKind::Drug, &value),
                            ColumnKind::Disease => self.name(NameKind::Disease, &value),
                            ColumnKind::Cite => self.cite(&value),
                            _ => {}
                        }
                    }
                }
            }
        }
        symbols
    }

    fn module(&mut self, module: &RawModule) {
        for used in &module.uses {
            self.known_name(
                Code::UnknownReference,
                "module",
                used,
                &self.names.modules,
                "in this pack",
            );
        }
        for finding in &module.findings {
            self.condition(&finding.when);
            self.no_claim(&finding.when);
        }
        for rule in &module.rules {
            self.condition(&rule.when);
            self.no_claim(&rule.when);
            self.rule(rule);
        }
    }

    fn rule(&mut self, rule: &RawRule) {
        let id = &rule.id;
        if let Some((decision, value)) = &rule.conclude {
            self.decided(decision, value);
            if uses_known(&rule.when, &self.names.looking) {
                self.out.push(
                    Diagnostic::error(
                        Code::IgnoranceInConclusion,
                        format!("rule `{}` concludes from what is not known", id.value),
                    )
                    .at(id.place.clone(), "this rule uses `known`, directly or through a finding")
                    .help("use `known` only in rules that raise a flag: a new result would take the conclusion back"),
                );
            }
        }
        if let Some(flag) = &rule.flag {
            self.known_name(
                Code::NoAction,
                "flag",
                flag,
                &self.names.flags,
                "under `flags:` of the pack",
            );
            if rule.follow_up.is_empty() {
                self.out.push(
                    Diagnostic::error(
                        Code::NoAction,
                        format!("rule `{}` raises a flag without an action", id.value),
                    )
                    .at(flag.place.clone(), "what should be done?")
                    .help("add `follow_up: [{act: ..., text: ...}]`"),
                );
            }
        }
        if rule.conclude.is_none() && rule.flag.is_none() {
            self.out.push(
                Diagnostic::error(
                    Code::MissingKey,
                    format!("rule `{}` does nothing", id.value),
                )
                .at(id.place.clone(), "expected `conclude:` or `flag:`"),
            );
        }
        if rule.cite.is_empty() {
            self.out.push(
                Diagnostic::error(
                    Code::NoCitation,
                    format!("rule `{}` has no `cite`", id.value),
                )
                .at(id.place.clone(), "a rule without a citation does not load"),
            );
        }
        for cite in &rule.cite {
            self.cite(cite);
        }
        if let Some(tier) = &rule.tier {
            self.known_name(
                Code::UnknownTerm,
                "tier",
                tier,
                &self.names.tiers,
                "under `tiers:` of the pack",
            );
        }
        if let Some(query) = &rule.therapy {
            self.query(query, THERAPY);
        }
        self.tests(rule);
    }

    fn one_of(&mut self, what: &str, names: &[Spanned<String>], known: &[&str]) {
        let set: BTreeSet<String> = known.iter().map(|k| (*k).to_owned()).collect();
        let expected = format!("one of: {}", known.join(", "));
        for name in names {
            self.known_name(Code::UnknownValue, what, name, &set, &expected);
        }
    }

    /// `possible` is no question a rule may ask: a new result would take its answer back.
    fn no_claim(&mut self, condition: &RawCondition) {
        let mut places = Vec::new();
        condition.walk(&mut |c| {
            if let RawCondition::Possible(decision, _) = c {
                places.push(decision.place.clone());
            }
        });
        for place in places {
            self.out.push(
                Diagnostic::error(
                    Code::IgnoranceInConclusion,
                    "`possible` stands only in invariants",
                )
                .at(place, "asked by a rule or finding")
                .help("ask `decided`, which is unknown while a higher value is open"),
            );
        }
    }

    fn invariants(&mut self, invariants: &RawInvariants) {
        for invariant in &invariants.invariants {
            if invariant.cite.is_empty() {
                self.out.push(
                    Diagnostic::error(
                        Code::NoCitation,
                        format!("invariant `{}` has no `cite`", invariant.id.value),
                    )
                    .at(
                        invariant.id.place.clone(),
                        "an invariant rests on something too",
                    ),
                );
            }
            for cite in &invariant.cite {
                self.cite(cite);
            }
            match &invariant.claim {
                RawClaim::Never(condition) => self.condition(condition),
                RawClaim::Independent { decisions, of } => {
                    for decision in decisions {
                        self.decision(decision);
                    }
                    self.one_of("kind of fact", of, FACTS);
                }
                RawClaim::UnknownWithout(of) => self.one_of("kind of fact", of, FACTS),
                RawClaim::Ignores(what) => self.one_of("state of a fact", what, IGNORED),
            }
        }
    }

    fn tests(&mut self, rule: &RawRule) {
        for test in &rule.tests {
            self.test(test);
        }
        let seen = |outcome: &str| {
            rule.tests
                .iter()
                .any(|t| t.fires.iter().any(|(_, fires)| fires.value == outcome))
        };
        let unseen: Vec<&str> = ["true", "false"].into_iter().filter(|o| !seen(o)).collect();
        if !unseen.is_empty() {
            self.out.push(
                Diagnostic::warning(
                    Code::Untested,
                    format!(
                        "rule `{}` has no test with `fires: {}`",
                        rule.id.value,
                        unseen.join("` or `fires: ")
                    ),
                )
                .at(rule.id.place.clone(), "this rule"),
            );
        }
    }

    /// The names a test expects.
    fn test(&mut self, test: &RawTest) {
        if let Some(query) = &test.for_each {
            self.query(query, &[]);
            self.columns_of(query, test);
        }
        for (decision, value) in &test.decisions {
            self.decided(decision, value);
        }
        for (decision, _) in &test.settled {
            self.decision(decision);
        }
        let fires = test.fires.iter().map(|(rule, _)| rule);
        for rule in fires.chain(test.missing.iter().map(|(rule, _)| rule)) {
            self.known_name(
                Code::UnknownReference,
                "rule",
                rule,
                &self.names.rules,
                "in this pack",
            );
        }
        for flag in test.flags.iter().chain(&test.absent_flags) {
            self.known_name(
                Code::NoAction,
                "flag",
                flag,
                &self.names.flags,
                "under `flags:` of the pack",
            );
        }
    }
}

/// Whether a gene symbol is set aside for tests of partners that no table lists.
fn reserved(symbol: &str) -> bool {
    symbol
        .strip_prefix("TESTGENE")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}
