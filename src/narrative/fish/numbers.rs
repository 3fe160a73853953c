//! What is counted in a FISH result: nuclei, percentages, the cut-off, and the pattern of signals.
//!
//! ```text
//! percent = number "%" | number ("of" | "/") number nuclei        ; the cut-off is the one beside its word
//! ```

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::signal;
use crate::case::fish::Fish;
use crate::case::percent::Percent;
use crate::narrative::clause::has;
use crate::narrative::lex::{Kind, Tokens};
use crate::vocab::Word;

/// What is counted in a FISH result.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers {
    pub(crate) percent: Option<Percent>,
    pub(crate) cutoff_percent: Option<Percent>,
    pub(crate) cells: Option<u32>,
    pub(crate) pattern: Option<String>,
    /// The signals counted are those of nuclei without a break: `2F`.
    pub(super) normal: bool,
    /// Tokens that say the pattern: their `loss` and `absence` are no result.
    pub(super) signals: Option<Range<usize>>,
}

impl Numbers {
    /// Takes what another part of the sentence counts.
    pub(crate) fn add(&mut self, more: Self) {
        self.percent = self.percent.or(more.percent);
        self.cutoff_percent = self.cutoff_percent.or(more.cutoff_percent);
        self.cells = self.cells.or(more.cells);
        self.pattern = self.pattern.take().or(more.pattern);
    }

    /// Fills what a result does not say itself.
    pub(crate) fn fill(self, fact: &mut Fish) {
        fact.percent = fact.percent.or(self.percent);
        fact.cutoff_percent = fact.cutoff_percent.or(self.cutoff_percent);
        fact.cells = fact.cells.or(self.cells);
        fact.pattern = fact.pattern.take().or(self.pattern);
    }
}

static OF_NUCLEI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\b(\d{1,4})\s*(?:/|of|out of|von|sur|su|de|des|di|van|op)\s*)?\b(\d{1,4})\s+(?:counted\s+|scored\s+|analy[sz]ed\s+|evaluated\s+|examined\s+|ausgezählten?\s+|ausgewerteten?\s+|gezählten?\s+|untersuchten?\s+|getelde\s+)?(?:interphase\s+|tumou?r\s+|neoplastic\s+|non-overlapping\s+|intact\s+)?(?:nuclei|nucleus|cells|kerne|kernen|zellkerne|zellkernen|tumorzellkerne|tumorzellkernen|zellen|tumorzellen|noyaux|cellules|cellule|núcleos|nucleos|células|cellen|celkernen|tumorcellen)\b")
        .expect("a constant pattern")
});

// `计数100个肿瘤细胞核`, `nuclei counted: 100`
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:计数|计|分析|观察)\s*(\d{2,4})\s*个?(?:肿瘤)?细胞核?|\b(?:nuclei|cells)\s+(?:counted|scored|analy[sz]ed|examined|evaluated)\s*[:=]\s*(\d{2,4})\b")
        .expect("a constant pattern")
});

// `38/100`, not a date or a length
static RATIO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s:(])(\d{1,3})\s*/\s*(\d{2,4})(?:$|[\s.,;)])").expect("a constant pattern")
});
// `rearranged nuclei: 0`
static NONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:nuclei|cells|signals)\s*[:=]\s*0\s*(?:$|[.,;])")
        .expect("a constant pattern")
});

/// Percentage of nuclei, number of nuclei, cut-off, pattern.
pub(super) fn numbers(clause: &Tokens<'_>) -> Numbers {
    let mut out = Numbers::default();
    for i in 1..clause.len() {
        let (Some(number), Some(sign)) = (clause.get(i - 1), clause.get(i)) else {
            continue;
        };
        let percent = sign.kind == Kind::Mark('%')
            || matches!(
                clause.text_of(sign).to_lowercase().as_str(),
                "percent" | "prozent" | "procent"
            );
        if number.kind != Kind::Number || !percent {
            continue;
        }
        // `in the grey zone (10-15%)`, `2F in 98% of nuclei`
        let zone = (i.saturating_sub(8)..i).any(|k| {
            clause.get(k).is_some_and(|t| {
                matches!(
                    clause.text_of(t).to_lowercase().as_str(),
                    "zone" | "grauzone" | "grijze"
                )
            })
        });
        if zone {
            continue;
        }
        let Some(percent) = Percent::parse(clause.text_of(number)) else {
            continue;
        };
        let before = clause.slice(i.saturating_sub(6)..i - 1);
        let behind = clause.slice(i + 1..(i + 2).min(clause.len()));
        let cutoff = |w: &Word| *w == Word::Cutoff;
        // `(normal < 12%)`
        let normal = i >= 3
            && (clause.get(i - 2)).is_some_and(|t| matches!(t.kind, Kind::Mark('<' | '≤')))
            && (clause.get(i - 3)).is_some_and(|t| {
                (clause.words(t)).any(|w| matches!(w, Word::Signal(s) if s == "normal"))
            });
        if normal || has(&before, cutoff) || has(&behind, cutoff) {
            out.cutoff_percent = out.cutoff_percent.or(Some(percent));
        } else {
            out.percent = out.percent.or(Some(percent));
        }
    }
    // `cut-off 15/100`
    let cutoff =
        (0..clause.len()).find(|i| clause.get(*i).is_some_and(|t| clause.is(t, &Word::Cutoff)));
    let counted = cutoff.and_then(|at| {
        let number = |i: usize| -> Option<u32> {
            let token = clause.get(i).filter(|t| t.kind == Kind::Number)?;
            clause.text_of(token).parse().ok()
        };
        (at + 1..at + 4).find_map(|i| {
            clause
                .get(i + 1)
                .filter(|t| t.kind == Kind::Mark('/'))
                .and_then(|_| Percent::of(number(i)?, number(i + 2)?))
        })
    });
    out.cutoff_percent = out.cutoff_percent.or(counted);
    let ratio = |c: &regex::Captures<'_>| {
        let count = |i| c.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
        Percent::of(count(1)?, count(2)?)
    };
    if let Some(found) = RATIO.captures(clause.text())
        && let Some(percent) = ratio(&found)
        && counted != Some(percent)
    {
        out.percent = out.percent.or(Some(percent));
    }
    if NONE.is_match(clause.text()) {
        out.percent = out.percent.or(Some(Percent::ZERO));
    }
    if let Some(found) = OF_NUCLEI.captures(clause.text()) {
        let count = |i| found.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
        out.cells = count(2);
        if let (Some(split), Some(cells)) = (count(1), count(2)) {
            out.percent = out.percent.or(Percent::of(split, cells));
        }
    }
    if out.cells.is_none()
        && let Some(found) = COUNTED.captures(clause.text())
    {
        out.cells = (found.get(1).or(found.get(2))).and_then(|m| m.as_str().parse().ok());
    }
    let code = signal::code(clause.text());
    if code == Some(signal::Code::Normal) {
        // What is counted are the nuclei without a split.
        out.percent = None;
        out.normal = true;
    }
    let signals = signal::pattern(clause);
    out.pattern = signals.as_ref().map(|(name, _)| (*name).to_owned());
    out.signals = signals.map(|(_, at)| at);
    if out.pattern.is_none()
        && let Some(signal::Code::Isolated(name)) = code
    {
        out.pattern = Some(name.to_owned());
    }
    out
}
