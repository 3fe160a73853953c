//! Immunohistochemistry in report text.
//!
//! Every way of writing goes through one reader that walks a sentence from left to right:
//!
//! ```text
//! item    = marker { attachment }
//! attachment = "(" value | clone | comment ")" | clone | filler | sign | separator value
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

use std::ops::Range;

use crate::case::Repair;
use crate::case::ihc::{Ihc, Status};
use crate::diag::{Code, Diagnostic};
use crate::narrative::clause::{has, has_cue};
use crate::narrative::fusion::{Passed, context};
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::outline::Setting;
use crate::narrative::value::{Glue, Minus, Value, Verdict, element, form, run};
use crate::source::Source;
use crate::vocab::{Assay, Cue, Form, Gap, Marker, Polarity, Section, Word};

/// What a sentence says of stains.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<Ihc>,
    /// Byte ranges that the facts cover, marker to value.
    pub(crate) covered: Vec<Range<usize>>,
    /// Readings that are no facts, with the reason.
    pub(crate) passed: Vec<(Range<usize>, Passed)>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Markers of a list of stains that were made, for `the remaining markers are negative`.
    pub(crate) listed: Vec<String>,
}

/// Reads one sentence. `genes` are tokens that stand for genes, in order; `listed` are the markers of an
/// earlier list of stains.
pub(crate) fn read(
    sentence: &Tokens<'_>,
    setting: &Setting,
    source: &Source,
    genes: &[usize],
    listed: &[String],
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
        scope: None,
        subject: None,
        last: 0..0,
        excepting: false,
        excepted: Vec::new(),
        main: None,
        hypothetical_from: None,
        out: Read::default(),
    };
    reader.read();
    let mut out = reader.out;
    if has_cue(sentence, Cue::Literature) {
        let range = sentence.range();
        if !out.facts.is_empty() {
            out.passed.push((range, Passed::Literature));
        }
        out.facts.clear();
        out.covered.clear();
    }
    if has_cue(sentence, Cue::Supersedes) {
        for fact in &mut out.facts {
            fact.replaces = matches!(fact.status, Status::Positive | Status::Negative);
        }
    }
    out
}

/// A marker as written.
#[derive(Debug, Clone)]
struct Mention<'a> {
    marker: &'a Marker,
    written: Range<usize>,
    clone: Option<String>,
    repair: Option<Repair>,
    /// What its own brackets say without a result (`(focal)`).
    extra: Value,
    /// Index of the token behind the marker and its attachments.
    end: usize,
    /// Index of its token.
    token: usize,
}

/// How far an opened result reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// To the end of the sentence: `Positive: ...`.
    Heading,
    /// Over a list: `positive for ...`.
    List,
    /// One marker: `positive ALK`.
    One,
}

struct Reader<'a, 'c> {
    tokens: Tokens<'a>,
    setting: &'c Setting,
    source: &'c Source,
    genes: &'c [usize],
    listed: &'c [String],
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
    excepting: bool,
    excepted: Vec<Mention<'a>>,
    /// The result of the sentence, which exceptions contradict.
    main: Option<Polarity>,
    hypothetical_from: Option<usize>,
    out: Read,
}

/// Most tokens of one bracket.
const BRACKET: usize = 60;

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

    /// A token that names a marker and is not used as a gene here.
    fn marker(&self, at: usize) -> Option<&'a Marker> {
        let token = self.get(at)?;
        let (marker, _) = self.tokens.marker(token)?;
        let gene = self.genes.binary_search(&at).is_ok() || self.stands_for_gene(at);
        (!gene).then_some(marker)
    }

    /// `ALK rearrangement`, `ALK gene`, `ALK FISH`: the gene, unless immunohistochemistry is named.
    fn stands_for_gene(&self, at: usize) -> bool {
        let Some(token) = self.get(at) else {
            return false;
        };
        if self.tokens.gene(token).is_none() {
            return false;
        }
        for next in at + 1..at + 4 {
            let genetic = self.is(next, |w| {
                matches!(
                    w,
                    Word::Rearrangement
                        | Word::Signal(_)
                        | Word::Section(Section::Fish)
                        | Word::Assay(Assay::Fish)
                )
            }) || self
                .get(next)
                .is_some_and(|t| self.tokens.text_of(t) == "gene");
            if genetic {
                return !(next..next + 4).any(|k| {
                    self.is(k, |w| {
                        matches!(w, Word::Section(Section::Ihc) | Word::Assay(Assay::Ihc))
                    })
                });
            }
            if !self.is_mark(next, &['-']) && !self.is(next, |w| matches!(w, Word::Filler)) {
                return false;
            }
        }
        false
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
        if self.is_mark(at, &['(', '[', '{']) {
            self.loose_bracket();
            return;
        }
        if self.is_mark(at, &[';']) {
            self.close();
            if self
                .scope
                .as_ref()
                .is_some_and(|(_, reach)| *reach != Reach::Heading)
            {
                self.scope = None;
            }
            self.at += 1;
            return;
        }
        if self.is(at, |w| matches!(w, Word::Cue(Cue::Hypothetical))) {
            self.hypothetical_from = self.hypothetical_from.or(Some(at));
        }
        if self.is(at, |w| *w == Word::Contrast) {
            if self
                .scope
                .as_ref()
                .is_some_and(|(_, reach)| *reach != Reach::Heading)
            {
                self.scope = None;
            }
            self.leading = Value::default();
            self.at += 1;
        } else if self.is(at, |w| *w == Word::Exception) {
            self.excepting = true;
            self.scope = None;
            self.at += 1;
        } else if self.is(at, |w| *w == Word::Remaining) {
            self.excepting = false;
            self.take_remaining();
            self.at += 1;
        } else if self.is(at, |w| *w == Word::Neither) {
            let negative = Value {
                verdict: Some(Verdict::Word(Polarity::Negative)),
                ..Value::default()
            };
            self.scope = Some((negative, Reach::Heading));
            self.at += 1;
        } else {
            self.words();
        }
    }

    /// A phrase, qualifiers, or a word of no interest.
    fn words(&mut self) {
        let rest = self.rest(self.at);
        let (count, value) = run(rest, Minus::Hyphen, Glue::Tight);
        if count == 0 {
            self.at += 1;
        } else if value.answers() || value.impossible {
            self.phrase(count, value);
        } else {
            self.qualifiers(count, value);
        }
    }

    /// A result in running text: before its markers or behind them.
    fn phrase(&mut self, count: usize, value: Value) {
        let end = self.at + count;
        let phrase = self.tokens.slice(self.at..end);
        let polar = value.verdict.is_some();
        let bare_evidence =
            value.evidence && !polar && !value.qualifies() && value.pattern.is_none();
        let counted = !polar && !value.evidence && value.pattern.is_none();
        let separator = self.is_mark(end, &[':', '-', '：']);
        if separator && self.at_start() && self.marker_follows(end + 1) && polar {
            self.scope = Some((value, Reach::Heading));
            self.at = end + 1;
            return;
        }
        // `positivity, 25% of tumour cells` says where, not of which marker.
        let of_cells = self.is(end + 1, |w| matches!(w, Word::Cells(_)));
        if self.is(end, |w| *w == Word::Preposition) && !counted && !of_cells {
            // `Staining for ALK is positive`: the noun alone says nothing yet.
            if !bare_evidence {
                let mut value = value;
                value.add(std::mem::take(&mut self.leading));
                self.note_main(&value);
                self.scope = Some((value, Reach::List));
                self.waiting.clear();
                self.evidence = None;
            }
            self.at = end + 1;
            return;
        }
        let verb = form(&phrase) == Some(Form::Verb);
        if self.marker_follows(end)
            && (self.waiting.is_empty() || verb)
            && (verb || self.get(end).is_some_and(|t| t.gap < Gap::Line))
            && (polar || value.evidence)
            && !bare_evidence
        {
            let mut value = value;
            value.add(std::mem::take(&mut self.leading));
            self.scope = Some((value, if verb { Reach::List } else { Reach::One }));
            self.waiting.clear();
            self.at = end;
            return;
        }
        self.at = end;
        self.answer(value, bare_evidence, counted);
    }

    /// Nothing but labels and punctuation before this place.
    fn at_start(&self) -> bool {
        (0..self.at).all(|i| {
            self.is_mark(i, &[':', '-', '*', '•', '.', ',', ')', '('])
                || self.is(i, |w| matches!(w, Word::Section(_) | Word::Assay(_)))
        })
    }

    fn marker_follows(&self, at: usize) -> bool {
        let article = self
            .get(at)
            .is_some_and(|t| matches!(self.tokens.text_of(t), "the" | "an" | "a"));
        self.marker(at + usize::from(article)).is_some()
    }

    fn note_main(&mut self, value: &Value) {
        if let Some(Verdict::Word(polarity)) = value.verdict {
            self.main = Some(polarity);
        }
    }

    /// A phrase behind markers that wait, or one that refines what was answered before.
    fn answer(&mut self, mut value: Value, bare_evidence: bool, counted: bool) {
        if !self.excepted.is_empty() && self.main.is_some() && self.waiting.is_empty() {
            // `..., with the exception of SMA, which highlights scattered cells`
            let excepted = std::mem::take(&mut self.excepted);
            self.excepting = false;
            self.emit_all(excepted, &value);
            return;
        }
        if self.waiting.is_empty() {
            if !self.last.is_empty() && value.verdict.is_none() {
                self.refine(&value);
            } else if counted && self.marker_follows(self.at) {
                self.leading.add(value);
            } else {
                self.note_main(&value);
                self.answer_excepted();
            }
            return;
        }
        let leading = std::mem::take(&mut self.leading);
        value.add(leading);
        if bare_evidence {
            self.evidence = Some(value);
            return;
        }
        self.evidence = None;
        self.note_main(&value);
        if counted {
            // A number belongs to the nearest marker.
            if let Some(mention) = self.waiting.pop() {
                self.emit_all(vec![mention], &value);
            }
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.emit_all(waiting, &value);
        self.answer_excepted();
    }

    /// Exceptions say the opposite of the rest.
    fn answer_excepted(&mut self) {
        let opposite = match self.main {
            Some(Polarity::Negative) => Polarity::Positive,
            Some(Polarity::Positive) => Polarity::Negative,
            _ => return,
        };
        let excepted = std::mem::take(&mut self.excepted);
        if !excepted.is_empty() {
            let value = Value {
                verdict: Some(Verdict::Word(opposite)),
                ..Value::default()
            };
            self.emit_all(excepted, &value);
            self.excepting = false;
        }
    }

    /// Qualifiers without a result: of the next marker, of the list that goes on, or of the last answer.
    fn qualifiers(&mut self, count: usize, value: Value) {
        let end = self.at + count;
        let preposition = self.is(end, |w| *w == Word::Preposition);
        if let Some(cells) = &value.cells
            && !self.attaches_cells()
        {
            self.subject = (cells != "tumour").then(|| cells.clone());
            self.at = end;
            return;
        }
        if preposition && let Some((scope, Reach::List)) = &mut self.scope {
            // `positive for ALK and focally for desmin`
            scope.extent = None;
            scope.intensity = None;
            scope.add(value);
            self.at = end + 1;
            return;
        }
        self.at = end;
        let behind = self.waiting.is_empty() && !self.last.is_empty() && self.scope.is_none();
        if behind && !self.marker_follows(end) {
            self.refine(&value);
        } else {
            self.leading.add(value);
        }
    }

    /// Cells behind `in` or a result belong to the answer before; elsewhere they are the subject.
    fn attaches_cells(&self) -> bool {
        let before = self.at.checked_sub(1);
        let behind = before.is_some_and(|i| {
            self.get(i).is_some_and(|t| {
                matches!(
                    self.tokens.text_of(t),
                    "in" | "within" | "of" | "only" | "the"
                )
            }) || self.is(i, |w| {
                matches!(w, Word::Result(..) | Word::Extent(_) | Word::Preposition)
            })
        });
        behind && (!self.last.is_empty() || !self.waiting.is_empty())
    }

    /// Adds to the facts answered last what they lack.
    fn refine(&mut self, value: &Value) {
        let end = self.get(self.at.saturating_sub(1)).map_or(0, |t| t.end);
        for index in self.last.clone() {
            let Some(fact) = self.out.facts.get_mut(index) else {
                continue;
            };
            fact.extent = fact.extent.take().or_else(|| value.extent.clone());
            fact.intensity = fact.intensity.take().or_else(|| value.intensity.clone());
            fact.pattern = fact.pattern.take().or_else(|| value.pattern.clone());
            if fact.percent.is_none() && self.last.len() == 1 {
                fact.percent = value.percent;
                fact.percent_op = value.percent_op;
            }
            if self.last.len() == 1 {
                fact.score = fact.score.take().or_else(|| value.score.clone());
            }
            for place in &value.compartment {
                if !fact.compartment.contains(place) {
                    fact.compartment.push(place.clone());
                }
            }
            if fact.cells.is_none() {
                fact.cells = value.cells.clone().filter(|c| c != "tumour");
            }
            if fact.clone.is_none() {
                fact.clone.clone_from(&value.clone);
            }
            if let Some(covered) = self.out.covered.get_mut(index) {
                covered.end = covered.end.max(end);
            }
        }
    }

    /// A bracket that stands behind no marker.
    fn loose_bracket(&mut self) {
        let Some(close) = self.closing(self.at) else {
            self.at += 1;
            return;
        };
        let inside = self.tokens.slice(self.at + 1..close);
        if (self.at + 1..close).any(|i| self.marker(i).is_some()) {
            self.at += 1;
            return;
        }
        let mut value = run(inside, Minus::Sign, Glue::Loose).1;
        value.clone = self.clone_in(&inside, None);
        value.verdict = None;
        self.at = close + 1;
        self.refine(&value);
    }

    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..(open + BRACKET).min(self.tokens.len()) {
            if self.is_mark(at, &['(', '[', '{']) {
                depth += 1;
            } else if self.is_mark(at, &[')', ']', '}']) {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }

    // item = marker { attachment }
    fn item(&mut self) {
        let at = self.at;
        let Some((token, marker)) = self.get(at).zip(self.marker(at)) else {
            self.at += 1;
            return;
        };
        let mut mention = self.mention(token, marker, at);
        let own = self.attachments(&mut mention);
        let end = mention.end;
        self.at = end.max(at + 1);
        match own {
            Some((value, shared)) => {
                let mut group = Vec::new();
                if shared {
                    group = self.joined_to(at);
                }
                group.push(mention);
                let mut value = value;
                if shared || !value.qualifies() {
                    value.add(std::mem::take(&mut self.leading));
                }
                self.emit_all(group, &value);
            }
            None if self.excepting => {
                mention.extra.add(std::mem::take(&mut self.leading));
                self.excepted.push(mention);
            }
            None if self.scope.is_some() && !self.own_result_ahead(end) => {
                let (mut value, reach) =
                    self.scope.clone().unwrap_or((Value::default(), Reach::One));
                let leading = std::mem::take(&mut self.leading);
                if leading.qualifies() {
                    value.extent = None;
                    value.intensity = None;
                    value.add(leading);
                }
                if reach == Reach::One {
                    self.scope = None;
                }
                let start = self.last.clone();
                self.emit_all(vec![mention], &value);
                // A list is refined as one.
                if reach == Reach::List && start.end == self.last.start {
                    self.last = start.start..self.last.end;
                }
                if reach == Reach::List {
                    self.last = self.last.end.saturating_sub(1)..self.last.end;
                }
            }
            None => {
                if self
                    .scope
                    .as_ref()
                    .is_some_and(|(_, reach)| *reach != Reach::Heading)
                {
                    self.scope = None;
                }
                self.waiting.push(mention);
            }
        }
    }

    fn mention(&self, token: &Token<'a>, marker: &'a Marker, at: usize) -> Mention<'a> {
        let sense = self.tokens.marker(token).map(|(_, sense)| sense);
        let written = self.tokens.text_of(token);
        let damaged = sense.is_some_and(|s| s.damaged)
            || matches!(token.kind, Kind::Name { repaired: true, .. });
        let clones = self.tokens.vocab().clones();
        let named = sense.and_then(|s| s.clone).map(|i| clones[i].name.clone());
        // `AE1/AE3` names marker and clone at once.
        let clone = named.or_else(|| {
            self.tokens
                .clone_name(token)
                .filter(|c| c.markers.contains(&marker.name))
                .map(|c| c.name.clone())
        });
        Mention {
            marker,
            written: token.start..token.end,
            clone,
            repair: damaged.then(|| Repair {
                from: written.to_owned(),
                to: marker.name.clone(),
            }),
            extra: Value::default(),
            end: at + 1,
            token: at,
        }
    }

    /// Reads what hangs on a marker. Returns its own result, and whether markers joined to it by `and`
    /// share it.
    fn attachments(&mut self, mention: &mut Mention<'a>) -> Option<(Value, bool)> {
        let mut own: Option<Value> = None;
        let mut fillers = 0;
        loop {
            let at = mention.end;
            let Some(token) = self.get(at) else { break };
            if token.gap == Gap::Blank {
                break;
            }
            if matches!(token.kind, Kind::Mark('(' | '[' | '{')) {
                if !self.bracket(mention, &mut own) {
                    break;
                }
                continue;
            }
            if self.set_clone(mention, at) {
                continue;
            }
            let filler = self.is(at, |w| {
                matches!(
                    w,
                    Word::Filler | Word::Section(Section::Ihc) | Word::Assay(Assay::Ihc)
                )
            }) || self.tokens.text_of(token) == "clone"
                || self.gene_words_before_ihc(at);
            if filler && own.is_none() && fillers < 6 && token.gap < Gap::Line {
                fillers += 1;
                mention.end += 1;
                continue;
            }
            break;
        }
        if let Some(value) = own {
            return Some((self.continued(mention, value), false));
        }
        self.inline_sign(mention)
            .map(|value| (self.continued(mention, value), false))
            .or_else(|| self.separated(mention).map(|value| (value, true)))
    }

    /// `ALK rearrangement immunohistochemistry: negative` is a stain.
    fn gene_words_before_ihc(&self, at: usize) -> bool {
        self.is(at, |w| *w == Word::Rearrangement)
            && (at + 1..at + 4).any(|k| {
                self.is(k, |w| {
                    matches!(w, Word::Section(Section::Ihc) | Word::Assay(Assay::Ihc))
                })
            })
    }

    fn set_clone(&self, mention: &mut Mention<'a>, at: usize) -> bool {
        let at = if self.is_mark(at, &['-']) { at + 1 } else { at };
        let Some(token) = self.get(at) else {
            return false;
        };
        let fits = self
            .tokens
            .clone_name(token)
            .filter(|c| c.markers.contains(&mention.marker.name) && token.gap < Gap::Line);
        if let Some(clone) = fits {
            mention.clone = Some(clone.name.clone());
            mention.end = at + 1;
            return true;
        }
        false
    }

    /// A percentage or extent right behind a sign: `ER+ 20%`.
    fn continued(&self, mention: &mut Mention<'a>, mut value: Value) -> Value {
        let rest = self.rest(mention.end);
        let stop = rest
            .first()
            .is_none_or(|t| t.gap >= Gap::Line || matches!(t.kind, Kind::Mark(',' | ';')));
        if !stop {
            let (count, more) = run(rest, Minus::Hyphen, Glue::Tight);
            // A result behind it belongs to the next marker.
            let next_scope =
                more.verdict.is_some() || more.evidence || self.marker_follows(mention.end + count);
            if count > 0 && !next_scope {
                value.add(more);
                mention.end += count;
            }
        }
        value
    }

    /// Reads a bracket behind a marker: value, clone, qualifier or comment. False when it belongs to
    /// something else.
    fn bracket(&mut self, mention: &mut Mention<'a>, own: &mut Option<Value>) -> bool {
        let open = mention.end;
        let close = self.closing(open);
        let end = close.unwrap_or_else(|| self.end_of_open_bracket(open));
        let inside = self.tokens.slice(open + 1..end);
        let others = (open + 1..end)
            .filter_map(|i| self.marker(i))
            .any(|m| m.name != mention.marker.name);
        let clone = self.clone_in(&inside, Some(mention.marker));
        if others && clone.is_none() {
            return false;
        }
        if close.is_none() {
            self.open_bracket(open);
        }
        let (_, mut value) = run(inside, Minus::Sign, Glue::Loose);
        // `ALK [D5F3 (+)]`: the result stands in an inner bracket behind the clone.
        if value.verdict.is_none()
            && let Some(inner) = (open + 1..end).find(|i| self.is_mark(*i, &['(', '[']))
        {
            let (_, deeper) = run(self.tokens.slice(inner + 1..end), Minus::Sign, Glue::Loose);
            value.add(deeper);
        }
        mention.clone = clone.or(mention.clone.take());
        mention.end = (close.map_or(end, |c| c + 1)).max(open + 1);
        if value.impossible {
            self.impossible(&inside);
        }
        if value.answers()
            || (value.cells.as_ref().is_some_and(|c| c != "tumour")
                && own.is_none()
                && self.scope.is_none())
        {
            match own {
                Some(own) => own.add(value),
                None => *own = Some(value),
            }
        } else if value.qualifies() {
            match own {
                Some(own) => own.add(value),
                None => mention.extra.add(value),
            }
        }
        true
    }

    /// Where an unclosed bracket ends: before the comma in front of the next marker.
    fn end_of_open_bracket(&self, open: usize) -> usize {
        let limit = (open + BRACKET).min(self.tokens.len());
        let next = (open + 1..limit)
            .find(|i| self.marker(*i).is_some())
            .unwrap_or(limit);
        (open + 1..next)
            .find(|i| self.is_mark(*i, &[',', ';']))
            .unwrap_or(next)
    }

    fn open_bracket(&mut self, at: usize) {
        if let Some(token) = self.get(at) {
            self.out.diagnostics.push(
                Diagnostic::warning(Code::OpenBracket, "a bracket is not closed")
                    .at(self.source.place(token.start..token.end), "opened here")
                    .help("the value was read up to the next comma; check it against the report"),
            );
        }
    }

    fn impossible(&mut self, tokens: &Tokens<'a>) {
        self.out.diagnostics.push(
            Diagnostic::warning(
                Code::ImpossiblePercent,
                "a percentage above 100, or a range that runs backwards",
            )
            .at(
                self.source.place(tokens.range()),
                "not read as a percentage",
            )
            .help("check the number against the report"),
        );
    }

    fn clone_in(&self, inside: &Tokens<'a>, marker: Option<&Marker>) -> Option<String> {
        inside.iter().find_map(|t| {
            inside
                .clone_name(t)
                .filter(|c| marker.is_none_or(|m| c.markers.contains(&m.name)))
                .map(|c| c.name.clone())
        })
    }

    /// A sign right behind the marker: `ALK+`, `SMA+/-`, `desmin-,`, `caldesmon -`.
    fn inline_sign(&self, mention: &mut Mention<'a>) -> Option<Value> {
        let token = self.get(mention.end)?;
        if token.gap > Gap::Space {
            return None;
        }
        if matches!(token.kind, Kind::Mark('-')) && !self.minus_stands_alone(mention.end) {
            return None;
        }
        if !matches!(token.kind, Kind::Mark('+' | '-' | '±') | Kind::Number) {
            return None;
        }
        let rest = self.rest(mention.end);
        let (after, value) = element(rest, Minus::Sign).ok()?;
        // A number must be a grade (`1+`); percentages come with words.
        value.verdict?;
        mention.end += rest.len() - after.len();
        Some(value)
    }

    /// A minus is a result only when nothing is joined by it.
    fn minus_stands_alone(&self, at: usize) -> bool {
        let Some(token) = self.get(at) else {
            return false;
        };
        let sign = self.tokens.text_of(token) == "−" || self.tokens.text_of(token) == "－";
        match self.get(at + 1) {
            None => true,
            Some(next) => {
                matches!(
                    next.kind,
                    Kind::Mark(',' | ';' | '/' | '.' | ')' | '、' | '+')
                ) || next.gap >= Gap::Wide
                    || (sign && next.gap > Gap::None)
            }
        }
    }

    /// A value behind a colon, a dash, dot leaders or a column gap.
    fn separated(&mut self, mention: &mut Mention<'a>) -> Option<Value> {
        let at = mention.end;
        let token = self.get(at)?;
        let mut start = at;
        let dots = (at..self.tokens.len())
            .take_while(|i| self.is_mark(*i, &['.', '…', '_', '·']))
            .count();
        if dots >= 2 {
            start = at + dots;
        } else if self.is_mark(at, &[':', '=']) {
            start = at + 1;
        } else if self.is_mark(at, &[';']) && token.gap == Gap::None && self.value_starts(at + 1) {
            start = at + 1;
        } else if self.is_mark(at, &['-'])
            && (self.value_starts(at + 1) || self.says_there_is(at + 1))
        {
            start = at + 1;
        } else if token.gap != Gap::Wide {
            return None;
        }
        // A heading dash (`Positive -CK20`) never gets here: the marker stands behind it.
        let limit = self.item_end(start, mention.marker);
        let inside = self.tokens.slice(start..limit);
        let (count, mut value) = run(inside, Minus::Sign, Glue::Loose);
        if value.impossible {
            self.impossible(&inside);
        }
        value.clone = self.clone_in(&inside, Some(mention.marker));
        if !value.says_something() {
            return None;
        }
        // An extent or intensity alone, in the place of a result, is a positive one.
        if !value.answers() && (value.extent.is_some() || value.intensity.is_some()) {
            value.evidence = true;
        }
        mention.end = start + count;
        // The whole item is spent, comment and all.
        mention.end = mention.end.max(self.trim_separators(limit));
        Some(value)
    }

    fn value_starts(&self, at: usize) -> bool {
        element(self.rest(at), Minus::Hyphen).is_ok()
    }

    fn says_there_is(&self, at: usize) -> bool {
        self.is(at, |w| *w == Word::Copula)
    }

    /// One past the item: before the next marker, a semicolon, or the end. `good vimentin staining`
    /// behind its own marker goes on.
    fn item_end(&self, start: usize, own: &Marker) -> usize {
        let starts_item = |at: usize| {
            self.marker(at)
                .is_some_and(|m| m.name != own.name || self.is_mark(at - 1, &[',', '.']))
        };
        (start..self.tokens.len())
            .find(|i| {
                (*i > start && self.is_mark(*i, &[';']))
                    || starts_item(*i)
                    || self.get(*i).is_some_and(|t| t.gap == Gap::Blank)
            })
            .unwrap_or(self.tokens.len())
    }

    /// Steps back over commas and conjunctions before the next item.
    fn trim_separators(&self, end: usize) -> usize {
        let mut end = end;
        while end > 0
            && (self.is_mark(end - 1, &[',', '、']) || self.is(end - 1, |w| *w == Word::And))
        {
            end -= 1;
        }
        end
    }

    /// Whether the marker that ends here has a result of its own behind it: `..., S100 negative`.
    fn own_result_ahead(&self, end: usize) -> bool {
        let mut at = end;
        while self.is(at, |w| *w == Word::Copula) {
            at += 1;
        }
        if self.get(at).is_none_or(|t| matches!(t.kind, Kind::Mark(_))) {
            return false;
        }
        let (count, value) = run(self.rest(at), Minus::Hyphen, Glue::Tight);
        let behind = at + count;
        count > 0
            && value.verdict.is_some()
            && !self.is(behind, |w| *w == Word::Preposition)
            && !self.marker_follows(behind)
    }

    /// Waiting markers joined to this one by commas and `and` alone.
    fn joined_to(&mut self, at: usize) -> Vec<Mention<'a>> {
        let joined = |reader: &Self, from: usize, to: usize| {
            (from..to).all(|i| {
                reader.is_mark(i, &[',', '/', '、']) || reader.is(i, |w| matches!(w, Word::And))
            })
        };
        let mut group = Vec::new();
        let mut to = at;
        while let Some(mention) = self.waiting.last() {
            if !joined(self, mention.end, to) {
                break;
            }
            to = mention.token;
            group.extend(self.waiting.pop());
        }
        self.waiting.clear();
        group.reverse();
        group
    }

    /// `the remaining markers`: those of the list of stains that have no reading yet.
    fn take_remaining(&mut self) {
        let range = self.get(self.at).map_or(0..0, |t| t.start..t.end);
        let markers = self.tokens.vocab().markers();
        let excepted: Vec<&str> = (self.at..self.tokens.len())
            .skip_while(|i| !self.is(*i, |w| *w == Word::Exception))
            .filter_map(|i| self.marker(i).map(|m| m.name.as_str()))
            .collect();
        for name in self.listed {
            let read = self.out.facts.iter().any(|f| f.marker == *name);
            if !read && !excepted.contains(&name.as_str()) && let Some(marker) = markers.iter().find(|m| m.name == *name) {
                self.waiting.push(Mention {
                    marker,
                    written: range.clone(),
                    clone: None,
                    repair: None,
                    extra: Value::default(),
                    end: self.at + 1,
                    token: self.at,
                });
            }
        }
    }

    /// Ends a clause: a bare `staining` was positive; markers still waiting had no result.
    fn close(&mut self) {
        self.answer_excepted();
        let waiting = std::mem::take(&mut self.waiting);
        if let Some(value) = self.evidence.take() {
            self.emit_all(waiting, &value);
        } else {
            self.out
                .listed
                .extend(waiting.iter().map(|m| m.marker.name.clone()));
        }
        self.leading = Value::default();
        self.subject = None;
        self.last = 0..0;
    }

    fn emit_all(&mut self, mentions: Vec<Mention<'a>>, value: &Value) {
        let start = self.out.facts.len();
        let value_end = self.get(self.at.saturating_sub(1)).map_or(0, |t| t.end);
        for mention in mentions {
            let mut own = value.clone();
            if mention.extra.qualifies() {
                own.extent = None;
                own.intensity = None;
                own.add(mention.extra.clone());
            }
            let hypothetical = self
                .hypothetical_from
                .is_some_and(|from| mention.token > from);
            if hypothetical {
                self.out
                    .passed
                    .push((mention.written.clone(), Passed::Hypothetical));
                continue;
            }
            if let Some(fact) = self.fact(&mention, own) {
                self.out
                    .covered
                    .push(mention.written.start..value_end.max(mention.written.end));
                self.out.facts.push(fact);
            }
        }
        if self.out.facts.len() > start {
            self.last = start..self.out.facts.len();
        }
    }

    fn fact(&self, mention: &Mention<'a>, value: Value) -> Option<Ihc> {
        let (status, pattern) = status(mention.marker, &value)?;
        let mut fact = Ihc::new(
            &mention.marker.name,
            status,
            self.source.place(mention.written.clone()),
        );
        fact.as_written.clone_from(&fact.source.text);
        fact.extent = value.extent;
        fact.intensity = value.intensity;
        fact.percent = value.percent;
        fact.percent_op = value.percent_op;
        fact.score = value.score;
        fact.clone = mention.clone.clone().or(value.clone);
        fact.compartment = value.compartment;
        fact.pattern = pattern;
        fact.cells = match value.cells {
            Some(cells) if cells == "tumour" => None,
            Some(cells) => Some(cells),
            None => self.subject.clone(),
        };
        fact.context = context(self.setting);
        fact.specimen = self
            .setting
            .specimen
            .clone()
            .or_else(|| self.setting.sample.clone());
        fact.date = self.setting.date;
        fact.version = self.setting.version;
        fact.repairs.extend(mention.repair.clone());
        if value.equals_sign {
            fact.repairs.push(Repair {
                from: "(=)".to_owned(),
                to: "(-)".to_owned(),
            });
        }
        Some(fact)
    }
}

/// The status a value gives for a marker, and its pattern. None when it says nothing of the result.
fn status(marker: &Marker, value: &Value) -> Option<(Status, Option<String>)> {
    let pattern = value.pattern.clone();
    let scored = |score: &String| {
        if marker.negative_scores.contains(score) {
            Some(Status::Negative)
        } else if marker.equivocal_scores.contains(score) {
            Some(Status::Equivocal)
        } else {
            None
        }
    };
    let by_score = value.score.as_ref().and_then(scored);
    let status = match value.verdict {
        Some(Verdict::Word(polarity)) => match polarity {
            Polarity::Positive | Polarity::Evidence => Status::Positive,
            Polarity::Negative => Status::Negative,
            Polarity::Equivocal => Status::Equivocal,
            Polarity::NotDone => Status::NotDone,
            Polarity::Pending => Status::Pending,
            Polarity::Failed => Status::Failed,
            Polarity::Retained => return Some((Status::Positive, Some("retained".to_owned()))),
            Polarity::Lost => return Some((Status::Negative, Some("lost".to_owned()))),
        },
        Some(Verdict::Minus) => Status::Negative,
        Some(Verdict::PlusMinus) => Status::Equivocal,
        Some(Verdict::Plus) => by_score.unwrap_or(Status::Positive),
        None if value.score_is_zero == Some(true) => Status::Negative,
        None if value.score_is_zero == Some(false) => by_score.unwrap_or(Status::Positive),
        None if value.pattern.is_some() => Status::Reported,
        None if value.evidence => Status::Positive,
        None if value
            .percent
            .is_some_and(|[_, high]| high == crate::case::percent::Percent::ZERO) =>
        {
            Status::Negative
        }
        None if value.percent.is_some() || value.score.is_some() => Status::Reported,
        None if value.cells.is_some() => Status::Reported,
        None => return None,
    };
    Some((status, pattern))
}

/// Whether a sentence may hold readings of stains: not one about FISH or sequencing alone.
pub(crate) fn may_hold_stains(sentence: &Tokens<'_>, setting: &Setting) -> bool {
    let named = has(sentence, |w| {
        matches!(w, Word::Section(Section::Ihc) | Word::Assay(Assay::Ihc))
    });
    named || !matches!(setting.section, Some(Section::Fish | Section::Molecular))
}
