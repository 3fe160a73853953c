//! Whether a fusion keeps the kinase domain of its 3' partner, from where it enters the kinase.
//!
//! ```text
//! breakpoint at the first base of an exon, one more or less   -> what that exon keeps
//! breakpoint between the first and the last such exon         -> whole
//! breakpoint behind the last of them                          -> lost
//! breakpoint inside the last of them, or upstream of the first -> not known
//! exon number behind the last that keeps the domain            -> lost
//! exon number of the table that keeps it                       -> whole
//! ```
//!
//! For kinases without exons in the table, the one position at which known driver fusions enter is all that tells.
//!
//! The exons are a table of the pack. The two genome builds are told apart by the coordinates themselves: the
//! regions of the table do not overlap.

use crate::case::Case;
use crate::case::fusion::{Frame, Fusion, KinaseDomain, Orientation, Status};
use crate::vocab::{Gene, KinaseExon, Vocab};

/// Fills in what the callers and reports did not say. Where two signs contradict each other, or none tells, the
/// domain of a kinase is unknown.
pub fn complete(case: &mut Case, vocab: &Vocab) {
    for fusion in &mut case.fusions {
        if fusion.status != Status::Detected {
            continue;
        }
        let gene = fusion
            .three_prime
            .as_ref()
            .and_then(|symbol| vocab.gene(symbol));
        let is_kinase = gene.is_some_and(|gene| gene.three_prime_kinase);
        let sure = fusion.orientation != Some(Orientation::Conflicting);
        // No place in a gene that the table does not know tells anything.
        let by_place = match gene {
            Some(gene) if sure => [
                by_breakpoint(fusion, gene, vocab),
                by_exon(fusion, gene, vocab),
            ],
            _ => [None, None],
        };
        // A caller that translates the transcript finds no domain behind a shifted frame, wherever it enters.
        let shifted = fusion.kinase_domain == Some(KinaseDomain::Lost)
            && fusion.frame.and_then(Frame::kept) == Some(false);
        if shifted {
            continue;
        }
        let mut said = fusion
            .kinase_domain
            .into_iter()
            .chain(by_place.into_iter().flatten());
        fusion.kinase_domain = match said.next() {
            Some(first) if said.all(|other| other == first) => Some(first),
            Some(_) => {
                fusion.kinase_domain_doubted = true;
                Some(KinaseDomain::Unknown)
            }
            None => (is_kinase && fusion.has_junction()).then_some(KinaseDomain::Unknown),
        };
    }
}

/// From the number of the exon that is entered. Numbers depend on the transcript; the table has them only for a
/// kinase whose numbers are the same in every transcript that reports use.
fn by_exon(fusion: &Fusion, gene: &Gene, vocab: &Vocab) -> Option<KinaseDomain> {
    let last = gene.last_kinase_exon?;
    let entered: u32 = fusion.exons.three_prime.as_ref()?.trim().parse().ok()?;
    if entered > last {
        return Some(KinaseDomain::Lost);
    }
    vocab
        .kinase_exons()
        .iter()
        .any(|exon| exon.gene == gene.symbol && exon.exon == entered && exon.whole)
        .then_some(KinaseDomain::Retained)
}

fn by_breakpoint(fusion: &Fusion, gene: &Gene, vocab: &Vocab) -> Option<KinaseDomain> {
    let kinase = &gene.symbol;
    let [_, breakpoint] = fusion.sided_breakpoints();
    let breakpoint = breakpoint?;
    let chromosome = gene.chromosome.as_ref();
    let entry = vocab.kinase_entries().iter().any(|entry| {
        entry.gene == *kinase
            && chromosome == Some(&breakpoint.chromosome)
            && entry.at.abs_diff(breakpoint.position) <= 1
    });
    if entry {
        return Some(KinaseDomain::Retained);
    }
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
        let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
        fusion.as_reported = Some(["IGFBP5".to_owned(), "ALK".to_owned()]);
        fusion.five_prime = Some("IGFBP5".to_owned());
        fusion.three_prime = Some("ALK".to_owned());
        fusion.breakpoints = Some([None, Breakpoint::parse(breakpoint)]);
        completed(fusion)
    }

    fn completed(fusion: Fusion) -> Option<KinaseDomain> {
        let pack = Pack::built_in();
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
        let unknown = Some(KinaseDomain::Unknown);
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
            ("2:29223400", unknown),
            ("2:29300000", unknown),
            ("3:29223528", unknown),
            // First base of exon 21, intron 21, exon 26.
            ("2:29222607", lost),
            ("2:29222450", lost),
            ("2:29207200", lost),
            ("2:29430066", lost),
            // Exon 28.
            ("2:29196800", lost),
        ] {
            assert_eq!(domain(at), expected, "{at}");
        }
    }

    #[test]
    fn other_kinases_only_where_known_fusions_enter() {
        let entered = |kinase: &str, at: &str| {
            let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
            fusion.as_reported = Some(["TFG".to_owned(), kinase.to_owned()]);
            fusion.five_prime = Some("TFG".to_owned());
            fusion.three_prime = Some(kinase.to_owned());
            fusion.breakpoints = Some([None, Breakpoint::parse(at)]);
            completed(fusion)
        };
        let (kept, unknown) = (Some(KinaseDomain::Retained), Some(KinaseDomain::Unknown));
        for (kinase, at, expected) in [
            ("ROS1", "6:117642557", kept),
            ("ROS1", "6:117321394", kept),
            ("ROS1", "6:117320000", unknown),
            ("RET", "chr10:43609929", kept),
            ("NTRK3", "15:87940753", kept),
            ("NTRK2", "9:84700000", unknown),
            ("PDGFRB", "4:149505140", unknown),
        ] {
            assert_eq!(entered(kinase, at), expected, "{kinase} {at}");
        }
    }

    #[test]
    fn an_exon_tells_of_alk_and_not_of_kinases_numbered_in_two_ways() {
        let entered = |kinase: &str, exon: &str| {
            let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
            fusion.three_prime = Some(kinase.to_owned());
            fusion.exons.three_prime = Some(exon.to_owned());
            completed(fusion)
        };
        assert_eq!(entered("ALK", "20"), Some(KinaseDomain::Retained));
        assert_eq!(entered("ALK", "17"), Some(KinaseDomain::Retained));
        assert_eq!(entered("ALK", "21"), Some(KinaseDomain::Lost));
        assert_eq!(entered("ALK", "2"), Some(KinaseDomain::Unknown));
        assert_eq!(entered("ROS1", "34"), Some(KinaseDomain::Unknown));
    }

    #[test]
    fn signs_that_contradict_each_other_leave_it_unknown() {
        let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
        fusion.three_prime = Some("ALK".to_owned());
        fusion.exons.three_prime = Some("20".to_owned());
        fusion.kinase_domain = Some(KinaseDomain::Lost);
        assert_eq!(completed(fusion), Some(KinaseDomain::Unknown));
    }
}
