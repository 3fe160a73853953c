//! The vocabulary of a pack, built from its tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, near_name};
use crate::rules::fact::NameKind;
use crate::rules::raw::RawManifest;
use crate::rules::tables::{Row, Table, Tables};
use crate::vocab::{
    Analyte, Band, Clone, Counted, Disease, Figure, Gene, KinaseEntry, KinaseExon, Marker, Naming,
    ScaleRow, Vocab, VocabBuilder, Word,
};
use crate::yaml::Spanned;

/// The roles of vocabulary tables and the columns each must have.
const ROLES: [(&str, &[&str]); 18] = [
    ("genes", &["symbol"]),
    ("gene_symbols", &["symbol"]),
    ("gene_families", &["pattern"]),
    ("spreadsheet_dates", &["date", "genes"]),
    (
        "kinase_exons",
        &[
            "gene",
            "build",
            "chromosome",
            "strand",
            "exon",
            "first",
            "last",
            "keeps",
        ],
    ),
    ("kinase_entries", &["gene", "build", "at"]),
    ("function_scale", &["id", "when", "because"]),
    ("function_levels", &["value", "at_least"]),
    ("markers", &["marker"]),
    ("clones", &["clone", "markers"]),
    ("drugs", &["drug"]),
    ("diseases", &["key", "label", "group"]),
    ("words", &["term", "means"]),
    ("features", &["feature"]),
    ("sites", &["site"]),
    ("analytes", &["analyte"]),
    ("values", &["term", "means"]),
    ("bands", &["band", "gene"]),
];

/// Names that rules may use and that a report is not searched for by the vocabulary itself.
#[derive(Debug, Default)]
pub(crate) struct Closed {
    pub(crate) names: BTreeMap<NameKind, BTreeSet<String>>,
    /// Sites of a tumour with their spellings, in lower case.
    pub(crate) sites: BTreeMap<String, Vec<String>>,
}

impl Closed {
    fn add(&mut self, kind: NameKind, name: &str) {
        self.names.entry(kind).or_default().insert(name.to_owned());
    }
}

/// Builds the vocabulary; roles, tables and columns that do not exist are reported.
pub(crate) fn build(
    manifest: &RawManifest,
    tables: &Tables,
    out: &mut Vec<Diagnostic>,
) -> (Vocab, Closed) {
    let mut builder = VocabBuilder::default();
    let mut closed = Closed::default();
    let by_role: BTreeMap<&str, &Vec<Spanned<String>>> = manifest
        .vocabulary
        .iter()
        .map(|(role, names)| (role.value.as_str(), names))
        .collect();
    for (role, _) in &manifest.vocabulary {
        if !ROLES.iter().any(|(name, _)| *name == role.value) {
            let names = ROLES.map(|(name, _)| name);
            let mut diagnostic = Diagnostic::error(
                Code::UnknownKey,
                format!("unknown vocabulary `{}`", role.value),
            )
            .at(
                role.place.clone(),
                format!("expected one of: {}", names.join(", ")),
            );
            if let Some(near) = near_name(&role.value, names) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            out.push(diagnostic);
        }
    }
    // The order of roles is fixed: clones refer to markers.
    for (role, required) in ROLES {
        for name in by_role.get(role).copied().into_iter().flatten() {
            let Some(table) = find(tables, name, out) else {
                continue;
            };
            if !has_columns(table, required, name, out) {
                continue;
            }
            for row in &table.rows {
                let partners = partners_of(row, tables, out);
                add(role, row, partners, &mut builder, &mut closed, out);
            }
        }
    }
    (builder.build(), closed)
}

/// The table of this name, or a report that there is none.
pub(crate) fn find<'t>(
    tables: &'t Tables,
    name: &Spanned<String>,
    out: &mut Vec<Diagnostic>,
) -> Option<&'t Table> {
    let table = tables.get(&name.value);
    if table.is_none() {
        let mut diagnostic = Diagnostic::error(
            Code::UnknownTable,
            format!("there is no table `{}`", name.value),
        )
        .at(name.place.clone(), "not a table of this pack");
        if let Some(near) = near_name(&name.value, tables.keys().map(String::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        out.push(diagnostic);
    }
    table
}

/// Whether the table has these columns; reports those it lacks.
pub(crate) fn has_columns(
    table: &Table,
    required: &[&str],
    used: &Spanned<String>,
    out: &mut Vec<Diagnostic>,
) -> bool {
    let lacking: Vec<&str> = required
        .iter()
        .copied()
        .filter(|c| !table.columns.contains_key(*c))
        .collect();
    if !lacking.is_empty() {
        out.push(
            Diagnostic::error(
                Code::UnknownTable,
                format!(
                    "table `{}` lacks the column `{}`",
                    used.value,
                    lacking.join("`, `")
                ),
            )
            .at(used.place.clone(), "used here")
            .at(table.name.place.clone(), "the table"),
        );
    }
    lacking.is_empty()
}

/// The known partners of the kinase of a gene row: the rows of the table it names, those of this kinase where the
/// table has a column for it.
fn partners_of(
    row: &Row,
    tables: &Tables,
    out: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Vec<String>> {
    let Some(name) = row.optional("partners") else {
        return BTreeMap::new();
    };
    let name = Spanned {
        value: name.to_owned(),
        place: row.place_of("partners").clone(),
    };
    let Some(table) = find(tables, &name, out) else {
        return BTreeMap::new();
    };
    if !has_columns(table, &["gene", "seen_in"], &name, out) {
        return BTreeMap::new();
    }
    let by_kinase = table.columns.contains_key("kinase");
    table
        .rows
        .iter()
        .filter(|partner| !by_kinase || partner.text("kinase") == row.text("symbol"))
        .map(|partner| {
            let seen = partner.values("seen_in");
            (
                partner.text("gene").to_owned(),
                seen.into_iter().map(str::to_owned).collect(),
            )
        })
        .collect()
}

fn add(
    role: &str,
    row: &Row,
    partners: BTreeMap<String, Vec<String>>,
    builder: &mut VocabBuilder,
    closed: &mut Closed,
    out: &mut Vec<Diagnostic>,
) {
    let also = row.values("also");
    let damaged = row.values("damaged");
    let owned = |column: &str| row.values(column).into_iter().map(str::to_owned).collect();
    match role {
        "genes" => gene(row, partners, builder),
        "gene_symbols" | "gene_families" | "spreadsheet_dates" => {
            gene_columns(role, row, builder.vocab_mut(), out);
        }
        "kinase_exons" => {
            if let (Some(exon), Some(first), Some(last)) =
                (row.int("exon"), row.int("first"), row.int("last"))
            {
                builder.kinase_exon(KinaseExon {
                    gene: row.text("gene").to_owned(),
                    build: row.text("build").to_owned(),
                    chromosome: row.text("chromosome").to_owned(),
                    minus: row.text("strand") == "minus",
                    exon,
                    first: first.into(),
                    last: last.into(),
                    whole: row.text("keeps") == "whole",
                });
            }
        }
        "kinase_entries" => {
            if let Some(at) = row.int("at") {
                builder.kinase_entry(KinaseEntry {
                    gene: row.text("gene").to_owned(),
                    build: row.text("build").to_owned(),
                    at: at.into(),
                });
            }
        }
        "function_scale" => builder.scale_row(ScaleRow {
            id: row.text("id").to_owned(),
            when: row.text("when").to_owned(),
            points: i64::from(row.int("adds").unwrap_or_default())
                - i64::from(row.int("takes").unwrap_or_default()),
            because: row.text("because").to_owned(),
            cites: owned("cite"),
        }),
        "function_levels" => builder.level(
            row.text("value"),
            row.int("at_least").unwrap_or_default().into(),
        ),
        "markers" => builder.marker_with(
            Marker {
                name: row.text("marker").to_owned(),
                gene: row.optional("gene").map(str::to_owned),
                negative_scores: owned("negative_scores"),
                equivocal_scores: owned("equivocal_scores"),
                normally_retained: row.text("normally_retained") == "true",
            },
            &also,
            &damaged,
        ),
        "clones" => builder.clone_of(
            Clone {
                name: row.text("clone").to_owned(),
                markers: owned("markers"),
            },
            &also,
            row.text("names_marker") == "true",
        ),
        "drugs" => builder.drug(row.text("drug"), &also),
        "diseases" => builder.disease(
            Disease {
                key: row.text("key").to_owned(),
                label: row.text("label").to_owned(),
                group: row.text("group").to_owned(),
            },
            &also,
        ),
        "features" => closed.add(NameKind::Feature, row.text("feature")),
        "sites" => {
            let site = row.text("site");
            closed.add(NameKind::Site, site);
            let spellings = std::iter::once(site).chain(also.iter().copied());
            closed
                .sites
                .insert(site.to_owned(), spellings.map(str::to_lowercase).collect());
        }
        "analytes" => {
            closed.add(NameKind::Analyte, row.text("analyte"));
            analyte(row, &also, builder, out);
        }
        "values" => figure(row, &also, builder, closed, out),
        "bands" => builder.band(Band {
            band: row.text("band").to_owned(),
            gene: row.text("gene").to_owned(),
            alone: row.text("alone") == "true",
            product: row
                .optional("event")
                .zip(row.optional("with"))
                .map(|(event, with)| [event.to_owned(), with.to_owned()]),
        }),
        _ => word(row, &also, builder, closed, out),
    }
}

/// A word of the dictionary of values.
fn figure(
    row: &Row,
    also: &[&str],
    builder: &mut VocabBuilder,
    closed: &mut Closed,
    out: &mut Vec<Diagnostic>,
) {
    match Figure::from_row(row.text("means"), row.optional("value")) {
        Ok(figure) => {
            let spellings: Vec<&str> = std::iter::once(row.text("term"))
                .chain(also.iter().copied())
                .collect();
            if let Figure::Feature(feature) = &figure {
                closed.add(NameKind::Feature, feature);
            }
            builder.figure(&figure, &spellings, &row.values("damaged"));
        }
        Err(wrong) => out.push(not_a_word(row, "term", wrong.column, &wrong.expected)),
    }
}

fn analyte(row: &Row, also: &[&str], builder: &mut VocabBuilder, out: &mut Vec<Diagnostic>) {
    let counts = match row.optional("counts") {
        None => None,
        Some("cells") => Some(Counted::Cells),
        Some("share") => Some(Counted::Share),
        Some(_) => {
            out.push(not_a_word(row, "analyte", "counts", &["cells", "share"]));
            return;
        }
    };
    let name = row.text("analyte");
    builder.analyte(
        Analyte {
            name: name.to_owned(),
            counts,
        },
        &[
            (
                Naming::Plain,
                std::iter::once(name).chain(also.iter().copied()).collect(),
            ),
            (Naming::Absolute, row.values("absolute")),
            (Naming::Percent, row.values("percent")),
            (Naming::Short, row.values("short")),
        ],
    );
}

/// A row whose cell is none of the values allowed.
fn not_a_word(row: &Row, key: &str, column: &str, expected: &[&str]) -> Diagnostic {
    let expected = if expected.is_empty() {
        "a value here exactly where the meaning asks for one".to_owned()
    } else {
        format!("one of: {}", expected.join(", "))
    };
    Diagnostic::error(
        Code::UnknownValue,
        format!("`{}` has no such `{column}`", row.text(key)),
    )
    .at(row.place_of(column).clone(), format!("expected {expected}"))
}

/// A gene with its names and transcripts.
fn gene(row: &Row, partners: BTreeMap<String, Vec<String>>, builder: &mut VocabBuilder) {
    for accession in row.values("transcripts") {
        let vocab = builder.vocab_mut();
        vocab.add_transcript(accession, row.text("symbol"));
    }
    let (also, damaged) = (row.values("also"), row.values("damaged"));
    builder.gene(
        Gene {
            symbol: row.text("symbol").to_owned(),
            hgnc: row.int("hgnc"),
            three_prime_kinase: row.text("three_prime_kinase") == "true",
            last_kinase_exon: row.int("last_kinase_exon"),
            fish_cutoff: row.int("fish_cutoff"),
            chromosome: row.optional("chromosome").map(str::to_owned),
            strand: match row.text("strand") {
                "plus" => Some('+'),
                "minus" => Some('-'),
                _ => None,
            },
            span: row
                .int("start")
                .zip(row.int("end"))
                .map(|(start, end)| [start.into(), end.into()]),
            partners,
        },
        &also,
        &damaged,
    );
}

/// What is known of gene columns alone.
fn gene_columns(role: &str, row: &Row, vocab: &mut Vocab, out: &mut Vec<Diagnostic>) {
    match role {
        "gene_symbols" => {
            let (previous, also) = (row.values("previous"), row.values("also"));
            vocab.add_symbol(row.text("symbol"), &previous, &also);
        }
        "gene_families" => {
            if let Err(wrong) = vocab.add_family(row.text("pattern")) {
                out.push(
                    Diagnostic::error(Code::UnknownValue, "not a regular expression").at(
                        row.place_of("pattern").clone(),
                        wrong.lines().last().unwrap_or_default(),
                    ),
                );
            }
        }
        _ => vocab.add_date(row.text("date"), &row.values("genes")),
    }
}

fn word(
    row: &Row,
    also: &[&str],
    builder: &mut VocabBuilder,
    closed: &mut Closed,
    out: &mut Vec<Diagnostic>,
) {
    match Word::from_row(row.text("means"), row.optional("value")) {
        Ok(word) => {
            let named = match &word {
                Word::State(value) => Some((NameKind::State, value)),
                Word::Pattern(value) => Some((NameKind::Pattern, value)),
                Word::Extent(value) => Some((NameKind::Extent, value)),
                Word::Intensity(value) => Some((NameKind::Intensity, value)),
                Word::Compartment(value) => Some((NameKind::Compartment, value)),
                Word::Cells(value) => Some((NameKind::Cells, value)),
                Word::Signal(value) => Some((NameKind::Signal, value)),
                Word::Response(value) => Some((NameKind::DrugResponse, value)),
                _ => None,
            };
            if let Some((kind, value)) = named {
                closed.add(kind, value);
            }
            let spellings: Vec<&str> = std::iter::once(row.text("term"))
                .chain(also.iter().copied())
                .collect();
            builder.word(&word, &spellings);
        }
        Err(wrong) => out.push(not_a_word(row, "term", wrong.column, &wrong.expected)),
    }
}
