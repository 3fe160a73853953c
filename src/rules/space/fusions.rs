//! Made-up fusion statements: pairs of every kind of gene, with every mark some leaf asks for.

use std::collections::BTreeSet;

use super::facts::kinds_of_gene;
use crate::case::function::{Function, Value};
use crate::case::fusion::{
    Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom, Status,
};
use crate::case::{Case, Repair};
use crate::rules::leaf::FusionLeaf;
use crate::source::Place;
use crate::vocab::Vocab;

pub(super) fn fusions(tests: &[&FusionLeaf], vocab: &Vocab) -> Vec<Case> {
    let listed: Vec<BTreeSet<String>> = tests.iter().flat_map(|t| sets(t)).collect();
    let mut genes = kinds_of_gene(listed.iter());
    let other = vocab
        .genes()
        .iter()
        .map(|gene| &gene.symbol)
        .find(|symbol| !listed.iter().any(|set| set.contains(*symbol)));
    genes.extend(other.cloned());
    let named: BTreeSet<(String, String)> = tests
        .iter()
        .filter_map(|t| t.pair.as_ref())
        .flat_map(|pairs| pairs.iter().take(1).cloned())
        .collect();
    let mut out = Vec::new();
    for five in &genes {
        for three in genes.iter().filter(|g| *g != five) {
            found(five, three, tests, &mut out);
        }
    }
    for (five, three) in &named {
        found(five, three, tests, &mut out);
        out.push(pair(five, three, Status::NotDetected));
    }
    let statuses = [
        Status::Detected,
        Status::NotDetected,
        Status::Inconclusive,
        Status::Failed,
        Status::Pending,
    ];
    for status in statuses {
        out.push(Fusion::new(status, Place::nowhere()));
        for gene in &genes {
            let mut of_gene = Fusion::new(status, Place::nowhere());
            of_gene.gene = Some(gene.clone());
            out.push(of_gene);
        }
    }
    let alone = |fusion| Case {
        fusions: vec![fusion],
        ..Case::default()
    };
    let mut several = several(&out, tests);
    several.extend(variants(&out, tests));
    several.extend(contradicted(&out, tests));
    out.into_iter().map(alone).chain(several).collect()
}

/// Several different pairs at once, where a leaf counts them: with each 3' partner as many as it asks for.
fn several(found: &[Fusion], tests: &[&FusionLeaf]) -> Vec<Case> {
    let wanted: BTreeSet<u32> = tests
        .iter()
        .filter_map(|t| t.marks.distinct_at_least)
        .collect();
    let threes: BTreeSet<&String> = found
        .iter()
        .filter_map(|f| f.three_prime.as_ref())
        .collect();
    let mut out = Vec::new();
    for count in wanted {
        for three in &threes {
            let mut fives = BTreeSet::new();
            let fusions: Vec<Fusion> = found
                .iter()
                .filter(|f| plain(f))
                .filter(|f| f.three_prime.as_ref() == Some(three) && fives.insert(&f.five_prime))
                .take(usize::try_from(count).unwrap_or(usize::MAX))
                .cloned()
                .collect();
            out.push(Case {
                fusions,
                ..Case::default()
            });
        }
    }
    out
}

/// Several junctions of one pair, where a leaf counts them.
fn variants(found: &[Fusion], tests: &[&FusionLeaf]) -> Vec<Case> {
    let wanted: BTreeSet<u32> = tests
        .iter()
        .filter_map(|t| t.marks.variants_at_least)
        .collect();
    let mut threes = BTreeSet::new();
    let pairs = found.iter().filter(|f| plain(f));
    let pairs: Vec<&Fusion> = pairs.filter(|f| threes.insert(&f.three_prime)).collect();
    let mut out = Vec::new();
    for count in wanted {
        for pair in &pairs {
            let fusions = (1..=count).map(|exon| {
                let mut fusion = (*pair).clone();
                fusion.exons.five_prime = Some(exon.to_string());
                fusion.exons.three_prime = Some("1".to_owned());
                fusion
            });
            out.push(Case {
                fusions: fusions.collect(),
                ..Case::default()
            });
        }
    }
    out
}

/// A pair that one assay finds and a statement that the gene has none, where a leaf asks for the second.
fn contradicted(found: &[Fusion], tests: &[&FusionLeaf]) -> Vec<Case> {
    if !tests
        .iter()
        .any(|t| t.marks.is.contains(&Status::NotDetected))
    {
        return Vec::new();
    }
    let mut threes = BTreeSet::new();
    let pairs = found.iter().filter(|f| plain(f));
    let pairs = pairs.filter(|f| threes.insert(&f.three_prime));
    pairs
        .map(|pair| {
            let mut none = Fusion::new(Status::NotDetected, Place::nowhere());
            none.gene.clone_from(&pair.three_prime);
            Case {
                fusions: vec![pair.clone(), none],
                ..Case::default()
            }
        })
        .collect()
}

/// Found, ordered, and without any mark.
fn plain(fusion: &Fusion) -> bool {
    fusion.status == Status::Detected
        && fusion.orientation == Some(Orientation::Stated)
        && fusion.kinase_domain.is_none()
        && fusion.frame.is_none()
}

/// The sets of genes a leaf tells apart, the sides of its pairs among them.
fn sets(test: &FusionLeaf) -> Vec<BTreeSet<String>> {
    let plain = [
        &test.gene,
        &test.five_prime,
        &test.three_prime,
        &test.partner,
    ];
    let mut sets: Vec<BTreeSet<String>> = plain.into_iter().flatten().cloned().collect();
    if let Some(pairs) = &test.pair {
        sets.push(pairs.iter().map(|(five, _)| five.clone()).collect());
        sets.push(pairs.iter().map(|(_, three)| three.clone()).collect());
    }
    sets
}

fn pair(five: &str, three: &str, status: Status) -> Fusion {
    let mut fusion = Fusion::new(status, Place::nowhere());
    fusion.as_reported = Some([five.to_owned(), three.to_owned()]);
    fusion.five_prime = Some(five.to_owned());
    fusion.three_prime = Some(three.to_owned());
    fusion.orientation = Some(Orientation::Stated);
    fusion.orientation_from = Some(OrientationFrom::DoubleColon);
    fusion
}

/// A pair that was found, plain and with each mark some leaf asks for.
fn found(five: &str, three: &str, tests: &[&FusionLeaf], out: &mut Vec<Fusion>) {
    let plain = pair(five, three, Status::Detected);
    let marks = || tests.iter().map(|t| &t.marks);
    let mut with = |set: &dyn Fn(&mut Fusion)| {
        let mut fusion = plain.clone();
        set(&mut fusion);
        out.push(fusion);
    };
    with(&|_| {});
    with(&|f| {
        f.five_prime = None;
        f.three_prime = None;
        f.orientation = Some(Orientation::Unknown);
        f.orientation_from = None;
    });
    with(&|f| f.orientation = Some(Orientation::Conflicting));
    if marks().any(|m| m.kinase_written_first.is_some() || !m.orientation.is_empty()) {
        with(&|f| {
            f.orientation = Some(Orientation::Inferred);
            f.orientation_from = Some(OrientationFrom::KinaseWrittenFirst);
        });
        with(&|f| f.orientation = Some(Orientation::Inferred));
    }
    if marks().any(|m| !m.frame.is_empty() || !m.doubt_if.frame.is_empty()) {
        for (frame, _) in Frame::ALL {
            with(&|f| f.frame = Some(frame));
        }
    }
    if marks().any(|m| !m.kinase_domain.is_empty() || !m.doubt_if.kinase_domain.is_empty()) {
        for (domain, _) in KinaseDomain::ALL {
            with(&|f| f.kinase_domain = Some(domain));
        }
        with(&|f| f.kinase_domain_doubted = true);
    }
    if marks().any(|m| !m.function.is_empty() || !m.doubt_if.function.is_empty()) {
        for (value, _) in Value::ALL {
            with(&|f| {
                f.function = Some(Function {
                    value,
                    points: 0,
                    reasons: Vec::new(),
                    notes: Vec::new(),
                });
            });
        }
    }
    if marks().any(|m| !m.method.is_empty()) {
        for (method, _) in Method::ALL {
            with(&|f| f.method = method);
        }
    }
    let asked = |lists: &dyn Fn(&crate::rules::fact::FusionMarks) -> Vec<String>| {
        marks().flat_map(lists).collect::<BTreeSet<String>>()
    };
    for confidence in asked(&|m| [m.confidence.clone(), m.doubt_if.confidence.clone()].concat()) {
        with(&|f| f.confidence = Some(confidence.clone()));
    }
    for filter in asked(&|m| {
        [
            m.filters.clone(),
            m.without_filters.clone(),
            m.doubt_if.filters.clone(),
        ]
        .concat()
    }) {
        with(&|f| f.filters = vec![filter.clone()]);
    }
    for caller in asked(&|m| m.caller.clone()) {
        with(&|f| f.caller = Some(caller.clone()));
    }
    for exon in asked(&|m| m.exon.clone()) {
        with(&|f| f.exons.three_prime = Some(exon.clone()));
    }
    for exon in asked(&|m| m.five_prime_exon.clone()) {
        with(&|f| f.exons.five_prime = Some(exon.clone()));
    }
    if marks().any(|m| m.repaired.is_some()) {
        with(&|f| {
            f.repairs = vec![Repair {
                from: f.as_written.clone(),
                to: five.to_owned(),
            }];
        });
    }
    if marks().any(|m| m.misprint.is_some()) {
        with(&|f| f.misprint_of = Some(five.to_owned()));
    }
    for name in asked(&|m| m.reported_as.clone()) {
        with(&|f| f.as_reported = Some([name.clone(), three.to_owned()]));
    }
    for transcript in asked(&|m| m.transcript.clone()) {
        with(&|f| f.transcripts.three_prime = Some(transcript.clone()));
    }
    let reads = marks().flat_map(|m| [m.support_at_least, m.doubt_if.support_below]);
    for reads in reads.flatten().collect::<BTreeSet<u32>>() {
        for reads in [reads, reads.saturating_sub(1)] {
            with(&|f| f.support.total = Some(reads.into()));
        }
    }
}
