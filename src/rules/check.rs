//! Checks the files of a pack against each other: every name, reference and citation.
//!
//! All problems are reported. A [`Checked`] pack can only be made here, so an unchecked rule cannot
//! be compiled.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::condition::RawCondition;
use crate::rules::fact::{FactTest, GeneSet, NameKind, RowQuery};
use crate::rules::raw::{ColumnKind, RawManifest, RawModule, RawRule};
use crate::rules::tables::Tables;
use crate::rules::{guide, vocabulary};
use crate::source::Place;
use crate::vocab::Vocab;
use crate::yaml::Spanned;

mod names;

use names::{Names, undeclared, uses_known};

/// Rule files that agree with each other.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) manifest: RawManifest,
    pub(crate) modules: Vec<RawModule>,
    pub(crate) tables: Tables,
    pub(crate) vocab: Vocab,
}

/// Columns of the tables that therapy is read from.
const THERAPY: &[&str] = &["drug", "disease", "evidence", "cite"];
const LABELS: &[&str] = &["drug", "region", "disease", "from", "indication", "cite"];
const SAFETY: &[&str] = &["drug", "item", "text", "cite"];
const TESTS: &[&str] = &["test", "title", "rank"];

/// Checks everything. None when anything is an error.
pub(crate) fn check(
    manifest: RawManifest,
    mut tables: Tables,
    modules: Vec<RawModule>,
    out: &mut Vec<Diagnostic>,
) -> Option<Checked> {
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
    checker.manifest_tables(&manifest);
    for module in &modules {
        checker.module(module);
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
    cycles(&modules, out);
    for (table, row, column, symbol) in symbols {
        if let Some(table) = tables.get_mut(&table) {
            table.rows[row].set_text(&column, symbol);
        }
    }
    let broken = out
        .iter()
        .any(|d| d.severity == crate::diag::Severity::Error);
    (!broken).then_some(Checked {
        manifest,
        modules,
        tables,
        vocab,
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

    fn manifest_tables(&mut self, manifest: &RawManifest) {
        for (name, columns) in [
            (&manifest.labels, LABELS),
            (&manifest.safety, SAFETY),
            (&manifest.tests, TESTS),
        ] {
            if let Some(name) = name
                && let Some(table) = vocabulary::find(self.tables, name, self.out)
            {
                vocabulary::has_columns(table, columns, name, self.out);
            }
        }
        guide::check(manifest, self.tables, self.out);
    }

    fn module(&mut self, module: &RawModule) {
        for finding in &module.findings {
            self.condition(&finding.when);
        }
        for rule in &module.rules {
            self.condition(&rule.when);
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
        if let Some(query) = &rule.therapy {
            self.query(query, THERAPY);
        }
        self.tests(rule);
    }

    fn tests(&mut self, rule: &RawRule) {
        for test in &rule.tests {
            for (decision, value) in &test.decisions {
                self.decided(decision, value);
            }
            for (decision, _) in &test.settled {
                self.decision(decision);
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
            let empty = test.fires.is_none()
                && test.missing.is_none()
                && test.decisions.is_empty()
                && test.settled.is_empty()
                && test.flags.is_empty()
                && test.absent_flags.is_empty();
            if empty {
                self.out.push(
                    Diagnostic::error(
                        Code::BadTest,
                        format!("test `{}` expects nothing", test.name.value),
                    )
                    .at(
                        test.name.place.clone(),
                        "expected `fires:`, a decision or `flags:`",
                    ),
                );
            }
        }
        let seen = |outcome: &str| {
            rule.tests
                .iter()
                .any(|t| t.fires.as_ref().is_some_and(|f| f.value == outcome))
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

    fn condition(&mut self, condition: &RawCondition) {
        let mut parts = Vec::new();
        condition.walk(&mut |c| parts.push(c));
        for part in parts {
            match part {
                RawCondition::Ref(name) if !self.names.findings.contains_key(&name.value) => {
                    let mut diagnostic = Diagnostic::error(
                        Code::UnknownReference,
                        format!("there is no finding `{}`", name.value),
                    )
                    .at(name.place.clone(), "not declared under `findings`");
                    if let Some(near) =
                        near_name(&name.value, self.names.findings.keys().map(String::as_str))
                    {
                        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
                    }
                    self.out.push(diagnostic);
                }
                RawCondition::Decided(decision, value) => self.decided(decision, value),
                RawCondition::Fact(fact) => {
                    for (kind, name) in &fact.names {
                        self.name(*kind, name);
                    }
                    self.queries(&fact.test);
                }
                _ => {}
            }
        }
    }

    fn queries(&mut self, test: &FactTest) {
        match test {
            FactTest::Fusion(test) => {
                for set in [
                    &test.gene,
                    &test.five_prime,
                    &test.three_prime,
                    &test.partner,
                ]
                .into_iter()
                .flatten()
                {
                    if let GeneSet::Rows(query) = set {
                        self.query(query, &["gene"]);
                    }
                }
                if let Some(query) = &test.pair_in {
                    self.query(query, &["five_prime", "three_prime"]);
                }
            }
            FactTest::Fish(test) => {
                if let GeneSet::Rows(query) = &test.gene {
                    self.query(query, &["gene"]);
                }
            }
            _ => {}
        }
    }

    fn query(&mut self, query: &RowQuery, required: &[&str]) {
        let Some(table) = vocabulary::find(self.tables, &query.table, self.out) else {
            return;
        };
        vocabulary::has_columns(table, required, &query.table, self.out);
        for (column, values) in &query.filters {
            if !table.columns.contains_key(&column.value) {
                let known: Vec<&str> = table.columns.keys().map(String::as_str).collect();
                self.out.push(
                    Diagnostic::error(
                        Code::UnknownTable,
                        format!(
                            "table `{}` has no column `{}`",
                            query.table.value, column.value
                        ),
                    )
                    .at(
                        column.place.clone(),
                        format!("expected one of: {}", known.join(", ")),
                    ),
                );
                continue;
            }
            for value in values {
                let held = table
                    .rows
                    .iter()
                    .any(|row| row.values(&column.value).contains(&value.value.as_str()));
                if !held {
                    self.out.push(
                        Diagnostic::error(
                            Code::UnknownValue,
                            format!(
                                "no row of `{}` has `{}: {}`",
                                query.table.value, column.value, value.value
                            ),
                        )
                        .at(value.place.clone(), "not in the table"),
                    );
                }
            }
        }
    }

    fn decision(&mut self, decision: &Spanned<String>) -> Option<(Vec<String>, Place)> {
        let found = self.names.decisions.get(&decision.value).cloned();
        if found.is_none() {
            let mut diagnostic = Diagnostic::error(
                Code::UndeclaredDecision,
                format!("there is no decision `{}`", decision.value),
            )
            .at(decision.place.clone(), "not declared under `decisions`");
            if let Some(near) = near_name(
                &decision.value,
                self.names.decisions.keys().map(String::as_str),
            ) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            self.out.push(diagnostic);
        }
        found
    }

    fn decided(&mut self, decision: &Spanned<String>, value: &Spanned<String>) {
        if let Some((values, declared)) = self.decision(decision)
            && !values.contains(&value.value)
        {
            self.out
                .push(undeclared(&decision.value, value, &values, &declared));
        }
    }

    fn cite(&mut self, cite: &Spanned<String>) {
        self.cited.insert(cite.value.clone());
        self.known_name(
            Code::NoCitation,
            "citation",
            cite,
            &self.names.cites,
            "under `cites:` of the pack",
        );
    }

    fn name(&mut self, kind: NameKind, name: &Spanned<String>) {
        let (code, what, set): (Code, &str, BTreeSet<String>) = match kind {
            NameKind::Gene => {
                if self.vocab.gene(&name.value).is_some() {
                    return;
                }
                if let Some(gene) = self.vocab.gene_named(&name.value) {
                    self.out.push(
                        Diagnostic::error(
                            Code::UnknownGene,
                            format!("`{}` is not the approved symbol", name.value),
                        )
                        .at(name.place.clone(), "an alias")
                        .help(format!("write `{}`", gene.symbol)),
                    );
                    return;
                }
                let symbols = self
                    .vocab
                    .genes()
                    .iter()
                    .map(|g| g.symbol.clone())
                    .collect();
                (Code::UnknownGene, "gene", symbols)
            }
            NameKind::Marker => {
                let names = self
                    .vocab
                    .markers()
                    .iter()
                    .map(|m| m.name.clone())
                    .collect();
                (Code::UnknownTerm, "marker", names)
            }
            NameKind::Clone => (Code::UnknownTerm, "clone", self.names.clones.clone()),
            NameKind::Drug => (Code::UnknownTerm, "drug", self.names.drugs.clone()),
            NameKind::Disease => (Code::UnknownTerm, "disease", self.names.diseases.clone()),
            NameKind::DiseaseGroup => (
                Code::UnknownTerm,
                "disease group",
                self.names.groups.clone(),
            ),
            NameKind::State => (
                Code::UnknownTerm,
                "disease state",
                self.names.states.clone(),
            ),
            NameKind::Pattern => (Code::UnknownTerm, "pattern", self.names.patterns.clone()),
        };
        self.known_name(code, what, name, &set, "in the tables of the pack");
    }

    fn known_name(
        &mut self,
        code: Code,
        what: &str,
        name: &Spanned<String>,
        known: &BTreeSet<String>,
        r#where: &str,
    ) {
        if known.contains(&name.value) {
            return;
        }
        let mut diagnostic =
            Diagnostic::error(code, format!("there is no {what} `{}`", name.value))
                .at(name.place.clone(), format!("not {where}"));
        if let Some(near) = near_name(&name.value, known.iter().map(String::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.out.push(diagnostic);
    }
}

/// Findings and decisions that depend on themselves. Reports each knot once, with its path.
fn cycles(modules: &[RawModule], out: &mut Vec<Diagnostic>) {
    let graph = super::order::dependencies(modules);
    for path in graph.cycles() {
        let place = modules
            .iter()
            .flat_map(|m| &m.findings)
            .find(|f| path.contains(&f.name.value))
            .map(|f| f.name.place.clone())
            .or_else(|| {
                let decisions = modules.iter().flat_map(|m| &m.decisions);
                decisions
                    .filter(|d| path.contains(&d.name.value))
                    .map(|d| d.name.place.clone())
                    .next()
            });
        let mut diagnostic = Diagnostic::error(
            Code::Cycle,
            format!("findings and decisions form a cycle: {}", path.join(" -> ")),
        )
        .help("let one of them rest on facts alone");
        if let Some(place) = place {
            diagnostic = diagnostic.at(place, "part of the cycle");
        }
        out.push(diagnostic);
    }
}
