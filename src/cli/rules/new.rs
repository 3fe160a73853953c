//! `fusedx rules new`: the beginning of a pack, rule, table or test.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::{Outcome, Shown};
use crate::error::Error;

use super::rewrite;

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// What to begin.
    #[arg(value_enum)]
    what: What,
    /// Its name: of a pack the folder too, of a test the rule it belongs to.
    name: String,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// A folder with a manifest, a module of rules and a table.
    Pack,
    /// A rule, to be pasted under `rules:`.
    Rule,
    /// A table file.
    Table,
    /// A test, to be pasted under `tests:` of a rule.
    Test,
    /// A laboratory's own additions to a pack.
    Overlay,
}

/// The first line of every file: editors check the file by it.
const SCHEMA: &str = "# yaml-language-server: $schema=fusedx-rules.schema.json\n";

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let name = &options.name;
    if name.is_empty()
        || !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    {
        return Err(Error::Usage(format!(
            "`{name}` is no name: letters, digits, `-` and `_` only"
        )));
    }
    let text = match options.what {
        What::Pack => return pack(options),
        What::Rule => rule(name),
        What::Test => test().to_owned(),
        What::Table => table(name),
        What::Overlay => overlay(name),
    };
    let target = options.shown.target();
    target.write(|out| out.write_all(text.as_bytes()))?;
    Ok(Outcome::Done)
}

fn pack(options: &Options) -> Result<Outcome, Error> {
    let name = &options.name;
    let folder = PathBuf::from(name);
    if folder.exists() {
        return Err(Error::Usage(format!("`{name}` is there already")));
    }
    let module = name.replace('-', "_");
    let files = [
        ("pack.yaml", manifest(name)),
        ("rules.yaml", format!("{SCHEMA}{}", module_text(&module))),
        ("markers.yaml", table("markers")),
        ("fusedx-rules.schema.json", crate::rules::schema::text()),
    ];
    fs::create_dir_all(&folder).map_err(|source| Error::Output {
        path: Some(folder.clone()),
        source,
    })?;
    let mut done = String::new();
    for (file, text) in files {
        let path = folder.join(file);
        rewrite(&path, &text)?;
        let _ = writeln!(done, "wrote {}", path.display());
    }
    let _ = writeln!(
        done,
        "next: fusedx rules check {name} && fusedx rules test {name}"
    );
    let target = options.shown.target();
    target.write(|out| out.write_all(done.as_bytes()))?;
    Ok(Outcome::Done)
}

fn manifest(name: &str) -> String {
    format!(
        "{SCHEMA}format: 1
kind: pack
name: {name}
version: 0.1.0
engine: \">={}\"
about: What the pack decides, for whom, and what it does not do.
include: [markers.yaml, rules.yaml]
vocabulary: {{markers: [markers]}}
flags:
  stain_missing: A stain that the question hangs on was not made
cites:
  source_1: {{title: Replace this by the paper the rule rests on, url: https://example.org}}
",
        env!("CARGO_PKG_VERSION")
    )
}

fn module_text(module: &str) -> String {
    format!(
        "format: 1
kind: rules
module: {module}
about: One question, and the rules that answer it.

decisions:
  answer:
    hit: priority               # the first value that is true, in this order
    values: [supported, open]
    default: open

findings:
  stained:
    title: The marker is expressed
    when:
      ihc: {{marker: ALK, is: positive}}

rules:
  - id: EX-1
    title: Supported by a stain
    when:
      ref: stained
    conclude: {{answer: supported}}
    grade: weak
    cite: [source_1]
    tests:
      - name: stained
        given: {{facts: {{ihc: {{ALK: positive}}}}}}
        expect: {{fires: true, answer: supported}}
      - name: not stained
        given: {{facts: {{ihc: {{ALK: negative}}}}}}
        expect: {{fires: false}}
      - name: not tested
        given: {{text: \"No stain was made.\"}}
        expect: {{fires: unknown, missing: [\"ihc ALK\"]}}

  - id: EX-2
    title: The stain was not made
    when:
      not: {{known: {{ref: stained}}}}
    flag: stain_missing
    grade: weak
    cite: [source_1]
    follow_up:
      - act: order_test
        text: Make the stain.
    tests:
      - name: not tested
        given: {{text: \"No stain was made.\"}}
        expect: {{fires: true, flags: [stain_missing]}}
      - name: stained
        given: {{facts: {{ihc: {{ALK: positive}}}}}}
        expect: {{fires: false}}
"
    )
}

fn rule(name: &str) -> String {
    format!(
        "  - id: {name}
    title: What is true when this rule holds, in one line
    when:
      all:
        - ref: a_finding
        - ihc: {{marker: ALK, is: positive}}
    conclude: {{dx: imt_alk}}           # or `flag: a_flag` with a `follow_up`
    grade: weak                       # strong, moderate or weak
    cite: [a_citation]
    tests:
      - name: what makes it true
        given: {{text: \"IHC: ALK(+)\"}}
        expect: {{fires: true}}
      - name: what makes it false
        given: {{text: \"IHC: ALK(-)\"}}
        expect: {{fires: false}}
      - name: what leaves it open
        given: {{text: \"IHC: SMA(+)\"}}
        expect: {{fires: unknown, missing: [\"ihc ALK\"]}}
"
    )
}

fn test() -> &'static str {
    "      - name: the case in a few words
        given:
          text: \"IHC: ALK(+)\\nNGS: no fusion detected\"
          facts: {history: {state: [metastatic]}}
        expect: {fires: true}            # true, false or unknown; and dx, settled, flags, missing
"
}

fn table(name: &str) -> String {
    if name == "markers" {
        return format!(
            "{SCHEMA}format: 1
kind: table
table: markers
about: Stains the rules may ask for. `also` are spellings met in reports.
key: marker
columns:
  marker: {{type: text}}
  also:   {{type: set, of: text, optional: true}}
rows:
  - {{marker: ALK, also: [ALK1, ALK-1]}}
"
        );
    }
    format!(
        "{SCHEMA}format: 1
kind: table
table: {name}
about: What one row is, and which rules ask the table.
key: gene
columns:
  gene: {{type: gene}}
  cite: {{type: set, of: cite}}
rows:
  - {{gene: ALK, cite: [a_citation]}}
"
    )
}

fn overlay(name: &str) -> String {
    format!(
        "{SCHEMA}format: 1
kind: overlay
module: {name}
about: What this laboratory adds, and by whose decision.
extends: {{pack: alk-imt}}

cites:
  local_1: {{title: The case file or policy this rests on, url: https://example.org}}

rows:
  alk_partners:
    add: []
      # - {{gene: HNRNPA3, seen_in: [uterine_imt], cite: [local_1]}}

# A base test that a row makes untrue is retired by name and reason:
# retire_tests:
#   - {{rule: FUS-5, test: a new partner, why: The partner is listed here.}}
"
    )
}
