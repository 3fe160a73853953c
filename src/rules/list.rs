//! A pack in lists: what is in it, and what one thing in it rests on.

use std::fmt::Write as _;

use crate::rules::Pack;
use crate::rules::program::Condition;

/// One thing of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `decision`, `rule`, `finding`, `table`, `invariant`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What it is, in one line.
    pub text: String,
    /// The file and line it stands in.
    pub place: String,
}

impl Pack {
    /// Everything in the pack, sorted by kind and name.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut out = Vec::new();
        let mut add = |kind, name: &str, text: String, place: &crate::source::Place| {
            out.push(Entry {
                kind,
                name: name.to_owned(),
                text,
                place: format!("{}:{}", place.path, place.line),
            });
        };
        for module in &self.checked.modules {
            for d in &module.decisions {
                let values: Vec<&str> = d.values.iter().map(|v| v.value.as_str()).collect();
                add("decision", &d.name.value, values.join(", "), &d.name.place);
            }
            for f in &module.findings {
                add("finding", &f.name.value, f.title.clone(), &f.name.place);
            }
            for r in &module.rules {
                let does = match (&r.conclude, &r.flag) {
                    (Some((d, v)), _) => format!("{}: {}", d.value, v.value),
                    (_, Some(flag)) => format!("flag {}", flag.value),
                    _ => String::new(),
                };
                add(
                    "rule",
                    &r.id.value,
                    format!("{}  ({does})", r.title),
                    &r.id.place,
                );
            }
        }
        for table in self.checked.tables.values() {
            let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
            let text = format!("{} rows: {}", table.rows.len(), columns.join(", "));
            add("table", &table.name.value, text, &table.name.place);
        }
        for invariant in &self.program.invariants {
            add(
                "invariant",
                &invariant.id,
                invariant.title.clone(),
                &invariant.place,
            );
        }
        out.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        out
    }

    /// One rule, finding, decision, table or invariant with everything it rests on, in words; none
    /// when the pack has none of that name.
    #[must_use]
    pub fn described(&self, name: &str) -> Option<String> {
        let entries = self.entries();
        let entry = entries.iter().find(|e| e.name == name)?;
        let mut out = format!(
            "{} {}  ({})\n{}\n",
            entry.kind, entry.name, entry.place, entry.text
        );
        let program = &self.program;
        let when = match entry.kind {
            "rule" => program.rules.iter().find(|r| r.id == name).map(|r| &r.when),
            "finding" => {
                let mut findings = program.findings.iter();
                findings.find(|f| f.name == name).map(|f| &f.when)
            }
            _ => None,
        };
        if let Some(when) = when {
            out.push_str("\nwhen\n");
            self.condition(when, 1, &mut out);
        }
        if let Some(rule) = program.rules.iter().find(|r| r.id == name) {
            let _ = write!(out, "\ngrade: {}\n", rule.grade);
            for cite in &rule.cite {
                let text = self.citation(cite).unwrap_or_default();
                let _ = writeln!(out, "cites {cite}: {text}");
            }
            let tests = self.trials().iter();
            let tests = tests.filter(|t| t.rule.as_deref() == Some(name)).count();
            let _ = writeln!(out, "{tests} tests");
        }
        if let Some(table) = self
            .checked
            .tables
            .get(name)
            .filter(|_| entry.kind == "table")
        {
            for row in &table.rows {
                let cells = table.columns.keys().filter_map(|column| {
                    let values = row.values(column);
                    let number = row.int(column).map(|n| n.to_string());
                    let date = row.date(column).map(|d| d.to_string());
                    let value = number.or(date).unwrap_or_else(|| values.join(", "));
                    (!value.is_empty()).then(|| format!("{column}: {value}"))
                });
                let _ = writeln!(out, "  {}", cells.collect::<Vec<_>>().join("; "));
            }
        }
        Some(out)
    }

    /// The rows of tables, vocabulary aside, that hold a name: table and row in words.
    #[must_use]
    pub fn rows_naming(&self, name: &str) -> Vec<(String, String)> {
        let vocabulary: Vec<&str> = self
            .checked
            .manifest
            .vocabulary
            .iter()
            .flat_map(|(_, tables)| tables)
            .map(|t| t.value.as_str())
            .collect();
        let mut out = Vec::new();
        for (table, of) in &self.checked.tables {
            if vocabulary.contains(&table.as_str()) {
                continue;
            }
            for row in &of.rows {
                let cells: Vec<(&String, Vec<&str>)> =
                    of.columns.keys().map(|c| (c, row.values(c))).collect();
                if cells.iter().any(|(_, values)| values.contains(&name)) {
                    let words = cells.iter().filter(|(_, v)| !v.is_empty());
                    let words = words.map(|(c, v)| format!("{c} {}", v.join(", ")));
                    out.push((table.clone(), words.collect::<Vec<_>>().join("; ")));
                }
            }
        }
        out
    }

    /// The rules that ask for a fact of this marker or gene.
    #[must_use]
    pub fn rules_asking(&self, name: &str) -> Vec<&str> {
        let asks = |key: &String| {
            let of = key.split_once(' ').map_or("", |(_, of)| of);
            of.split('/').any(|part| part == name)
        };
        let program = &self.program;
        let rules = program.rules.iter();
        rules
            .filter(|rule| program.keys(&rule.when).iter().any(asks))
            .map(|rule| rule.id.as_str())
            .collect()
    }

    fn condition(&self, condition: &Condition, depth: usize, out: &mut String) {
        let program = &self.program;
        let words = match condition {
            Condition::All(_) => "all of".to_owned(),
            Condition::Any(_) => "any of".to_owned(),
            Condition::NoneOf(_) => "none of".to_owned(),
            Condition::Not(_) => "not".to_owned(),
            Condition::Known(_) => "known".to_owned(),
            Condition::AtLeast { n, what, .. } => format!("at least {n} of {what}"),
            Condition::Assume { is, why, .. } => format!("assumed {is} when not known: {why}"),
            Condition::DoubtUnless { why, .. } => format!("in doubt unless (else: {why})"),
            Condition::Leaf(leaf) => program.leaves[*leaf].words(),
            Condition::Finding(f) => {
                let finding = &program.findings[*f];
                format!("{}: {}", finding.name, finding.title)
            }
            Condition::Decided(d, v) | Condition::Reported(d, v) | Condition::Possible(d, v) => {
                let decision = &program.decisions[*d];
                format!("{} is {}", decision.name, decision.values[*v])
            }
        };
        let _ = writeln!(out, "{}{}", "  ".repeat(depth), words.trim_end());
        if let Condition::Finding(f) = condition {
            self.condition(&program.findings[*f].when, depth + 1, out);
        }
        for part in condition.parts() {
            self.condition(part, depth + 1, out);
        }
    }
}
