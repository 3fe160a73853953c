//! Which partner is 5', file by file: stated, worked out from strands and sides, unknown, or in doubt.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::fs;

use fusedx::case::function::Value;
use fusedx::case::fusion::{
    Fusion, KinaseDomain, Orientation, Orientation::*, OrientationFrom, OrientationFrom::*,
};
use support::{assess_text, read_bytes, read_text, repository, value};

fn calls(path: &str) -> Vec<Fusion> {
    let path = repository("tests/fixtures/readers").join(path);
    read_bytes("input", &fs::read(path).unwrap()).case.fusions
}

type Read = (&'static str, Orientation, Option<OrientationFrom>);

#[track_caller]
fn assert_orders(fusions: &[Fusion], expected: &[Read]) {
    let read: Vec<(String, Orientation, Option<OrientationFrom>)> = fusions
        .iter()
        .map(|f| (f.name(), f.orientation.unwrap(), f.orientation_from))
        .collect();
    let expected: Vec<_> = (expected.iter())
        .map(|(name, orientation, from)| ((*name).to_owned(), *orientation, *from))
        .collect();
    assert_eq!(read, expected);
}

/// Breakends: `t]p]`, `]p]t`, `[p[t` and `t[p[` over genes on plus and minus.
#[test]
fn brackets_of_breakends() {
    assert_orders(
        &calls("vcf/annotated-order.tsv"),
        &[
            ("EML4::ALK", Inferred, Some(StrandAndBreakpoint)),
            ("IGFBP5::ALK", Inferred, Some(StrandAndBreakpoint)),
            // The reciprocal product.
            ("ALK::EML4", Inferred, Some(StrandAndBreakpoint)),
            // Two 5' parts.
            ("EML4 / ALK", Conflicting, None),
            ("CAD::ALK", Inferred, Some(StrandAndBreakpoint)),
            // An inversion whose side is not said.
            ("ALK / CAD", Unknown, None),
        ],
    );
    // Where the record names the 5' partner, its brackets are not asked.
    assert_eq!(calls("vcf/merged.tsv")[0].name(), "IGFBP5::ALK");
    assert_eq!(calls("vcf/merged.tsv")[0].orientation, Some(Stated));
}

#[test]
fn segments_clusters_and_sides() {
    let by_strand = Some(StrandAndBreakpoint);
    assert_orders(
        &calls("squid/strands.tsv"),
        &[
            ("EML4::ALK", Inferred, by_strand),
            // Told apart by their chromosomes.
            ("TPM3::ALK", Inferred, by_strand),
            ("ALK::EML4", Inferred, by_strand),
            ("EML4 / ALK", Conflicting, None),
            // Both positions near ALK: which is whose cannot be told.
            ("CLIP4 / ALK", Unknown, None),
        ],
    );
    assert_orders(
        &calls("defuse/strands.tsv"),
        &[
            ("EML4::ALK", Inferred, by_strand),
            ("ALK::EML4", Inferred, by_strand),
            ("EML4 / ALK", Conflicting, None),
        ],
    );
    assert_orders(
        &calls("mavis/sides.tsv"),
        &[
            ("EML4::ALK", Inferred, by_strand),
            ("ALK::EML4", Inferred, by_strand),
        ],
    );
}

#[test]
fn arriba_types_and_antisense() {
    let calls = calls("arriba/antisense.tsv");
    assert_orders(
        &calls,
        &[
            ("EML4::ALK", Stated, Some(Columns)),
            // ALK is read against its strand: no ALK protein.
            ("EML4::ALK", Conflicting, Some(Columns)),
            // EML4 is: against its promoter, and against its stated place.
            ("EML4::ALK", Conflicting, Some(Columns)),
            // 5'-5'.
            ("EML4::ALK", Conflicting, Some(Columns)),
        ],
    );
    assert_eq!(calls[0].kinase_domain, Some(KinaseDomain::Retained));
}

#[test]
fn sites_of_cbioportal() {
    let calls = calls("cbioportal-sv/connections.tsv");
    assert_orders(
        &calls,
        &[
            ("EML4::ALK", Stated, Some(Columns)),
            ("ALK / EML4", Conflicting, Some(Columns)),
            ("STRN::ALK", Stated, Some(Annotation)),
            ("TPM3::ALK", Conflicting, Some(Columns)),
            ("ALK / KIF5B", Unknown, None),
        ],
    );
    // Exons go with their partners, and the number of an intron is none.
    assert_eq!(calls[0].exons.three_prime.as_deref(), Some("20"));
    assert_eq!(calls[0].exons.five_prime.as_deref(), Some("13"));
    assert!(calls[2].exons.is_empty());
    assert_eq!(calls[2].kinase_domain, Some(KinaseDomain::Retained));
}

#[test]
fn a_slash_and_prose() {
    let tso = calls("tso500-cvo/calls.tsv");
    assert_eq!(tso[0].orientation, Some(Stated));
    assert_eq!(tso[1].orientation, Some(Unknown));
    let prose = &read_text("NGS: ALK-IGFBP5 fusion detected.").case.fusions[0];
    assert_eq!(prose.name(), "IGFBP5::ALK");
    assert_eq!(prose.orientation_from, Some(KinaseWrittenFirst));
}

fn function(text: &str) -> (Value, i64, Vec<String>) {
    let read = read_text(text);
    let judged = read.case.fusions.iter().find_map(|f| f.function.clone());
    let judged = judged.unwrap();
    let ids = judged.reasons.into_iter().map(|reason| reason.id).collect();
    (judged.value, judged.points, ids)
}

#[test]
fn points_of_function() {
    // RNA +2, exon 20 +4, in frame +2, known partner +2.
    let (value, points, ids) =
        function("RNA-seq: TPM3::ALK fusion, TPM3 exon 8, ALK exon 20, in-frame, detected.");
    assert_eq!((value, points), (Value::Functional, 10), "{ids:?}");
    // A pair alone, with every other sign: likely at most.
    let (value, points, _) = function(
        "Diagnosis: inflammatory myofibroblastic tumour\nIHC: ALK (D5F3) positive\nFISH: ALK rearranged, 40% of nuclei\nRNA-seq: IGFBP5-ALK fusion detected.",
    );
    assert_eq!((value, points), (Value::LikelyFunctional, 8));
    // ALK as 5' partner.
    let (value, ..) = function("DNA NGS: ALK::EML4 fusion detected.");
    assert_eq!(value, Value::NotSupported);
    // Nothing but a new partner's name.
    let (value, points, _) = function("NGS: NEWX1::ALK fusion detected.");
    assert_eq!((value, points), (Value::NotSupported, 0));
}

#[test]
fn frame_not_assessed_is_not_out_of_frame() {
    let reasons = |frame: &str| {
        function(&format!(
            "IHC: ALK (D5F3) negative\nRNA-seq: CASC15::ALK fusion, ALK exon 20, {frame} detected."
        ))
        .2
    };
    assert!(!reasons("frame unknown,").contains(&"FS12".to_owned()));
    assert!(reasons("out of frame,").contains(&"FS12".to_owned()));
}

/// No candidate on a 5' ALK or an unknown order, whatever the strands say.
#[test]
fn doubt_never_makes_a_candidate() {
    for file in ["vcf/annotated-order.tsv", "squid/strands.tsv"] {
        let all = fs::read_to_string(repository("tests/fixtures/readers").join(file)).unwrap();
        let head: Vec<&str> = all.lines().filter(|l| l.starts_with('#')).collect();
        for row in all.lines().filter(|l| !l.starts_with('#')) {
            let table = format!("{}\n{row}\n", head.join("\n"));
            let read = read_bytes("input", table.as_bytes());
            let Some(fusion) = read.case.fusions.first() else {
                continue;
            };
            let decided = support::PACK.assess(&read.case, &fusedx::Asked::default());
            if fusion.three_prime.as_deref() != Some("ALK") || fusion.orientation != Some(Inferred)
            {
                assert_ne!(value(&decided, "alk_tki"), "candidate", "{row}");
            }
        }
    }
    let five = assess_text("Disease: metastatic\nNGS: ALK::EML4 fusion detected.");
    assert_ne!(value(&five, "alk_tki"), "candidate");
}
