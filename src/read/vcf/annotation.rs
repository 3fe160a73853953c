//! Genes of variant annotation: `SnpEff` `ANN` and VEP's `CSQ`.
//!
//! ```text
//! ANN=ALT|effect|impact|gene or A&B|...       a pair where the effect is a gene fusion
//! CSQ=allele|consequence|...|SYMBOL|...       the order of fields stands in the header
//! ```

use crate::source::Source;

use super::{Genes, Record};

/// The genes at the ends of a variant.
pub(super) enum Ends<'t> {
    Two(&'t str, &'t str),
    One(&'t str),
}

/// What the annotations of a file say.
pub(super) struct Annotations<'t> {
    /// Where the symbol and the consequence stand in `CSQ`.
    csq: Option<(usize, usize)>,
    /// Genes by record, so that a breakend finds those of its mate.
    genes: Genes<'t>,
}

impl<'t> Annotations<'t> {
    pub(super) fn collect(source: &'t Source) -> Self {
        let text = source.text();
        let mut out = Self {
            csq: csq_fields(text),
            genes: Genes::new(),
        };
        if out.csq.is_none() && !text.contains("ANN=") {
            return out;
        }
        for (_, line) in source.lines() {
            let line = &text[line];
            if line.starts_with('#') {
                continue;
            }
            if let Some(record) = Record::parse(line) {
                let genes = out.own_genes(&record);
                if !genes.is_empty() {
                    out.genes.insert(record.id, genes);
                }
            }
        }
        out
    }

    /// The genes at both ends of a record, or why there are none.
    pub(super) fn partners<'r>(&'r self, record: &Record<'r>) -> Result<Ends<'r>, &'static str> {
        if let Some((one, two)) = fused(record) {
            return Ok(Ends::Two(one, two));
        }
        let own = self.own_genes(record);
        let symbolic = record.alt.starts_with('<');
        if symbolic {
            return match own[..] {
                [] => Err(NO_GENE),
                [one, two] => Ok(Ends::Two(one, two)),
                [_] => Err("both ends in one gene, or one end in none"),
                _ => Err("a variant over more than two genes; annotate its ends"),
            };
        }
        let mate = record
            .field("MATEID")
            .or_else(|| record.field("PARID"))
            .and_then(|id| self.genes.get(id))
            .map(Vec::as_slice)
            .unwrap_or_default();
        match (&own[..], mate) {
            ([], []) => Err(NO_GENE),
            ([one], [two]) if one == two => Err("both ends in one gene"),
            ([one, ..], [two, ..]) => Ok(Ends::Two(one, two)),
            ([one, ..], []) | ([], [one, ..]) => Ok(Ends::One(one)),
        }
    }

    /// The distinct genes a record is annotated with.
    fn own_genes<'r>(&self, record: &Record<'r>) -> Vec<&'r str> {
        let mut genes: Vec<&'r str> = Vec::new();
        let mut add = |name: &'r str, consequence: &str| {
            let beside = ["intergenic", "upstream", "downstream"];
            let inside = !beside.iter().any(|word| consequence.contains(word));
            if inside && !name.is_empty() && !genes.contains(&name) {
                genes.push(name);
            }
        };
        for entry in record.field("ANN").into_iter().flat_map(|v| v.split(',')) {
            let parts: Vec<&str> = entry.split('|').collect();
            if let (Some(effect), Some(name)) = (parts.get(1), parts.get(3))
                && !name.contains('&')
            {
                add(name, effect);
            }
        }
        if let Some((symbol, consequence)) = self.csq {
            for entry in record.field("CSQ").into_iter().flat_map(|v| v.split(',')) {
                let parts: Vec<&str> = entry.split('|').collect();
                if let (Some(name), Some(effect)) = (parts.get(symbol), parts.get(consequence)) {
                    add(name, effect);
                }
            }
        }
        genes
    }
}

const NO_GENE: &str = "no gene is named; annotate the breakends first";

/// The pair of a `gene_fusion` of `SnpEff`.
fn fused<'t>(record: &Record<'t>) -> Option<(&'t str, &'t str)> {
    record.field("ANN")?.split(',').find_map(|entry| {
        let mut parts = entry.split('|').skip(1);
        let effect = parts.next()?;
        let names = parts.nth(1)?;
        let (one, two) = names.split_once('&')?;
        let fusion = effect
            .split('&')
            .any(|effect| effect.ends_with("gene_fusion"));
        let two_genes = !two.contains('&') && !one.is_empty() && !two.is_empty() && one != two;
        (fusion && two_genes).then_some((one, two))
    })
}

/// Where symbol and consequence stand, from the description of `CSQ` in the header.
fn csq_fields(text: &str) -> Option<(usize, usize)> {
    let line = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .find(|line| line.starts_with("##INFO=<ID=CSQ,"))?;
    let (_, fields) = line.split_once("Format: ")?;
    let fields: Vec<&str> = fields.split(['|', '"', '>']).map(str::trim).collect();
    let at = |name: &str| fields.iter().position(|field| *field == name);
    Some((at("SYMBOL")?, at("Consequence")?))
}
