//! Laboratory values, lesions, responses, small variants, karyotypes and morphology of a report.
//!
//! These are read with a dictionary of their own over the same sentences, after the stains: nothing here changes what
//! is read of a stain, and a line that gives one of these facts counts as read.

use std::ops::Range;

use super::date::{Dates, within};
use super::labs::{self, Known, grid::Grid};
use super::lex::{Lexed, Tokens};
use super::measurement::{self, Lesions};
use super::outline::{Outline, Sentence};
use super::passed::{Passed, passed};
use super::quantity::{has, style};
use super::{Reader, karyotype, morphology, response, treatment, variant};
use crate::case::Context;
use crate::case::history::Stated;
use rust_decimal::Decimal;

use crate::case::lab::Lab;
use crate::case::measurement::{Kind, Measurement};
use crate::diag::{Code, Diagnostic};
use crate::narrative::clause::{has as has_word, has_cue};
use crate::source::Place;
use crate::vocab::{Cue, Figure, Polarity, Section, Word};

/// What is carried from sentence to sentence.
#[derive(Default)]
struct Course {
    lesions: Lesions,
    site: Option<String>,
    /// The block speaks of imaging, of a blood count.
    block: u32,
    imaging: bool,
    known: Known,
    gross: bool,
}

impl Reader<'_> {
    /// Reads all values of the report.
    pub(super) fn values(&mut self, outline: &Outline) {
        let vocab = self.tokens.vocab();
        let Some(dictionary) = vocab.values() else {
            return;
        };
        let source = self.source;
        let lexed = Lexed::new(source.text(), dictionary);
        let all = lexed.view();
        let dates = Dates::new(source, &all, dictionary);
        let style = style(&all);
        let mut course = Course::default();
        course.known.style = style;
        let mut used = self.grids(&all, &dates, &mut course);
        used.sort_unstable_by_key(|range| range.start);
        for sentence in &outline.sentences {
            let words = self.tokens.slice(sentence.tokens.clone());
            let range = words.range();
            if inside(&used, &range) {
                continue;
            }
            self.sentence_of_values(
                sentence,
                &words,
                &within(&all, &range),
                &all,
                &dates,
                &mut course,
            );
        }
        let spans = treatment::spans(
            &self.out.case.history.treatments,
            outline,
            &self.tokens,
            source.text(),
        );
        for (index, span) in spans {
            let part = within(&all, &span);
            if let Some(treatment) = self.out.case.history.treatments.get_mut(index) {
                self.covered
                    .extend(treatment::complete(treatment, &part, source.text(), &dates));
            }
        }
    }

    /// Values in grids; the byte ranges of their lines.
    fn grids(&mut self, all: &Tokens<'_>, dates: &Dates, course: &mut Course) -> Vec<Range<usize>> {
        let grid = Grid {
            vocab: self.tokens.vocab(),
            source: self.source,
            dates,
            known: &course.known,
        };
        let (read, mut used) = grid.read(all);
        for (lab, range) in read.facts {
            self.covered.push(range);
            self.take_lab(lab);
        }
        self.unread_values(read.unread);
        let style = course.known.style;
        let (read, lines) =
            measurement::grid::grids(all, self.source, dates, style, &mut course.lesions);
        for (fact, range) in read.facts {
            self.covered.push(range);
            self.take_measurement(fact);
        }
        for (fact, range) in read.responses {
            self.covered.push(range);
            self.out.case.stated_responses.push(fact);
        }
        self.unread_values(read.unread);
        used.extend(lines);
        self.covered.extend(used.iter().cloned());
        used
    }

    fn unread_values(&mut self, unread: Vec<(Range<usize>, &'static str)>) {
        self.values_unread
            .extend(unread.iter().map(|(range, _)| range.clone()));
        self.reasons.extend(unread);
    }

    fn take_lab(&mut self, lab: Lab) {
        self.repaired(&lab.repairs, &lab.source);
        if lab.value_si.is_some_and(|v| v.is_zero()) {
            self.zero("a count of 0: no ratio can be formed of it", &lab.source);
        }
        self.out.case.labs.push(lab);
    }

    fn zero(&mut self, message: &str, place: &Place) {
        self.out.diagnostics.push(
            Diagnostic::warning(Code::Zero, message)
                .at(place.clone(), "as printed")
                .help("check it against the original; a ratio with it is undefined, not infinite"),
        );
    }

    fn take_measurement(&mut self, fact: Measurement) {
        self.repaired(&fact.repairs, &fact.source);
        let zero = !fact.mm.is_empty() && fact.mm.iter().all(Decimal::is_zero);
        if zero && fact.baseline && fact.kind == Kind::Sum {
            self.zero(
                "a baseline of 0 mm: no change in percent can be formed of it",
                &fact.source,
            );
        }
        if fact.mm.is_empty() {
            self.out.case.lesion_states.push(fact);
        } else {
            self.out.case.measurements.push(fact);
        }
    }

    fn sentence_of_values(
        &mut self,
        sentence: &Sentence,
        words: &Tokens<'_>,
        values: &Tokens<'_>,
        all: &Tokens<'_>,
        dates: &Dates,
        course: &mut Course,
    ) {
        let setting = &sentence.setting;
        let source = self.source;
        let text = source.text();
        if setting.block != course.block {
            course.block = setting.block;
            course.imaging = false;
            course.gross = false;
            course.known.count = false;
            course.known.unit = None;
        }
        course.imaging |= has(values, |f| *f == Figure::Imaging);
        course.known.count |= has(values, |f| *f == Figure::CountHeading);
        if setting.section == Some(Section::Gross) {
            course.gross = true;
        }
        let why = passed(words);
        let literature = setting.section == Some(Section::Literature) || setting.about.is_some();
        // A reference range makes a laboratory line no general knowledge.
        let general = literature
            || why.is_some_and(|why| why != Passed::Literature)
            || (why.is_some() && !reference(words));
        let date_of = |range: &Range<usize>| dates.of(text, all, range);
        let context = crate::narrative::fusion::context(setting);

        if !general && !conditional(words, values) {
            course.known.tissue = matches!(
                setting.section,
                Some(Section::Ihc | Section::Microscopy | Section::Diagnosis | Section::Gross)
            ) || words.iter().any(|t| {
                words
                    .marker(t)
                    .is_some_and(|(m, _)| !m.name.starts_with("CA"))
            }) || has(values, |f| {
                matches!(f, Figure::Feature(_) | Figure::PerField)
            });
            let read = labs::read(values, self.tokens.vocab(), source, &course.known);
            for (mut lab, range) in read.facts {
                lab.date = date_of(&range);
                self.covered.push(range);
                self.take_lab(lab);
            }
            self.unread_values(read.unread);
        }
        if why.is_some() || literature {
            return;
        }
        let hypothetical = has_cue(words, Cue::Hypothetical);
        let line = dates.line_of(words.range().start);
        let before = within(all, &(line.start..words.range().start.max(line.start)));
        let baseline = has(&before, |f| *f == Figure::Baseline) || headed_as_baseline(values);
        let diagnosis = words.iter().any(|t| words.disease(t).is_some());
        let place = measurement::Place {
            style: course.known.style,
            imaging: course.imaging,
            gross: course.gross,
            baseline,
            site: course.site.as_deref(),
            diagnosis,
        };
        if !hypothetical {
            let read = measurement::read(values, source, &place, &mut course.lesions);
            for (mut fact, range) in read.facts {
                // `35 mm (baseline 95 mm)`: the date of the line is not that of the baseline.
                fact.date = if (fact.baseline && !baseline) || read.earlier.contains(&range.start) {
                    dates.behind(text, range.end)
                } else {
                    date_of(&range)
                };
                self.covered.push(range);
                self.take_measurement(fact);
            }
            self.unread_values(read.unread);
            let imaging = course.imaging
                || has(values, |f| {
                    matches!(f, Figure::Sum | Figure::Target | Figure::Targets)
                });
            for (mut fact, range) in response::read(values, source, imaging) {
                fact.date = date_of(&range);
                fact.context = context;
                self.covered.push(range);
                self.out.case.stated_responses.push(fact);
            }
        }
        if let Some(site) = measurement::site_of(values) {
            course.site = Some(site);
        }
        self.genetics(words, values, sentence);
        let microscope = !matches!(
            setting.section,
            Some(Section::Ihc | Section::Fish | Section::Molecular | Section::Treatment)
        );
        if microscope && !hypothetical && context != Some(Context::Prior) {
            for (fact, range) in morphology::read(words, values, source) {
                self.covered.push(range);
                self.out.case.morphology.push(fact);
            }
        }
        self.pregnancy(words, values);
    }

    fn genetics(&mut self, words: &Tokens<'_>, values: &Tokens<'_>, sentence: &Sentence) {
        let setting = &sentence.setting;
        let read = variant::read(words, values, setting, self.source);
        for (fact, range) in read.facts {
            self.covered.push(range);
            if fact.context == Some(Context::Prior) {
                self.not_current("a variant", &fact.source);
            }
            self.out.case.variants.push(fact);
        }
        self.unread_values(read.unread);
        let range = words.range();
        let fusions = &self.out.case.fusions;
        let named = || {
            fusions.iter().any(|f| {
                f.as_reported.is_some()
                    && f.source
                        .span
                        .is_some_and(|s| range.contains(&s.range().start))
            })
        };
        let read = karyotype::read(words, setting, self.tokens.vocab(), self.source, named);
        for (fact, range) in read.facts {
            self.covered.push(range);
            self.out.case.fusions.push(fact);
        }
        self.out.diagnostics.extend(read.notes);
    }

    fn pregnancy(&mut self, words: &Tokens<'_>, values: &Tokens<'_>) {
        if self.out.case.history.pregnant.is_some()
            || has_word(words, |w| *w == Word::Cue(Cue::Control))
        {
            return;
        }
        let found = values.iter().find_map(|t| {
            values.figures(t).find_map(|f| match f {
                Figure::Pregnant(yes) => Some((*yes, t)),
                _ => None,
            })
        });
        let Some((yes, token)) = found else { return };
        // A phrase that holds the word and speaks of another time says nothing of now.
        let phrase = values.text_of(token).to_lowercase();
        let now = yes
            || phrase.starts_with("not")
            || phrase.starts_with("non")
            || phrase.contains("negative")
            || phrase.contains("excluded");
        let asked =
            has_cue(words, Cue::Hypothetical) || words.iter().any(|t| words.text_of(t) == "?");
        if asked || !now {
            return;
        }
        let at = words.partition_point(|t| t.end <= token.start);
        let denied = (at.saturating_sub(4)..at).any(|i| {
            words.get(i).is_some_and(|t| {
                words
                    .words(t)
                    .any(|w| matches!(w, Word::Negation | Word::Result(Polarity::Negative, _)))
            })
        });
        self.out.case.history.pregnant = Some(Stated {
            value: yes && !denied,
            source: self.source.place(token.start..token.end),
        });
        self.covered.push(token.start..token.end);
    }
}

/// `Baseline 2021-04-20: ...`: the word stands before anything that is measured.
fn headed_as_baseline(values: &Tokens<'_>) -> bool {
    let at = |wanted: fn(&Figure) -> bool| {
        (0..values.len().min(4)).find(|i| super::quantity::is(values, *i, wanted))
    };
    let measured = at(|f| {
        matches!(
            f,
            Figure::Sum | Figure::Target | Figure::Targets | Figure::NonTarget
        )
    });
    at(|f| *f == Figure::Baseline).is_some_and(|b| measured.is_none_or(|m| b < m))
}

/// Whether a range lies inside one of the sorted ranges.
fn inside(used: &[Range<usize>], range: &Range<usize>) -> bool {
    let next = used.partition_point(|u| u.end <= range.start);
    used.get(next).is_some_and(|u| u.start <= range.start)
}

/// The only general words of a sentence speak of a reference range.
fn reference(words: &Tokens<'_>) -> bool {
    words.iter().all(|t| {
        !words.is(t, &Word::Cue(Cue::Literature))
            || words.text_of(t).to_lowercase().starts_with("reference")
    })
}

/// `withheld if ANC is below 1.0`: what stands behind a condition is none of this patient's values.
fn conditional(words: &Tokens<'_>, values: &Tokens<'_>) -> bool {
    let Some(cue) = words.iter().find(|t| {
        words.is(t, &Word::Cue(Cue::Hypothetical)) || words.is(t, &Word::Cue(Cue::NotGiven))
    }) else {
        return false;
    };
    let first = values
        .iter()
        .find(|t| values.figures(t).any(|f| matches!(f, Figure::Analyte(..))));
    let pending = words.text_of(cue).eq_ignore_ascii_case("pending");
    !pending && first.is_some_and(|t| cue.start < t.start)
}
