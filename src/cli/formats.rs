//! `fusedx formats`: what can be read, and what tells it.

use std::fmt::Write as _;

use clap::Args;

use crate::error::Error;
use crate::read::FORMATS;

use super::{Outcome, Shown};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let width = FORMATS
        .iter()
        .map(|f| f.name.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for format in FORMATS {
        let _ = writeln!(text, "{:<width$}  {}", format.name, format.about);
        if let Some(columns) = format.columns() {
            let _ = writeln!(text, "{:<width$}    columns {}", "", columns.join(", "));
        }
    }
    text.push_str(
        "\nFormats are told by content; --input-format NAME overrides. Gzip and bgzip are unpacked.\n",
    );
    options
        .shown
        .target()
        .write(|out| out.write_all(text.as_bytes()))?;
    Ok(Outcome::Done)
}
