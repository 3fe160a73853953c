//! The page and the ticket text: what they must hold, that nothing of an input comes alive in them, and, where a
//! browser is installed, that it opens the page without a complaint.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use fusedx::case::history::Treatment;
use fusedx::case::lab::{self, Lab};
use fusedx::case::measurement::{Category, Kind, Measurement, State, StatedResponse};
use fusedx::course::{self, Options};
use fusedx::render::json::Assessed;
use fusedx::render::{html, markdown};
use fusedx::source::Place;
use fusedx::{Asked, Limits, ReadCase, ReadOptions, Sources};
use regex::Regex;
use support::{PACK, repository, snapshot};

/// Page and ticket text of some inputs, after `change` has had its say on the facts.
fn written(
    inputs: &[(&str, &[u8])],
    change: impl FnOnce(&mut ReadCase, &Sources),
) -> (String, String) {
    let mut sources = Sources::new(Limits::default());
    for (name, bytes) in inputs {
        sources.add(name, bytes).unwrap();
    }
    let mut read = fusedx::read(&sources, PACK.vocab(), &ReadOptions::default()).unwrap();
    change(&mut read, &sources);
    let asked = Asked::default();
    let assessment = PACK.assess(&read.case, &asked);
    let course = course::follow(&read.case, PACK.guide(), Options::default());
    let assessed = Assessed {
        id: inputs[0].0,
        read: &read,
        pack: &PACK,
        asked: &asked,
        assessment: &assessment,
        course: &course,
    };
    let mut page = Vec::new();
    html::assess(&mut page, &assessed, &sources).unwrap();
    (
        String::from_utf8(page).unwrap(),
        markdown::assess(&assessed),
    )
}

fn page(text: &str) -> String {
    written(&[("report.txt", text.as_bytes())], |_, _| {}).0
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(repository("samples").join(name)).unwrap()
}

/// A course in one line per examination, and the facts of it by where they stand, so that this test does not rest on
/// the reader of such lines.
const COURSE: &str = "\
Diagnosis: inflammatory myofibroblastic tumor, metastatic. IHC: ALK (D5F3) (+).
crizotinib from 2021-04-25
2021-04-20 TL1 50 mm TL2 45 mm
2021-07-20 sum 60 mm PR
2021-10-25 more than 60 % PR
2022-04-19 sum 21 mm
2022-11-14 sum 33 mm new lesion
2021-04-23 N 5.94 L 1.12 M 0.61 PLT 318
2021-10-27 N 2.36 L 1.58 M 0.49 PLT 271
";

fn place(sources: &Sources, line: &str, piece: &str) -> Place {
    let source = sources.iter().next().unwrap();
    let start = source.text().find(line).unwrap();
    let at = start + source.text()[start..].find(piece).unwrap();
    source.place(at..at + piece.len())
}

fn course_facts(read: &mut ReadCase, sources: &Sources) {
    let case = &mut read.case;
    case.measurements.clear();
    case.stated_responses.clear();
    case.labs.clear();
    case.history.treatments = vec![Treatment {
        drug: "crizotinib".to_owned(),
        dose: None,
        start: Some("2021-04-25".parse().unwrap()),
        response: None,
        stop: None,
        stop_reason: None,
        line: None,
        source: place(sources, "crizotinib", "crizotinib from 2021-04-25"),
    }];
    for (day, piece, kind, mm, lesion) in [
        (
            "2021-04-20",
            "TL1 50 mm",
            Kind::Target,
            Some(50),
            Some("TL1"),
        ),
        (
            "2021-04-20",
            "TL2 45 mm",
            Kind::Target,
            Some(45),
            Some("TL2"),
        ),
        ("2021-07-20", "sum 60 mm", Kind::Sum, Some(60), None),
        ("2022-04-19", "sum 21 mm", Kind::Sum, Some(21), None),
        ("2022-11-14", "sum 33 mm", Kind::Sum, Some(33), None),
        ("2022-11-14", "new lesion", Kind::New, None, None),
    ] {
        let mm = mm.into_iter().map(Into::into).collect();
        let mut fact = Measurement::new(kind, mm, place(sources, day, piece));
        fact.date = Some(day.parse().unwrap());
        fact.lesion = lesion.map(str::to_owned);
        fact.state = (kind == Kind::New).then_some(State::Present);
        case.measurements.push(fact);
    }
    for (day, piece, decrease) in [
        ("2021-07-20", "PR", None),
        ("2021-10-25", "more than 60 % PR", Some(["60", "100"])),
    ] {
        let percent = |text: &str| fusedx::case::percent::Percent::parse(text).unwrap();
        case.stated_responses.push(StatedResponse {
            category: Some(Category::Partial),
            as_written: piece.to_owned(),
            decrease_percent: decrease.map(|d| d.map(percent)),
            date: Some(day.parse().unwrap()),
            context: None,
            source: place(sources, day, piece),
        });
    }
    for day in ["2021-04-23", "2021-10-27"] {
        for (name, short) in [
            ("neutrophils", "N "),
            ("lymphocytes", "L "),
            ("monocytes", "M "),
            ("platelets", "PLT "),
        ] {
            let source = sources.iter().next().unwrap();
            let line = &source.text()[source.text().find(day).unwrap()..];
            let after = &line[line.find(short).unwrap() + short.len()..];
            let digits = after.split_whitespace().next().unwrap();
            let piece = format!("{short}{digits}");
            let value = digits.parse().unwrap();
            let mut fact = Lab::new(
                name,
                lab::Kind::Absolute,
                value,
                place(sources, day, &piece),
            );
            fact.value_si = Some(value);
            fact.date = Some(day.parse().unwrap());
            case.labs.push(fact);
        }
    }
}

fn course() -> (String, String) {
    written(&[("course.txt", COURSE.as_bytes())], course_facts)
}

/// Everything that has an anchor, and everything that points to one.
fn anchors(page: &str) -> (Vec<&str>, BTreeSet<&str>) {
    let ids = Regex::new(r#" id="([^"]+)""#).unwrap();
    let hrefs = Regex::new(r##" href="#([^"]+)""##).unwrap();
    let all = |re: &Regex| {
        re.captures_iter(page)
            .map(|c| c.get(1).unwrap().as_str())
            .collect::<Vec<_>>()
    };
    (all(&ids), all(&hrefs).into_iter().collect())
}

fn pages() -> Vec<(String, String)> {
    let index = sample("index-case.txt");
    let arriba = sample("arriba-igfbp5-alk.tsv");
    vec![
        ("course".to_owned(), course().0),
        (
            "index-case".to_owned(),
            written(&[("index-case.txt", &index)], |_, _| {}).0,
        ),
        (
            "arriba".to_owned(),
            written(&[("arriba.tsv", &arriba)], |_, _| {}).0,
        ),
        ("empty".to_owned(), page("Nothing of ours.\n")),
    ]
}

#[test]
fn every_link_has_its_anchor_and_every_anchor_is_one() {
    for (name, page) in pages() {
        let (ids, hrefs) = anchors(&page);
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "an anchor twice in {name}");
        let lost: Vec<_> = hrefs.difference(&unique).collect();
        assert!(lost.is_empty(), "{name}: {lost:?}");
    }
}

#[test]
fn a_fact_leads_to_its_conclusion_and_back() {
    let index = sample("index-case.txt");
    let (page, _) = written(&[("index-case.txt", &index)], |_, _| {});
    let stain =
        Regex::new(r#"<mark id="f(\d+)" class="used">ALK \[D5F3 \(\+\)\]</mark><sup>(.*?)</sup>"#)
            .unwrap();
    let found = stain.captures(&page).expect("the ALK stain is marked");
    assert!(
        found[2].contains(r##"href="#decision-dx""##),
        "{}",
        &found[2]
    );
    assert!(found[2].contains(&format!(r##"href="#r{}""##, &found[1])));
    // And back: the card of the decision points to the mark.
    let card = &page
        [page.find(r#"id="decision-dx""#).unwrap()..page.find(r#"id="decision-alk-tki""#).unwrap()];
    assert!(
        card.contains(&format!(r##"href="#f{}""##, &found[1])),
        "{card}"
    );
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let address = Regex::new(r"<(\w+)[^>]*https?://").unwrap();
    for (name, page) in pages() {
        let policy = r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"#;
        assert!(page.contains(policy), "{name}");
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        for alive in [
            "<script",
            "<link",
            "<img",
            "<iframe",
            "<object",
            "@import",
            "url(",
            " src=",
            " onload",
            "javascript:",
        ] {
            assert!(!page.to_lowercase().contains(alive), "{alive} in {name}");
        }
        // Addresses are only followed by a reader's click.
        for outside in address.captures_iter(&page) {
            assert_eq!(&outside[1], "a", "{name}");
        }
    }
}

#[test]
fn headings_are_in_order_and_tables_have_heads() {
    let headings = Regex::new(r"<h([1-6])").unwrap();
    for (name, page) in pages() {
        let mut before = 0;
        for heading in headings.captures_iter(&page) {
            let level: u32 = heading[1].parse().unwrap();
            assert!(level <= before + 1, "h{level} after h{before} in {name}");
            before = level;
        }
        assert_eq!(page.matches("<h1").count(), 1);
        assert_eq!(
            page.matches("<table").count(),
            page.matches("<caption>").count()
        );
        assert_eq!(
            page.matches("<table").count(),
            page.matches("<thead>").count()
        );
        // A drawing says in words what it shows.
        for drawing in page.split("<svg").skip(1) {
            let head = &drawing[..drawing.find("</desc>").expect("a description")];
            assert!(
                head.contains("role=\"img\"") && head.contains("<title"),
                "{name}"
            );
        }
    }
}

#[test]
fn what_is_not_known_is_drawn_with_a_question_mark() {
    let index = sample("index-case.txt");
    let (page, _) = written(&[("index-case.txt", &index)], |_, _| {});
    for honest in [
        "junction not reported",
        "exon ?",
        "frame ?",
        "kinase domain kept?",
        ">20?<",
    ] {
        assert!(page.contains(honest), "{honest}");
    }
    let arriba = sample("arriba-igfbp5-alk.tsv");
    let (page, _) = written(&[("arriba.tsv", &arriba)], |_, _| {});
    assert!(!page.contains("junction not reported") && !page.contains(">20?<"));
    assert!(page.contains("kinase domain kept<"));
    assert!(page.contains("junction, in frame"), "the caller says so");
}

#[test]
fn codons_lie_in_the_exons_that_encode_them() {
    // K-1.2 of NM_004304: the transmembrane segment (1039-1059) begins in exon 19 (codons 1023-1058) and ends in exon
    // 20; the kinase domain (1116-1392) begins in exon 20 (1058-1120) and ends in exon 29 (from 1389).
    let index = sample("index-case.txt");
    let (page, _) = written(&[("index-case.txt", &index)], |_, _| {});
    let exon = |number: &str| {
        let re = format!(
            r#"<rect class="exon" x="([\d.]+)" y="46" width="([\d.]+)"[^>]*></rect><text[^>]*>{number}</text>"#
        );
        let found = Regex::new(&re).unwrap().captures(&page).unwrap();
        let (x, width): (f64, f64) = (found[1].parse().unwrap(), found[2].parse().unwrap());
        x..=x + width
    };
    let brackets: Vec<(f64, f64)> =
        Regex::new(r#"class="bracket" d="M([\d.]+) 42.0V34.0H([\d.]+)"#)
            .unwrap()
            .captures_iter(&page)
            .map(|c| (c[1].parse().unwrap(), c[2].parse().unwrap()))
            .collect();
    let [membrane, kinase] = brackets[..] else {
        panic!("{brackets:?}")
    };
    assert!(exon("19").contains(&membrane.0) && exon("20").contains(&membrane.1));
    assert!(exon("20").contains(&kinase.0) && exon("29").contains(&kinase.1));
}

#[test]
fn nothing_of_an_input_comes_alive() {
    // The lines that injection samples are made of, where they are read as facts, names, lines and files.
    let hostile = "Case \u{1b}[31m<b onmouseover=alert(1)>27</b><script>alert(1)</script>\n\
        IHC: ALK(-)<img src=x onerror=alert(1)>, desmin (\u{202e}+)\n\
        =1+1|cmd ALK \"><svg onload=alert(1)> [x](javascript:alert(1)) `code` pending?\n";
    let name = "<b>&\"'\u{202e}.txt";
    let (page, ticket) = written(&[(name, hostile.as_bytes())], |_, _| {});
    for alive in [
        "<b ",
        "<b>",
        "<script",
        "<img",
        "<svg onload",
        "\u{1b}",
        "\u{202e}",
    ] {
        assert!(!page.contains(alive), "{alive:?} in the page");
    }
    assert!(
        page.contains("&lt;script&gt;") && page.contains("\\u{1b}") && page.contains("\\u{202e}")
    );
    // No attribute was closed by a quote of the input: every tag is one of ours.
    let tags: BTreeSet<String> = Regex::new(r"<([a-zA-Z][a-zA-Z0-9]*)")
        .unwrap()
        .captures_iter(&page)
        .map(|c| c[1].to_owned())
        .collect();
    let ours = "DOCTYPE a abbr article bdi body br caption code dd desc details div dl dt figcaption figure footer h1 h2 \
        h3 h4 head header html li line main mark meta nav ol p path pre q rect section span strong style sub summary sup \
        svg table tbody td text th thead title tr ul circle";
    for tag in &tags {
        assert!(ours.split_whitespace().any(|t| t == tag), "<{tag}>");
    }
    for alive in ["<b", "<script", "<img", "](", "\u{1b}", "\u{202e}"] {
        assert!(
            !ticket.contains(alive) || ticket.contains(&format!("\\{alive}")),
            "{alive:?} in {ticket}"
        );
    }
    assert!(
        !Regex::new(r"(^|[^\\])<[a-z]").unwrap().is_match(&ticket),
        "{ticket}"
    );
}

#[test]
fn bad_inputs_come_out_inert() {
    let Some(folder) = support::shared_data("badinput") else {
        return;
    };
    for name in ["26-ansi.txt", "27-html.txt", "47-formula.tsv"] {
        let bytes = fs::read(folder.join(name)).unwrap();
        let (page, ticket) = written(&[(name, &bytes)], |_, _| {});
        for alive in ["\u{1b}", "<b onmouseover"] {
            assert!(
                !page.contains(alive) && !ticket.replace("\\<", "").contains(alive),
                "{name}"
            );
        }
    }
}

#[test]
fn a_long_report_stays_small_and_a_long_table_is_cut() {
    // Three facts a line is denser than any report.
    let line = "Sections show spindle cells with a sparse infiltrate; desmin (+), SMA (+), ALK (D5F3) (-).\n";
    // What every page has, its rules above all, is not counted: only what more text adds.
    let (some, more) = (line.repeat(128), line.repeat(256));
    let added = page(&more).len() - page(&some).len();
    let times = added / (more.len() - some.len());
    assert!(times < 20, "{added} bytes for {}", more.len() - some.len());
    let table = String::from_utf8(sample("arriba-igfbp5-alk.tsv")).unwrap();
    let (head, row) = table.split_once('\n').unwrap();
    let row = row.lines().next().unwrap();
    let other = row.replace("IGFBP5", "TPM3").replace("ALK", "TTN");
    let mut many = format!("{head}\n{row}\n");
    for _ in 0..5000 {
        many.push_str(&other);
        many.push('\n');
    }
    let (long, _) = written(&[("calls.tsv", many.as_bytes())], |_, _| {});
    assert!(long.len() < 400_000, "{} bytes", long.len());
    assert!(long.contains("lines without facts used here are left out"));
}

#[test]
fn the_course_as_drawn_and_told() {
    let (page, ticket) = course();
    let start = page.find(r#"<section id="course""#).unwrap();
    let end = page[start..].find("</section>").unwrap();
    // One element a line, so that a review sees what changed.
    let section = page[start..start + end].replace("><", ">\n<");
    snapshot("page-course", COURSE, &section);
    snapshot(
        "ticket-course",
        COURSE,
        &ticket.replace(&PACK.sha256, "[checksum of the pack]"),
    );
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    assert_eq!(course(), course());
}

/// Opens pages in a browser. Skipped, and said so, where none is installed.
#[test]
fn a_browser_opens_the_pages_without_complaint() {
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| {
            Command::new(name)
                .arg("--version")
                .output()
                .is_ok_and(|o| o.status.success())
        })
    else {
        support::skipped("no chromium is installed");
        return;
    };
    for (name, page) in pages() {
        let folder = tempfile::tempdir().unwrap();
        // Left behind for a look: target/tmp/page-NAME.html.
        let file =
            std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{name}.html"));
        fs::write(&file, &page).unwrap();
        let profile = folder.path().join("profile");
        let out = Command::new(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .args(["--enable-logging=stderr", "--v=0", "--dump-dom"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("file://{}", file.display()))
            .output()
            .unwrap();
        let (dom, log) = (
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr),
        );
        assert!(out.status.success(), "{name}: {log}");
        for complaint in ["CONSOLE", "Content Security Policy", "Refused to"] {
            assert!(!log.contains(complaint), "{name}: {log}");
        }
        // The parsed page still has every anchor that its links point to: the markup is sound.
        let (ids, hrefs) = anchors(&dom);
        let ids: BTreeSet<&str> = ids.into_iter().collect();
        assert!(!ids.is_empty() && hrefs.is_subset(&ids), "{name}");
        assert_eq!(
            dom.matches("<section").count(),
            page.matches("<section").count(),
            "{name}"
        );
    }
}
