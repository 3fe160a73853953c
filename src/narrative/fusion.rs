//! Fusions in report text: pairs, statements about one gene, and assays without a result.
//!
//! ```text
//! pair      = partner joint partner
//! partner   = gene ["(" transcript or exon ")"]        ; one of the two may be an unlisted symbol
//! joint     = "::" | ":" | "-" | "--" | "/" | "→" | "fused to" | rearrangement [","] "partner"
//!           | rearrangement ("of" | "between" | "involving" | "joining") place partner ("and" | "to" | "with") place partner
//!           | transcript "(" gene ")" ":" "e." number "::" ...        ; as databases write it
//! statement = genes rearrangement | rearrangement "of" genes
//! genes     = gene { ("," | "and" | "or") gene }
//! exons     = letter number (";" | ":") letter number | gene "exon" number
//! ```
//!
//! The pair as written is kept. `may be`, `such as`, literature and retracted statements are no calls;
//! neither is a negated pair, which is a negative for that pair only.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::case::fusion::{Frame, Fusion, KinaseDomain, Method, Sides, Status};
use crate::case::orientation::{Notation, order};
use crate::case::{Context, Repair};
use crate::narrative::clause::{clauses, has, has_cue, speaks_of_fish, statements};
use crate::narrative::karyotype;
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::outline::{Setting, assay, molecular_assay};
use crate::narrative::passed::{Passed, passed};
use crate::source::Source;
use crate::vocab::{Assay, Cue, Origin, Polarity, Section, Word};

mod exons;
mod family;
mod pair;
mod prose;
pub(crate) mod sheet;
mod side;
mod slot;
mod statement;
mod variant;

use slot::Slot;

/// What a sentence says of fusions.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<Fusion>,
    /// Tokens that stand for genes here, so that they are not read as markers.
    pub(crate) used: Vec<usize>,
    /// Mentions that are no facts, with the reason.
    pub(crate) passed: Vec<(Range<usize>, Passed)>,
    /// Partners that are not in the gene table: the symbol and its byte range.
    pub(crate) unlisted: Vec<(String, Range<usize>)>,
}

/// Reads one sentence.
pub(crate) fn read(sentence: &Tokens<'_>, setting: &Setting, source: &Source) -> Read {
    let mut out = Read::default();
    let whole = Whole {
        tokens: *sentence,
        assay: assay(sentence),
        method: molecular_assay(sentence),
        bands: karyotype::names_bands(sentence.text()) && assay(sentence).is_none(),
        rearrangement: has(sentence, |w| *w == Word::Rearrangement),
        frame: frame(sentence),
        kinase_domain: kinase_domain(sentence),
        passed: passed(sentence),
    };
    let mut before_asserted = false;
    let parts = clauses(sentence)
        .into_iter()
        .flat_map(|clause| statements(sentence, clause));
    for range in parts {
        let clause = sentence.slice(range.clone());
        let mut one = Clause {
            tokens: clause,
            whole: &whole,
            says: Says::of(&clause),
            setting,
            source,
            out: Read::default(),
        };
        one.read();
        let asserted = one.says_found();
        let read = one.out;
        // `A::B was sought but not found`: the contrast speaks of the pair before it.
        if read.facts.is_empty()
            && read.used.is_empty()
            && denies(&clause)
            && (!before_asserted || has_cue(&clause, Cue::Supersedes))
        {
            for fact in &mut out.facts {
                if fact.status == Status::Detected {
                    fact.status = Status::NotDetected;
                }
            }
        }
        before_asserted |= asserted;
        out.facts.extend(read.facts);
        out.used
            .extend(read.used.into_iter().map(|i| i + range.start));
        out.passed.extend(read.passed);
        out.unlisted.extend(read.unlisted);
    }
    out
}

/// The fusions of a subject with the result that another part of the sentence corrects them to.
pub(crate) fn corrected(
    subject: &Tokens<'_>,
    result: &Tokens<'_>,
    setting: &Setting,
    source: &Source,
) -> Read {
    let says = Says::of(result);
    let negation = says.first_negation.is_some();
    let said = |polarity| says.results.contains(&polarity);
    let found = has(result, |w| {
        matches!(
            w,
            Word::Detected | Word::Rearrangement | Word::Result(Polarity::Positive, _)
        )
    });
    let status = if negation || said(Polarity::Negative) {
        Status::NotDetected
    } else if said(Polarity::Failed) {
        Status::Failed
    } else if said(Polarity::Pending) {
        Status::Pending
    } else if said(Polarity::Equivocal) {
        Status::Inconclusive
    } else if found {
        Status::Detected
    } else {
        return Read::default();
    };
    let mut read = read(subject, setting, source);
    for fact in &mut read.facts {
        fact.status = status;
    }
    if read.facts.is_empty() {
        let kinases = subject
            .iter()
            .filter_map(|t| Some((t, subject.gene(t)?.0)))
            .filter(|(_, gene)| gene.three_prime_kinase);
        for (token, gene) in kinases {
            let mut fact = Fusion::new(status, source.place(token.start..result.range().end));
            fact.gene = Some(gene.symbol.clone());
            fact.context = context(setting);
            fact.version = setting.version;
            fact.sample.clone_from(&setting.sample);
            read.facts.push(fact);
        }
    }
    read
}

/// `but not found`, `result negative`: a clause without genes that denies.
fn denies(clause: &Tokens<'_>) -> bool {
    let named = clause
        .iter()
        .any(|t| clause.gene(t).is_some() || clause.marker(t).is_some());
    let says = Says::of(clause);
    !named && (says.last_turned.is_some() || says.results.contains(&Polarity::Negative))
}

/// What the whole sentence says, looked up once.
struct Whole<'a> {
    tokens: Tokens<'a>,
    assay: Option<Assay>,
    method: Option<Assay>,
    /// Bands of chromosomes are named, and no assay.
    bands: bool,
    rearrangement: bool,
    frame: Option<Frame>,
    kinase_domain: Option<KinaseDomain>,
    passed: Option<Passed>,
}

/// Result words of a clause and where they stand, looked up once.
struct Says {
    /// Result words, anywhere; `neither` counts as negative.
    results: BTreeSet<Polarity>,
    /// The first negation.
    first_negation: Option<usize>,
    /// The last negation that turns a finding round (`not detected`).
    last_turned: Option<usize>,
    hypothetical: bool,
    /// The other end of the break lies in no gene.
    intergenic: bool,
}

impl Says {
    fn of(clause: &Tokens<'_>) -> Self {
        let is = |index: usize, wanted: fn(&Word) -> bool| {
            clause
                .get(index)
                .is_some_and(|t| clause.words(t).any(wanted))
        };
        let negations: Vec<usize> = (0..clause.len())
            .filter(|i| is(*i, |w| *w == Word::Negation))
            .collect();
        let turned = |at: usize| {
            (at + 1..at + 5).any(|i| {
                is(i, |w| {
                    matches!(w, Word::Detected | Word::Rearrangement | Word::Result(..))
                })
            })
        };
        let polarity = |word: &Word| match word {
            Word::Result(polarity, _) => Some(*polarity),
            Word::Neither => Some(Polarity::Negative),
            _ => None,
        };
        // `reading frame could not be determined` says nothing of the fusion.
        let aside = |at: usize| {
            (at.saturating_sub(4)..at).any(|i| {
                is(i, |w| matches!(w, Word::Frame(_) | Word::KinaseDomain(_)))
                    || clause.get(i).is_some_and(|t| {
                        matches!(
                            clause.text_of(t).to_ascii_lowercase().as_str(),
                            "frame"
                                | "breakpoint"
                                | "expression"
                                | "product"
                                | "purity"
                                | "significance"
                                | "partner"
                                | "partners"
                                | "orientation"
                        )
                    })
            })
        };
        Self {
            results: (0..clause.len())
                .filter_map(|i| Some((i, clause.get(i)?)))
                .flat_map(|(i, t)| clause.words(t).map(move |w| (i, w)))
                .filter_map(|(i, w)| Some((i, polarity(w)?)))
                .filter(|(i, p)| {
                    !(matches!(p, Polarity::Failed | Polarity::Equivocal) && aside(*i))
                })
                .map(|(_, p)| p)
                .collect(),
            first_negation: negations.first().copied(),
            last_turned: negations.iter().copied().rfind(|at| turned(*at)),
            hypothetical: has_cue(clause, Cue::Hypothetical),
            intergenic: clause
                .iter()
                .any(|t| clause.text_of(t).eq_ignore_ascii_case("intergenic"))
                || clause.text().contains("基因间"),
        }
    }
}

fn frame(sentence: &Tokens<'_>) -> Option<Frame> {
    sentence.iter().find_map(|t| {
        sentence.words(t).find_map(|w| match w {
            Word::Frame(true) => Some(Frame::InFrame),
            Word::Frame(false) => Some(Frame::OutOfFrame),
            _ => None,
        })
    })
}

/// What a sentence says of the kinase domain: in one phrase, or by a word near it (`kinase domain (exons 20-28)
/// not included`).
fn kinase_domain(sentence: &Tokens<'_>) -> Option<KinaseDomain> {
    (0..sentence.len()).find_map(|at| {
        let token = sentence.get(at)?;
        let said = sentence.words(token).find_map(|w| match w {
            Word::KinaseDomain(said) => Some(*said),
            _ => None,
        })?;
        // `kinase domain retained: no`
        let unsaid = sentence.slice(at + 1..(at + 3).min(sentence.len()));
        let no = unsaid.first().is_some_and(|t| t.kind == Kind::Mark(':'))
            && has(&unsaid, |w| *w == Word::Negation);
        let kept = said.map(|kept| kept && !no).or_else(|| {
            let near = sentence.slice(at.saturating_sub(5)..(at + 8).min(sentence.len()));
            let lost = has(&near, |w| {
                matches!(
                    w,
                    Word::Negation | Word::Result(Polarity::Lost | Polarity::Negative, _)
                )
            }) || near.iter().any(|t| {
                let text = near.text_of(t).to_ascii_lowercase();
                matches!(
                    text.as_str(),
                    "downstream" | "stop" | "truncated" | "deleted"
                )
            });
            let retained = has(&near, |w| matches!(w, Word::Result(Polarity::Retained, _)));
            (lost || retained).then_some(!lost)
        })?;
        Some(if kept {
            KinaseDomain::Retained
        } else {
            KinaseDomain::Lost
        })
    })
}

/// One partner as written.
#[derive(Debug, Clone)]
struct Partner {
    symbol: String,
    written: String,
    repaired: bool,
    listed: bool,
    bracket: Option<Range<usize>>,
    range: Range<usize>,
}

struct Clause<'a, 'c> {
    tokens: Tokens<'a>,
    whole: &'c Whole<'a>,
    says: Says,
    setting: &'c Setting,
    source: &'c Source,
    out: Read,
}

impl Clause<'_, '_> {
    fn read(&mut self) {
        let fish = speaks_of_fish(&self.tokens, self.setting.section);
        let mut at = 0;
        let mut paired = false;
        while at < self.tokens.len() {
            let glued = self.glued(at).is_some();
            let pair = self
                .pair(at)
                .filter(|_| !glued)
                .or_else(|| self.fusion_of(at))
                .or_else(|| (!paired).then(|| self.joined_exons(at))?);
            match pair.or_else(|| self.partner_of(at)) {
                Some((first, second, notation, end)) => {
                    self.out.used.extend(at..end);
                    // `EML4-ALK FISH: rearranged` is a FISH result.
                    if !(fish && self.fish_follows(end)) {
                        self.call(&first, &second, notation, at..end);
                        paired = true;
                    }
                    at = end;
                }
                None => match self.half(at) {
                    Some((gene, end)) => {
                        self.out.used.extend(at..end);
                        self.half_call(&gene, &(at..end));
                        paired = true;
                        at = end;
                    }
                    None => match self.glued(at).filter(|_| self.molecular()) {
                        Some((first, second, end)) => {
                            self.out.used.extend(at..end);
                            self.glued_call(&first, &second, at..end);
                            paired = true;
                            at = end;
                        }
                        None => at += 1,
                    },
                },
            }
        }
        if !paired
            && !fish
            && let Some((five, three, at)) = self.two_sides()
        {
            self.out.used.extend(at.clone());
            self.call(&five, &three, Notation::DoubleColon, at);
            paired = true;
        }
        if !fish {
            self.statements(paired);
            self.tested();
            self.listed();
        }
        if !paired && self.out.facts.is_empty() && !fish {
            self.without_gene();
        }
    }

    /// Records a rearranged gene whose partner is not known.
    fn half_call(&mut self, gene: &Partner, at: &Range<usize>) {
        let range = self.tokens.slice(at.clone()).range();
        if let Some(passed) = self.passed() {
            self.out.passed.push((range, passed));
        } else if let Some(status) = self.status(at) {
            let mut fact = Fusion::new(status, self.source.place(range));
            fact.gene = Some(gene.symbol.clone());
            self.finish(fact);
        }
    }

    fn fish_follows(&self, end: usize) -> bool {
        self.setting.section == Some(Section::Fish)
            || self
                .tokens
                .get(end)
                .is_some_and(|t| self.tokens.is(t, &Word::Section(Section::Fish)))
    }

    /// Records a pair.
    fn call(&mut self, first: &Partner, second: &Partner, notation: Notation, at: Range<usize>) {
        let written = self.tokens.slice(at.clone());
        if let Some(passed) = self.passed() {
            self.out.passed.push((written.range(), passed));
            return;
        }
        let slot = self.slot(at.start, at.end);
        let passed = match slot {
            Slot::Doubted => Some(Passed::Hypothetical),
            Slot::Unknown => Some(Passed::Unknown),
            Slot::Open | Slot::Negative => None,
        };
        if let Some(passed) = passed {
            self.out.passed.push((written.range(), passed));
            return;
        }
        let status = match slot {
            Slot::Negative => Some(Status::NotDetected),
            _ => self.status(&at),
        };
        let Some(status) = status else {
            return;
        };
        let vocab = self.tokens.vocab();
        let is_kinase = |symbol: &str| vocab.gene(symbol).is_some_and(|g| g.three_prime_kinase);
        let exons = self.exons(first, second, &at);
        let notation = match notation {
            Notation::Prose if exons.is_some() => Notation::ProseWithExons,
            notation => notation,
        };
        let (first, second, notation) = match self.sided(first, second, &at) {
            Some(true) => (second, first, Notation::DoubleColon),
            Some(false) => (first, second, Notation::DoubleColon),
            None => (first, second, notation),
        };
        let ordered = order(&first.symbol, &second.symbol, notation, is_kinase);
        let mut fact = Fusion::new(status, self.source.place(written.range()));
        fact.as_reported = Some([first.written.clone(), second.written.clone()]);
        if let Some([five, three]) = ordered.pair {
            fact.five_prime = Some(five.to_owned());
            fact.three_prime = Some(three.to_owned());
            if let Some([one, two]) = exons {
                let (five_exon, three_exon) = if five == first.symbol {
                    (one, two)
                } else {
                    (two, one)
                };
                fact.exons = Sides {
                    five_prime: Some(five_exon),
                    three_prime: Some(three_exon),
                };
            }
        }
        fact.orientation = Some(ordered.orientation);
        fact.orientation_from = ordered.from;
        fact.frame = self.whole.frame;
        if fact.exons.three_prime.is_none() {
            // `ALK exon 26 onwards`
            let kinase = fact.three_prime.as_ref().filter(|symbol| is_kinase(symbol));
            fact.exons.three_prime = kinase.and_then(|symbol| self.exon_of(symbol));
        }
        fact.kinase_domain = self.whole.kinase_domain;
        fact.support.total = self.reads(at.end);
        let after = self
            .tokens
            .slice(at.end..(at.end + 24).min(self.tokens.len()));
        fact.variant = variant::named(after.text());
        for partner in [first, second] {
            if partner.repaired {
                fact.repairs.push(Repair {
                    from: partner.written.clone(),
                    to: partner.symbol.clone(),
                });
            }
            if !partner.listed {
                let meant = vocab.misprint_of(&partner.symbol);
                fact.misprint_of = meant.map(str::to_owned).or(fact.misprint_of);
                self.out
                    .unlisted
                    .push((partner.symbol.clone(), partner.range.clone()));
            }
        }
        self.finish(fact);
    }

    fn finish(&mut self, mut fact: Fusion) {
        fact.method = self.method();
        fact.context = context(self.setting);
        fact.sample.clone_from(&self.setting.sample);
        fact.version = self.setting.version;
        self.out.facts.push(fact);
    }

    fn method(&self) -> Method {
        let exact = |a: &Assay| matches!(a, Assay::Rna | Assay::Dna | Assay::Karyotype);
        let own = molecular_assay(&self.tokens).or(self.whole.method);
        let bands = self.whole.bands && self.setting.section != Some(Section::Molecular);
        match own
            .or(self.setting.assay.filter(exact))
            .or(self.setting.method)
            .or(bands.then_some(Assay::Karyotype))
        {
            Some(Assay::Rna) => Method::Rna,
            Some(Assay::Dna) => Method::Dna,
            Some(Assay::Karyotype) => Method::Karyotype,
            _ => Method::Unspecified,
        }
    }

    /// Why nothing in this clause is a fact.
    fn passed(&self) -> Option<Passed> {
        let hypothetical = self.says.hypothetical.then_some(Passed::Hypothetical);
        let invalid = has_cue(&self.whole.tokens, Cue::Invalid).then_some(Passed::Invalid);
        self.whole.passed.or(hypothetical).or(invalid)
    }

    /// Whether the clause says in words that something was found.
    fn says_found(&self) -> bool {
        has(&self.tokens, |w| *w == Word::Detected)
            || self.says.results.contains(&Polarity::Positive)
    }

    /// The status of what stands at `at`; none when the test was not made.
    fn status(&self, at: &Range<usize>) -> Option<Status> {
        let says = |polarity| self.says.results.contains(&polarity);
        if self.negated(at) {
            Some(Status::NotDetected)
        } else if says(Polarity::Pending) {
            Some(Status::Pending)
        } else if says(Polarity::Failed) {
            Some(Status::Failed)
        } else if says(Polarity::Equivocal) || self.says.intergenic {
            Some(Status::Inconclusive)
        } else if says(Polarity::NotDone) {
            None
        } else {
            Some(Status::Detected)
        }
    }

    /// `no X`, `X not detected`, `negative for X`, `X: negative`, `X fusion (-)`.
    fn negated(&self, at: &Range<usize>) -> bool {
        self.denied()
            || self
                .says
                .first_negation
                .is_some_and(|n| n < at.end && !self.excepted(n, at.start))
            || self.says.last_turned.is_some_and(|n| n >= at.end)
            || self.sign_after(at.end) == Some('-')
    }

    /// `no fusion other than A::B`
    fn excepted(&self, from: usize, to: usize) -> bool {
        (from..to).any(|i| self.word(i, |w| *w == Word::Exception))
    }

    fn sign_after(&self, at: usize) -> Option<char> {
        let mut index = at;
        while self.tokens.get(index).is_some_and(|t| {
            self.tokens
                .words(t)
                .any(|w| matches!(w, Word::Rearrangement | Word::Filler))
        }) {
            index += 1;
        }
        let open = self.tokens.get(index)?;
        if open.kind != Kind::Mark('(') {
            return None;
        }
        match (
            self.tokens.get(index + 1)?.kind,
            self.tokens.get(index + 2)?.kind,
        ) {
            (Kind::Mark(sign @ ('-' | '+')), Kind::Mark(')')) => Some(sign),
            _ => None,
        }
    }
}

/// The laboratory or time of a fact.
pub(crate) fn context(setting: &Setting) -> Option<Context> {
    match setting.origin {
        Some(Origin::Outside) => Some(Context::Outside),
        Some(Origin::Prior) => Some(Context::Prior),
        _ => None,
    }
}
