//! Rule files as written: typed, with places, not yet checked against each other.

use crate::diag::{Code, Diagnostic};
use crate::rules::condition::RawCondition;
use crate::rules::fact::RowQuery;
use crate::source::{Place, SourceId};
use crate::yaml::{Decoder, Node, Spanned};

mod invariants;
mod manifest;
mod module;
mod overlay;
mod table;
mod test;

/// One rule file.
#[derive(Debug)]
pub(crate) enum RawFile {
    Pack(Box<RawManifest>),
    Table(RawTable),
    Rules(RawModule),
    Cases(RawCases),
    Invariants(RawInvariants),
    Overlay(Box<RawOverlay>),
}

/// `kind: pack`
#[derive(Debug)]
pub(crate) struct RawManifest {
    pub(crate) name: Spanned<String>,
    pub(crate) version: Spanned<String>,
    /// Versions of this program the pack is written for.
    pub(crate) engine: Option<Spanned<String>>,
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
    /// Levels of evidence, and what each means.
    pub(crate) tiers: Vec<(Spanned<String>, Spanned<String>)>,
    /// Rules an overlay may not disable, nor retire a test of.
    pub(crate) locked: Vec<Spanned<String>>,
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
#[derive(Debug, Default)]
pub(crate) struct RawModule {
    pub(crate) name: String,
    /// Modules whose findings or decisions this one rests on.
    pub(crate) uses: Vec<Spanned<String>>,
    pub(crate) decisions: Vec<RawDecision>,
    pub(crate) findings: Vec<RawFinding>,
    pub(crate) rules: Vec<RawRule>,
}

/// A decision with its values, highest priority first.
#[derive(Debug)]
pub(crate) struct RawDecision {
    pub(crate) name: Spanned<String>,
    pub(crate) hit: Hit,
    pub(crate) values: Vec<Spanned<String>>,
    pub(crate) titles: Vec<(Spanned<String>, String)>,
    pub(crate) default: Spanned<String>,
}

/// What becomes of several values that are true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hit {
    /// More than one is a conflict.
    Unique,
    /// The first in the declared order counts.
    #[default]
    Priority,
    /// All count, in the declared order.
    Collect,
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
    /// Counts the changes of meaning, so that an overlay notices one.
    pub(crate) revision: u32,
    /// What the latest revision changed.
    pub(crate) changed: Option<String>,
    pub(crate) when: RawCondition,
    pub(crate) conclude: Option<(Spanned<String>, Spanned<String>)>,
    pub(crate) flag: Option<Spanned<String>>,
    /// What the flag says, with the facts filled in; the title without.
    pub(crate) message: Option<Spanned<String>>,
    pub(crate) grade: Option<Grade>,
    pub(crate) tier: Option<Spanned<String>>,
    pub(crate) cite: Vec<Spanned<String>>,
    pub(crate) therapy: Option<RowQuery>,
    pub(crate) follow_up: Vec<RawFollowUp>,
    pub(crate) equivalent: Vec<RawEquivalent>,
    pub(crate) tests: Vec<RawTest>,
}

/// What to do next.
#[derive(Debug, Clone)]
pub(crate) struct RawFollowUp {
    pub(crate) act: String,
    /// With the facts filled in at `{...}`.
    pub(crate) text: Spanned<String>,
}

/// A change of a rule that no test can notice, and why.
#[derive(Debug)]
pub(crate) struct RawEquivalent {
    pub(crate) mutant: Spanned<String>,
    pub(crate) why: String,
}

/// A test: of one rule beside it, or of the whole pack in a file of cases.
#[derive(Debug)]
pub(crate) struct RawTest {
    pub(crate) name: Spanned<String>,
    /// The rule file that holds it.
    pub(crate) source: SourceId,
    /// Rows of a table the test is repeated for, their cells filled into its text.
    pub(crate) for_each: Option<RowQuery>,
    pub(crate) text: Option<Spanned<String>>,
    pub(crate) facts: Option<Node>,
    /// Rules and their outcome.
    pub(crate) fires: Vec<(Spanned<String>, Spanned<&'static str>)>,
    /// Rules and the facts they miss.
    pub(crate) missing: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    pub(crate) flags: Vec<Spanned<String>>,
    pub(crate) absent_flags: Vec<Spanned<String>>,
    pub(crate) settled: Vec<(Spanned<String>, Spanned<bool>)>,
    pub(crate) decisions: Vec<(Spanned<String>, Spanned<String>)>,
}

/// `kind: cases`
#[derive(Debug)]
pub(crate) struct RawCases {
    pub(crate) name: Spanned<String>,
    pub(crate) tests: Vec<RawTest>,
}

/// `kind: invariants`
#[derive(Debug)]
pub(crate) struct RawInvariants {
    pub(crate) invariants: Vec<RawInvariant>,
}

/// What must hold for every case, whatever the rules say.
#[derive(Debug)]
pub(crate) struct RawInvariant {
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    pub(crate) claim: RawClaim,
    pub(crate) cite: Vec<Spanned<String>>,
}

/// What an invariant claims.
#[derive(Debug)]
pub(crate) enum RawClaim {
    /// The condition is never true.
    Never(RawCondition),
    /// No fact of these kinds has a part in these decisions.
    Independent {
        decisions: Vec<Spanned<String>>,
        of: Vec<Spanned<String>>,
    },
    /// Without a fact of these kinds every question about them is unknown.
    UnknownWithout(Vec<Spanned<String>>),
    /// Facts in these states answer nothing.
    Ignores(Vec<Spanned<String>>),
}

/// `kind: overlay`
#[derive(Debug)]
pub(crate) struct RawOverlay {
    pub(crate) name: Spanned<String>,
    pub(crate) pack: Spanned<String>,
    pub(crate) version: Option<Spanned<String>>,
    pub(crate) rows: Vec<RawRows>,
    pub(crate) retire_tests: Vec<RawRetiredTest>,
    pub(crate) patches: Vec<RawPatch>,
    pub(crate) module: RawModule,
    pub(crate) flags: Vec<(Spanned<String>, Spanned<String>)>,
    pub(crate) cites: Vec<RawCite>,
}

/// Rows an overlay adds to a table or takes out of it.
#[derive(Debug)]
pub(crate) struct RawRows {
    pub(crate) table: Spanned<String>,
    pub(crate) add: Vec<RawRow>,
    /// Keys, each with a reason in the file.
    pub(crate) retire: Vec<Spanned<String>>,
}

/// A base test that local data makes untrue; the file gives the reason.
#[derive(Debug)]
pub(crate) struct RawRetiredTest {
    pub(crate) rule: Spanned<String>,
    pub(crate) test: Spanned<String>,
}

/// What an overlay changes in a rule of the base pack.
#[derive(Debug)]
pub(crate) struct RawPatch {
    pub(crate) id: Spanned<String>,
    pub(crate) expect_revision: Spanned<u32>,
    pub(crate) follow_up: Vec<RawFollowUp>,
    pub(crate) cite: Vec<Spanned<String>>,
    pub(crate) tests: Vec<RawTest>,
    /// Where it says so.
    pub(crate) disable: Option<Place>,
}

const KINDS: [(&str, &str); 6] = [
    ("pack", "pack"),
    ("table", "table"),
    ("rules", "rules"),
    ("cases", "cases"),
    ("invariants", "invariants"),
    ("overlay", "overlay"),
];
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
            [
                ("extends", "overlay"),
                ("invariants", "invariants"),
                ("cases", "cases"),
                ("rules", "rules"),
                ("findings", "rules"),
                ("decisions", "rules"),
                ("rows", "table"),
                ("include", "pack"),
            ]
            .into_iter()
            .find(|(key, _)| node.get(key).is_some())
            .map(|(_, kind)| kind)
        };
        match stated.or_else(looks)? {
            "pack" => manifest::manifest(d, f).map(|m| Self::Pack(Box::new(m))),
            "table" => table::table(d, f).map(Self::Table),
            "cases" => test::cases(d, f).map(Self::Cases),
            "invariants" => Some(Self::Invariants(invariants::invariants(d, f))),
            "overlay" => overlay::overlay(d, f).map(|o| Self::Overlay(Box::new(o))),
            _ => module::module(d, f).map(Self::Rules),
        }
    }
}
