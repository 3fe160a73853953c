//! `fusedx assess`: the main job.

use std::path::PathBuf;

use clap::Args;

use crate::error::Error;
use crate::render::{self, json::Assessed};

use super::read::{read_inputs, strict};
use super::{AskedFor, Common, Format, Outcome};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Reports and tables of one case; a folder stands for its files, - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to write the assessment.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    asked: AskedFor,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let common = &options.common;
    let pack = common.pack()?;
    let (inputs, read) = read_inputs(&options.paths, common, &pack)?;
    if let Some(refusal) = read.not_one_case() {
        common
            .shown
            .show(std::slice::from_ref(&refusal), &inputs.sources);
        return Err(Error::Input(vec![refusal]));
    }
    // A lost row must not be assessed around.
    strict(common, &inputs, &read)?;
    let report_date = read.case.history.report_date.as_ref().map(|d| d.value);
    let asked = options.asked.asked(&pack, report_date)?;
    let assessment = pack.assess(&read.case, &asked);
    let assessed = Assessed {
        id: &inputs.id,
        read: &read,
        pack: &pack,
        asked: &asked,
        assessment: &assessment,
    };
    let target = common.shown.target();
    match options.format {
        Format::Json => target.write(|out| render::json::assess(out, &assessed))?,
        Format::Text => {
            common.shown.show(&read.diagnostics, &inputs.sources);
            target.write(|out| out.write_all(render::text::assess(&assessed).as_bytes()))?;
        }
    }
    Ok(Outcome::Done)
}
