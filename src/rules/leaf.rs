//! Answers the questions at the leaves of a condition from the facts of a case.
//!
//! Only current facts count: not superseded, of this time, of the tumour's own cells. A fact that
//! says the opposite makes the answer false; two that differ make it unknown; no fact makes it
//! unknown, never false.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::fish::Fish;
use crate::case::fusion::{Frame, Fusion, KinaseDomain, Method, Orientation, OrientationFrom};
use crate::case::history::{History, Role};
use crate::case::ihc::Ihc;
use crate::case::percent::Percent;
use crate::case::{Case, Context, fish, fusion, ihc};
use crate::rules::fact::{Between, Doubt};
use crate::rules::truth::{Reason, Truth};
use crate::source::Place;

/// A question with every name resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    Fusion(FusionLeaf),
    Ihc(IhcLeaf),
    Fish(FishLeaf),
    History(HistoryLeaf),
    Disagreement(Between),
}

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

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IhcLeaf {
    pub(crate) marker: String,
    pub(crate) is: Vec<ihc::Status>,
    pub(crate) clone: Vec<String>,
    pub(crate) pattern: Vec<String>,
    pub(crate) percent_at_least: Option<Percent>,
    pub(crate) percent_below: Option<Percent>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FishLeaf {
    pub(crate) genes: BTreeSet<String>,
    pub(crate) is: Vec<fish::Status>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum HistoryLeaf {
    State(Vec<String>),
    Diagnosis {
        keys: Vec<String>,
        groups: Vec<String>,
        roles: Vec<Role>,
    },
    OnDrug(Vec<String>),
    AgeAtLeast(u32),
    AgeBelow(u32),
    Sex(String),
}

/// An answer with the facts it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) truth: Truth,
    pub(crate) facts: Vec<Place>,
}

/// How one fact answers the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    No,
    Unclear(Reason),
}

impl Match {
    fn from_bool(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    /// Both must hold: no wins over unclear, unclear over yes.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unclear(why), _) | (_, Self::Unclear(why)) => Self::Unclear(why),
            _ => Self::Yes,
        }
    }
}

/// Collects how facts answer, then says what that amounts to.
#[derive(Default)]
struct Tally {
    yes: Vec<Place>,
    no: Vec<Place>,
    unclear: Vec<(Reason, Place)>,
}

impl Tally {
    fn add(&mut self, answer: Match, place: &Place) {
        match answer {
            Match::Yes => self.yes.push(place.clone()),
            Match::No => self.no.push(place.clone()),
            Match::Unclear(why) => self.unclear.push((why, place.clone())),
        }
    }

    /// Yes and no together conflict. Without either, the unclear facts say why.
    fn answer(self, silent: Reason) -> Answer {
        let unclear = |list: Vec<(Reason, Place)>| {
            let (why, facts): (BTreeSet<Reason>, Vec<Place>) = list.into_iter().unzip();
            Answer {
                truth: Truth::Unknown(why),
                facts,
            }
        };
        match (self.yes.is_empty(), self.no.is_empty()) {
            (false, false) => Answer {
                truth: Truth::unknown(Reason::Conflicting),
                facts: self.yes.into_iter().chain(self.no).collect(),
            },
            (false, true) => Answer {
                truth: Truth::True,
                facts: self.yes,
            },
            (true, _) if !self.unclear.is_empty() => unclear(self.unclear),
            (true, false) => Answer {
                truth: Truth::False,
                facts: self.no,
            },
            (true, true) => Answer {
                truth: Truth::unknown(silent),
                facts: Vec::new(),
            },
        }
    }
}

impl Leaf {
    /// Answers the question.
    pub(crate) fn answer(&self, case: &Case) -> Answer {
        match self {
            Self::Fusion(leaf) => leaf.answer(&case.fusions),
            Self::Ihc(leaf) => leaf.answer(&case.ihc),
            Self::Fish(leaf) => leaf.answer(&case.fish),
            Self::History(leaf) => leaf.answer(&case.history),
            Self::Disagreement(between) => disagreement(*between, &case.ihc),
        }
    }

    /// The fact the question asks for, for example `ihc ALK`: what a missing answer is called.
    pub(crate) fn key(&self) -> String {
        let genes = |set: &BTreeSet<String>| match set.len() {
            1..=3 => set.iter().map(String::as_str).collect::<Vec<_>>().join("/"),
            _ => "any".to_owned(),
        };
        match self {
            Self::Fusion(leaf) => {
                format!(
                    "fusion {}",
                    leaf.genes().map_or_else(|| "any".to_owned(), genes)
                )
            }
            Self::Ihc(leaf) => format!("ihc {}", leaf.marker),
            Self::Fish(leaf) => format!("fish {}", genes(&leaf.genes)),
            Self::History(leaf) => match leaf {
                HistoryLeaf::State(_) => "history state".to_owned(),
                HistoryLeaf::Diagnosis { .. } => "history diagnosis".to_owned(),
                HistoryLeaf::OnDrug(_) => "history treatment".to_owned(),
                HistoryLeaf::AgeAtLeast(_) | HistoryLeaf::AgeBelow(_) => "history age".to_owned(),
                HistoryLeaf::Sex(_) => "history sex".to_owned(),
            },
            Self::Disagreement(_) => "ihc any".to_owned(),
        }
    }

    /// The question in words, as printed by explanations.
    pub(crate) fn words(&self) -> String {
        let list = |names: &BTreeSet<String>| {
            let mut shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
            if names.len() > 3 {
                shown.push("…");
            }
            shown.join("/")
        };
        match self {
            Self::Fusion(leaf) => leaf.words(),
            Self::Ihc(leaf) => {
                let is: Vec<&str> = leaf.is.iter().map(|s| s.as_str()).collect();
                let clone = if leaf.clone.is_empty() {
                    String::new()
                } else {
                    format!(" (clone {})", leaf.clone.join("/"))
                };
                format!("ihc {} {}{clone}", leaf.marker, is.join(" or "))
            }
            Self::Fish(leaf) => {
                let is: Vec<&str> = leaf
                    .is
                    .iter()
                    .map(|s| match s {
                        fish::Status::Positive => "rearranged",
                        fish::Status::Negative => "not rearranged",
                        other => other.as_str(),
                    })
                    .collect();
                format!("fish {} {}", list(&leaf.genes), is.join(" or "))
            }
            Self::History(leaf) => match leaf {
                HistoryLeaf::State(values) => format!("state {}", values.join(" or ")),
                HistoryLeaf::Diagnosis { keys, groups, .. } => {
                    let names: Vec<&str> = keys.iter().chain(groups).map(String::as_str).collect();
                    format!("diagnosis {}", names.join(" or "))
                }
                HistoryLeaf::OnDrug(drugs) => format!("treated with {}", drugs.join(" or ")),
                HistoryLeaf::AgeAtLeast(age) => format!("age at least {age}"),
                HistoryLeaf::AgeBelow(age) => format!("age below {age}"),
                HistoryLeaf::Sex(sex) => format!("sex {sex}"),
            },
            Self::Disagreement(Between::Panels) => {
                "a marker differs between laboratories".to_owned()
            }
            Self::Disagreement(Between::Clones) => "a marker differs between clones".to_owned(),
        }
    }
}

impl FusionLeaf {
    fn words(&self) -> String {
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

    fn answer(&self, fusions: &[Fusion]) -> Answer {
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
                    tally.add(Match::No, &fusion.source)
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
            genes.iter().any(|g| fusion.names(g)) || reported.any(|g| genes.contains(g))
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
        out = out.and(stated(fusion.frame, &self.frame));
        out = out.and(stated(fusion.kinase_domain, &self.kinase_domain));
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
            || confidence(fusion, &self.doubt_if.confidence) == Match::Yes;
        if doubtful {
            out = out.and(Match::Unclear(Reason::Unresolved));
        }
        out
    }

    /// The genes the question is about; none when it is about no gene in particular.
    fn genes(&self) -> Option<&BTreeSet<String>> {
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

/// For questions about a status that is no verdict (`pending`, `equivocal`): true when some current
/// fact has it, false otherwise.
fn observed<'a, T: 'a>(
    facts: impl Iterator<Item = &'a T>,
    has: impl Fn(&'a T) -> (bool, &'a Place),
) -> Answer {
    let facts: Vec<Place> = facts
        .map(has)
        .filter(|(yes, _)| *yes)
        .map(|(_, place)| place.clone())
        .collect();
    Answer {
        truth: Truth::from_bool(!facts.is_empty()),
        facts,
    }
}

impl IhcLeaf {
    fn answer(&self, readings: &[Ihc]) -> Answer {
        let ours = readings.iter().filter(|r| {
            r.marker == self.marker
                && r.is_current()
                && (self.clone.is_empty()
                    || r.clone.as_ref().is_some_and(|c| self.clone.contains(c)))
        });
        let verdicts = [ihc::Status::Positive, ihc::Status::Negative];
        if !self.is.iter().all(|s| verdicts.contains(s)) {
            return observed(ours, |r| (self.is.contains(&r.status), &r.source));
        }
        let mut tally = Tally::default();
        let mut silent = (BTreeSet::new(), Vec::new());
        for reading in ours {
            let verdict = match reading.status {
                ihc::Status::Positive | ihc::Status::Negative => {
                    Match::from_bool(self.is.contains(&reading.status))
                }
                ihc::Status::Reported if !self.pattern.is_empty() || self.percent_wanted() => {
                    Match::Yes
                }
                ihc::Status::Equivocal => Match::Unclear(Reason::Equivocal),
                ihc::Status::Reported => Match::Unclear(Reason::NotStated),
                ihc::Status::NotDone => {
                    silent.0.insert(Reason::NotTested);
                    silent.1.push(reading.source.clone());
                    continue;
                }
                ihc::Status::Pending => {
                    silent.0.insert(Reason::Pending);
                    silent.1.push(reading.source.clone());
                    continue;
                }
                ihc::Status::Failed => {
                    silent.0.insert(Reason::Failed);
                    silent.1.push(reading.source.clone());
                    continue;
                }
            };
            tally.add(verdict.and(self.marks(reading)), &reading.source);
        }
        let equivocal_too = !tally.yes.is_empty()
            && tally
                .unclear
                .iter()
                .any(|(why, _)| *why == Reason::Equivocal);
        if equivocal_too {
            let (_, open): (Vec<Reason>, Vec<Place>) = tally.unclear.into_iter().unzip();
            return Answer {
                truth: Truth::unknown(Reason::Conflicting),
                facts: tally.yes.into_iter().chain(open).collect(),
            };
        }
        let answer = tally.answer(Reason::NotTested);
        if answer.facts.is_empty() && !silent.0.is_empty() {
            return Answer {
                truth: Truth::Unknown(silent.0),
                facts: silent.1,
            };
        }
        answer
    }

    fn percent_wanted(&self) -> bool {
        self.percent_at_least.is_some() || self.percent_below.is_some()
    }

    fn marks(&self, reading: &Ihc) -> Match {
        let mut out = Match::Yes;
        if !self.pattern.is_empty() {
            out = out.and(
                reading
                    .pattern
                    .as_ref()
                    .map_or(Match::Unclear(Reason::NotStated), |p| {
                        Match::from_bool(self.pattern.contains(p))
                    }),
            );
        }
        if let Some(wanted) = self.percent_at_least {
            out = out.and(match reading.percent {
                Some([low, _]) if low >= wanted => Match::Yes,
                Some([_, high]) if high < wanted => Match::No,
                Some(_) => Match::Unclear(Reason::Equivocal),
                None => Match::Unclear(Reason::NotStated),
            });
        }
        if let Some(wanted) = self.percent_below {
            out = out.and(match reading.percent {
                Some([_, high]) if high < wanted => Match::Yes,
                Some([low, _]) if low >= wanted => Match::No,
                Some(_) => Match::Unclear(Reason::Equivocal),
                None => Match::Unclear(Reason::NotStated),
            });
        }
        out
    }
}

impl FishLeaf {
    fn answer(&self, results: &[Fish]) -> Answer {
        let ours = || {
            results
                .iter()
                .filter(|r| self.genes.contains(&r.gene) && r.is_current())
        };
        let verdicts = [fish::Status::Positive, fish::Status::Negative];
        if !self.is.iter().all(|s| verdicts.contains(s)) {
            return observed(ours(), |r| (self.is.contains(&r.status), &r.source));
        }
        let mut answers = self.genes.iter().map(|gene| {
            let mut tally = Tally::default();
            for result in ours().filter(|r| r.gene == *gene) {
                let verdict = match result.status {
                    fish::Status::Positive | fish::Status::Negative => {
                        Match::from_bool(self.is.contains(&result.status))
                    }
                    fish::Status::Equivocal => Match::Unclear(Reason::Equivocal),
                    fish::Status::Pending => Match::Unclear(Reason::Pending),
                    fish::Status::Failed => Match::Unclear(Reason::Failed),
                    fish::Status::NotDone => Match::Unclear(Reason::NotTested),
                };
                tally.add(verdict, &result.source);
            }
            tally.answer(Reason::NotTested)
        });
        // Any of the genes.
        let first = answers.next().unwrap_or(Answer {
            truth: Truth::False,
            facts: Vec::new(),
        });
        answers.fold(first, |a, b| {
            let truth = Truth::any([&a.truth, &b.truth]);
            let facts = match (a.truth == truth, b.truth == truth) {
                (true, false) => a.facts,
                (false, true) => b.facts,
                _ => a.facts.into_iter().chain(b.facts).collect(),
            };
            Answer { truth, facts }
        })
    }
}

impl HistoryLeaf {
    fn answer(&self, history: &History) -> Answer {
        let mut tally = Tally::default();
        match self {
            Self::State(wanted) => {
                let states = &history.states;
                let hits = states.iter().filter(|s| wanted.contains(&s.value)).count();
                for state in states {
                    let hit = wanted.contains(&state.value);
                    // One state of several is enough; the others do not contradict it.
                    if hit || hits == 0 {
                        tally.add(Match::from_bool(hit), &state.source);
                    }
                }
            }
            Self::Diagnosis {
                keys,
                groups,
                roles,
            } => {
                let standing = history
                    .diagnoses
                    .iter()
                    .filter(|d| roles.contains(&d.role) && d.context != Some(Context::Prior));
                let is = |d: &crate::case::history::Diagnosis| {
                    keys.contains(&d.key) || groups.contains(&d.group)
                };
                let hits = standing.clone().filter(|d| is(d)).count();
                for diagnosis in standing {
                    let hit = is(diagnosis);
                    if hit || hits == 0 {
                        tally.add(Match::from_bool(hit), &diagnosis.source);
                    }
                }
            }
            Self::OnDrug(wanted) => {
                let hits = history
                    .treatments
                    .iter()
                    .filter(|t| wanted.contains(&t.drug))
                    .count();
                for treatment in &history.treatments {
                    let hit = wanted.contains(&treatment.drug);
                    if hit || hits == 0 {
                        tally.add(Match::from_bool(hit), &treatment.source);
                    }
                }
            }
            Self::AgeAtLeast(years) => {
                if let Some(age) = &history.age {
                    tally.add(Match::from_bool(age.value >= *years), &age.source);
                }
            }
            Self::AgeBelow(years) => {
                if let Some(age) = &history.age {
                    tally.add(Match::from_bool(age.value < *years), &age.source);
                }
            }
            Self::Sex(wanted) => {
                if let Some(sex) = &history.sex {
                    tally.add(Match::from_bool(sex.value == *wanted), &sex.source);
                }
            }
        }
        tally.answer(Reason::NotStated)
    }
}

/// Current readings of one marker that differ: between laboratories, or between clones of one.
fn disagreement(between: Between, readings: &[Ihc]) -> Answer {
    /// What tells two readings of one marker and specimen apart; the first reading of each kind.
    type Kinds<'r> = BTreeMap<(ihc::Status, Option<Context>, Option<&'r str>), &'r Place>;
    let mut groups: BTreeMap<(&str, Option<&str>), Kinds<'_>> = BTreeMap::new();
    for reading in readings.iter().filter(|r| r.is_current()) {
        if matches!(
            reading.status,
            ihc::Status::Positive | ihc::Status::Negative
        ) {
            groups
                .entry((&reading.marker, reading.specimen.as_deref()))
                .or_default()
                .entry((reading.status, reading.context, reading.clone.as_deref()))
                .or_insert(&reading.source);
        }
    }
    let mut facts: Vec<Place> = Vec::new();
    for kinds in groups.values() {
        for ((status, context, clone), place) in kinds {
            let differs = kinds
                .keys()
                .any(|(other_status, other_context, other_clone)| {
                    status != other_status
                        && match between {
                            Between::Panels => context != other_context,
                            Between::Clones => {
                                context == other_context
                                    && clone.is_some()
                                    && other_clone.is_some()
                                    && clone != other_clone
                            }
                        }
                });
            if differs {
                facts.push((*place).clone());
            }
        }
    }
    Answer {
        truth: Truth::from_bool(!facts.is_empty()),
        facts,
    }
}
