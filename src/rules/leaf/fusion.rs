//! Questions about fusions.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::function::Value as Function;
use crate::case::fusion::{
    self, Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom, Support,
};
use crate::rules::fact::{Doubt, FusionMarks};
use crate::rules::leaf::{Answer, Match, Tally, listed, names, observed};
use crate::rules::truth::{Reason, Reasons, Truth};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FusionLeaf {
    pub(crate) gene: Option<BTreeSet<String>>,
    pub(crate) five_prime: Option<BTreeSet<String>>,
    pub(crate) three_prime: Option<BTreeSet<String>>,
    pub(crate) partner: Option<BTreeSet<String>>,
    pub(crate) pair: Option<BTreeSet<(String, String)>>,
    pub(crate) marks: FusionMarks,
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
        words.extend(self.marks.words());
        words.join(" ")
    }

    pub(super) fn answer(&self, fusions: &[Fusion]) -> Answer {
        let current = || fusions.iter().filter(|f| f.is_current());
        if self.marks.is != [fusion::Status::Detected] {
            // `THBS1::ALK not detected` is no negative of ALK.
            let about = |f: &&Fusion| match (f.status, &f.five_prime, &f.three_prime) {
                (fusion::Status::NotDetected, Some(_), Some(_)) => self.excluded_by(f),
                _ => self.covers(f),
            };
            let marked = current()
                .filter(about)
                .filter(|f| self.marks(f) == Match::Yes);
            return observed(marked, |f| (self.marks.is.contains(&f.status), &f.source));
        }
        let mut tally = Tally::default();
        let mut calls = Vec::new();
        let mut silent = Reasons::default();
        let mut open = Vec::new();
        for fusion in current() {
            match fusion.status {
                fusion::Status::Detected => {
                    // Another fusion says nothing about this one.
                    if let Some(same) = self.identity(fusion) {
                        let answer = same.and(self.marks(fusion));
                        tally.add(answer, &fusion.source);
                        calls.push((answer, fusion));
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
        let answer = tally.answer(self.marks.take, Reason::NotTested);
        let answer = self.marks.counted(answer, &calls);
        match answer.truth {
            unknown if unknown == Truth::unknown(Reason::NotTested) && !silent.is_empty() => {
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
        out = out.and(self.marks.hold(fusion));
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
        if self.marks.doubt_if.holds(fusion) {
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

impl FusionMarks {
    /// Whether one call has all marks asked for.
    fn hold(&self, fusion: &Fusion) -> Match {
        // A frame or a domain that is left open is no answer, unless the rule asks for just that.
        let frame = fusion
            .frame
            .filter(|f| f.kept().is_some() || self.frame.contains(f));
        let domain = fusion
            .kinase_domain
            .filter(|k| *k != KinaseDomain::Unknown || self.kinase_domain.contains(k));
        let mut out = stated(frame, &self.frame)
            .and(stated(domain, &self.kinase_domain))
            .and(stated(fusion.orientation, &self.orientation))
            .and(stated(Some(fusion.method), &self.method))
            .and(stated(function(fusion), &self.function))
            .and(listed(fusion.caller.as_ref(), &self.caller))
            .and(listed(fusion.exons.three_prime.as_ref(), &self.exon))
            .and(listed(
                fusion.exons.five_prime.as_ref(),
                &self.five_prime_exon,
            ));
        if !self.confidence.is_empty() {
            out = out.and(confidence(fusion, &self.confidence));
        }
        if !self.transcript.is_empty() {
            out = out.and(transcript(fusion, &self.transcript));
        }
        let has = |wanted: &[String]| {
            let same = |f: &String| wanted.iter().any(|w| w.eq_ignore_ascii_case(f));
            fusion.filters.iter().any(same)
        };
        if !self.filters.is_empty() {
            out = out.and(Match::from_bool(has(&self.filters)));
        }
        if has(&self.without_filters) {
            out = out.and(Match::No);
        }
        if let Some(least) = self.support_at_least {
            out = out.and(
                reads(&fusion.support).map_or(Match::Unclear(Reason::NotStated), |reads| {
                    Match::from_bool(reads >= u64::from(least))
                }),
            );
        }
        if let Some(wanted) = self.repaired {
            out = out.and(Match::from_bool(fusion.repairs.is_empty() != wanted));
        }
        if let Some(wanted) = self.misprint {
            out = out.and(Match::from_bool(fusion.misprint_of.is_some() == wanted));
        }
        if !self.reported_as.is_empty() {
            let mut reported = fusion.as_reported.iter().flatten();
            out = out.and(Match::from_bool(
                reported.any(|name| self.reported_as.contains(name)),
            ));
        }
        if let Some(wanted) = self.kinase_written_first {
            let first = fusion.orientation_from == Some(OrientationFrom::KinaseWrittenFirst);
            out = out.and(Match::from_bool(first == wanted));
        }
        out
    }

    /// An answer to a question that counts pairs or callers: true when enough calls say yes,
    /// unknown when the unclear ones could make up the number, false when there are too few.
    fn counted(&self, answer: Answer, calls: &[(Match, &Fusion)]) -> Answer {
        let asked = [
            self.distinct_at_least,
            self.callers_at_least,
            self.variants_at_least,
        ];
        if asked.iter().all(Option::is_none) || answer.truth.is_false() || calls.is_empty() {
            return answer;
        }
        let reached = |unclear_too: bool| {
            let counts = || {
                calls
                    .iter()
                    .filter(move |(m, _)| *m == Match::Yes || unclear_too && *m != Match::No)
                    .map(|(_, fusion)| *fusion)
            };
            // A gene named without its partner may be one of the pairs.
            let named = counts().filter(|f| f.as_reported.is_some() || f.five_prime.is_some());
            let mut pairs: BTreeMap<String, Vec<&Fusion>> = BTreeMap::new();
            for call in named {
                pairs.entry(call.name()).or_default().push(call);
            }
            let distinct = self
                .distinct_at_least
                .is_none_or(|least| pairs.len() >= least as usize);
            let callers = self.callers_at_least.is_none_or(|least| {
                pairs.values().any(|same| {
                    let callers: BTreeSet<Option<&str>> =
                        same.iter().map(|f| f.caller.as_deref()).collect();
                    callers.len() >= least as usize
                })
            });
            let variants = self
                .variants_at_least
                .is_none_or(|least| pairs.values().any(|same| variants(same) >= least as usize));
            distinct && callers && variants
        };
        match (&answer.truth, reached(false), reached(true)) {
            (Truth::True, true, _) | (Truth::Unknown(_), _, true) => answer,
            (Truth::True, false, true) => Answer {
                truth: Truth::unknown(Reason::Unresolved),
                ..answer
            },
            _ => Answer {
                truth: Truth::False,
                ..answer
            },
        }
    }

    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let frames = names(&Frame::ALL, &self.frame);
        if !frames.is_empty() {
            words.push(frames.join(" or "));
        }
        for (what, values) in [
            (
                "kinase domain",
                names(&KinaseDomain::ALL, &self.kinase_domain),
            ),
            ("by", names(&Method::ALL, &self.method)),
            ("judged", names(&Function::ALL, &self.function)),
            ("confidence", borrowed(&self.confidence)),
            ("marked", borrowed(&self.filters)),
            ("not marked", borrowed(&self.without_filters)),
            ("called by", borrowed(&self.caller)),
            ("exon", borrowed(&self.exon)),
            ("5' exon", borrowed(&self.five_prime_exon)),
            ("transcript", borrowed(&self.transcript)),
        ] {
            if !values.is_empty() {
                words.push(format!("{what} {}", values.join(" or ")));
            }
        }
        for (least, what) in [
            (self.support_at_least, "supporting reads"),
            (self.callers_at_least, "callers"),
            (self.distinct_at_least, "different pairs"),
            (self.variants_at_least, "junctions of one pair"),
        ] {
            words.extend(least.map(|n| format!("with at least {n} {what}")));
        }
        match self.repaired {
            Some(true) => words.push("with a repaired symbol".to_owned()),
            Some(false) => words.push("without a repaired symbol".to_owned()),
            None => {}
        }
        match self.misprint {
            Some(true) => words.push("with a misprinted symbol".to_owned()),
            Some(false) => words.push("without a misprinted symbol".to_owned()),
            None => {}
        }
        if !self.reported_as.is_empty() {
            words.push(format!("reported as {}", self.reported_as.join(" or ")));
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
        words.extend(self.take.words());
        words
    }
}

impl Doubt {
    fn holds(&self, fusion: &Fusion) -> bool {
        let marked = |f: &String| self.filters.iter().any(|w| w.eq_ignore_ascii_case(f));
        fusion.frame.is_some_and(|f| self.frame.contains(&f))
            || fusion
                .kinase_domain
                .is_some_and(|k| self.kinase_domain.contains(&k))
            || function(fusion).is_some_and(|f| self.function.contains(&f))
            || (fusion.kinase_domain_doubted && !self.kinase_domain.is_empty())
            || confidence(fusion, &self.confidence) == Match::Yes
            || fusion.filters.iter().any(marked)
            || self
                .support_below
                .zip(reads(&fusion.support))
                .is_some_and(|(below, reads)| reads < u64::from(below))
    }
}

fn function(fusion: &Fusion) -> Option<Function> {
    fusion.function.as_ref().map(|f| f.value)
}

/// All supporting reads; none where the caller counts none.
fn reads(support: &Support) -> Option<u64> {
    support.total.or_else(|| {
        let parts = [support.split, support.spanning];
        let counted: Vec<u64> = parts.into_iter().flatten().collect();
        (!counted.is_empty()).then(|| counted.iter().fold(0, |a: u64, b| a.saturating_add(*b)))
    })
}

/// Transcripts are compared without their version.
fn transcript(fusion: &Fusion, wanted: &[String]) -> Match {
    let stem = |t: &String| t.split('.').next().unwrap_or_default().to_owned();
    let sides = [
        &fusion.transcripts.five_prime,
        &fusion.transcripts.three_prime,
    ];
    let held: Vec<String> = sides.into_iter().flatten().map(stem).collect();
    if held.is_empty() {
        return Match::Unclear(Reason::NotStated);
    }
    Match::from_bool(wanted.iter().any(|w| held.contains(&stem(w))))
}

fn borrowed(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
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

/// How many junctions calls of one pair tell apart.
fn variants(same: &[&Fusion]) -> usize {
    let exons: BTreeSet<_> = same.iter().filter_map(|f| f.exons_joined()).collect();
    // Callers place one breakpoint some bases apart, so each is asked alone.
    let mut points: BTreeMap<Option<&str>, BTreeSet<(u64, u64)>> = BTreeMap::new();
    for fusion in same {
        if let [Some(five), Some(three)] = fusion.sided_breakpoints() {
            let places = points.entry(fusion.caller.as_deref()).or_default();
            places.insert((five.position, three.position));
        }
    }
    let most = points.values().map(BTreeSet::len).max();
    // `variant 3a/b`
    let named = same.iter().filter_map(|f| f.variant.as_deref());
    let named: BTreeSet<&str> = named.flat_map(|names| names.split('/')).collect();
    exons.len().max(most.unwrap_or_default()).max(named.len())
}
