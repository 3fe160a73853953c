//! A table read in blocks gives the rows, messages and lines of the table read whole.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;

use fusedx::pipeline::blocks::Table;
use fusedx::render::tsv;
use fusedx::{Limits, ReadOptions, Sources};
use support::{PACK, repository};

/// The canonical rows, the lines of the messages, and rows read and failed.
type Shown = (String, Vec<(String, u32)>, [usize; 2]);

fn whole(text: &[u8]) -> Option<(Shown, &'static str)> {
    let mut sources = Sources::new(Limits::default());
    sources.add("table.tsv", text).ok()?;
    let mut read = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()).ok()?;
    for fusion in &mut read.case.fusions {
        fusion.function = None;
    }
    let mut out = Vec::new();
    tsv::rows(&mut out, &read.case).unwrap();
    let records = read.sources[0].records;
    Some((
        (
            String::from_utf8(out).unwrap(),
            messages(&read.diagnostics),
            [records.read, records.failed],
        ),
        read.sources[0].format,
    ))
}

fn messages(diagnostics: &[fusedx::diag::Diagnostic]) -> Vec<(String, u32)> {
    let mut all: Vec<(String, u32)> = diagnostics
        .iter()
        .map(|d| (d.code.code().to_owned(), d.place().map_or(0, |p| p.line)))
        .collect();
    all.sort();
    all
}

fn in_blocks(text: &[u8], bytes: usize, at_a_time: usize) -> Option<Shown> {
    let options = ReadOptions::default();
    let table = Table::begin("table.tsv", text, &options, Limits::default())?.in_blocks_of(bytes);
    let (mut out, mut problems, mut records) = (Vec::new(), Vec::new(), [0, 0]);
    table
        .each(text, PACK.vocab(), at_a_time, |block| {
            tsv::rows(&mut out, &block.read.case)?;
            problems.extend(messages(&block.read.diagnostics));
            for source in &block.read.sources {
                records[0] += source.records.read;
                records[1] += source.records.failed;
            }
            Ok(())
        })
        .unwrap();
    problems.sort();
    Some((String::from_utf8(out).unwrap(), problems, records))
}

#[test]
fn blocks_change_no_row_no_message_and_no_line() {
    let mut formats = 0;
    for folder in fs::read_dir(repository("tests/fixtures/readers")).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read(&path).unwrap();
            let Some((expected, format)) = whole(&text) else {
                continue;
            };
            // A table of nothing but its header is small enough to be read whole.
            let Some(read) = in_blocks(&text, 120, 1).filter(|(_, _, [read, _])| *read > 0) else {
                continue;
            };
            formats += 1;
            let name = format!("{} ({format})", path.display());
            assert_eq!(read, expected, "{name}");
            assert_eq!(in_blocks(&text, 1, 3), Some(expected), "{name}");
        }
    }
    assert!(formats > 20, "only {formats} tables were read in blocks");
}

#[test]
fn lines_are_numbered_as_in_the_file() {
    let header =
        "#gene1\tgene2\tstrand1(gene/fusion)\tstrand2(gene/fusion)\tbreakpoint1\tbreakpoint2\n";
    let row = |n: usize| format!("GENE{n}\tALK\t+/+\t-/-\t2:{n}\t2:29223528\n");
    let mut text = header.to_owned();
    for n in 1..=50 {
        text.push_str(&if n == 31 {
            "short\n".to_owned()
        } else {
            row(n)
        });
    }
    let (rows, problems, records) = in_blocks(text.as_bytes(), 200, 2).unwrap();
    assert_eq!(records, [49, 1]);
    assert_eq!(problems, [("T001".to_owned(), 32)]);
    let last = rows.lines().last().unwrap();
    assert!(last.ends_with("\ttable.tsv\t51"), "{last}");
}
