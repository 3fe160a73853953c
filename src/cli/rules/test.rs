//! `fusedx rules test`: outcomes, coverage, mutants.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{Args, ValueEnum};

use crate::cli::Outcome;
use crate::diag::render::printable;
use crate::error::Error;
use crate::proofs;
use crate::rules::Pack;
use crate::rules::mutate::{Fate, Unseen};
use crate::rules::trial::Trial;
use crate::source::Sources;
use crate::trials;

use super::{Of, rewrite};

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    #[command(flatten)]
    of: Of,
    /// How to write the result.
    #[arg(long, value_enum, default_value_t = TestFormat::Text)]
    format: TestFormat,
    /// Show what the tests saw of each rule; fails when an outcome that can be was not seen.
    #[arg(long)]
    cover: bool,
    /// Change every rule, finding and row in turn; fails when a mutant lives.
    #[arg(long)]
    mutate: bool,
    /// Write what the rules say now into the tests that expect something else, and show it.
    #[arg(long)]
    accept: bool,
}

/// How the outcome of tests is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TestFormat {
    Text,
    Json,
    Junit,
}

/// A test and what differs from what it expects.
struct Ran<'a> {
    trial: &'a Trial,
    differences: Vec<String>,
}

pub(super) fn run(options: &Options) -> Result<Outcome, Error> {
    let (pack, sources) = options.of.sound()?;
    if options.accept {
        let done = accept(&pack, &sources)?;
        options.of.write(&done)?;
        return Ok(Outcome::Done);
    }
    let ran: Vec<Ran<'_>> = pack
        .trials()
        .iter()
        .map(|trial| Ran {
            trial,
            differences: trials::run(trial, &pack, &sources).differences,
        })
        .collect();
    let failed = ran.iter().filter(|r| !r.differences.is_empty()).count();
    let (mut gate, mut more) = (failed > 0, String::new());
    if options.cover || options.mutate {
        let cases = trials::cases(&pack, &sources);
        if options.cover {
            gate |= cover(&pack, &cases, &mut more);
        }
        if options.mutate {
            gate |= mutate(&pack, &cases, &mut more);
        }
    }
    let target = options.of.shown.target();
    match options.format {
        TestFormat::Text => {
            let text = text(&ran) + &more;
            target.write(|out| out.write_all(text.as_bytes()))?;
        }
        TestFormat::Junit => {
            let text = junit(&pack, &ran);
            target.write(|out| out.write_all(text.as_bytes()))?;
        }
        TestFormat::Json => target.write(|out| json(out, &pack, &ran))?,
    }
    Ok(if gate {
        Outcome::GateFailed
    } else {
        Outcome::Done
    })
}

fn owner(trial: &Trial) -> &str {
    trial.rule.as_deref().unwrap_or("cases")
}

fn text(ran: &[Ran<'_>]) -> String {
    let mut by_module: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    let mut failures = String::new();
    let failed = ran.iter().filter(|r| !r.differences.is_empty()).count();
    for Ran { trial, differences } in ran {
        let dots = by_module
            .entry(&trial.module)
            .or_default()
            .entry(owner(trial))
            .or_default();
        dots.push(if differences.is_empty() { '.' } else { 'F' });
        if differences.is_empty() {
            continue;
        }
        let place = &trial.place;
        let _ = writeln!(
            failures,
            "FAIL {} {} ({}:{}:{})",
            trial.rule.as_deref().unwrap_or(&trial.module),
            printable(&trial.name),
            printable(&place.path),
            place.line,
            place.column
        );
        for difference in differences {
            let _ = writeln!(failures, "     {}", printable(difference));
        }
    }
    let mut text = String::new();
    for (module, rules) in by_module {
        let shown: Vec<String> = rules
            .iter()
            .map(|(rule, dots)| format!("{rule} {dots}"))
            .collect();
        let _ = writeln!(text, "{module}  {}", shown.join("  "));
    }
    text.push_str(&failures);
    let _ = writeln!(text, "{} passed, {failed} failed", ran.len() - failed);
    text
}

/// What the tests saw. True when an outcome that can be was not seen.
fn cover(pack: &Pack, cases: &[crate::case::Case], out: &mut String) -> bool {
    let rules = pack.cover(cases);
    let widest = rules.iter().map(|r| r.id.len()).max().unwrap_or(0).max(4);
    let _ = writeln!(
        out,
        "\n{:widest$}  true  false  unknown  leaves seen  leaves that decided",
        "rule"
    );
    let mut gaps = 0;
    for rule in &rules {
        let mark = |index: usize| match (rule.seen[index], rule.possible[index]) {
            (true, _) => "yes",
            (false, true) => "NO",
            (false, false) => "-",
        };
        let _ = writeln!(
            out,
            "{:widest$}  {:4}  {:5}  {:7}  {:>11}  {:>19}",
            rule.id,
            mark(0),
            mark(1),
            mark(2),
            format!("{}/{}", rule.leaves_seen, rule.leaves),
            format!("{}/{}", rule.leaves_decided, rule.leaves)
        );
        gaps += usize::from(!rule.unseen().is_empty());
    }
    let rows = pack.rows(cases);
    let used = rows.iter().filter(|r| r.used).count();
    let _ = writeln!(
        out,
        "rules seen true, false and unknown, as far as they can be: {}/{}",
        rules.len() - gaps,
        rules.len()
    );
    let _ = writeln!(out, "rows used: {used}/{}", rows.len());
    for row in rows.iter().filter(|r| !r.used) {
        let _ = writeln!(
            out,
            "warning[L021]: row `{}` of table `{}` is used by no test  ({}:{})",
            printable(&row.key),
            row.table,
            printable(&row.place.path),
            row.place.line
        );
    }
    gaps > 0
}

/// What became of every mutant. True when one lives.
fn mutate(pack: &Pack, cases: &[crate::case::Case], out: &mut String) -> bool {
    let mutation = pack.mutate(cases);
    let count = |fate: fn(&Fate) -> bool| mutation.mutants.iter().filter(|m| fate(&m.fate)).count();
    let killed = count(|f| *f == Fate::Killed);
    let alive = count(|f| *f == Fate::Alive);
    let equivalent = mutation.mutants.len() - killed - alive;
    let _ = writeln!(
        out,
        "\n{} mutants: {killed} killed, {equivalent} equivalent, {alive} alive",
        mutation.mutants.len()
    );
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for mutant in &mutation.mutants {
        match &mutant.fate {
            Fate::Equivalent(why) => by_reason.entry(why).or_default().push(&mutant.name),
            Fate::Alive => {
                let _ = writeln!(out, "ALIVE {}", printable(&mutant.name));
                if let Some(unseen) = &mutant.unseen {
                    shown(unseen, out);
                }
            }
            Fate::Killed => {}
        }
    }
    for (why, names) in by_reason {
        let _ = writeln!(out, "equivalent: {}", printable(why));
        for name in names {
            let _ = writeln!(out, "     {}", printable(name));
        }
    }
    for name in &mutation.needless {
        let _ = writeln!(
            out,
            "declared equivalent without need (killed, proved, or no such mutant): {}",
            printable(name)
        );
    }
    alive > 0
}

/// The case that would notice a mutant.
fn shown(unseen: &Unseen, out: &mut String) {
    let [was, is] = unseen.outcomes;
    let _ = writeln!(
        out,
        "     no test gives a case like this, in which {} is {was} and the mutant makes it {is}:",
        unseen.rule
    );
    for (_, text) in proofs::write(&unseen.case).files() {
        for line in text.lines() {
            let _ = writeln!(out, "         {}", printable(line));
        }
    }
}

fn xml(text: &str) -> String {
    printable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn junit(pack: &Pack, ran: &[Ran<'_>]) -> String {
    let failed = ran.iter().filter(|r| !r.differences.is_empty()).count();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{} {}\" tests=\"{}\" \
         failures=\"{failed}\" errors=\"0\" skipped=\"0\">\n",
        xml(&pack.name),
        xml(&pack.version),
        ran.len()
    );
    for Ran { trial, differences } in ran {
        let head = format!(
            "    <testcase classname=\"{}.{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
            xml(&trial.module),
            xml(owner(trial)),
            xml(&trial.name),
            xml(&trial.place.path),
            trial.place.line
        );
        if differences.is_empty() {
            let _ = writeln!(out, "{head}/>");
        } else {
            let all = xml(&differences.join("; "));
            let _ = writeln!(
                out,
                "{head}>\n      <failure message=\"{all}\"/>\n    </testcase>"
            );
        }
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn json(out: &mut dyn std::io::Write, pack: &Pack, ran: &[Ran<'_>]) -> std::io::Result<()> {
    let tests: Vec<serde_json::Value> = ran
        .iter()
        .map(|Ran { trial, differences }| {
            serde_json::json!({
                "module": trial.module,
                "rule": trial.rule,
                "name": trial.name,
                "path": &*trial.place.path,
                "line": trial.place.line,
                "passed": differences.is_empty(),
                "differences": differences,
            })
        })
        .collect();
    let failed = ran.iter().filter(|r| !r.differences.is_empty()).count();
    let value = serde_json::json!({
        "pack": {"name": pack.name, "version": pack.version, "sha256": pack.sha256},
        "passed": ran.len() - failed,
        "failed": failed,
        "tests": tests,
    });
    serde_json::to_writer_pretty(&mut *out, &value)?;
    out.write_all(b"\n")
}

/// Writes what the rules say now into the tests that expect something else.
fn accept(pack: &Pack, sources: &Sources) -> Result<String, Error> {
    let cases = trials::cases(pack, sources);
    let mut by_file: BTreeMap<String, Vec<(usize, usize, String, String)>> = BTreeMap::new();
    for (trial, case) in pack.trials().iter().zip(&cases) {
        for (place, now, what) in pack.corrections(trial, case) {
            let Some(range) = place.span.map(crate::source::Span::range) else {
                continue;
            };
            let said = format!("{} {}: {what}", owner(trial), printable(&trial.name));
            let edits = by_file.entry(place.path.to_string()).or_default();
            let edit = (range.start, range.end, now, said);
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
    }
    let mut out = String::new();
    let mut count = 0;
    for (path, mut edits) in by_file {
        let Ok(mut text) = fs::read_to_string(&path) else {
            let _ = writeln!(
                out,
                "{path} is built into the program and cannot be written"
            );
            continue;
        };
        edits.sort_by(|a, b| b.cmp(a));
        for (start, end, now, said) in edits {
            let _ = writeln!(out, "{said}");
            text.replace_range(start..end, &now);
            count += 1;
        }
        rewrite(Path::new(&path), &text)?;
    }
    let _ = writeln!(
        out,
        "{count} expectations changed; read each before you keep it"
    );
    Ok(out)
}
