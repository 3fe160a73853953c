//! Conversions: one set of fusions in every format, and the canonical table read back without loss.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::PathBuf;

use fusedx::{ReadCase, render};
use serde_json::Value;
use support::{PACK, read_bytes, read_text, repository};

fn fixtures() -> Vec<PathBuf> {
    let mut out = Vec::new();
    for format in fs::read_dir(repository("tests/fixtures/readers")).unwrap() {
        for file in fs::read_dir(format.unwrap().path()).unwrap() {
            out.push(file.unwrap().path());
        }
    }
    out.sort();
    assert!(out.len() >= 50, "the fixtures are gone");
    out
}

fn written(make: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    make(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn tsv(read: &ReadCase) -> String {
    written(|out| render::tsv::write(out, &read.case))
}

/// Rows of a table as maps from column to cell.
fn rows(table: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut lines = table.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), head.len(), "{line}");
            let own = |text: &&str| (*text).to_owned();
            head.iter().map(own).zip(cells.iter().map(own)).collect()
        })
        .collect()
}

fn ordered(orientation: &str) -> bool {
    matches!(orientation, "stated" | "inferred")
}

/// The fusions as they go out: the pair, with `::` where its order is known, and its frame and reads.
type Facts = Vec<(String, String, String)>;

fn of_json(read: &ReadCase) -> Facts {
    let json: Value = serde_json::from_str(&written(|out| render::json::read(out, read))).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    (json["fusions"].as_array().unwrap().iter())
        .filter(|f| f["status"] == "detected" && f["superseded"] != true && f["context"] != "prior")
        .map(|f| {
            let pair = if ordered(f["orientation"].as_str().unwrap_or("")) {
                let side = |key: &str| f[key].as_str().unwrap_or("?").to_owned();
                format!("{}::{}", side("five_prime"), side("three_prime"))
            } else {
                "unordered".to_owned()
            };
            let split = &f["support"]["split"];
            let split = split.as_u64().map(|n| n.to_string()).unwrap_or_default();
            (pair, text(&f["frame"]), split)
        })
        .filter(|(pair, ..)| pair != "?::?")
        .collect()
}

fn kept(frame: &str) -> &str {
    match frame {
        "in_frame" => "true",
        "out_of_frame" | "stop_before_junction" => "false",
        _ => "",
    }
}

/// Facts of the table, with the pair as it goes out, and as it is in JSON.
fn of_tsv(table: &str) -> (Facts, Facts) {
    let mut out = (Vec::new(), Vec::new());
    for row in rows(table) {
        let current = row["superseded"] == "false" && row["context"] != "prior";
        if row["status"] != "detected" || !current {
            continue;
        }
        let known = |cell: &str| if cell.is_empty() { "?" } else { cell }.to_owned();
        let (pair, plain) = if ordered(&row["orientation"]) {
            let pair = format!(
                "{}::{}",
                known(&row["five_prime"]),
                known(&row["three_prime"])
            );
            (pair.clone(), pair)
        } else if row["as_reported_1"].is_empty() && row["as_reported_2"].is_empty() {
            (
                format!("? / {}", known(&row["gene"])),
                "unordered".to_owned(),
            )
        } else {
            let pair = format!("{} / {}", known(&row["symbol_1"]), known(&row["symbol_2"]));
            (pair, "unordered".to_owned())
        };
        if plain != "?::?" {
            out.1
                .push((plain, row["frame"].clone(), row["split"].clone()));
        }
        if !matches!(pair.as_str(), "?::?" | "? / ?") {
            out.0
                .push((pair, kept(&row["frame"]).to_owned(), row["split"].clone()));
        }
    }
    out
}

fn of_vicc(read: &ReadCase) -> Facts {
    let json: Value = serde_json::from_str(&written(|out| {
        render::vicc::write(out, &read.case, PACK.vocab())
    }))
    .unwrap();
    (json.as_array().unwrap().iter())
        .map(|f| {
            assert_eq!(f["type"], "AssayedFusion");
            let side = |i: usize| {
                let element = &f["structure"][i];
                let kind = element["type"].as_str().unwrap();
                assert!(matches!(kind, "GeneElement" | "UnknownGeneElement"));
                element["gene"]["name"].as_str().unwrap_or("?").to_owned()
            };
            let unsure = (f["structure"].as_array().unwrap().iter())
                .any(|element| element["gene"]["extensions"].is_array());
            let mark = if unsure { " / " } else { "::" };
            let frame = &f["readingFramePreserved"];
            let frame = frame.as_bool().map(|b| b.to_string()).unwrap_or_default();
            let split = &f["readData"]["split"]["splitReads"];
            let split = split.as_u64().map(|n| n.to_string()).unwrap_or_default();
            (format!("{}{mark}{}", side(0), side(1)), frame, split)
        })
        .collect()
}

fn of_cbioportal(read: &ReadCase) -> Facts {
    let table = written(|out| render::cbioportal::write(out, &read.case));
    rows(&table)
        .into_iter()
        .map(|row| {
            let known = |cell: &str| if cell == "NA" { "?" } else { cell }.to_owned();
            let mark = if row["Connection_Type"] == "5to3" {
                "::"
            } else {
                " / "
            };
            let pair = [&row["Site1_Hugo_Symbol"], &row["Site2_Hugo_Symbol"]].map(|c| known(c));
            let pair = pair.join(mark);
            assert!(
                row["Event_Info"].contains(&pair),
                "{pair}: {}",
                row["Event_Info"]
            );
            assert!(!row["Sample_Id"].is_empty() && row["SV_Status"] == "SOMATIC");
            let frame = match row["Site2_Effect_On_Frame"].as_str() {
                "InFrame" => "true",
                "Frame_Shift" => "false",
                _ => "",
            };
            let split = row["Tumor_Split_Read_Count"].replace("NA", "");
            (pair, frame.to_owned(), split)
        })
        .collect()
}

/// Reports with what no table has: statements without a pair, negatives, later and earlier results.
const REPORTS: [&str; 4] = [
    "NGS (RNA): ALK-IGFBP5 fusion detected, in-frame. ROS1: no rearrangement.\n",
    "Molecular: ALK rearrangement detected by NGS. NTRK fusion: pending.\n",
    "Previous biopsy 2019: EML4-ALK fusion.\nNGS: no fusion detected.\n",
    "RNA-seq: TPM3::ALK fusion (TPM3 exon 8, ALK exon 20) detected. IHC: ALK (D5F3) positive.\n",
];

fn inputs() -> Vec<(String, ReadCase)> {
    let tables = fixtures().into_iter().map(|path| {
        let read = read_bytes("input.tsv", &fs::read(&path).unwrap());
        (path.display().to_string(), read)
    });
    let reports = REPORTS
        .iter()
        .map(|text| ((*text).to_owned(), read_text(text)));
    tables.chain(reports).collect()
}

#[test]
fn every_format_has_the_same_fusions() {
    let mut seen = 0;
    for (name, read) in inputs() {
        let (out, as_json) = of_tsv(&tsv(&read));
        assert_eq!(of_json(&read), as_json, "{name}");
        let one_gene = |(pair, ..): &&(String, String, String)| {
            pair.split_once("::")
                .or(pair.split_once(" / "))
                .is_some_and(|(one, two)| one == two)
        };
        assert_eq!(
            out.iter().filter(one_gene).count(),
            render::vicc::left_out(&read.case)
        );
        let two_genes: Facts = out.iter().filter(|fact| !one_gene(fact)).cloned().collect();
        assert_eq!(of_vicc(&read), two_genes, "{name}");
        assert_eq!(of_cbioportal(&read), out, "{name}");
        seen += out.len();
    }
    assert!(seen > 100, "{seen} fusions only");
}

#[test]
fn the_canonical_table_is_read_back_without_loss() {
    for (name, read) in inputs() {
        let table = tsv(&read);
        let again = read_bytes("again.txt", table.as_bytes());
        assert_eq!(again.sources[0].format, "fusedx-tsv", "{name}");
        assert_eq!(again.sources[0].records.failed, 0, "{name}");
        let facts = |read: &ReadCase| -> Vec<Value> {
            (read.case.fusions.iter())
                .map(|fusion| {
                    let mut fact = serde_json::to_value(fusion).unwrap();
                    let fact = fact.as_object_mut().unwrap();
                    // The place is that of the table, repairs are not written, and stains are no part of it.
                    for key in ["source", "repairs", "function"] {
                        fact.remove(key);
                    }
                    Value::Object(fact.clone())
                })
                .collect()
        };
        assert_eq!(facts(&read), facts(&again), "{name}\n{table}");
        // Written once more, it is the same table but for the place, and for what stains say of function.
        let plain = |table: &str| {
            let cut = |row: &std::collections::BTreeMap<String, String>| {
                let mut row = row.clone();
                for column in ["source_path", "source_line", "function"] {
                    row.remove(column);
                }
                row
            };
            rows(table).iter().map(cut).collect::<Vec<_>>()
        };
        assert_eq!(plain(&table), plain(&tsv(&again)), "{name}");
    }
}

#[test]
fn no_cell_is_a_formula_or_breaks_its_row() {
    let table = "sample\tfive_prime\tthree_prime\tstatus\torientation\torientation_from\tas_written\tas_reported_1\tas_reported_2\tkinase_domain\tsymbol_1\tsymbol_2\n\
        \\=S1\tEML4\tALK\tdetected\tstated\tcolumns\t\\=cmd()|a\\tb\\n\tEML4\tALK\t\tEML4\tALK\n";
    let read = read_bytes("t.tsv", table.as_bytes());
    assert_eq!(read.case.fusions[0].as_written, "=cmd()|a\tb\n");
    let formula = |text: &str| {
        text.split(['\t', '\n'])
            .any(|cell| cell.starts_with(['=', '+', '@']))
    };
    let out = tsv(&read);
    assert!(!formula(&out), "{out}");
    assert_eq!(rows(&out).len(), 1);
    let out = written(|out| render::cbioportal::write(out, &read.case));
    assert!(!formula(&out), "{out}");
    assert_eq!(rows(&out).len(), 1);
}
