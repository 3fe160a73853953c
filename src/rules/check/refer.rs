//! Looks up every name a rule refers to.

use std::collections::BTreeSet;

use super::Checker;
use super::names::undeclared;
use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::condition::RawCondition;
use crate::rules::fact::{ChangeSet, FactTest, GeneSet, NameKind, RowQuery};
use crate::rules::fill::Template;
use crate::rules::raw::RawTest;
use crate::rules::vocabulary;
use crate::source::Place;
use crate::yaml::Spanned;

impl Checker<'_> {
    pub(super) fn condition(&mut self, condition: &RawCondition) {
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
                RawCondition::Decided(decision, value)
                | RawCondition::Possible(decision, value) => {
                    self.decided(decision, value);
                }
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
                if let GeneSet::Rows(query) = &test.genes {
                    self.query(query, &["gene"]);
                }
            }
            FactTest::Variant(test) => {
                if let GeneSet::Rows(query) = &test.genes {
                    self.query(query, &["gene"]);
                }
                if let Some(ChangeSet::Rows(query)) = &test.changes {
                    self.query(query, &["change"]);
                }
            }
            _ => {}
        }
    }

    pub(super) fn query(&mut self, query: &RowQuery, required: &[&str]) {
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

    /// The columns a repeated test fills into its text.
    pub(super) fn columns_of(&mut self, query: &RowQuery, test: &RawTest) {
        let Some(table) = self.tables.get(&query.table.value) else {
            return;
        };
        let Some(text) = &test.text else { return };
        let known: BTreeSet<String> = table.columns.keys().cloned().collect();
        for key in Template::parse(&text.value).keys() {
            let name = Spanned {
                value: key.to_owned(),
                place: text.place.clone(),
            };
            let table = format!("in the table `{}`", query.table.value);
            self.known_name(Code::BadPlaceholder, "column", &name, &known, &table);
        }
    }

    pub(super) fn decision(&mut self, decision: &Spanned<String>) -> Option<(Vec<String>, Place)> {
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

    pub(super) fn decided(&mut self, decision: &Spanned<String>, value: &Spanned<String>) {
        if let Some((values, declared)) = self.decision(decision)
            && !values.contains(&value.value)
        {
            self.out
                .push(undeclared(&decision.value, value, &values, &declared));
        }
    }

    pub(super) fn cite(&mut self, cite: &Spanned<String>) {
        self.cited.insert(cite.value.clone());
        self.known_name(
            Code::NoCitation,
            "citation",
            cite,
            &self.names.cites,
            "under `cites:` of the pack",
        );
    }

    pub(super) fn name(&mut self, kind: NameKind, name: &Spanned<String>) {
        if kind == NameKind::Gene {
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
                    .help(format!("write `{}`", gene.symbol))
                    .fix(name.place.clone(), gene.symbol.clone()),
                );
                return;
            }
        }
        let code = match kind {
            NameKind::Gene => Code::UnknownGene,
            _ => Code::UnknownTerm,
        };
        let none = BTreeSet::new();
        let known = self.names.closed.get(&kind).unwrap_or(&none);
        self.known_name(code, kind.words(), name, known, "in the tables of the pack");
    }

    /// A symbol set aside for tests, met in a table.
    pub(super) fn reserved(&mut self, name: &Spanned<String>) {
        self.out.push(
            Diagnostic::error(
                Code::UnknownGene,
                format!("`{}` is set aside for tests", name.value),
            )
            .at(name.place.clone(), "no gene of a real table")
            .help("write the approved symbol of the gene"),
        );
    }

    pub(super) fn known_name(
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
