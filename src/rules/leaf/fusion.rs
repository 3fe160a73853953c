//! Questions about fusions.

use std::collections::BTreeSet;

use crate::case::fusion::{
    self, Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom,
};
use crate::rules::fact::Doubt;
use crate::rules::leaf::{Answer, Match, Tally, observed};
use crate::rules::truth::{Reason, Truth};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FusionLeaf {
    pub(crate) is: Vec<fusion::Status>,
    pub(crate) gene: Option<BTreeSet<String>>,
    pub(crate) five_prime: Option<BTreeSet<String>>,
    pub(crate) three_prime: Option<BTreeSet<String>>,
    pub(crate) partner: Option<BTreeSet<String>>,
    pub(crate) pair: Option<BTreeSet<(String, String)>>,
    pub(crate) frame: Vec<Frame>,
    pub(crate) kinase_domain: Vec<KinaseDomain>,
    pub(crate) orientation: Vec<Orientation>,
    pub(crate) method: Vec<Method>,
    pub(crate) confidence: Vec<String>,
    pub(crate) kinase_written_first: Option<bool>,
    pub(crate) doubt_if: Doubt,
}

impl FusionLeaf {
    pub(super) fn words(&self) -> String {
        let one = |set: &BTreeSet<String>| match set.len() {
            0..=3 => set.iter().map(String::as_str).collect::<Vec<_>>().join("/"),
            n => format!("one of {n} genes"),
        };
        let mut words = vec!["fusion".to_owned()];
        words.extend(self.gene.as_ref().map(&one));
        words.extend(
            self.five_prime
                .as_ref()
                .map(|s| format!("with 5' {}", one(s))),
        );
        words.extend(
            self.three_prime
                .as_ref()
                .map(|s| format!("with 3' {}", one(s))),
        );
        words.extend(
            self.partner
                .as_ref()
                .map(|s| format!("and partner {}", one(s))),
        );
        words.extend(
            self.pair
                .as_ref()
                .map(|s| format!("one of {} listed pairs", s.len())),
        );
        let frames: Vec<&str> = names(&Frame::ALL, &self.frame);
        if !frames.is_empty() {
            words.push(frames.join(" or "));
        }
        let domains: Vec<&str> = names(&KinaseDomain::ALL, &self.kinase_domain);
        if !domains.is_empty() {
            words.push(format!("kinase domain {}", domains.join(" or ")));
        }
        if !self.confidence.is_empty() {
            words.push(format!("confidence {}", self.confidence.join(" or ")));
        }
        match self.kinase_written_first {
            Some(true) => words.push("kinase written first".to_owned()),
            Some(false) => words.push("kinase written second".to_owned()),
            None => {}
        }
        if self.is != [fusion::Status::Detected] {
            let is: Vec<&str> = self.is.iter().map(|s| s.as_str()).collect();
            words.push(is.join(" or "));
        }
        words.join(" ")
    }

    pub(super) fn answer(&self, fusions: &[Fusion]) -> Answer {
        let current = || fusions.iter().filter(|f| f.is_current());
        if self.is != [fusion::Status::Detected] {
            return observed(current().filter(|f| self.covers(f)), |f| {
                (self.is.contains(&f.status), &f.source)
            });
        }
        let mut tally = Tally::default();
        let mut silent = BTreeSet::new();
        let mut open = Vec::new();
        for fusion in current() {
            match fusion.status {
                fusion::Status::Detected => {
                    // Another fusion says nothing about this one.
                    if let Some(same) = self.identity(fusion) {
                        tally.add(same.and(self.marks(fusion)), &fusion.source);
                    }
                }
                fusion::Status::NotDetected if self.excluded_by(fusion) => {
                    tally.add(Match::No, &fusion.source);
                }
                fusion::Status::NotDetected => {}
                fusion::Status::Inconclusive | fusion::Status::Failed | fusion::Status::Pending => {
                    if self.covers(fusion) {
                        silent.insert(match fusion.status {
                            fusion::Status::Pending => Reason::Pending,
                            fusion::Status::Failed => Reason::Failed,
                            _ => Reason::Equivocal,
                        });
                        open.push(fusion.source.clone());
                    }
                }
            }
        }
        let answer = tally.answer(Reason::NotTested);
        match answer.truth {
            Truth::Unknown(ref why)
                if *why == BTreeSet::from([Reason::NotTested]) && !silent.is_empty() =>
            {
                Answer {
                    truth: Truth::Unknown(silent),
                    facts: open,
                }
            }
            _ => answer,
        }
    }

    /// Whether a detected fusion is the one asked for, by its genes; none when it is another one.
    fn identity(&self, fusion: &Fusion) -> Option<Match> {
        let names = |genes: &BTreeSet<String>| {
            let mut reported = fusion.as_reported.iter().flatten();
            // A side may list the overlapping genes of one breakpoint.
            let listed = |side: &String| {
                side.split([';', '/', ',', '|'])
                    .any(|gene| genes.contains(gene.trim()))
            };
            genes.iter().any(|g| fusion.names(g)) || reported.any(listed)
        };
        for genes in [&self.gene, &self.three_prime, &self.five_prime]
            .into_iter()
            .flatten()
        {
            if !names(genes) {
                return None;
            }
        }
        if let Some(pairs) = &self.pair {
            let pair = fusion.five_prime.clone().zip(fusion.three_prime.clone())?;
            if !pairs.contains(&pair) {
                return None;
            }
        }
        let mut out = Match::Yes;
        if let Some(genes) = &self.three_prime {
            out = out.and(as_three_prime(genes, fusion));
        }
        if let Some(genes) = &self.five_prime {
            out = out.and(match &fusion.five_prime {
                Some(five) => Match::from_bool(genes.contains(five)),
                None => Match::Unclear(Reason::Unresolved),
            });
        }
        Some(out)
    }

    /// Whether a fusion of the right genes has the other marks asked for.
    fn marks(&self, fusion: &Fusion) -> Match {
        let mut out = Match::Yes;
        if let Some(partners) = &self.partner {
            let genes = self.three_prime.as_ref().or(self.gene.as_ref());
            let partner = [&fusion.five_prime, &fusion.three_prime]
                .into_iter()
                .flatten()
                .find(|g| genes.is_none_or(|set| !set.contains(*g)));
            out = out.and(partner.map_or(Match::Unclear(Reason::NotStated), |p| {
                Match::from_bool(partners.contains(p))
            }));
        }
        // A frame or a domain that is left open is no answer, unless the rule asks for just that.
        let frame = fusion
            .frame
            .filter(|f| f.kept().is_some() || self.frame.contains(f));
        out = out.and(stated(frame, &self.frame));
        let domain = fusion
            .kinase_domain
            .filter(|k| *k != KinaseDomain::Unknown || self.kinase_domain.contains(k));
        out = out.and(stated(domain, &self.kinase_domain));
        out = out.and(stated(fusion.orientation, &self.orientation));
        out = out.and(stated(Some(fusion.method), &self.method));
        if !self.confidence.is_empty() {
            out = out.and(confidence(fusion, &self.confidence));
        }
        // Where the order is in doubt, nothing that rests on it is known.
        let ordered = self.three_prime.is_some() || self.five_prime.is_some();
        if ordered
            && matches!(
                fusion.orientation,
                Some(Orientation::Unknown | Orientation::Conflicting)
            )
        {
            out = out.and(Match::Unclear(Reason::Unresolved));
        }
        if let Some(wanted) = self.kinase_written_first {
            let first = fusion.orientation_from == Some(OrientationFrom::KinaseWrittenFirst);
            out = out.and(Match::from_bool(first == wanted));
        }
        let doubtful = fusion
            .frame
            .is_some_and(|f| self.doubt_if.frame.contains(&f))
            || fusion
                .kinase_domain
                .is_some_and(|k| self.doubt_if.kinase_domain.contains(&k))
            || (fusion.kinase_domain_doubted && !self.doubt_if.kinase_domain.is_empty())
            || confidence(fusion, &self.doubt_if.confidence) == Match::Yes;
        if doubtful {
            out = out.and(Match::Unclear(Reason::Unresolved));
        }
        out
    }

    /// The genes the question is about; none when it is about no gene in particular.
    pub(super) fn genes(&self) -> Option<&BTreeSet<String>> {
        self.three_prime
            .as_ref()
            .or(self.gene.as_ref())
            .or(self.five_prime.as_ref())
    }

    /// Whether a negative statement excludes what is asked for.
    ///
    /// "No fusion detected" excludes every fusion of the assay, "no ALK rearrangement" every fusion
    /// of ALK, "no EML4-ALK" only that pair.
    fn excluded_by(&self, fusion: &Fusion) -> bool {
        match (&fusion.gene, &fusion.five_prime, &fusion.three_prime) {
            (_, Some(five), Some(three)) => self.pair.as_ref().is_some_and(|pairs| {
                pairs.len() == 1 && pairs.contains(&(five.clone(), three.clone()))
            }),
            (Some(gene), _, _) => self
                .genes()
                .is_some_and(|set| set.len() == 1 && set.contains(gene)),
            (None, None, None) => fusion.as_reported.is_none(),
            _ => false,
        }
    }

    /// Whether a pending, failed or inconclusive assay would have covered what is asked for.
    fn covers(&self, fusion: &Fusion) -> bool {
        let named: Vec<&String> = [&fusion.gene, &fusion.five_prime, &fusion.three_prime]
            .into_iter()
            .flatten()
            .collect();
        named.is_empty()
            || self
                .genes()
                .is_none_or(|set| named.iter().any(|g| set.contains(*g)))
    }
}

/// Whether a fusion that names one of `genes` has it as 3' partner.
///
/// As 5' partner it is the reciprocal product of a fusion that was missed, or no functional event:
/// open, not negative. A gene-level statement (`ALK rearranged`) counts: it names the gene because it
/// is the target.
fn as_three_prime(genes: &BTreeSet<String>, fusion: &Fusion) -> Match {
    match (&fusion.three_prime, &fusion.five_prime, &fusion.gene) {
        (Some(three), _, _) if genes.contains(three) => Match::Yes,
        (None, None, Some(gene)) if genes.contains(gene) => Match::Yes,
        _ => Match::Unclear(Reason::Unresolved),
    }
}

fn stated<T: Copy + PartialEq>(value: Option<T>, wanted: &[T]) -> Match {
    if wanted.is_empty() {
        return Match::Yes;
    }
    value.map_or(Match::Unclear(Reason::NotStated), |v| {
        Match::from_bool(wanted.contains(&v))
    })
}

fn confidence(fusion: &Fusion, wanted: &[String]) -> Match {
    fusion
        .confidence
        .as_ref()
        .map_or(Match::Unclear(Reason::NotStated), |c| {
            Match::from_bool(wanted.iter().any(|w| w.eq_ignore_ascii_case(c)))
        })
}

fn names<T: Copy + PartialEq>(all: &[(T, &'static str)], chosen: &[T]) -> Vec<&'static str> {
    all.iter()
        .filter(|(v, _)| chosen.contains(v))
        .map(|(_, n)| *n)
        .collect()
}
