//! What the header of a table of the course says.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::source::Source;

/// What a column holds, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Date,
    Analyte,
    Value,
    Unit,
    Flag,
    Lesion,
    Kind,
    Site,
    Size,
    State,
}

const NAMES: &[(Role, &[&str])] = &[
    (
        Role::Date,
        &[
            "date",
            "day",
            "visit date",
            "sample date",
            "collection date",
            "collected",
            "日期",
            "检查日期",
            "datum",
            "fecha",
            "scan date",
            "date de prélèvement",
        ],
    ),
    (
        Role::Analyte,
        &[
            "analyte",
            "test",
            "parameter",
            "lab",
            "component",
            "test name",
            "项目",
            "检验项目",
            "analyt",
            "untersuchung",
            "parámetro",
            "paramètre",
            "analyse",
        ],
    ),
    (
        Role::Value,
        &[
            "value",
            "result",
            "结果",
            "wert",
            "ergebnis",
            "valor",
            "resultado",
            "valeur",
            "résultat",
            "waarde",
            "uitslag",
        ],
    ),
    (
        Role::Unit,
        &[
            "unit", "units", "单位", "einheit", "unidad", "unité", "eenheid",
        ],
    ),
    (
        Role::Flag,
        &["flag", "flags", "abnormal", "hl", "h/l", "提示"],
    ),
    (
        Role::Lesion,
        &[
            "lesion",
            "lesion id",
            "lesion_id",
            "target",
            "target lesion",
            "病灶",
            "läsion",
            "lésion",
            "lesión",
            "laesie",
        ],
    ),
    (
        Role::Kind,
        &[
            "kind",
            "type",
            "category",
            "lesion type",
            "类型",
            "typ",
            "tipo",
        ],
    ),
    (
        Role::Site,
        &[
            "site",
            "location",
            "organ",
            "部位",
            "lokalisation",
            "localización",
            "localisation",
            "sitio",
        ],
    ),
    (
        Role::Size,
        &[
            "mm",
            "size",
            "size_mm",
            "size mm",
            "size (mm)",
            "diameter",
            "diameter_mm",
            "diameter mm",
            "diameter (mm)",
            "ld_mm",
            "大小",
            "径线",
            "größe",
            "durchmesser",
            "taille",
            "tamaño",
            "cm",
            "size (cm)",
        ],
    ),
    (Role::State, &["state", "status", "assessment", "状态"]),
];

static BLOOD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:wbc|leu[ck]o|white|neu|lymph|lym|mono|plt|platelet|thrombo|plaquette|plaqueta|h[aä]?emoglobin|hä?mo|hgb|hb\b|anc|alc|amc|eos|baso|白细胞|中性|淋巴|单核|血小板|血红)")
        .expect("a constant pattern")
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*"?(?:(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|\d{1,2}[\s.-]+\p{L}{3,12}[\s.-]+(?:19|20)\d\d)"#)
        .expect("a constant pattern")
});

/// A table of this kind: which, and how its header reads.
pub(super) struct Header {
    pub(super) dialect: &'static str,
    pub(super) delimiter: char,
    pub(super) line: Range<usize>,
    pub(super) roles: Vec<Option<Role>>,
}

/// Most lines before the header, each a comment.
const COMMENTS: usize = 20;

pub(super) fn header(source: &Source) -> Option<Header> {
    let text = source.text();
    let mut lines = source
        .lines()
        .map(|(_, line)| line)
        .filter(|line| !text[line.clone()].trim().is_empty());
    let line = lines
        .by_ref()
        .take(COMMENTS)
        .find(|line| !text[line.clone()].starts_with('#'))?;
    // A header alone is no table.
    lines.next()?;
    ['\t', ';', ',', '|'].into_iter().find_map(|delimiter| {
        let cells: Vec<&str> = text[line.clone()].split(delimiter).collect();
        if cells.len() < 2 || cells.iter().any(|c| c.chars().count() > 60) {
            return None;
        }
        let roles: Vec<Option<Role>> = cells.iter().map(|c| role(c)).collect();
        let dialect = dialect(&cells, &roles)?;
        Some(Header {
            dialect,
            delimiter,
            line: line.clone(),
            roles,
        })
    })
}

fn role(cell: &str) -> Option<Role> {
    let name = cell.trim().trim_matches('"').trim().to_lowercase();
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()))
        .map(|(role, _)| *role)
}

fn dialect(cells: &[&str], roles: &[Option<Role>]) -> Option<&'static str> {
    let has = |role: Role| roles.contains(&Some(role));
    let dates = cells.iter().filter(|c| DATE.is_match(c)).count();
    let blood = cells
        .iter()
        .filter(|c| BLOOD.is_match(c.trim().trim_matches('"')))
        .count();
    let first = |role: Role| roles.first() == Some(&Some(role));
    if has(Role::Lesion) && has(Role::Date) && (has(Role::Size) || has(Role::State)) {
        Some("lesions-long")
    } else if has(Role::Lesion) && dates > 0 {
        Some("lesions-by-column")
    } else if has(Role::Date) && has(Role::Analyte) && has(Role::Value) {
        Some("labs-long")
    } else if has(Role::Date) && blood >= 1 && cells.len() >= 3 {
        Some("labs-by-row")
    } else if (has(Role::Analyte) && dates > 0)
        || (dates >= 2 && !has(Role::Lesion) && (first(Role::Unit) || cells[0].trim().is_empty()))
    {
        Some("labs-by-column")
    } else {
        None
    }
}
