//! `fusedx assess`: the main job.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::course::{self, AfterPartial};
use crate::error::Error;
use crate::render::{self, json::Assessed};

use super::read::{read_inputs, strict};
use super::{AskedFor, Common, Outcome};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Reports and tables of one case; a folder stands for its files, - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to write the assessment.
    #[arg(long, value_enum, default_value_t = View::Text)]
    format: View,
    /// What a sum is called that has grown again after a partial response, short of progression.
    #[arg(long, value_enum, value_name = "READING", default_value_t = AfterPr::Continuing)]
    after_pr: AfterPr,
    #[command(flatten)]
    asked: AskedFor,
    #[command(flatten)]
    common: Common,
}

/// How an assessment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum View {
    /// For a terminal.
    Text,
    /// For the next program.
    Json,
    /// A page of its own, to hand on.
    Html,
    /// Markdown, for a ticket.
    Md,
}

/// The two readings of RECIST 1.1 after a partial response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AfterPr {
    /// A continuing partial response until progression (EORTC).
    Continuing,
    /// Stable disease where the sum is no longer 30 % below the baseline.
    PerTimePoint,
}

impl From<AfterPr> for AfterPartial {
    fn from(reading: AfterPr) -> Self {
        match reading {
            AfterPr::Continuing => Self::Continuing,
            AfterPr::PerTimePoint => Self::PerTimePoint,
        }
    }
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
    strict(common, &inputs.sources, &read)?;
    let report_date = read.case.history.report_date.as_ref().map(|d| d.value);
    let asked = options.asked.asked(&pack, report_date)?;
    let assessment = pack.assess(&read.case, &asked);
    let followed = course::Options {
        after_partial: options.after_pr.into(),
    };
    let course = course::follow(&read.case, pack.guide(), followed);
    let assessed = Assessed {
        id: &inputs.id,
        read: &read,
        pack: &pack,
        asked: &asked,
        assessment: &assessment,
        course: &course,
    };
    let target = common.shown.target();
    match options.format {
        View::Json => target.write(|out| render::json::assess(out, &assessed))?,
        View::Html => {
            common.shown.show(&read.diagnostics, &inputs.sources);
            target.write(|out| render::html::assess(out, &assessed, &inputs.sources))?;
        }
        View::Md => {
            common.shown.show(&read.diagnostics, &inputs.sources);
            target.write(|out| out.write_all(render::markdown::assess(&assessed).as_bytes()))?;
        }
        View::Text => {
            common.shown.show(&read.diagnostics, &inputs.sources);
            target.write(|out| out.write_all(render::text::assess(&assessed).as_bytes()))?;
        }
    }
    Ok(Outcome::Done)
}
