//! `fusedx why RULE PATH...`: one rule over one case.

use std::path::PathBuf;

use clap::Args;

use crate::diag::near_name;
use crate::error::Error;
use crate::render;
use crate::rules::Asked;

use super::read::read_inputs;
use super::{Common, Outcome};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Id of the rule, for example LMS-1.
    rule: String,
    /// Reports and tables of one case.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let common = &options.common;
    let pack = common.pack()?;
    let ids: Vec<&str> = pack.rule_ids().collect();
    if !ids.contains(&options.rule.as_str()) {
        let near = near_name(&options.rule, ids.iter().copied())
            .map(|n| format!(", did you mean `{n}`?"))
            .unwrap_or_default();
        return Err(Error::Usage(format!(
            "there is no rule `{}`{near} (rules: {})",
            options.rule,
            ids.join(", ")
        )));
    }
    let (inputs, read) = read_inputs(&options.paths, common, &pack)?;
    if let Some(refusal) = read.not_one_case() {
        common
            .shown
            .show(std::slice::from_ref(&refusal), &inputs.sources);
        return Err(Error::Input(vec![refusal]));
    }
    let assessment = pack.assess(&read.case, &Asked::default());
    if let Some(rule) = assessment.rules.iter().find(|r| r.id() == options.rule) {
        let turns = pack.turns(&read.case, rule);
        common
            .shown
            .target()
            .write(|out| out.write_all(render::why::why(rule, &turns).as_bytes()))?;
    }
    Ok(Outcome::Done)
}
