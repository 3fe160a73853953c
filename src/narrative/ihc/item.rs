//! A marker and what hangs on it: brackets, signs, colons, columns.

use crate::diag::{Code, Diagnostic};
use crate::narrative::ihc::{Mention, Reach, Reader};
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::passed::is_control;
use crate::narrative::value::{Glue, Minus, Value, Verdict, element, run};
use crate::vocab::{Assay, Gap, Marker, Polarity, Section, Word};

/// Most tokens of one bracket.
const BRACKET: usize = 60;

impl<'a> Reader<'a, '_> {
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
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
    pub(super) fn item(&mut self) {
        let at = self.at;
        let Some((token, marker)) = self.get(at).zip(self.marker(at)) else {
            self.at += 1;
            return;
        };
        let mut mention = Mention::of(&self.tokens, token, marker, at);
        let own = self.attachments(&mut mention);
        let end = mention.end;
        self.at = end.max(at + 1);
        match own {
            Some((value, shared)) => {
                let mut group = Vec::new();
                if shared {
                    group = self.joined_to(at);
                }
                let last = self.get(end.saturating_sub(1)).map_or(0, |t| t.end);
                mention.item.end = mention.item.end.max(last);
                group.push(mention);
                let mut value = value;
                if shared || !value.qualifies() {
                    value.add(std::mem::take(&mut self.leading));
                }
                // `no ALK-positive cells`
                let hyphen = self.is_mark(at + 1, &['-'])
                    && self.is(at + 2, |w| matches!(w, Word::Result(..)));
                if hyphen && self.denying {
                    for mention in &mut group {
                        mention.denied = true;
                    }
                }
                self.emit_all(group, &value);
            }
            None if self.denying => {
                mention.denied = true;
                match self.scope.clone() {
                    Some((value, _)) if !self.own_result_ahead(end) => {
                        self.emit_all(vec![mention], &value);
                    }
                    _ => self.waiting.push(mention),
                }
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

    /// Reads what hangs on a marker. Returns its own result, and whether markers joined to it by `and`
    /// share it.
    fn attachments(&mut self, mention: &mut Mention<'a>) -> Option<(Value, bool)> {
        let mut own: Option<Value> = None;
        let mut fillers = 0;
        loop {
            let at = mention.end;
            let Some(token) = self.get(at) else { break };
            let from = at + usize::from(self.is_mark(at, &[':']));
            if own.is_none()
                && let Some((value, end)) = self.boxes(from)
            {
                mention.end = end;
                return Some((value, false));
            }
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
                mention.extra.evidence |=
                    self.is(at, |w| matches!(w, Word::Result(Polarity::Evidence, _)));
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
        let holds_others = |end| {
            (open + 1..end)
                .filter_map(|i| self.marker(i))
                .any(|m| m.name != mention.marker.name)
        };
        let mut closing = self.closing(open);
        if closing.is_some_and(holds_others) && self.value_then_comma(open + 1) {
            // `SMA(+, Desmin(-)`: the bracket that closes is not this one's.
            closing = None;
        }
        let end = closing.unwrap_or_else(|| self.end_of_open_bracket(open));
        // `(+, control adequate)`: what follows is not the tumour's.
        let control = (open + 1..end).find(|i| is_control(&self.tokens, *i));
        let inside = self.tokens.slice(open + 1..control.unwrap_or(end));
        let clone = Self::clone_in(&inside, Some(mention.marker));
        if holds_others(end) && clone.is_none() {
            return false;
        }
        if closing.is_none() {
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
        mention.end = (closing.map_or(end, |c| c + 1)).max(open + 1);
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

    /// A sign or result, a comma, and the next marker.
    fn value_then_comma(&self, at: usize) -> bool {
        let rest = self.rest(at);
        element(rest, Minus::Sign).is_ok_and(|(after, value)| {
            let next = at + rest.len() - after.len();
            value.verdict.is_some() && self.is_mark(next, &[',']) && self.marker(next + 1).is_some()
        })
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

    pub(super) fn clone_in(inside: &Tokens<'a>, marker: Option<&Marker>) -> Option<String> {
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
        // `desmin 2+, ALK 0, CD10 1+`
        if self.tokens.text_of(token) == "0"
            && self.get(mention.end + 1).is_none_or(|t| {
                t.gap >= Gap::Line || matches!(t.kind, Kind::Mark(',' | ';' | '.' | ')'))
            })
        {
            mention.end += 1;
            return Some(Value {
                verdict: Some(Verdict::Minus),
                score: Some("0".to_owned()),
                score_is_zero: Some(true),
                ..Value::default()
            });
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
                    // `ALK -ve`
                    || (next.gap == Gap::None && self.tokens.text_of(next) == "ve")
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
        } else if self.is_mark(at, &[':', '='])
            || (self.is_mark(at, &[';']) && token.gap == Gap::None && self.damaged_colon(at + 1))
            || (self.is_mark(at, &['-'])
                && (self.value_starts(at + 1) || self.says_there_is(at + 1)))
        {
            start = at + 1;
        } else if fillers_then_of(self, at) && self.percent_starts(at + 1) {
            // `a Ki-67 index of 25 %`
            let (count, value) = run(self.rest(at + 1), Minus::Hyphen, Glue::Tight);
            mention.end = at + 1 + count;
            return Some(value);
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
        value.clone = Self::clone_in(&inside, Some(mention.marker));
        if value.cells.as_ref().is_some_and(|c| c != "tumour")
            && let Some(verdict) = of_tumour(&inside)
        {
            // `ganglion cells positive, tumour negative`
            value.verdict = Some(verdict);
            value.cells = None;
        }
        if positive_cells_absent(&inside) {
            value = Value {
                verdict: Some(Verdict::Word(Polarity::Negative)),
                ..Value::default()
            };
        }
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

    /// A result behind a semicolon that a scan made of a colon: nothing else gives the marker a result, and
    /// the result gives none to a marker behind it (`positive for A; negative for B`).
    fn damaged_colon(&self, at: usize) -> bool {
        let (count, value) = run(self.rest(at), Minus::Hyphen, Glue::Tight);
        let end = at + count;
        let closes = self
            .get(end)
            .is_none_or(|t| t.gap >= Gap::Line || matches!(t.kind, Kind::Mark(',' | ';' | '.')));
        value.verdict.is_some() && closes && self.scope.is_none() && !self.denying
    }

    fn value_starts(&self, at: usize) -> bool {
        element(self.rest(at), Minus::Hyphen).is_ok()
    }

    fn percent_starts(&self, at: usize) -> bool {
        element(self.rest(at), Minus::Hyphen).is_ok_and(|(_, value)| value.percent.is_some())
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
        let mut depth = 0_usize;
        for at in start..self.tokens.len() {
            if self.is_mark(at, &['(', '[', '{']) {
                depth += 1;
            } else if self.is_mark(at, &[')', ']', '}']) {
                depth = depth.saturating_sub(1);
            }
            let semicolon = depth == 0 && at > start && self.is_mark(at, &[';']);
            let blank = self.get(at).is_some_and(|t| t.gap == Gap::Blank);
            if semicolon || blank || starts_item(at) {
                return at;
            }
        }
        self.tokens.len()
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
        // `neither A nor B is positive`: the result is that of `neither`.
        if self.neither || self.get(at).is_none_or(|t| matches!(t.kind, Kind::Mark(_))) {
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
}

/// `positive cells are absent`, `positive cells were not seen`
fn positive_cells_absent(value: &Tokens<'_>) -> bool {
    let is = |i: usize, wanted: fn(&Word) -> bool| {
        value.get(i).is_some_and(|t| value.words(t).any(wanted))
    };
    let positive = is(0, |w| matches!(w, Word::Result(Polarity::Positive, _)));
    let cells = (1..4)
        .take_while(|i| is(*i, |w| matches!(w, Word::Cells(_) | Word::Filler)))
        .count();
    let verb = 1 + cells;
    let absent = is(verb, |w| *w == Word::Copula)
        && (is(verb + 1, |w| {
            matches!(w, Word::Negation | Word::Result(Polarity::Negative, _))
        }));
    positive && cells > 0 && absent
}

/// What is said of the tumour where other cells are named as well: `tumour negative`, `negative in tumour cells`.
fn of_tumour(value: &Tokens<'_>) -> Option<Verdict> {
    let tumour = value.iter().position(|t| {
        value
            .words(t)
            .any(|w| matches!(w, Word::Cells(cells) if cells == "tumour"))
    })?;
    let verdict = |i: usize| {
        let (_, one) = element(value.slice(i..value.len()), Minus::Hyphen).ok()?;
        one.verdict
    };
    let behind = tumour + 1..(tumour + 3).min(value.len());
    behind
        .into_iter()
        .find_map(verdict)
        .or_else(|| (tumour.saturating_sub(3)..tumour).rev().find_map(verdict))
}

/// `of` or `is` behind the marker.
fn fillers_then_of(reader: &Reader<'_, '_>, at: usize) -> bool {
    reader
        .get(at)
        .is_some_and(|t| matches!(reader.tokens.text_of(t), "of" | "at" | "is" | "was"))
}
