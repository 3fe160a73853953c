//! The rule author's bench: `fusedx rules check`, `test`, `list`, `show`, `new`, `fmt`, `schema`, `diff`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::error::Error;
use crate::rules::Loaded;

use super::output::Target;
use super::{Outcome, Shown, packs};

mod check;
mod diff;
mod fix;
mod fmt;
mod list;
mod new;
mod schema;
mod test;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Checks a pack, or one rule or table file, and reports everything that is wrong at once.
    Check(check::Options),
    /// Runs the tests of a pack through the real parser; coverage and mutants on request.
    Test(test::Options),
    /// Lists decisions, rules, findings and tables.
    List(list::Options),
    /// Shows one rule, finding or table with everything it rests on.
    Show(list::ShowOptions),
    /// Writes the beginning of a pack, rule, table or test.
    New(new::Options),
    /// Puts rule files in order without losing a comment.
    Fmt(fmt::Options),
    /// Prints the JSON Schema of rule files, for editors.
    Schema(schema::Options),
    /// Compares what two packs say of the same cases: behaviour, not text.
    Diff(diff::Options),
}

/// Which pack, and where the result goes.
#[derive(Debug, Args)]
struct Of {
    /// A folder with a pack.yaml, or one file (default: the pack built into the program).
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// A laboratory's own additions, laid over the pack (may be given several times).
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

impl Of {
    fn load(&self) -> Loaded {
        packs::load(self.path.as_deref(), &self.overlay)
    }

    /// The pack, or everything that is wrong with it.
    fn sound(&self) -> Result<(crate::rules::Pack, crate::source::Sources), Error> {
        let loaded = self.load();
        if let Some(pack) = loaded.pack {
            Ok((pack, loaded.sources))
        } else {
            self.shown.show(&loaded.diagnostics, &loaded.sources);
            Err(Error::Rules(loaded.diagnostics))
        }
    }

    fn write(&self, text: &str) -> Result<(), Error> {
        let target = self.shown.target();
        target.write(|out| out.write_all(text.as_bytes()))
    }
}

/// Writes a rule file; it is there whole or as it was.
fn rewrite(path: &Path, text: &str) -> Result<(), Error> {
    Target::new(Some(path.to_owned())).write(|out| out.write_all(text.as_bytes()))
}

pub(super) fn run(command: &Command) -> Result<Outcome, Error> {
    match command {
        Command::Check(options) => check::run(options),
        Command::Test(options) => test::run(options),
        Command::List(options) => list::run(options),
        Command::Show(options) => list::show(options),
        Command::New(options) => new::run(options),
        Command::Fmt(options) => fmt::run(options),
        Command::Schema(options) => schema::run(options),
        Command::Diff(options) => diff::run(options),
    }
}
