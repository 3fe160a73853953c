//! Rule files as written: typed, with places, not yet checked against each other.

use crate::diag::{Code, Diagnostic};
use crate::rules::condition::RawCondition;
use crate::rules::fact::RowQuery;
use crate::source::SourceId;
use crate::yaml::{Decoder, Node, Spanned};

mod manifest;
mod module;
mod table;

/// One rule file.
#[derive(Debug)]
pub(crate) enum RawFile {
    Pack(Box<RawManifest>),
    Table(RawTable),
    Rules(RawModule),
}

/// `kind: pack`
#[derive(Debug)]
pub(crate) struct RawManifest {
    pub(crate) name: Spanned<String>,
    pub(crate) version: Spanned<String>,
    pub(crate) include: Vec<Spanned<String>>,
    /// Which tables hold which names: (role, tables).
    pub(crate) vocabulary: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// Table of drug labels.
    pub(crate) labels: Option<Spanned<String>>,
    /// Table of safety questions.
    pub(crate) safety: Option<Spanned<String>>,
    /// Table of the tests that can settle a decision.
    pub(crate) tests: Option<Spanned<String>>,
    /// Tables that no rule asks: (role, table).
    pub(crate) guide: Vec<(Spanned<String>, Spanned<String>)>,
    pub(crate) flags: Vec<(Spanned<String>, Spanned<String>)>,
    pub(crate) cites: Vec<RawCite>,
}

/// A source that rules and rows may cite.
#[derive(Debug)]
pub(crate) struct RawCite {
    pub(crate) id: Spanned<String>,
    pub(crate) text: String,
}

/// `kind: table`
#[derive(Debug)]
pub(crate) struct RawTable {
    pub(crate) name: Spanned<String>,
    pub(crate) key: Option<Spanned<String>>,
    pub(crate) columns: Vec<RawColumn>,
    pub(crate) rows: Vec<RawRow>,
}

/// A declared column.
#[derive(Debug)]
pub(crate) struct RawColumn {
    pub(crate) name: Spanned<String>,
    pub(crate) kind: ColumnKind,
    pub(crate) set: bool,
    pub(crate) optional: bool,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Text,
    Bool,
    Int,
    Date,
    Enum(Vec<String>),
    Gene,
    Marker,
    Drug,
    Disease,
    Cite,
}

/// A row as written.
#[derive(Debug)]
pub(crate) struct RawRow {
    pub(crate) source: SourceId,
    pub(crate) node: Node,
}

/// `kind: rules`
#[derive(Debug)]
pub(crate) struct RawModule {
    pub(crate) name: Spanned<String>,
    pub(crate) decisions: Vec<RawDecision>,
    pub(crate) findings: Vec<RawFinding>,
    pub(crate) rules: Vec<RawRule>,
}

/// A decision with its values, highest priority first.
#[derive(Debug)]
pub(crate) struct RawDecision {
    pub(crate) name: Spanned<String>,
    pub(crate) values: Vec<Spanned<String>>,
    pub(crate) titles: Vec<(Spanned<String>, String)>,
    pub(crate) default: Spanned<String>,
}

/// A derived fact.
#[derive(Debug)]
pub(crate) struct RawFinding {
    pub(crate) name: Spanned<String>,
    pub(crate) title: String,
    pub(crate) when: RawCondition,
}

/// How much a rule rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    Strong,
    Moderate,
    Weak,
}

/// A rule.
#[derive(Debug)]
pub(crate) struct RawRule {
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    pub(crate) when: RawCondition,
    pub(crate) conclude: Option<(Spanned<String>, Spanned<String>)>,
    pub(crate) flag: Option<Spanned<String>>,
    pub(crate) grade: Grade,
    pub(crate) cite: Vec<Spanned<String>>,
    pub(crate) therapy: Option<RowQuery>,
    pub(crate) follow_up: Vec<FollowUp>,
    pub(crate) tests: Vec<RawTest>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FollowUp {
    pub(crate) act: String,
    pub(crate) text: String,
}

/// An inline test.
#[derive(Debug)]
pub(crate) struct RawTest {
    pub(crate) name: Spanned<String>,
    /// The rule file that holds it.
    pub(crate) source: SourceId,
    pub(crate) text: Option<Spanned<String>>,
    pub(crate) facts: Option<Node>,
    pub(crate) fires: Option<Spanned<&'static str>>,
    pub(crate) missing: Option<Vec<Spanned<String>>>,
    pub(crate) flags: Vec<Spanned<String>>,
    pub(crate) absent_flags: Vec<Spanned<String>>,
    pub(crate) settled: Vec<(Spanned<String>, bool)>,
    pub(crate) decisions: Vec<(Spanned<String>, Spanned<String>)>,
}

const KINDS: [(&str, &str); 3] = [("pack", "pack"), ("table", "table"), ("rules", "rules")];
const GRADES: [(Grade, &str); 3] = [
    (Grade::Strong, "strong"),
    (Grade::Moderate, "moderate"),
    (Grade::Weak, "weak"),
];
impl Grade {
    pub(crate) fn as_str(self) -> &'static str {
        GRADES
            .iter()
            .find(|(g, _)| *g == self)
            .map_or("", |(_, name)| name)
    }
}

impl RawFile {
    /// Decodes one file. A file without `kind:` is decoded as what it looks like, so that its other
    /// defects are reported too.
    pub(crate) fn decode(d: &mut Decoder<'_>, node: &Node) -> Option<Self> {
        let mut f = d.fields(node, "a rule file")?;
        if let Some(format) = f.need(d, "format")
            && let Some(version) = d.number(format)
            && version.value != 1
        {
            d.report(
                Diagnostic::error(
                    Code::UnknownValue,
                    format!("format {} is not known", version.value),
                )
                .at(version.place, "expected 1")
                .help("this program reads format 1; a newer file needs a newer program"),
            );
        }
        let stated = f
            .need(d, "kind")
            .and_then(|n| d.choice(n, &KINDS))
            .map(|s| s.value);
        let looks = || {
            ["rules", "rows", "include"]
                .into_iter()
                .find(|key| node.get(key).is_some())
                .map(|key| match key {
                    "rows" => "table",
                    "include" => "pack",
                    _ => "rules",
                })
        };
        match stated.or_else(looks)? {
            "pack" => manifest::manifest(d, f).map(|m| Self::Pack(Box::new(m))),
            "table" => table::table(d, f).map(Self::Table),
            _ => module::module(d, f).map(Self::Rules),
        }
    }
}
