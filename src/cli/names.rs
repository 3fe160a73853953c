//! Names and column mappings given on the command line: `--genes` and `--columns`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::diag::{Code, Diagnostic};
use crate::error::Error;
use crate::read::{Columns, hgnc_genes};
use crate::rules::Pack;
use crate::source::{Limits, Sources};

use super::{Common, Shown};

impl Common {
    /// The rule pack, with the symbols of a gene table where one is given.
    pub(super) fn pack(&self) -> Result<Pack, Error> {
        let mut pack = self.rules_with_overlays()?;
        if let Some(path) = &self.genes {
            let table = load(path, &self.shown)?;
            for source in table.iter() {
                if let Err(problem) = hgnc_genes(source, pack.vocab_mut()) {
                    return Err(refuse(vec![*problem], &table, &self.shown));
                }
            }
        }
        Ok(pack)
    }

    /// The mapping of columns, where one is given.
    pub(super) fn columns(&self) -> Result<Option<Columns>, Error> {
        let Some(path) = &self.columns else {
            return Ok(None);
        };
        let mapping = load(path, &self.shown)?;
        match mapping.iter().map(Columns::parse).next() {
            Some(Ok(columns)) => Ok(Some(columns)),
            Some(Err(problems)) => Err(refuse(problems, &mapping, &self.shown)),
            None => Ok(None),
        }
    }
}

/// Reads one file on its own: it is no input of the case.
fn load(path: &Path, shown: &Shown) -> Result<Sources, Error> {
    let mut sources = Sources::new(Limits::default());
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| file.read_to_end(&mut bytes));
    let problem = match read {
        Ok(_) => sources.add(&name, &bytes).err().map(|problem| *problem),
        Err(error) => Some(Diagnostic::error(
            Code::Unreadable,
            format!("`{name}` cannot be read: {error}"),
        )),
    };
    match problem {
        Some(problem) => Err(refuse(vec![problem], &sources, shown)),
        None => Ok(sources),
    }
}

fn refuse(problems: Vec<Diagnostic>, sources: &Sources, shown: &Shown) -> Error {
    shown.show(&problems, sources);
    Error::Input(problems)
}
