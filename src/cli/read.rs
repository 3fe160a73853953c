//! `fusedx read`: only the facts, and their conversion to what other systems read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::diag::{Code, Diagnostic, Severity};
use crate::error::Error;
use crate::pipeline::{self, ReadCase, ReadOptions};
use crate::render;
use crate::rules::Pack;
use crate::source::Sources;

mod blocks;

use super::inputs::{Inputs, gather};
use super::{Common, Outcome};

/// How facts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text.
    Text,
    /// Every fact with its place.
    Json,
    /// The canonical fusion table, which fusedx reads back.
    Tsv,
    /// VICC gene fusions (FUSOR `AssayedFusion`), a JSON array of those detected.
    Vicc,
    /// cBioPortal structural variants (`data_sv.txt`), those detected.
    Cbioportal,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Reports and tables; a folder stands for its files, - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to write the facts.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let pack = options.common.pack()?;
    if let ([path], Format::Tsv) = (&options.paths[..], options.format)
        && let Some(outcome) = blocks::convert(path, &options.common, &pack)?
    {
        return Ok(outcome);
    }
    let (inputs, read) = read_inputs(&options.paths, &options.common, &pack)?;
    let target = options.common.shown.target();
    // JSON holds the diagnostics itself.
    if options.format != Format::Json {
        options
            .common
            .shown
            .show(&read.diagnostics, &inputs.sources);
    }
    let left_out = render::vicc::left_out(&read.case);
    if options.format == Format::Vicc && left_out > 0 {
        let note = Diagnostic::note(
            Code::Skipped,
            format!("{left_out} calls within one gene are left out: a VICC fusion joins two genes"),
        );
        options.common.shown.show(&[note], &inputs.sources);
    }
    // A table of many calls is several times as large in JSON: it is not held as a whole.
    target.stream(|out| {
        match options.format {
            Format::Json => render::json::read(out, &read),
            Format::Text => out.write_all(render::text::read(&read).as_bytes()),
            Format::Tsv => render::tsv::write(out, &read.case),
            Format::Vicc => render::vicc::write(out, &read.case, pack.vocab()),
            Format::Cbioportal => render::cbioportal::write(out, &read.case),
        }
        .map_err(|error| target.failed(error))
    })?;
    strict(&options.common, &inputs.sources, &read)?;
    Ok(Outcome::Done)
}

/// Gathers and reads the inputs of a case; what makes it unusable is shown.
pub(super) fn read_inputs(
    paths: &[PathBuf],
    common: &Common,
    pack: &Pack,
) -> Result<(Inputs, ReadCase), Error> {
    if let Some(name) = &common.input_format
        && crate::read::format(name).is_none()
    {
        let names: Vec<&str> = crate::read::FORMATS.iter().map(|f| f.name).collect();
        return Err(Error::Usage(format!(
            "there is no input format `{name}`; formats: {}",
            names.join(", ")
        )));
    }
    let inputs = gather(paths, common)?;
    let reading = ReadOptions {
        input_format: common.input_format.clone(),
        sample: common.sample.clone(),
        columns: common.columns()?,
    };
    match pipeline::read(&inputs.sources, pack.vocab(), &reading) {
        Ok(mut read) => {
            read.diagnostics
                .splice(0..0, inputs.diagnostics.iter().cloned());
            Ok((inputs, read))
        }
        Err(diagnostics) => {
            let errors: Vec<_> = diagnostics
                .into_iter()
                .filter(|d| d.severity == Severity::Error)
                .collect();
            common.shown.show(&errors, &inputs.sources);
            Err(Error::Input(errors))
        }
    }
}

/// Under `--strict` a lost row or an unread line is a failure.
pub(super) fn strict(common: &Common, sources: &Sources, read: &ReadCase) -> Result<(), Error> {
    match read.lost().filter(|_| common.strict) {
        None => Ok(()),
        Some(lost) => {
            common.shown.show(std::slice::from_ref(&lost), sources);
            Err(Error::Input(vec![lost]))
        }
    }
}
