//! The rule language: every operator, every kind of question, and what an overlay does.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fmt::Write as _;

use fusedx::case::fish::{self, Fish};
use fusedx::case::fusion::{self, Fusion, Method};
use fusedx::case::ihc::{self, Ihc};
use fusedx::case::lab::{self, Lab};
use fusedx::case::measurement::{Category, Kind, Measurement, StatedResponse};
use fusedx::case::morphology::{self, Morphology};
use fusedx::case::percent::Percent;
use fusedx::case::variant::{self, Variant};
use fusedx::case::{Case, history};
use fusedx::rules::{Assessment, OverlayFile};
use fusedx::source::Place;
use fusedx::{Asked, Pack, Sources};
use support::{read_text, value};

fn load(module: &str) -> Pack {
    let loaded = Pack::load_file("test.yaml", module.as_bytes());
    loaded.pack.unwrap_or_else(|| {
        let text = fusedx::diag::render::report(
            &loaded.diagnostics,
            &loaded.sources,
            fusedx::diag::render::Color::Never,
        );
        panic!("{text}\n{module}")
    })
}

/// A module of rules `T-0`, `T-1`, ... with these conditions.
fn rules(conditions: &[&str]) -> String {
    let mut out = "format: 1\nkind: rules\nmodule: test\nabout: Test.\nrules:\n".to_owned();
    for (number, condition) in conditions.iter().enumerate() {
        let _ = write!(
            out,
            "  - id: T-{number}\n    title: Test\n    when: {condition}\n    flag: alk_not_tested\n    \
             grade: weak\n    cite: [case2023]\n    follow_up: [{{act: none, text: None.}}]\n"
        );
    }
    out
}

/// What the rules say: `T`, `F` or the reasons.
fn outcomes(pack: &Pack, case: &Case) -> Vec<String> {
    let assessment = pack.assess(case, &Asked::default());
    let ours = assessment.rules.iter().filter(|r| r.id().starts_with("T-"));
    ours.map(|rule| match rule.truth() {
        fusedx::rules::Truth::True => "T".to_owned(),
        fusedx::rules::Truth::False => "F".to_owned(),
        fusedx::rules::Truth::Unknown(why) => {
            let why: Vec<&str> = why.iter().map(fusedx::rules::Reason::as_str).collect();
            why.join("+")
        }
    })
    .collect()
}

fn ask(conditions: &[&str], case: &Case) -> Vec<String> {
    outcomes(&load(&rules(conditions)), case)
}

fn ask_text(conditions: &[&str], text: &str) -> Vec<String> {
    ask(conditions, &read_text(text).case)
}

fn at(line: u32) -> Place {
    let mut place = read_text("IHC: ALK(+)").case.ihc[0].source.clone();
    place.line = line;
    place
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

#[test]
fn criteria_count_major_and_minor() {
    let criteria = "{criteria: {major: [{ihc: {marker: ALK, is: positive}}, {ihc: {marker: CD34, is: positive}}], \
                    minor: [{ihc: {marker: SMA, is: positive}}, {ihc: {marker: desmin, is: positive}}, \
                    {ihc: {marker: CD10, is: negative}}], any_of: [{major: 2}, {major: 1, minor: 2}, {minor: 3}]}}";
    for (text, wanted) in [
        ("ALK(+), CD34(+)", "T"),
        ("ALK(+), SMA(+), desmin(+)", "T"),
        ("ALK(-), CD34(-), SMA(+), desmin(+), CD10(-)", "T"),
        ("ALK(+), CD34(-), SMA(+), desmin(-), CD10(+)", "F"),
        ("ALK(-), CD34(-), SMA(+), desmin(+), CD10(+)", "F"),
        ("ALK(+), SMA(+)", "not_tested"),
        ("ALK(+), CD34(-), SMA(-), desmin(-)", "F"),
    ] {
        let got = ask_text(&[criteria], &format!("IHC: {text}"));
        assert_eq!(got, [wanted], "{text}");
    }
}

#[test]
fn stains_are_asked_for_extent_percent_compartment_and_cells() {
    let mut reading = Ihc::new("ALK", ihc::Status::Positive, at(1));
    reading.percent = Some([Percent::whole(30).unwrap(), Percent::whole(60).unwrap()]);
    reading.extent = Some("focal".to_owned());
    reading.compartment = vec!["cytoplasmic".to_owned()];
    let mut other = Ihc::new("CD34", ihc::Status::Positive, at(2));
    other.cells = Some("vessels".to_owned());
    let case = Case {
        ihc: vec![reading, other],
        ..Case::default()
    };
    let got = ask(
        &[
            "{ihc: {marker: ALK, is: positive, extent: focal}}",
            "{ihc: {marker: ALK, is: positive, percent_at_least: 30}}",
            "{ihc: {marker: ALK, is: positive, percent_at_least: 50}}",
            "{ihc: {marker: ALK, is: positive, percent_below: 20}}",
            "{ihc: {marker: ALK, is: positive, compartment: [nuclear, cytoplasmic]}}",
            "{ihc: {marker: ALK, is: positive, intensity: weak}}",
            "{ihc: {marker: CD34, is: positive}}",
        ],
        &case,
    );
    assert_eq!(
        got,
        ["T", "T", "equivocal", "F", "T", "not_stated", "not_tested"]
    );
}

#[test]
fn of_two_results_the_rule_says_which_counts() {
    let stain = |status, line, date: &str| {
        let mut reading = Ihc::new("ALK", status, at(line));
        reading.date = Some(day(date));
        reading
    };
    let conditions = [
        "{ihc: {marker: ALK, is: positive}}",
        "{ihc: {marker: ALK, is: positive, take: latest}}",
        "{ihc: {marker: ALK, is: positive, take: any_positive}}",
    ];
    let mut case = Case {
        ihc: vec![
            stain(ihc::Status::Positive, 1, "2023-01-05"),
            stain(ihc::Status::Negative, 2, "2024-01-05"),
        ],
        ..Case::default()
    };
    assert_eq!(ask(&conditions, &case), ["conflicting", "F", "T"]);
    // A result of an unknown day may be the later one.
    case.ihc[0].date = None;
    assert_eq!(ask(&conditions, &case), ["conflicting", "conflicting", "T"]);
}

#[test]
fn fish_is_asked_for_percent_and_nuclei() {
    let mut result = Fish::new("ALK", fish::Status::Positive, at(1));
    result.percent = Some(Percent::whole(18).unwrap());
    let case = Case {
        fish: vec![result],
        ..Case::default()
    };
    let got = ask(
        &[
            "{fish: {gene: ALK, is: rearranged, percent_at_least: 15}}",
            "{fish: {gene: ALK, is: rearranged, percent_below: 15}}",
            "{fish: {gene: ALK, is: rearranged, cells_at_least: 50}}",
        ],
        &case,
    );
    assert_eq!(got, ["T", "F", "not_stated"]);
}

#[test]
fn variants_answer_for_their_change() {
    let mut found = Variant::new("ALK", variant::Status::Detected, at(1));
    found.protein_change = Some("G1202R".to_owned());
    found.vaf = Some(Percent::whole(12).unwrap());
    let mut case = Case {
        variants: vec![found],
        ..Case::default()
    };
    let conditions = [
        "{variant: {gene: ALK}}",
        "{variant: {gene: ALK, change: p.G1202R}}",
        "{variant: {gene: ALK, change: [L1196M]}}",
        "{variant: {gene: ALK, change: G1202R, vaf_at_least: 5}}",
        "{variant: {gene: ALK, change: G1202R, vaf_at_least: 20}}",
        "{variant: {gene: ROS1}}",
    ];
    assert_eq!(
        ask(&conditions, &case),
        ["T", "T", "not_tested", "T", "F", "not_tested"]
    );
    case.variants = vec![Variant::new("ALK", variant::Status::NotDetected, at(1))];
    assert_eq!(ask(&conditions, &case)[..3], ["F", "F", "F"]);
}

#[test]
fn fusions_are_counted_and_weighed() {
    let call = |partner: &str, caller: &str, reads, line| {
        let mut call = Fusion::new(fusion::Status::Detected, at(line));
        call.five_prime = Some(partner.to_owned());
        call.three_prime = Some("ALK".to_owned());
        call.caller = Some(caller.to_owned());
        call.support.split = Some(reads);
        call.method = Method::Rna;
        call.exons.three_prime = Some("20".to_owned());
        call
    };
    let conditions = [
        "{fusion: {three_prime: ALK, distinct_at_least: 2}}",
        "{fusion: {three_prime: ALK, callers_at_least: 2}}",
        "{fusion: {three_prime: ALK, support_at_least: 10}}",
        "{fusion: {three_prime: ALK, exon: \"20\"}}",
        "{fusion: {three_prime: ALK, exon: \"19\"}}",
        "{fusion: {three_prime: ALK, transcript: NM_004304}}",
        "{fusion: {three_prime: ALK, doubt_if: {support_below: 10}}}",
        "{fusion: {three_prime: ALK, method: dna}}",
    ];
    let one = Case {
        fusions: vec![call("TPM3", "arriba", 12, 1)],
        ..Case::default()
    };
    assert_eq!(
        ask(&conditions, &one),
        ["F", "F", "T", "T", "F", "not_stated", "T", "F"]
    );
    let two = Case {
        fusions: vec![
            call("TPM3", "arriba", 12, 1),
            call("TPM3", "star-fusion", 3, 2),
            call("EML4", "arriba", 3, 3),
        ],
        ..Case::default()
    };
    assert_eq!(
        ask(&conditions, &two),
        ["T", "T", "conflicting", "T", "F", "not_stated", "T", "F"]
    );
    assert_eq!(ask(&conditions, &Case::default())[0], "not_tested");
}

#[test]
fn the_rest_of_a_case_can_be_asked_for() {
    let module = rules(&[
        "{measurement: {kind: specimen, mm_at_least: 50}}",
        "{measurement: {kind: [target, sum], mm_below: 30}}",
        "{response: {best: [CR, PR]}}",
        "{response: {latest: PD}}",
        "{history: {on_drug: crizotinib, response: [CR, PR]}}",
        "{history: {prior_drug: crizotinib}}",
    ]);
    let treatment = |drug: &str, response: Option<&str>, line| history::Treatment {
        drug: drug.to_owned(),
        dose: None,
        start: None,
        response: response.map(str::to_owned),
        stop: None,
        stop_reason: None,
        line: None,
        source: at(line),
    };
    let response = |category, date: &str, line| StatedResponse {
        category: Some(category),
        as_written: String::new(),
        decrease_percent: None,
        date: Some(day(date)),
        context: None,
        source: at(line),
    };
    let case = Case {
        measurements: vec![
            Measurement::new(Kind::Specimen, vec![20.into(), 80.into()], at(1)),
            Measurement::new(Kind::Target, vec![35.into()], at(2)),
        ],
        stated_responses: vec![
            response(Category::Partial, "2024-01-01", 3),
            response(Category::Progressive, "2024-06-01", 4),
        ],
        history: history::History {
            treatments: vec![
                treatment("crizotinib", Some("PR"), 5),
                treatment("alectinib", None, 6),
            ],
            ..history::History::default()
        },
        ..Case::default()
    };
    let pack = load(&module);
    assert_eq!(outcomes(&pack, &case), ["T", "F", "T", "T", "T", "T"]);
    assert!(
        outcomes(&pack, &Case::default())
            .iter()
            .all(|o| o == "not_stated")
    );
}

#[test]
fn names_of_features_sites_and_analytes_come_from_tables() {
    struct Files(Vec<(&'static str, String)>);
    impl fusedx::rules::PackFiles for Files {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            let file = self.0.iter().find(|(name, _)| *name == path);
            file.map(|(_, text)| text.clone().into_bytes())
                .ok_or_else(|| "absent".to_owned())
        }
        fn shown(&self, path: &str) -> String {
            path.to_owned()
        }
    }
    let rules = rules(&[
        "{morphology: {feature: plasma_cells, is: present}}",
        "{lab: {analyte: neutrophils, at_least: \"7.5\"}}",
        "{lab: {analyte: neutrophils, kind: percent, below: 70}}",
        "{history: {site: uterus}}",
    ]);
    let pack = Files(vec![
        (
            "pack.yaml",
            "format: 1\nkind: pack\nname: small\nversion: 0.1.0\ninclude: [names.yaml, sites.yaml, rules.yaml, \
             analytes.yaml]\nvocabulary: {features: [features], sites: [sites], analytes: [analytes]}\n\
             flags: {alk_not_tested: Test}\ncites: {case2023: {title: Test, pmid: \"1\"}}\n"
                .to_owned(),
        ),
        (
            "names.yaml",
            "format: 1\nkind: table\ntable: features\ncolumns: {feature: {type: text}}\nrows:\n  - {feature: \
             plasma_cells}\n"
                .to_owned(),
        ),
        (
            "analytes.yaml",
            "format: 1\nkind: table\ntable: analytes\ncolumns: {analyte: {type: text}}\nrows:\n  - {analyte: \
             neutrophils}\n"
                .to_owned(),
        ),
        (
            "sites.yaml",
            "format: 1\nkind: table\ntable: sites\ncolumns: {site: {type: text}, also: {type: set, of: text}}\n\
             rows:\n  - {site: uterus, also: [uterine, 子宫]}\n"
                .to_owned(),
        ),
        ("rules.yaml", rules),
    ]);
    let loaded = Pack::load(&pack);
    let pack = loaded
        .pack
        .unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let mut count = Lab::new(
        "neutrophils",
        lab::Kind::Absolute,
        "8.1".parse().unwrap(),
        at(1),
    );
    count.value_si = Some(count.value);
    let mut case = Case {
        morphology: vec![Morphology {
            per_10_hpf: None,
            feature: "plasma_cells".to_owned(),
            as_written: "plasma cells".to_owned(),
            status: morphology::Status::Absent,
            source: at(2),
        }],
        labs: vec![count],
        ..Case::default()
    };
    case.history.site = Some(history::Stated {
        value: "Uterine corpus".to_owned(),
        source: at(3),
    });
    assert_eq!(outcomes(&pack, &case), ["F", "T", "not_stated", "T"]);
    // A count without a unit that is understood is no number to compare.
    case.labs[0].value_si = None;
    assert_eq!(outcomes(&pack, &case)[1], "not_stated");
}

#[test]
fn methods_that_differ_are_found() {
    let conditions = [
        "{disagreement: {between: methods}}",
        "{disagreement: {between: methods, gene: ROS1}}",
        "{disagreement: {between: panels, marker: CD10}}",
    ];
    let text = "FISH: ALK rearranged in 30% of nuclei\nRNA sequencing: no ALK fusion detected";
    assert_eq!(ask_text(&conditions, text), ["T", "F", "F"]);
    let text = "FISH: ALK rearranged in 30% of nuclei\nRNA sequencing: TPM3-ALK fusion detected";
    assert_eq!(ask_text(&conditions, text)[0], "F");
}

#[test]
fn decisions_may_be_unique_or_collect() {
    let module = |hit: &str| {
        let mut out = format!(
            "format: 1\nkind: rules\nmodule: test\nabout: Test.\ndecisions:\n  test:\n    hit: {hit}\n    values: \
             [a, b, none]\n    default: none\nrules:\n"
        );
        for (id, marker, value) in [("T-0", "ALK", "a"), ("T-1", "CD34", "b")] {
            let _ = write!(
                out,
                "  - id: {id}\n    title: Test\n    when: {{ihc: {{marker: {marker}, is: positive}}}}\n    conclude: \
                 {{test: {value}}}\n    grade: weak\n    cite: [case2023]\n"
            );
        }
        out
    };
    let decided = |hit: &str, text: &str| {
        let pack = load(&module(hit));
        let got = pack.assess(&read_text(text).case, &Asked::default());
        let test = got
            .decisions
            .into_iter()
            .find(|d| d.name == "test")
            .unwrap();
        (test.value, test.also_true.join(" "), test.settled)
    };
    let want = |value: &str, also: &str, settled| (value.to_owned(), also.to_owned(), settled);
    let both = "IHC: ALK(+), CD34(+)";
    assert_eq!(decided("priority", both), want("a", "b", true));
    assert_eq!(decided("unique", both), want("conflict", "a b", false));
    assert_eq!(decided("collect", both), want("a", "b", true));
    let one = "IHC: ALK(+)";
    assert_eq!(decided("priority", one), want("a", "", true));
    assert_eq!(decided("unique", one), want("a", "", false));
    assert_eq!(decided("collect", one), want("a", "", false));
}

#[test]
fn a_decision_below_an_open_value_is_not_known_to_other_rules() {
    let module = "format: 1\nkind: rules\nmodule: test\nabout: Test.\ndecisions:\n  test:\n    hit: priority\n    \
                  values: [a, b, none]\n    default: none\nrules:\n  - {id: T-0, title: Test, when: {ihc: {marker: \
                  ALK, is: positive}}, conclude: {test: a}, grade: weak, cite: [case2023]}\n  - {id: T-1, title: \
                  Test, when: {ihc: {marker: CD34, is: positive}}, conclude: {test: b}, grade: weak, cite: \
                  [case2023]}\n  - {id: T-2, title: Test, when: {decided: {test: b}}, flag: alk_not_tested, grade: \
                  weak, cite: [case2023], follow_up: [{act: none, text: None.}]}\n";
    let pack = load(module);
    let got = |text: &str| outcomes(&pack, &read_text(text).case)[2].clone();
    assert_eq!(got("IHC: CD34(+)"), "unresolved");
    assert_eq!(got("IHC: CD34(+), ALK(-)"), "T");
    assert_eq!(got("IHC: CD34(+), ALK(+)"), "F");
}

#[test]
fn texts_are_filled_with_what_the_report_says() {
    let module = "format: 1\nkind: rules\nmodule: test\nabout: Test.\nrules:\n  - id: T-0\n    title: Test\n    when: \
                  {all: [{fusion: {three_prime: ALK}}, {ihc: {marker: ALK, is: negative}}]}\n    flag: \
                  alk_not_tested\n    message: \"{fusion ALK} beside a stain that is {ihc ALK}\"\n    grade: weak\n    \
                  cite: [case2023]\n    follow_up: [{act: order_test, text: \"Confirm {fusion ALK} on RNA.\"}]\n";
    let text = "IHC: ALK [D5F3 (-)]\nNGS: TNS1::ALK fusion detected";
    let got = load(module).assess(&read_text(text).case, &Asked::default());
    let flag = got.flags.iter().find(|f| f.rule == "T-0").unwrap();
    assert_eq!(
        flag.message,
        "TNS1::ALK beside a stain that is negative (clone D5F3)"
    );
    assert_eq!(flag.action, "Confirm TNS1::ALK on RNA.");
}

const OVERLAY: &str = "\
format: 1
kind: overlay
module: site_example
about: Local policy of one laboratory on top of the base pack.
extends: {pack: alk-imt}
cites:
  local_2026_017: {title: Case file 17 of this laboratory (2026), url: https://example.org/17}
flags:
  check_timp3: The panel may not cover TIMP3
rows:
  alk_partners:
    add:
      - {gene: SQSTM2, seen_in: [uterine_imt], level: recurrent, evidence: two of our own, cite: [local_2026_017]}
  genes:
    add:
      - {symbol: SQSTM2}
rules:
  patch:
    - id: TKI-1
      expect_revision: 1
      append:
        follow_up:
          - {act: tumour_board, text: Present at the weekly sarcoma board before the first dose.}
        cite: [local_2026_017]
      why: Local policy; drug release needs a board decision.
    - id: DISC-3
      expect_revision: 1
      disable: true
      why: Clones are weighed by the stain laboratory here.
  add:
    - id: SITE-1
      title: Uterine tumour without TIMP3
      when:
        all: [{ref: label_imt}, {not: {fusion: {gene: ALK, partner: TIMP3}}}]
      flag: check_timp3
      grade: weak
      cite: [local_2026_017]
      follow_up:
        - {act: order_test, text: Ask the laboratory whether the panel covers TIMP3.}
      tests:
        - name: no fusion found
          given: {text: \"Diagnosis: inflammatory myofibroblastic tumour\\nNGS: no fusion detected.\"}
          expect: {fires: true}
        - name: TIMP3 found
          given: {text: \"Diagnosis: inflammatory myofibroblastic tumour\\nNGS: TIMP3-ALK fusion detected\"}
          expect: {fires: false}
";

fn with_overlay(text: &str) -> fusedx::rules::Loaded {
    Pack::load_built_in_with(&[OverlayFile {
        shown: "site.yaml".to_owned(),
        bytes: text.as_bytes().to_vec(),
    }])
}

fn failures(pack: &Pack, sources: &Sources) -> Vec<String> {
    let trials = pack.trials().iter();
    trials
        .flat_map(|t| {
            let outcome = fusedx::trials::run(t, pack, sources);
            outcome
                .differences
                .into_iter()
                .map(|d| format!("{}: {d}", t.name))
        })
        .collect()
}

fn assess(pack: &Pack, text: &str) -> Assessment {
    let mut sources = Sources::default();
    sources.add("report.txt", text.as_bytes()).unwrap();
    let read = fusedx::read(&sources, pack.vocab(), &fusedx::ReadOptions::default()).unwrap();
    pack.assess(&read.case, &Asked::default())
}

#[test]
fn an_overlay_adds_rows_rules_and_follow_ups() {
    let loaded = with_overlay(OVERLAY);
    let pack = loaded
        .pack
        .unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    assert_eq!(
        pack.version,
        format!("{}+site-example", support::PACK.version)
    );
    assert_ne!(pack.sha256, support::PACK.sha256);
    assert_eq!(failures(&pack, &loaded.sources), Vec::<String>::new());
    assert!(pack.rule_ids().all(|id| id != "DISC-3"));

    let text = "Diagnosis: inflammatory myofibroblastic tumour, metastatic\nNGS: SQSTM2-ALK fusion detected";
    let got = assess(&pack, text);
    assert!(
        !support::flags(&got).contains(&"partner_unusual"),
        "the row is there"
    );
    assert_eq!(value(&got, "alk_tki"), "candidate");
    let tki = got.decisions.iter().find(|d| d.name == "alk_tki").unwrap();
    // The base rule has actions of its own; the overlay appends.
    assert_eq!(tki.follow_up.last().unwrap().act, "tumour_board");
}

#[test]
fn an_overlay_that_makes_a_base_test_untrue_must_retire_it() {
    let row = OVERLAY.replace("SQSTM2, seen", "HNRNPA3, seen");
    let loaded = with_overlay(&row);
    let pack = loaded
        .pack
        .unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    assert!(!failures(&pack, &loaded.sources).is_empty());

    let retired = row.replace(
        "rules:\n",
        "retire_tests:\n  - {rule: TKI-1, test: a new partner is no reason against, why: Listed here.}\n  - {rule: \
         FUS-5, test: a new partner, why: Listed here.}\nrules:\n",
    );
    let loaded = with_overlay(&retired);
    if let Some(pack) = loaded.pack {
        assert_eq!(failures(&pack, &loaded.sources), Vec::<String>::new());
    } else {
        panic!("{:#?}", loaded.diagnostics);
    }
}

#[test]
fn what_is_no_overlay_is_not_laid_over_a_pack() {
    let loaded = with_overlay("format: 1\nkind: rules\nmodule: test\nabout: Test.\n");
    assert!(loaded.pack.is_none());
    let codes: Vec<&str> = loaded.diagnostics.iter().map(|d| d.code.code()).collect();
    assert_eq!(codes, ["E053"]);
}
