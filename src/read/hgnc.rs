//! The gene table of HGNC (`hgnc_complete_set.txt`): symbols, previous symbols and aliases for the gene columns of
//! one run.
//!
//! Columns are told by name: `hgnc_id`, `symbol`, and where they are there `status`, `prev_symbol`, `alias_symbol`
//! (lists joined by `|`, quoted or not). Entries that are no longer approved are left out.

use crate::diag::{Code, Diagnostic};
use crate::read::table::Table;
use crate::source::Source;
use crate::vocab::Vocab;

const REQUIRED: &[&str] = &["hgnc_id", "symbol"];

/// Adds the symbols of a gene table to a vocabulary; returns how many.
///
/// # Errors
/// A diagnostic when the source is no such table.
pub fn genes(source: &Source, vocab: &mut Vocab) -> Result<usize, Box<Diagnostic>> {
    let Some(table) = Table::find(source, '\t', REQUIRED) else {
        return Err(Box::new(
            Diagnostic::error(
                Code::UnknownFormat,
                format!("`{}` is no gene table of HGNC", source.path()),
            )
            .at(source.place(0..0), "expected columns hgnc_id and symbol")
            .help("the file hgnc_complete_set.txt of https://www.genenames.org/download"),
        ));
    };
    let mut added = 0;
    table.rows(REQUIRED, &mut Vec::new(), |row, _| {
        let symbol = row.get("symbol");
        let approved = !row.has("status") || row.get("status").eq_ignore_ascii_case("approved");
        if symbol.is_empty() || !approved {
            return;
        }
        let list = |column: &str| -> Vec<&str> {
            row.get(column)
                .split('|')
                .map(|name| name.trim().trim_matches('"'))
                .filter(|name| !name.is_empty())
                .collect()
        };
        let previous = list("prev_symbol|prev_symbols");
        let aliases = list("alias_symbol|alias_symbols");
        vocab.add_symbol(symbol, &previous, &aliases);
        added += 1;
    });
    Ok(added)
}
