//! `fusedx explain CODE`: the long text of a diagnostic code, rule, marker, gene, drug or disease.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::diag::{Code, near_name};
use crate::error::Error;
use crate::rules::Pack;

use super::{Outcome, Shown, packs};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// A diagnostic code (E012), a rule (LMS-1), a flag, a citation, or a name of the pack.
    name: String,
    /// Rule pack: a folder with a pack.yaml (default: the pack built into the program).
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A laboratory's own additions, laid over the pack (may be given several times).
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let code = Code::ALL
        .iter()
        .find(|code| code.code().eq_ignore_ascii_case(&options.name));
    let text = match code {
        Some(code) => format!(
            "{}: {}\n\n{}\n",
            code.code(),
            code.summary(),
            code.explanation()
        ),
        None => named(options)?,
    };
    let target = options.shown.target();
    target.write(|out| out.write_all(text.as_bytes()))?;
    Ok(Outcome::Done)
}

fn named(options: &Options) -> Result<String, Error> {
    let loaded = packs::load(options.rules.as_deref(), &options.overlay);
    let Some(pack) = &loaded.pack else {
        options.shown.show(&loaded.diagnostics, &loaded.sources);
        return Err(Error::Rules(loaded.diagnostics));
    };
    let name = &options.name;
    let mut out = String::new();
    if let Some(text) = pack.described(name) {
        out.push_str(&text);
    }
    if let Some(title) = pack.flag_title(name) {
        let _ = writeln!(out, "flag {name}: {title}");
        for entry in pack.entries() {
            if entry.kind == "rule" && entry.text.ends_with(&format!("(flag {name})")) {
                let _ = writeln!(out, "  raised by {}: {}", entry.name, entry.text);
            }
        }
    }
    if let Some(text) = pack.citation(name) {
        let _ = writeln!(out, "citation {name}: {text}");
    }
    vocabulary(pack, name, &mut out);
    if !out.is_empty() {
        return Ok(out);
    }
    let entries = pack.entries();
    let vocab = pack.vocab();
    let known = entries
        .iter()
        .map(|e| e.name.as_str())
        .chain(Code::ALL.iter().map(|c| c.code()))
        .chain(vocab.genes().iter().map(|g| g.symbol.as_str()))
        .chain(vocab.markers().iter().map(|m| m.name.as_str()));
    let near = near_name(name, known)
        .map(|n| format!(", did you mean `{n}`?"))
        .unwrap_or_default();
    Err(Error::Usage(format!("nothing is known of `{name}`{near}")))
}

/// What the vocabulary of the pack knows of a name.
fn vocabulary(pack: &Pack, name: &str, out: &mut String) {
    let vocab = pack.vocab();
    if let Some(gene) = vocab.gene_named(name) {
        let _ = write!(out, "gene {}", gene.symbol);
        if let Some(hgnc) = gene.hgnc {
            let _ = write!(out, " (HGNC:{hgnc})");
        }
        if gene.symbol != name {
            let _ = write!(out, ", also written {name}");
        }
        out.push('\n');
        if gene.three_prime_kinase {
            out.push_str("  a kinase that drives a tumour as 3' partner\n");
        }
        if let Some(exon) = gene.last_kinase_exon {
            let _ = writeln!(out, "  a break before exon {exon} keeps the kinase domain");
        }
        for (table, columns) in pack.rows_naming(&gene.symbol) {
            let _ = writeln!(out, "  table {table}: {columns}");
        }
    }
    if let Some(marker) = vocab.marker_named(name) {
        let _ = writeln!(out, "marker {}", marker.name);
        if let Some(gene) = &marker.gene {
            let _ = writeln!(out, "  the protein of {gene}");
        }
        let clones = vocab
            .clones()
            .iter()
            .filter(|c| c.markers.contains(&marker.name));
        let clones: Vec<&str> = clones.map(|c| c.name.as_str()).collect();
        if !clones.is_empty() {
            let _ = writeln!(out, "  clones: {}", clones.join(", "));
        }
    }
    for rule in pack.rules_asking(name) {
        let _ = writeln!(out, "  asked by rule {rule}");
    }
    if let Some(disease) = vocab.diseases().iter().find(|d| d.key == name) {
        let _ = writeln!(
            out,
            "disease {}: {} (group {})",
            disease.key, disease.label, disease.group
        );
    }
    if vocab.drugs().iter().any(|d| d.name == name) {
        let _ = writeln!(out, "drug {name}");
        for (table, columns) in pack.rows_naming(name) {
            let _ = writeln!(out, "  table {table}: {columns}");
        }
    }
}
