//! `fusedx rules schema`

use clap::Args;

use crate::cli::{Outcome, Shown};
use crate::error::Error;
use crate::rules::schema;

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let target = options.shown.target();
    target.write(|out| out.write_all(schema::text().as_bytes()))?;
    Ok(Outcome::Done)
}
