//! A marker and what hangs on it: brackets, signs, colons, columns.

use crate::case::ihc::Status;
use crate::diag::{Code, Diagnostic};
use crate::narrative::ihc::{Mention, Reach, Reader};
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::passed::is_control;
use crate::narrative::value::{Glue, Minus, Value, Verdict, element, run};
use crate::vocab::{Assay, Gap, Marker, Polarity, Section, Word};

/// Most tokens of one bracket.
const BRACKET: usize = 60;

impl<'a> Reader<'a, '_> {
    /// Where the bracket at `open` closes; none where there is no bracket, or no end to it.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        if !self.is_mark(open, &['(', '[', '{']) {
            return None;
        }
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
        if self.signs_in_order(&mention) || self.values_in_order(&mention) {
            return;
        }
        if self.names_a_list(at, marker) {
            self.at += 1;
            return;
        }
        let own = self.attachments(&mut mention);
        let end = mention.end;
        self.only(at, marker);
        self.at = end.max(at + 1);
        match own {
            // Words that are not known in the place of a result.
            Some((value, _)) if value == Value::default() => self.list(&[mention]),
            Some((value, shared)) => {
                let mut group = Vec::new();
                if shared {
                    group = self.joined_to(at);
                }
                let last = self.get(end.saturating_sub(1)).map_or(0, |t| t.end);
                mention.item.end = mention.item.end.max(last);
                group.push(mention);
                let mut value = value;
                let counted = value.verdict.is_none()
                    && value.percent.is_some()
                    && !value.evidence
                    && value.pattern.is_none();
                // `strong diffuse A (>90%)`
                value.evidence |= counted && self.graded_in_front(at).is_some();
                if let Some((scope, Reach::Heading | Reach::Bracket | Reach::List)) = &self.scope
                    && value.verdict.is_none()
                    && !value.evidence
                    && value.pattern.is_none()
                {
                    // `Positive: desmin (focal weak, 10 %)`
                    value.verdict = scope.verdict;
                }
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
                self.share_cells(at);
            }
            None if self.denying => {
                mention.denied = true;
                mention.sought = self.sought(at, end);
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
                self.in_scope(mention);
            }
            None if self.number_first(at, end) => {
                let value = std::mem::take(&mut self.leading);
                self.emit_all(vec![mention], &value);
            }
            None => {
                if self
                    .scope
                    .as_ref()
                    .is_some_and(|(_, reach)| *reach != Reach::Heading)
                {
                    self.scope = None;
                }
                mention.graded = self.graded_in_front(at);
                self.waiting.push(mention);
            }
        }
    }

    /// Gives a marker the result of the scope it stands in.
    fn in_scope(&mut self, mention: Mention<'a>) {
        let (mut value, reach) = self.scope.clone().unwrap_or((Value::default(), Reach::One));
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

    /// `the muscle markers (SMA, desmin, calponin) are negative`: the name of a group, and its members in a bracket.
    fn names_a_list(&self, at: usize, marker: &Marker) -> bool {
        let group = marker.name.ends_with(" markers") && self.is_mark(at + 1, &['(']);
        let close = self.closing(at + 1).filter(|_| group).unwrap_or(at);
        (at + 2..close)
            .filter(|i| self.marker(*i).is_some())
            .count()
            > 1
    }

    /// `CD3-positive/CD5-positive T cells`: the cells are those of every item joined by a slash.
    fn share_cells(&mut self, at: usize) {
        let Some(cells) = self.out.facts.last().and_then(|f| f.cells.clone()) else {
            return;
        };
        let mut to = at;
        let mut fact = self.out.facts.len().saturating_sub(1);
        while to > 0 && self.is_mark(to - 1, &['/']) && fact > 0 {
            fact -= 1;
            let start = self.out.covered.get(fact).map_or(0, |range| range.start);
            let Some(before) = (0..to)
                .rev()
                .find(|i| self.get(*i).is_some_and(|t| t.start <= start))
            else {
                break;
            };
            if let Some(fact) = self.out.facts.get_mut(fact) {
                fact.cells = fact.cells.take().or_else(|| Some(cells.clone()));
            }
            to = before;
        }
    }

    /// `show strong cytoplasmic ALK, patchy SMA`: the extent or intensity that stands right before a marker, behind a
    /// verb of showing, a comma or `and`.
    fn graded_in_front(&self, at: usize) -> Option<Value> {
        let graded = self.leading.extent.is_some() || self.leading.intensity.is_some();
        let qualifies = |i: usize| {
            self.is(i, |w| {
                matches!(
                    w,
                    Word::Extent(_) | Word::Intensity(_) | Word::Compartment(_)
                )
            })
        };
        let mut first = at;
        while first > 0
            && (qualifies(first - 1)
                || (first < at
                    && self.is(first - 1, |w| *w == Word::And)
                    && first > 1
                    && qualifies(first - 2)))
        {
            first -= 1;
        }
        let before = first.checked_sub(1);
        let opens = before.is_none_or(|i| {
            self.is_mark(i, &[',', ':', ';'])
                || self.is(i, |w| {
                    matches!(
                        w,
                        Word::Copula | Word::And | Word::Section(_) | Word::Assay(_)
                    )
                })
                || self.text_is(i, "with")
        });
        (graded && first < at && opens).then(|| self.leading.clone())
    }

    /// `20% Ki67`: a percentage right before the marker, and the statement ends behind it.
    fn number_first(&self, at: usize, end: usize) -> bool {
        let percent = self.leading.percent.is_some()
            && !self.leading.evidence
            && at > 0
            && self.is_mark(at - 1, &['%']);
        let ends = self
            .get(end)
            .is_none_or(|t| matches!(t.kind, Kind::Mark(',' | ';' | '.' | ')')))
            || self.is(end, |w| *w == Word::And);
        percent && ends && self.waiting.is_empty()
    }

    /// Whether the negation before the marker at `at` denies that it was found: `could not demonstrate ALK`, `SMA is
    /// positive, but no desmin`. Something must end the statement behind the marker, at `end`.
    fn sought(&self, at: usize, end: usize) -> bool {
        let closes = self
            .get(end)
            .is_none_or(|t| matches!(t.kind, Kind::Mark(',' | '.' | ';' | ')' | '/')))
            || self.is(end, |w| {
                matches!(
                    w,
                    Word::And
                        | Word::Or
                        | Word::Contrast
                        | Word::Assay(Assay::Ihc)
                        | Word::Section(Section::Ihc)
                )
            })
            || ["by", "on", "in"]
                .iter()
                .any(|text| self.text_is(end, text));
        let between = self.denied_from + 1..at;
        let finds = between.clone().any(|i| {
            self.get(i).is_some_and(|t| {
                matches!(
                    self.tokens.text_of(t).to_ascii_lowercase().as_str(),
                    "demonstrate"
                        | "show"
                        | "reveal"
                        | "detect"
                        | "identify"
                        | "find"
                        | "see"
                        | "display"
                        | "exhibit"
                        | "confirm"
                        | "demonstrated"
                        | "identified"
                        | "detected"
                        | "seen"
                        | "demonstrable"
                        | "detectable"
                )
            })
        });
        let other = between.filter(|i| {
            self.get(*i).is_some_and(|t| t.kind == Kind::Other) && self.marker(*i).is_none()
        });
        // `positive for SMA but no desmin`
        let before = self.denied_from.checked_sub(1);
        let added = before.is_some_and(|i| {
            self.is(i, |w| matches!(w, Word::Contrast | Word::And)) || self.text_is(i, "with")
        }) && self
            .out
            .facts
            .iter()
            .any(|fact| fact.status == Status::Positive)
            && other.count() == 0;
        closes && (finds || added)
    }

    /// `of SMA, desmin and ALK only SMA was positive`: the other markers that wait have the opposite result.
    fn only(&mut self, at: usize, marker: &Marker) {
        let only = at > 0 && self.text_is(at - 1, "only");
        let listed = self.waiting.iter().any(|m| m.marker.name == marker.name);
        if only && listed {
            // `only A and B are positive`
            let named: Vec<&str> = (at..self.tokens.len())
                .filter_map(|i| self.marker(i).map(|m| m.name.as_str()))
                .collect();
            let waiting = std::mem::take(&mut self.waiting);
            self.excepted.extend(
                waiting
                    .into_iter()
                    .filter(|m| !named.contains(&m.marker.name.as_str())),
            );
        }
    }

    /// Reads what hangs on a marker. Returns its own result, and whether markers joined to it by `and`
    /// share it.
    fn attachments(&mut self, mention: &mut Mention<'a>) -> Option<(Value, bool)> {
        let mut own: Option<Value> = None;
        let mut fillers = 0;
        let mut shared = false;
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
                if self.signs_first && self.sign_heading(at).is_some() {
                    break;
                }
                if !self.bracket(mention, &mut own) {
                    break;
                }
                continue;
            }
            if self.set_clone(mention, at) {
                continue;
            }
            if own.is_none()
                && let Some((end, all)) = self.manner_before_sign(at)
            {
                let how = run(self.tokens.slice(at..end), Minus::Hyphen, Glue::Loose).1;
                mention.extra.add(how);
                mention.end = end;
                shared |= all;
                continue;
            }
            // `ALK, D5F3: weakly positive`
            if self.is_mark(at, &[','])
                && own.is_none()
                && self.is_mark(at + 2, &[':'])
                && self.set_clone(mention, at + 1)
            {
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
            return Some((self.continued(mention, value), shared));
        }
        self.inline_sign(mention)
            .map(|value| (self.continued(mention, value), false))
            .or_else(|| self.separated(mention).map(|value| (value, true)))
    }

    // manner-before-sign = (extent | intensity | place | "均"){1,4} "(" sign
    /// `ALK弥漫强（+）`, `A、B均（-）`: how it stains before the sign in its bracket. Where the bracket opens, and whether
    /// the sign is that of all markers of the list.
    fn manner_before_sign(&self, at: usize) -> Option<(usize, bool)> {
        let all = |i: usize| {
            ["均", "皆", "都", "全"]
                .iter()
                .any(|text| self.text_is(i, text))
        };
        let how = |i: usize| {
            self.is(i, |w| {
                matches!(
                    w,
                    Word::Extent(_) | Word::Intensity(_) | Word::Compartment(_)
                )
            })
        };
        let count = (at..at + 4).take_while(|i| how(*i) || all(*i)).count();
        let open = at + count;
        let sign = self.is_mark(open, &['(']) && self.is_mark(open + 1, &['+', '-', '±']);
        (count > 0 && sign).then(|| (open, (at..open).any(all)))
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
        let marker = mention.marker;
        let mut closing = self.closing(open);
        if closing.is_some_and(|end| self.holds_others(open, end, marker))
            && self.value_then_comma(open + 1)
        {
            // `SMA(+, Desmin(-)`: the bracket that closes is not this one's.
            closing = None;
        }
        let end = closing.unwrap_or_else(|| self.end_of_open_bracket(open));
        let by_clone = self.clones_in_bracket(mention.marker, open, end);
        let open = by_clone.as_ref().map_or(open, |part| part.start - 1);
        // `(+, control adequate)`: what follows is not the tumour's.
        let control = (open + 1..end).find(|i| is_control(&self.tokens, *i));
        let inside = self.tokens.slice(open + 1..control.unwrap_or(end));
        let clone = Self::clone_in(&inside, Some(mention.marker));
        if self.holds_others(open, end, marker) && clone.is_none() {
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

    /// Whether a bracket holds another marker than the one it stands behind.
    fn holds_others(&self, open: usize, end: usize, marker: &Marker) -> bool {
        (open + 1..end)
            .filter_map(|i| self.marker(i))
            .any(|m| m.name != marker.name)
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

    pub(super) fn impossible(&mut self, tokens: &Tokens<'a>) {
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
        let starts = element(self.rest(at), Minus::Hyphen).is_ok();
        let (count, value) = run(self.rest(at), Minus::Hyphen, Glue::Tight);
        let behind = at + count;
        // `loss of A is not seen`: what is seen or not is the loss.
        let loss = (self.scope.as_ref())
            .is_some_and(|(v, _)| v.verdict == Some(Verdict::Word(Polarity::Lost)));
        if loss && self.says_seen(at..behind) {
            return false;
        }
        starts
            && count > 0
            && (value.verdict.is_some() || (value.evidence && at > end))
            && !self.is(behind, |w| *w == Word::Preposition)
            && !self.marker_follows(behind)
    }

    /// Waiting markers joined to this one by commas and `and` alone.
    pub(super) fn joined_to(&mut self, at: usize) -> Vec<Mention<'a>> {
        let joined = |reader: &Self, from: usize, to: usize| {
            (from..to).all(|i| {
                reader.is_mark(i, &[',', '/', '、', '&'])
                    || reader.is(i, |w| matches!(w, Word::And))
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
