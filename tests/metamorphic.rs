//! What must not change a reading: how lines are wrapped and ended, which dash or bracket is used, in which order
//! independent lines stand, how the bytes are encoded; and what a denied sentence must not add.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;
use std::path::PathBuf;

use fusedx::Case;
use support::{PACK, assess_text, read_text, repository, shared_data, value};

/// Every current fact of a text, without its place.
fn facts(case: &Case) -> Vec<String> {
    let mut out: Vec<String> = (case.ihc.iter())
        .filter(|r| r.is_current())
        .map(|r| {
            format!(
                "{} {} {:?} {:?} {:?} {:?} {:?}",
                r.marker,
                r.status.as_str(),
                r.extent,
                r.intensity,
                r.percent,
                r.score,
                r.clone
            )
        })
        .collect();
    out.extend(
        (case.fish.iter())
            .filter(|f| f.is_current())
            .map(|f| format!("fish {} {} {:?}", f.gene, f.status.as_str(), f.percent)),
    );
    out.extend(
        (case.fusions.iter())
            .filter(|f| f.is_current())
            .map(|f| format!("fusion {} {}", f.name(), f.status.as_str())),
    );
    out.sort();
    out
}

fn read(text: &str) -> Vec<String> {
    facts(&read_text(text).case)
}

/// Report texts written for the project, and those of the shared folder where it is present.
fn reports() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = Vec::new();
    let folders = [
        Some(repository("tests/fixtures/narrative")),
        shared_data("reports"),
    ];
    for folder in folders.into_iter().flatten() {
        let entries = fs::read_dir(folder).unwrap();
        files.extend(
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|e| e == "txt")),
        );
    }
    files.sort();
    files
        .into_iter()
        .filter_map(|path| {
            let text = String::from_utf8(fs::read(&path).ok()?).ok()?;
            Some((path.display().to_string(), text))
        })
        .collect()
}

/// The one-line wordings of a list.
fn wordings(list: &str) -> Vec<String> {
    let path = repository("tests/fixtures/readings").join(list);
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once(" => ").unwrap().0.to_owned())
        .filter(|line| !line.contains("\\n") && !line.contains("\\t"))
        .collect()
}

/// Every text whose reading another form of it changes.
fn changed(
    texts: impl IntoIterator<Item = (String, String)>,
    form: impl Fn(&str) -> String,
) -> Vec<String> {
    texts
        .into_iter()
        .filter_map(|(name, text)| {
            let (before, after) = (read(&text), read(&form(&text)));
            (before != after).then(|| format!("{name}\n  {before:?}\n  {after:?}"))
        })
        .collect()
}

fn none(changed: &[String]) {
    assert!(
        changed.is_empty(),
        "{} changed\n{}",
        changed.len(),
        changed.join("\n")
    );
}

#[test]
fn line_ends_change_nothing() {
    none(&changed(reports(), |text| {
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    }));
    none(&changed(reports(), |text| {
        text.replace("\r\n", "\n").replace('\n', "\r")
    }));
}

#[test]
fn a_byte_order_mark_and_utf_16_change_nothing() {
    for (name, text) in reports() {
        let before = read(&text);
        assert_eq!(before, read(&format!("\u{feff}{text}")), "{name}");
        let utf16: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let case = support::read_bytes("report.txt", &utf16).case;
        assert_eq!(before, facts(&case), "{name} in UTF-16");
    }
}

#[test]
fn full_width_marks_change_nothing_in_a_panel() {
    let wide = |text: &str| {
        text.chars()
            .map(|c| match c {
                '(' => '（',
                ')' => '）',
                ',' => '，',
                ':' => '：',
                ';' => '；',
                '%' => '％',
                '+' => '＋',
                c => c,
            })
            .collect::<String>()
    };
    let panels = wordings("catalogue-panels.txt")
        .into_iter()
        .filter(|line| !line.contains("mixed"))
        .map(|line| (line.clone(), line));
    none(&changed(panels, wide));
}

#[test]
fn any_dash_is_a_hyphen() {
    for dash in ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}'] {
        let lines = wordings("catalogue-genes.txt")
            .into_iter()
            .map(|line| (line.clone(), line));
        none(&changed(lines, |text| text.replace('-', &dash.to_string())));
    }
}

/// A line may wrap behind any word of a sentence that goes on in lower case.
#[test]
fn a_wrapped_sentence_is_one() {
    let mut wrong = Vec::new();
    let sentences = [
        "The spindle cells are strongly and diffusely positive for SMA and desmin, focally positive for CD10, and negative for ALK, S100 and CD34.",
        "By immunohistochemistry the tumour cells express ALK (clone D5F3) in a cytoplasmic pattern but do not express desmin or caldesmon.",
        "Sequencing of RNA identified an in-frame fusion of exon 1 of IGFBP5 with exon 20 of ALK supported by 84 reads.",
    ];
    for sentence in sentences {
        let before = read(sentence);
        assert!(!before.is_empty());
        let spaces = sentence.match_indices(' ').map(|(at, _)| at);
        // A line of running text is long; what is wrapped after two words is a list.
        for at in spaces.filter(|at| *at > 50) {
            let wrapped = format!("{}\n{}", &sentence[..at], &sentence[at + 1..]);
            let after = read(&wrapped);
            if before != after {
                wrong.push(format!("{wrapped}\n  {before:?}\n  {after:?}"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_order_of_independent_lines_changes_nothing() {
    let lines = [
        "ALK (D5F3): positive, diffuse, cytoplasmic",
        "Desmin: negative",
        "SMA: focally positive",
        "Ki-67: 10 %",
        "S100: negative",
    ];
    let before = read(&lines.join("\n"));
    assert_eq!(before.len(), lines.len());
    for turn in 1..lines.len() {
        let mut turned = lines.to_vec();
        turned.rotate_left(turn);
        assert_eq!(before, read(&turned.join("\n")));
        turned.reverse();
        assert_eq!(before, read(&turned.join("\n")));
    }
}

#[test]
fn a_denied_sentence_adds_no_candidate() {
    let advanced = "Diagnosis: Inflammatory myofibroblastic tumor, recurrent, unresectable";
    let denials = [
        "ALK is negative.",
        "There is no ALK rearrangement by FISH.",
        "RNA sequencing: no fusion of ALK was detected.",
        "An IGFBP5::ALK fusion was not detected.",
        "The tumour cells do not express ALK.",
        "FISH: loss of the 3' ALK signal in 45% of nuclei.",
        "ALK immunostaining is being arranged.",
        "Tumours of this kind often harbour IGFBP5::ALK fusions [4].",
    ];
    for before in [
        "",
        "SMA: positive",
        "Desmin: negative",
        "FISH: ALK not rearranged",
    ] {
        for denial in denials {
            let report = format!("{advanced}\n{before}\n\n{denial}\n");
            assert_ne!(
                value(&assess_text(&report), "alk_tki"),
                "candidate",
                "{report}"
            );
        }
    }
    let control = assess_text(&format!("{advanced}\n\nNGS: IGFBP5::ALK detected.\n"));
    assert_eq!(value(&control, "alk_tki"), "candidate", "the test can fail");
    assert!(!PACK.vocab().markers().is_empty());
}

/// An article is read for its case, whatever the literature in it says.
#[test]
fn an_article_gives_the_facts_of_its_case_alone() {
    let article = "A case of a rare tumour\nInstitute of Pathology\n\nIntroduction\n\nALK is negative in leiomyosarcoma. \
        TPM3-ALK was found in lung (2).\n\nCase presentation\n\nA 40-year-old woman had a uterine mass. ALK was positive. \
        Half of these tumours are desmin positive (3).\n\nDiscussion\n\nIn another case EML4-ALK was detected and S100 was \
        positive (4).\n\nReferences\n1. Author A, et al. ALK negative tumours. J Path 2017;41:773.\n";
    let read = read_text(article);
    assert_eq!(facts(&read.case), ["ALK positive None None None None None"]);
    assert_eq!(read.case.history.age.as_ref().unwrap().value, 40);
}
