//! Sizes of specimens and lesions, sums of diameters, and what is said of lesions without a number.
//!
//! ```text
//! target     = ( "TL" | "target lesion" ) number [site] [":"] ( size | state )
//! node       = target with "node" or "short axis" on either side of its size
//! targets    = "target lesions" ( size { "," size } | [site] size { "," [site] size } | state )
//! non-target = "non-target" [number] [site] ( state | size )
//! new        = [negation] "new lesions" [site] ( size | state )
//! sum        = [baseline] "sum of diameters" size { ( baseline | nadir | "now" | "to" ) size }
//! specimen   = ( mass | size-word | diagnosis ) size        ; outside of imaging
//! ```
//!
//! A length belongs to the last anchor before it, unless a word between or beside them says what else it is
//! (`margin`, `thickness`).

#![allow(
    clippy::similar_names,
    reason = "`site` and `size` are the words of the field"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rust_decimal::Decimal;

use crate::case::measurement::{Kind, Measurement, State, StatedResponse};
use crate::narrative::lex::{Kind as Token, Tokens};
use crate::narrative::quantity::{self, Size, Style, has, is, is_mark, text};
use crate::source::Source;
use crate::vocab::{Figure, Gap};

mod addends;
mod anchor;
pub(crate) mod grid;
mod specimen;
mod sum;

use anchor::lesion_number;
use anchor::{Anchor, Found, anchors, ordinal};

/// What was found in a sentence: measurements with their byte ranges.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<(Measurement, Range<usize>)>,
    /// Lesions that are named with a number and gave nothing, with the reason.
    pub(crate) unread: Vec<(Range<usize>, &'static str)>,
    /// Responses in the rows of a table or in dated lines.
    pub(crate) responses: Vec<(StatedResponse, Range<usize>)>,
    /// Where measurements begin that are of another day than their line (`from 95 mm to 60 mm`).
    pub(crate) earlier: BTreeSet<usize>,
}

const NO_SIZE: &str = "a lesion without a size or state that can be read";
/// Most tokens from an anchor to its size.
const REACH: usize = 24;
/// Most tokens from a size to the word that names its site.
const SITE: usize = 60;

/// What a report has said of its lesions so far.
#[derive(Debug, Default)]
pub(crate) struct Lesions {
    /// Target lesions by number, and whether they are nodes.
    targets: BTreeMap<u32, bool>,
}

/// Where a sentence stands.
#[derive(Debug, Clone, Copy)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is one thing its surroundings say"
)]
pub(crate) struct Place<'a> {
    pub(crate) style: Style,
    /// The line, its heading or its block speak of imaging.
    pub(crate) imaging: bool,
    /// A label before it says that it is a size (`Tumour size:`), or the section is the gross description.
    pub(crate) gross: bool,
    /// The line is headed as baseline.
    pub(crate) baseline: bool,
    /// The site named last before this sentence.
    pub(crate) site: Option<&'a str>,
    /// A diagnosis stands in the sentence.
    pub(crate) diagnosis: bool,
}

/// Reads one sentence.
pub(crate) fn read(
    tokens: &Tokens<'_>,
    source: &Source,
    place: &Place<'_>,
    lesions: &mut Lesions,
) -> Read {
    let anchors = anchors(tokens, place);
    let mut reader = Reader {
        tokens,
        source,
        place,
        lesions,
        out: Read::default(),
        sized: has(tokens, |f| matches!(f, Figure::Size | Figure::Diameter)),
    };
    for (index, found) in anchors.iter().enumerate() {
        let end = anchors
            .get(index + 1)
            .map_or(tokens.len(), |next| next.start);
        reader.anchor(found, end);
    }
    reader.addends();
    if anchors.is_empty() && place.gross {
        // `GROSS: ... labelled "uterus". 34 x 12 mm.`
        reader.body(
            &Found {
                anchor: Anchor::Body,
                start: 0,
                end: 0,
                behind_lesion: false,
            },
            tokens.len(),
        );
    }
    reader.out
}

/// The site a sentence names last, as printed or by its usual name. What was taken along (`hysterectomy with
/// salpingo-oophorectomy`) is not the site of what was taken.
pub(crate) fn site_of(tokens: &Tokens<'_>) -> Option<String> {
    let removed = (0..tokens.len()).find(|at| text(tokens, *at).to_lowercase().ends_with("ectomy"));
    let along = removed.and_then(|from| {
        (from..tokens.len()).find(|at| text(tokens, *at).eq_ignore_ascii_case("with"))
    });
    let last_in = |end: usize| (0..end).rev().find_map(|at| site_at(tokens, at));
    along.and_then(last_in).or_else(|| last_in(tokens.len()))
}

fn site_at(tokens: &Tokens<'_>, at: usize) -> Option<String> {
    let token = tokens.get(at)?;
    tokens.figures(token).find_map(|f| match f {
        Figure::Site(Some(name)) => Some(name.clone()),
        Figure::Site(None) => Some(plain(tokens.text_of(token))),
        _ => None,
    })
}

/// Capitals of a heading are no part of a name.
fn plain(words: &str) -> String {
    if words.chars().any(char::is_lowercase) {
        words.to_owned()
    } else {
        words.to_lowercase()
    }
}

/// What is said without a number between two places.
fn state(tokens: &Tokens<'_>, start: usize, end: usize) -> Option<State> {
    let mut found = None;
    for at in start..end {
        let Some(token) = tokens.get(at) else { break };
        for f in tokens.figures(token) {
            if let Figure::State(name) = f {
                let state = State::ALL
                    .iter()
                    .find(|(_, n)| n == name)
                    .map(|(s, _)| *s)?;
                // `no longer present` is absent: the first word wins, but a denial turns it round.
                found = found.or(Some(state));
            }
        }
    }
    found
}

struct Reader<'a, 'b> {
    tokens: &'a Tokens<'a>,
    source: &'a Source,
    place: &'a Place<'a>,
    lesions: &'b mut Lesions,
    out: Read,
    /// The sentence has a word for a size.
    sized: bool,
}

impl Reader<'_, '_> {
    fn anchor(&mut self, found: &Found, end: usize) {
        match &found.anchor {
            Anchor::Target(n) => self.target(found, *n, end),
            Anchor::Targets => self.targets(found, end),
            Anchor::NonTarget(n) => {
                let name = n.map(|n| format!("NTL{n}"));
                self.other(found, Kind::NonTarget, name, end);
            }
            Anchor::New(denied) => {
                if *denied {
                    self.state(found, Kind::New, None, None, State::Absent, found.end);
                } else {
                    self.other(found, Kind::New, None, end);
                }
            }
            Anchor::Sum => self.sums(found, end),
            Anchor::Body | Anchor::Sized => self.body(found, end),
        }
    }

    /// The end of the statement that starts at `start`: a semicolon, a full stop, or a line end.
    fn statement_end(&self, start: usize, end: usize) -> usize {
        (start..end.min(start + REACH))
            .find(|i| {
                is_mark(self.tokens, *i, &[';', '；', '。'])
                    || (is_mark(self.tokens, *i, &['.'])
                        && self.tokens.get(*i + 1).is_none_or(|t| t.gap != Gap::None))
            })
            .unwrap_or_else(|| end.min(start + REACH))
    }

    /// The end of a list of lesions, which goes on over semicolons to the full stop.
    fn list_end(&self, start: usize, end: usize) -> usize {
        let limit = end.min(start + 4 * REACH);
        (start..limit)
            .find(|i| {
                is_mark(self.tokens, *i, &['.', '。'])
                    && self.tokens.get(*i).is_some_and(|t| t.gap == Gap::None)
                    && self.tokens.get(*i + 1).is_none_or(|t| t.gap != Gap::None)
                    && ordinal(self.tokens, i.wrapping_sub(1)).is_none()
            })
            .unwrap_or(limit)
    }

    /// The first size from a place on that is one, with its place.
    fn size(&self, start: usize, end: usize) -> Option<(usize, Size)> {
        (start..end).find_map(|i| {
            let token = self.tokens.get(i)?;
            if token.kind != Token::Number {
                return None;
            }
            let (_, size) =
                quantity::size(self.tokens.slice(i..self.tokens.len()), self.place.style).ok()?;
            Some((i, size))
        })
    }

    /// A measurement with the words from `start` token to the end byte of its size.
    fn push(
        &mut self,
        kind: Kind,
        mm: Vec<Decimal>,
        range: Range<usize>,
        size: Option<&Size>,
    ) -> &mut Measurement {
        let mut fact = Measurement::new(kind, mm, self.source.place(range.clone()));
        fact.repairs.extend(size.and_then(|s| s.repair.clone()));
        fact.baseline =
            self.place.baseline && !matches!(kind, Kind::Sum | Kind::Specimen | Kind::New);
        self.out.facts.push((fact, range));
        let last = self.out.facts.len() - 1;
        &mut self.out.facts[last].0
    }

    fn byte(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(0, |t| t.start)
    }

    fn end_byte(&self, at: usize) -> usize {
        at.checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .map_or(0, |t| t.end)
    }

    fn state(
        &mut self,
        found: &Found,
        kind: Kind,
        lesion: Option<String>,
        site: Option<String>,
        state: State,
        end: usize,
    ) {
        let range = self.byte(found.start)..self.end_byte(end.max(found.end));
        let fact = self.push(kind, Vec::new(), range, None);
        fact.state = Some(state);
        fact.lesion = lesion;
        fact.site = site;
    }

    // target = id [site] [":"] ( size { "," size } | state )
    fn target(&mut self, found: &Found, n: Option<u32>, end: usize) {
        let lesion = n.map(|n| format!("TL{n}"));
        let mut stop = self.statement_end(found.end, end);
        let from = if found.behind_lesion {
            let comma = (found.end..stop).find(|i| is_mark(self.tokens, *i, &[',']));
            stop = comma.unwrap_or(stop);
            found.start
        } else {
            found.end
        };
        let first = self.size(from, stop);
        let near = (stop + 3).min(end);
        let short = |from: usize, to: usize| {
            (from..to).any(|i| {
                is(self.tokens, i, |f| {
                    matches!(f, Figure::Node | Figure::ShortAxis)
                })
            })
        };
        let node = short(from, stop.min(near))
            || n.is_some_and(|n| self.lesions.targets.get(&n) == Some(&true));
        if let Some(n) = n {
            let known = self.lesions.targets.entry(n).or_insert(node);
            *known |= node;
        }
        let kind = if node { Kind::TargetNode } else { Kind::Target };
        let Some((at, size)) = first else {
            let site = self.words(from, stop);
            match state(self.tokens, found.end, stop) {
                Some(state) => {
                    let end = (found.end..stop)
                        .rev()
                        .find(|i| is(self.tokens, *i, |f| matches!(f, Figure::State(_))))
                        .map_or(stop, |i| i + 1);
                    self.state(found, kind, lesion, site, state, end);
                }
                None if n.is_some() => {
                    let range = self.byte(found.start)..self.end_byte(found.end);
                    self.out.unread.push((range, NO_SIZE));
                }
                None => {}
            }
            return;
        };
        let site = self.words(from, at);
        // `decreased from 42 mm to 15 mm`: the last is today's, the first of another time.
        let (mut at, mut size) = (at, size);
        let behind = at + size.tokens;
        let arrow = is_mark(self.tokens, behind, &['→', '➔', '⇒'])
            || (is_mark(self.tokens, behind, &['-']) && is_mark(self.tokens, behind + 1, &['>']));
        if (arrow || text(self.tokens, at.wrapping_sub(1)).eq_ignore_ascii_case("from"))
            && let Some((later, to)) = self.size(behind, stop)
        {
            (at, size) = (later, to);
        }
        let mut previous: Option<usize> = None;
        loop {
            let below = is_mark(self.tokens, at.wrapping_sub(1), &['<'])
                || is(self.tokens, at.wrapping_sub(1), |f| *f == Figure::Below);
            let diameters = size.mm.clone();
            let one = if node {
                diameters.iter().min()
            } else {
                diameters.iter().max()
            };
            let start = if previous.is_none() { found.start } else { at };
            let mut range = self.byte(start)..size.end;
            if previous.is_none() {
                range.end = self.short_axis_behind(at + size.tokens).unwrap_or(size.end);
            }
            if below {
                self.state(
                    found,
                    kind,
                    lesion.clone(),
                    site.clone(),
                    State::TooSmall,
                    at + size.tokens,
                );
            } else if let Some(mm) = one.copied() {
                let fact = self.push(kind, vec![mm], range, Some(&size));
                fact.lesion.clone_from(&lesion);
                fact.site.clone_from(&site);
            }
            previous = Some(at);
            // `42 mm (2021-04-20), 15 mm (2021-10-25)`: only where a date stands between.
            let next = at + size.tokens;
            let Some((later, more)) = self.size(next, stop) else {
                break;
            };
            let between = self.tokens.slice(next..later);
            let dated = between.iter().filter(|t| t.kind == Token::Number).count() >= 3;
            if !dated {
                break;
            }
            (at, size) = (later, more);
        }
    }

    /// `15 mm (short axis)`: the words belong to the measurement.
    fn short_axis_behind(&self, at: usize) -> Option<usize> {
        let open = usize::from(is_mark(self.tokens, at, &['(', '[']));
        if !is(self.tokens, at + open, |f| *f == Figure::ShortAxis) {
            return None;
        }
        let close = open > 0 && is_mark(self.tokens, at + 2, &[')', ']']);
        self.tokens
            .get(at + open + usize::from(close))
            .map(|t| t.end)
    }

    /// The words between two places that say where a lesion is.
    fn words(&self, start: usize, end: usize) -> Option<String> {
        let skip = |i: usize| {
            self.tokens.get(i).is_some_and(|t| {
                let counts =
                    t.kind == Token::Number && is_mark(self.tokens, i + 1, &[')', '.', ':']);
                counts
                    || matches!(
                        t.kind,
                        Token::Mark(
                            '(' | ')'
                                | '['
                                | ']'
                                | ':'
                                | ';'
                                | '-'
                                | ','
                                | '='
                                | '|'
                                | '.'
                                | '/'
                                | '<'
                                | '~'
                                | '"'
                        )
                    )
                    || self.tokens.figures(t).any(|f| {
                        matches!(
                            f,
                            Figure::ShortAxis
                                | Figure::Diameter
                                | Figure::Size
                                | Figure::State(_)
                                | Figure::Decrease
                                | Figure::Increase
                                | Figure::About
                                | Figure::Below
                                | Figure::Baseline
                                | Figure::Now
                        )
                    })
                    || matches!(
                        self.tokens.text_of(t).to_lowercase().as_str(),
                        "is" | "was"
                            | "now"
                            | "of"
                            | "from"
                            | "to"
                            | "in"
                            | "the"
                            | "at"
                            | "has"
                            | "lesion"
                            | "no"
                            | "longer"
                    )
            })
        };
        let first = (start..end).find(|i| !skip(*i))?;
        let last = (first..end)
            .take_while(|i| {
                *i == first
                    || !self.tokens.get(*i).is_some_and(|t| {
                        matches!(t.kind, Token::Mark('(' | ')' | ':' | '=' | '|' | ',' | '['))
                            || self.tokens.figures(t).any(|f| {
                                matches!(
                                    f,
                                    Figure::ShortAxis
                                        | Figure::Diameter
                                        | Figure::Size
                                        | Figure::State(_)
                                        | Figure::Decrease
                                        | Figure::Increase
                                        | Figure::Baseline
                                )
                            })
                    })
            })
            .last()?;
        let last = (first..=last).rev().find(|i| !skip(*i))?;
        let words = self.tokens.slice(first..last + 1).text();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (words.chars().count() <= 80 && words.chars().any(char::is_alphabetic)).then_some(words)
    }

    // targets = "target lesions" ... : sizes in order of the targets, or each with its site, or a state of all
    fn targets(&mut self, found: &Found, end: usize) {
        let first = self.statement_end(found.end, end);
        let listed = self.size(found.end, first).is_some();
        let stop = if listed {
            self.list_end(found.end, end)
        } else {
            first
        };
        let mut sizes = Vec::new();
        let mut at = found.end;
        while let Some((i, size)) = self.size(at, stop) {
            at = i + size.tokens;
            sizes.push((i, size));
        }
        let known: Vec<u32> = self
            .lesions
            .targets
            .iter()
            .filter(|(_, node)| !**node)
            .map(|(n, _)| *n)
            .collect();
        let zeros =
            !sizes.is_empty() && sizes.iter().all(|(_, s)| s.mm.iter().all(Decimal::is_zero));
        if sizes.is_empty() {
            if let Some(state) = state(self.tokens, found.end, stop) {
                self.state(found, Kind::Target, None, None, state, stop);
            }
            return;
        }
        let mut from = found.end;
        for (index, (i, size)) in sizes.iter().enumerate() {
            let site = self.words(from, *i).filter(|_| !zeros);
            // `21 mm (previously 30 mm)`
            if index > 0 && self.of_before(*i) {
                from = i + size.tokens;
                continue;
            }
            from = i + size.tokens;
            // Without sites the numbers are in the order of the targets.
            let counted = (found.end..*i).rev().take(12).find_map(|k| {
                ordinal(self.tokens, k).filter(|_| is_mark(self.tokens, k + 1, &[')', '.', ':']))
            });
            let lesion = match site {
                Some(_) => counted,
                None => known.get(index).copied(),
            };
            if let (Some(n), Some(_)) = (counted, &site) {
                self.lesions.targets.entry(n).or_insert(false);
            }
            // `target lesions decreased by 12 mm` names no lesion.
            if site.is_none() && lesion.is_none() && !zeros {
                continue;
            }
            let node = (from.saturating_sub(8)..from).any(|k| {
                k >= found.end
                    && is(self.tokens, k, |f| {
                        matches!(f, Figure::Node | Figure::ShortAxis)
                    })
            });
            let kind = if node { Kind::TargetNode } else { Kind::Target };
            let Some(mm) = size.mm.iter().max().copied() else {
                continue;
            };
            let range = self.byte(*i)..size.end;
            let fact = self.push(kind, vec![mm], range, Some(size));
            fact.lesion = lesion.map(|n| format!("TL{n}"));
            fact.site = site;
        }
    }

    // non-target | new = words [number] [site] ( size | state )
    fn other(&mut self, found: &Found, kind: Kind, name: Option<String>, end: usize) {
        let stop = self.statement_end(found.end, end);
        if let Some((at, size)) = self.size(found.end, stop) {
            let site = self.words(found.end, at);
            let range = self.byte(found.start)..size.end;
            let mm = size.mm.iter().max().copied().into_iter().collect();
            let fact = self.push(kind, mm, range, Some(&size));
            fact.lesion = name;
            fact.site = site;
            return;
        }
        let site = self
            .words(found.end, stop)
            .filter(|_| kind == Kind::New || name.is_some());
        match state(self.tokens, found.end, stop) {
            Some(state) => self.state(found, kind, name, site, state, stop),
            // `New lesion in the liver.` is one; `non-target` alone says nothing.
            None if kind == Kind::New && site.is_some() => {
                self.state(found, kind, name, site, State::Present, stop);
            }
            None => {}
        }
    }
}
