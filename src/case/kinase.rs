//! Whether a fusion keeps the kinase domain of its 3' partner, from where it enters the kinase.
//!
//! ```text
//! breakpoint at the first base of an exon, one more or less   -> what that exon keeps
//! breakpoint between the first and the last such exon         -> whole
//! breakpoint behind the last of them                          -> lost
//! breakpoint inside the last of them, or upstream of the first -> not known
//! exon number behind the last that keeps the domain            -> lost
//! ```
//!
//! The exons are a table of the pack. The two genome builds are told apart by the coordinates themselves: the
//! regions of the table do not overlap.

use crate::case::Case;
use crate::case::fusion::{Fusion, KinaseDomain, Status};
use crate::vocab::{KinaseExon, Vocab};

/// Fills in what the callers and reports did not say.
pub fn complete(case: &mut Case, vocab: &Vocab) {
    for fusion in &mut case.fusions {
        if fusion.status == Status::Detected && fusion.kinase_domain.is_none() {
            fusion.kinase_domain = by_breakpoint(fusion, vocab).or_else(|| by_exon(fusion, vocab));
        }
    }
}

fn by_exon(fusion: &Fusion, vocab: &Vocab) -> Option<KinaseDomain> {
    let last = vocab.gene(fusion.three_prime.as_ref()?)?.last_kinase_exon?;
    let entered: u32 = fusion.exons.three_prime.as_ref()?.parse().ok()?;
    (entered > last).then_some(KinaseDomain::Lost)
}

fn by_breakpoint(fusion: &Fusion, vocab: &Vocab) -> Option<KinaseDomain> {
    let kinase = fusion.three_prime.as_ref()?;
    // Breakpoints stand in the order of the pair as reported.
    let stands_for = |side: &String| {
        vocab
            .gene_named(side)
            .is_some_and(|gene| gene.symbol == *kinase)
    };
    let side = match &fusion.as_reported {
        Some([first, second]) if stands_for(first) && !stands_for(second) => 0,
        _ => 1,
    };
    let breakpoint = fusion.breakpoints.as_ref()?[side].as_ref()?;
    let exons: Vec<&KinaseExon> = vocab
        .kinase_exons()
        .iter()
        .filter(|e| e.gene == *kinase && e.chromosome == breakpoint.chromosome)
        .collect();
    let mut builds: Vec<&str> = exons.iter().map(|e| e.build.as_str()).collect();
    builds.dedup();
    builds.into_iter().find_map(|build| {
        let own: Vec<&KinaseExon> = exons.iter().filter(|e| e.build == build).copied().collect();
        in_build(breakpoint.position, &own)
    })
}

/// What the exons of one build say of a position.
fn in_build(at: u64, exons: &[&KinaseExon]) -> Option<KinaseDomain> {
    let low = exons.iter().map(|e| e.first).min()?;
    let high = exons.iter().map(|e| e.last).max()?;
    if at.saturating_add(1) < low || at > high.saturating_add(1) {
        return None;
    }
    let entry = |e: &KinaseExon| if e.minus { e.last } else { e.first };
    let kept = |whole: bool| {
        if whole {
            KinaseDomain::Retained
        } else {
            KinaseDomain::Lost
        }
    };
    if let Some(exon) = exons.iter().find(|e| entry(e).abs_diff(at) <= 1) {
        return Some(kept(exon.whole));
    }
    let whole = || exons.iter().filter(|e| e.whole);
    let first = whole().min_by_key(|e| e.exon)?;
    let last = whole().max_by_key(|e| e.exon)?;
    // Downstream in the direction of the transcript.
    let behind = |edge: u64| if last.minus { at < edge } else { at > edge };
    let end = if last.minus { last.first } else { last.last };
    if behind(end) {
        Some(KinaseDomain::Lost)
    } else if behind(entry(first)) && !behind(entry(last)) {
        Some(KinaseDomain::Retained)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::fusion::Breakpoint;
    use crate::rules::Pack;
    use crate::source::Place;

    fn domain(breakpoint: &str) -> Option<KinaseDomain> {
        let pack = Pack::built_in();
        let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
        fusion.as_reported = Some(["IGFBP5".to_owned(), "ALK".to_owned()]);
        fusion.five_prime = Some("IGFBP5".to_owned());
        fusion.three_prime = Some("ALK".to_owned());
        fusion.breakpoints = Some([None, Breakpoint::parse(breakpoint)]);
        let mut case = Case {
            fusions: vec![fusion],
            ..Case::default()
        };
        complete(&mut case, pack.vocab());
        case.fusions[0].kinase_domain
    }

    #[test]
    fn alk_on_both_builds() {
        let (kept, lost) = (Some(KinaseDomain::Retained), Some(KinaseDomain::Lost));
        for (at, expected) in [
            // First bases of exons 20, 19, 18 and 17, and one beside.
            ("2:29223528", kept),
            ("chr2:29223529", kept),
            ("2:29225565", kept),
            ("2:29227074", kept),
            ("2:29227672", kept),
            ("2:29446394", kept),
            // Introns 19 and 16.
            ("2:29224000", kept),
            ("2:29228000", kept),
            ("2:29447000", kept),
            // Inside exon 20, upstream of exon 16, and another chromosome.
            ("2:29223400", None),
            ("2:29300000", None),
            ("3:29223528", None),
            // First base of exon 21, intron 21, exon 26.
            ("2:29222607", lost),
            ("2:29222450", lost),
            ("2:29207200", lost),
            ("2:29430066", lost),
        ] {
            assert_eq!(domain(at), expected, "{at}");
        }
    }
}
