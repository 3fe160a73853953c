//! Immunohistochemistry in report text.
//!
//! Every way of writing goes through one reader that walks a sentence from left to right:
//!
//! ```text
//! item    = marker { attachment }
//! attachment = boxes | "(" value | clone | comment ")" | clone | filler | sign | separator value
//! phrase  = value in running text
//! scope   = phrase ("for" | "with" | "of" | ":" | "-") item { ("," | "and" | "or") item }
//! list    = marker { ("," | "and") marker } [copula] phrase
//! ```
//!
//! A value in a bracket, behind a sign, a colon or in a column belongs to its marker alone (a colon also
//! to markers joined to it by `and`). A phrase before a list opens a scope; a phrase behind a list
//! answers the markers that wait. A contrast, a semicolon or a marker with a result of its own closes a
//! scope; a result is never carried across a full stop.
//!
//! A marker without any result gives no reading: lists of stains that were made, controls, literature
//! and hypotheticals leave none.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::case::ihc::{Ihc, Status};
use crate::diag::Diagnostic;
use crate::narrative::clause::{has, has_cue};
use crate::narrative::history::is_doubted;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::outline::Setting;
use crate::narrative::passed::{Passed, passed};
use crate::narrative::value::{Glue, Minus, Value, Verdict, run};
use crate::source::Source;
use crate::vocab::{Assay, Clone as AntibodyClone, Cue, Gap, Polarity, Section, Word};

mod answer;
mod behind;
mod boxes;
mod clones;
mod exception;
mod fact;
mod in_order;
mod item;
mod later;
mod mention;
mod name;
mod opens;
mod phrase;
mod scope;

pub(crate) use later::{says_again, says_now};
use mention::Mention;

/// What a sentence says of stains.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<Ihc>,
    /// Byte ranges that the facts cover, marker to value.
    pub(crate) covered: Vec<Range<usize>>,
    /// Readings that are no facts, with the reason.
    pub(crate) passed: Vec<(Range<usize>, Passed)>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Markers without a result and their byte ranges: a list of stains that were made, or a result in
    /// words that are not known.
    pub(crate) listed: Vec<(String, Range<usize>)>,
}

impl Read {
    // attribute = marker ["-"] result disease
    /// `an A-positive IMT is not excluded`: an attribute of a diagnosis that is in doubt is no result.
    fn drop_attributes(&mut self, sentence: &Tokens<'_>, setting: &Setting) {
        let facts = std::mem::take(&mut self.facts);
        let covered = std::mem::take(&mut self.covered);
        for (fact, range) in facts.into_iter().zip(covered) {
            let marker = sentence.partition_point(|t| t.start < range.start);
            let attribute = |i: &usize| {
                sentence.get(*i).is_some_and(|t| {
                    t.kind == Kind::Mark('-')
                        || sentence.text_of(t) == "的"
                        || sentence.words(t).any(|w| matches!(w, Word::Result(..)))
                })
            };
            let end = (marker + 1..sentence.len()).find(|i| !attribute(i));
            let disease = end.filter(|i| {
                *i > marker + 1 && (sentence.get(*i)).is_some_and(|t| sentence.disease(t).is_some())
            });
            if disease.is_some_and(|i| is_doubted(sentence, setting, i)) {
                self.passed.push((range, Passed::Hypothetical));
            } else {
                self.facts.push(fact);
                self.covered.push(range);
            }
        }
    }

    /// Adds what another part of the sentence says.
    pub(crate) fn extend(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.covered.extend(other.covered);
        self.passed.extend(other.passed);
        self.diagnostics.extend(other.diagnostics);
        self.listed.extend(other.listed);
    }
}

/// Reads one sentence. `genes` are tokens that stand for genes, in order; `listed` are the markers of an
/// earlier list of stains.
pub(crate) fn read(
    sentence: &Tokens<'_>,
    setting: &Setting,
    source: &Source,
    genes: &[usize],
    listed: &BTreeSet<String>,
) -> Read {
    let mut reader = Reader {
        tokens: *sentence,
        setting,
        source,
        genes,
        listed,
        at: 0,
        waiting: Vec::new(),
        evidence: None,
        leading: Value::default(),
        scope: setting
            .heading
            .filter(|_| begins_item(sentence))
            .map(|polarity| {
                let value = Value {
                    verdict: Some(Verdict::Word(polarity)),
                    ..Value::default()
                };
                (value, Reach::Heading)
            }),
        subject: None,
        last: 0..0,
        last_verdict: None,
        denied_from: 0,
        signs_first: false,
        excepting: false,
        excepting_to: None,
        excepted: Vec::new(),
        neither: false,
        denying: false,
        phrase_at: 0,
        main: None,
        hypothetical_from: None,
        out: Read::default(),
    };
    if reader.in_order() {
        return reader.out;
    }
    reader.read();
    let mut out = reader.out;
    if let Some(passed) = passed(sentence) {
        if !out.facts.is_empty() {
            out.passed.push((sentence.range(), passed));
        }
        out.facts.clear();
        out.covered.clear();
        out.listed.clear();
    }
    out.drop_attributes(sentence, setting);
    if has_cue(sentence, Cue::Supersedes) {
        for fact in &mut out.facts {
            fact.replaces = matches!(fact.status, Status::Positive | Status::Negative);
        }
    }
    out
}

/// How far an opened result reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// To the end of the sentence: `Positive: ...`.
    Heading,
    /// To the closing bracket: `positive (A, B)`.
    Bracket,
    /// Over a list: `positive for ...`.
    List,
    /// One marker: `positive ALK`.
    One,
}

#[allow(clippy::struct_excessive_bools, reason = "each is a state of its own")]
struct Reader<'a, 'c> {
    tokens: Tokens<'a>,
    setting: &'c Setting,
    source: &'c Source,
    genes: &'c [usize],
    listed: &'c BTreeSet<String>,
    at: usize,
    waiting: Vec<Mention<'a>>,
    /// A bare `staining` behind waiting markers: positive if nothing else comes.
    evidence: Option<Value>,
    /// Qualifiers that wait for a marker or a result.
    leading: Value,
    scope: Option<(Value, Reach)>,
    /// Cells the sentence is about, when not the tumour's.
    subject: Option<String>,
    /// The facts answered last, which later qualifiers refine.
    last: Range<usize>,
    /// Their result, which `as is` gives to another marker.
    last_verdict: Option<Verdict>,
    /// Index of the negation that turns round what follows.
    denied_from: usize,
    /// The sentence has its signs before the markers.
    signs_first: bool,
    excepting: bool,
    /// Where the exception ends, if a word of its own says so.
    excepting_to: Option<usize>,
    excepted: Vec<Mention<'a>>,
    /// Inside `neither ... nor`, which turns a result round.
    neither: bool,
    /// Behind a negation that turns round what follows, up to the end of the phrase.
    denying: bool,
    /// Where the phrase that is looked at begins.
    phrase_at: usize,
    /// The result of the sentence, which exceptions contradict.
    main: Option<Polarity>,
    hypothetical_from: Option<usize>,
    out: Read,
}

impl<'a> Reader<'a, '_> {
    fn get(&self, at: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(at)
    }

    fn rest(&self, at: usize) -> Tokens<'a> {
        self.tokens.slice(at..self.tokens.len())
    }

    fn is(&self, at: usize, wanted: impl Fn(&Word) -> bool) -> bool {
        self.get(at)
            .is_some_and(|t| self.tokens.words(t).any(wanted))
    }

    fn is_mark(&self, at: usize, wanted: &[char]) -> bool {
        self.get(at)
            .is_some_and(|t| matches!(t.kind, Kind::Mark(c) if wanted.contains(&c)))
    }

    fn read(&mut self) {
        while self.at < self.tokens.len() {
            self.step();
        }
        self.close();
    }

    fn step(&mut self) {
        let at = self.at;
        if self.marker(at).is_some() {
            self.item();
            return;
        }
        if let Some((verdict, end)) = self.sign_heading(at) {
            // `(+) A, B (-) C`
            self.close();
            let value = Value {
                verdict: Some(verdict),
                ..Value::default()
            };
            self.scope = Some((value, Reach::Heading));
            self.signs_first = true;
            self.at = end;
            return;
        }
        if self.is_mark(at, &['(', '[', '{']) {
            self.loose_bracket();
            return;
        }
        // `the stain was repeated; it is positive`
        if self.is_mark(at, &[';']) && !self.waiting.is_empty() && self.speaks_of_it(at + 1) {
            self.at += 1;
            return;
        }
        if self.is_mark(at, &[';']) && self.other_clone(at + 1) {
            return;
        }
        if self.is_mark(at, &[';']) && self.doubted_behind(at + 1) {
            self.doubt();
        }
        if self.is_mark(at, &[';']) && self.result_by_clone(at + 1) {
            self.at += 1;
            return;
        }
        if self.is_mark(at, &[';']) {
            self.close();
            self.end_scope();
            self.hypothetical_from = None;
            self.at += 1;
            return;
        }
        if self.is_mark(at, &[')', ']']) && matches!(self.scope, Some((_, Reach::Bracket))) {
            self.close();
            self.scope = None;
            self.at += 1;
            return;
        }
        if self.exception_closes(at) {
            return;
        }
        if self.is_mark(at, &[',']) || self.is(at, |w| *w == Word::And) {
            self.list_goes_on(at);
        }
        self.with(at);
        self.supposes(at);
        if self.is(at, |w| *w == Word::Contrast)
            && (self.grades_twice(at) || self.contrasts_behind(at))
        {
            self.at += 1;
        } else if self.is(at, |w| *w == Word::Contrast) {
            self.contrast(at);
        } else if self.exception(at)
            || self.too(at)
            || (self.is(at, |w| *w == Word::Likewise) && self.likewise(at))
        {
            // Read.
        } else if self.is(at, |w| *w == Word::Remaining) {
            self.excepting = false;
            self.take_remaining();
            self.at += 1;
        } else if self.is(at, |w| *w == Word::Neither) && self.evidence.is_some() {
            // `staining in none of the cells`
            self.deny_evidence();
            self.at += 1;
        } else if self.is(at, |w| *w == Word::Neither) || self.nor_twice(at) {
            let negative = Value {
                verdict: Some(Verdict::Word(Polarity::Negative)),
                ..Value::default()
            };
            self.scope = Some((negative, Reach::Heading));
            self.neither = true;
            self.at += 1;
        } else if self.is(at, |w| *w == Word::Negation) && self.negation() {
            // Read.
        } else {
            self.words();
        }
    }

    // sign-heading = "(" sign ")" | sign ":"       ; where a sentence begins, and before markers
    /// A sign before the markers it holds for, and where it ends. Later ones of a sentence count only behind a
    /// first one: `A (+) B (-)` has its signs behind.
    fn sign_heading(&self, at: usize) -> Option<(Verdict, usize)> {
        let sign = |i: usize| match self.get(i)?.kind {
            Kind::Mark('+') => Some(Verdict::Plus),
            Kind::Mark('-') => Some(Verdict::Minus),
            _ => None,
        };
        let (verdict, end) = if self.is_mark(at, &['(']) {
            (
                sign(at + 1)?,
                self.is_mark(at + 2, &[')']).then_some(at + 3)?,
            )
        } else {
            (sign(at)?, self.is_mark(at + 1, &[':']).then_some(at + 2)?)
        };
        let first = (0..at).all(|i| {
            self.is_mark(i, &[':', '.', '*', '•'])
                || self.is(i, |w| matches!(w, Word::Section(_) | Word::Assay(_)))
        });
        let end = end + usize::from(self.is_mark(end, &[':']));
        ((first || self.signs_first) && self.marker(end).is_some()).then_some((verdict, end))
    }

    /// A negation that is no part of a result: it turns round what follows it, or the `staining` before
    /// it (`ALK expression was not demonstrated`). False when it is part of a result.
    fn negation(&mut self) -> bool {
        let (count, _) = run(self.rest(self.at), Minus::Hyphen, Glue::Tight);
        let only = self
            .get(self.at + 1)
            .is_some_and(|t| self.tokens.text_of(t) == "only");
        if count > 0 {
            return false;
        }
        self.at += 1;
        if only {
            return true;
        }
        if self.evidence.is_some() {
            self.deny_evidence();
        } else {
            self.denying = true;
            self.denied_from = self.at - 1;
        }
        true
    }

    /// A bare `staining` that is denied: the markers that wait are negative.
    fn deny_evidence(&mut self) {
        self.evidence = None;
        let negative = Value {
            verdict: Some(Verdict::Word(Polarity::Negative)),
            ..Value::default()
        };
        let waiting = std::mem::take(&mut self.waiting);
        self.emit_all(waiting, &negative);
    }

    /// Markers that had no result.
    fn list(&mut self, mentions: &[Mention<'a>]) {
        let named = |m: &Mention<'a>| (m.marker.name.clone(), m.written.clone());
        self.out.listed.extend(mentions.iter().map(named));
    }

    /// Takes a bare `staining` as the result of the markers that wait.
    fn answer_evidence(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if let Some(mut value) = self.evidence.take() {
            // `staining is present only in histiocytes`
            value.add(std::mem::take(&mut self.leading));
            let denied = waiting.iter().any(|m| m.denied);
            let of_tumour = value.cells.as_deref() == Some("tumour");
            let graded = Value {
                cells: value.cells.clone().filter(|_| !of_tumour),
                ..value.clone()
            };
            if denied || graded.qualifies() || self.says_there_was(&waiting) {
                self.emit_all(waiting, &value);
            } else {
                self.list(&waiting);
            }
        }
    }
}

/// Whether a sentence is an item of a list: a bullet or number, and a marker.
pub(crate) fn begins_item(sentence: &Tokens<'_>) -> bool {
    let bullet = |t: &&Token<'_>| {
        matches!(
            t.kind,
            Kind::Mark('-' | '*' | '•' | '·' | '.' | ')' | '(' | '+' | '▪' | '–' | '○' | '●')
                | Kind::Number
        )
    };
    let bullets = sentence.iter().take_while(bullet).count();
    bullets <= 3
        && sentence
            .get(bullets)
            .is_some_and(|t| sentence.marker(t).is_some())
}

/// The stains of a subject with the result that another part of the sentence corrects them to.
pub(crate) fn corrected(
    subject: &Tokens<'_>,
    result: &Tokens<'_>,
    setting: &Setting,
    source: &Source,
) -> Read {
    let mut out = Read::default();
    let (_, value) = run(*result, Minus::Sign, Glue::Loose);
    for (at, token) in subject.iter().enumerate() {
        let Some((marker, _)) = subject.marker(token) else {
            continue;
        };
        let mut mention = Mention::of(subject, token, marker, at);
        mention.item.end = result.range().end.max(mention.item.end);
        let clones = |t| {
            let clone = subject.clone_name(t)?;
            clone
                .markers
                .contains(&marker.name)
                .then(|| clone.name.clone())
        };
        mention.clone = mention.clone.or_else(|| subject.iter().find_map(clones));
        if let Some(mut fact) =
            fact::reading(subject, &mention, value.clone(), None, setting, source)
        {
            fact.replaces = true;
            out.covered.push(mention.item.clone());
            out.facts.push(fact);
        }
    }
    out
}

/// The reading of a marker whose name and value stand in two cells of a table.
pub(crate) fn cell(
    tokens: &Tokens<'_>,
    name: Range<usize>,
    value: Range<usize>,
    setting: &Setting,
    source: &Source,
) -> Option<Ihc> {
    let token = tokens.get(name.start)?;
    let (marker, _) = tokens.marker(token)?;
    let mut mention = Mention::of(tokens, token, marker, name.start);
    let stains = |c: &&AntibodyClone| c.markers.contains(&marker.name);
    mention.clone = mention.clone.or_else(|| {
        let named = |t| tokens.clone_name(t).filter(stains);
        tokens
            .slice(name)
            .iter()
            .find_map(named)
            .map(|c| c.name.clone())
    });
    if let Some(last) = value.end.checked_sub(1).and_then(|i| tokens.get(i))
        && tokens
            .slice(mention.token + 1..value.end)
            .iter()
            .all(|t| t.gap < Gap::Line)
    {
        mention.item.end = last.end;
    }
    let (_, value) = run(tokens.slice(value), Minus::Sign, Glue::Loose);
    fact::reading(tokens, &mention, value, None, setting, source)
}

/// Whether a sentence may hold readings of stains: not one about FISH or sequencing alone.
pub(crate) fn may_hold_stains(sentence: &Tokens<'_>, setting: &Setting) -> bool {
    let named = has(sentence, |w| {
        matches!(w, Word::Section(Section::Ihc) | Word::Assay(Assay::Ihc))
    });
    named || !matches!(setting.section, Some(Section::Fish | Section::Molecular))
}
