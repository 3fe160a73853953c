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
    text.push_str(FOOT);
    options
        .shown
        .target()
        .write(|out| out.write_all(text.as_bytes()))?;
    Ok(Outcome::Done)
}

/// What holds for every format, and how a table of another tool is read.
const FOOT: &str = r#"
Formats are told by content, never by name; --input-format NAME overrides, and a file that fits two formats equally
well is refused until it is given. Gzip and bgzip are unpacked. Columns may stand in any order, in any letter case,
cut by tab, comma or semicolon.

A table of another tool is read with --columns map.yaml:

  format: 1
  kind: columns
  caller: OurCaller
  delimiter: comma                  # tab, comma, semicolon; left out, the header tells
  five_prime: Gene5                 # or gene1 and gene2, or pair with separator: ["::", "--"]
  three_prime: Gene3
  order: five_prime_first           # or unordered
  breakpoints: [Break5, Break3]     # chr2:29223528[:-]; or chromosomes: and positions: [..., ...]
  strands: [Strand5, Strand3]
  exons: [Exon5, Exon3]
  transcripts: [Tx5, Tx3]
  split: JunctionReads              # several columns are added up; also spanning, total
  frame: Frame
  frame_values: {IF: in_frame, OOF: out_of_frame, STOP: stop_before_junction}
  confidence: Tier
  filters: [Flags]
  sample: Sample
  method: rna                       # rna, dna, unspecified

caller and the genes are required; every other key may be left out.
"#;
