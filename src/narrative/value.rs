//! The value of a stain: result, sign, grade, percentage, score and what qualifies them.
//!
//! ```text
//! element   = percent | score | sign | word
//! percent   = [bound] number ["-" number] "%"
//! bound     = "<" | ">" | "~" | "about" | "less than" | "up to" | ...
//! score     = score-name [":" | "="] number ["/" number] ["%"]
//! sign      = plus-minus | range | grade | minus | equals
//! plus-minus = "+/-" | "±"
//! range     = grade ("~" | "-" | "to") grade          ; +~++, 1-2+
//! breakdown = grade percent { "," grade percent }      ; of an H-score; the percentages are added
//! grade     = digit "+" | "+" | "++" | "+++" | "++++"
//! ```
//!
//! The first result wins: `Negative  Clear cell areas positive` is negative.

use nom::branch::alt;
use nom::bytes::complete::take;
use nom::combinator::{map, map_opt};
use nom::{IResult, Parser};

use crate::case::ihc::PercentOp;
use crate::case::percent::Percent;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::vocab::{Form, Polarity, Word};

mod number;
mod run;

pub(crate) use run::{ARTICLES, is_small, names_the_old, run};

use number::{breakdown, percent, score, sign};

/// A result so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Word(Polarity),
    Plus,
    Minus,
    PlusMinus,
}

impl Verdict {
    fn is_positive(self) -> bool {
        matches!(self, Self::Word(Polarity::Positive) | Self::Plus)
    }

    fn is_negative(self) -> bool {
        matches!(self, Self::Word(Polarity::Negative) | Self::Minus)
    }
}

/// What was said of a stain, before the marker's own rules are applied.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is one thing a report may say"
)]
pub(crate) struct Value {
    pub(crate) verdict: Option<Verdict>,
    /// `staining`, `expression`: positive unless something else is said.
    pub(crate) evidence: bool,
    pub(crate) pattern: Option<String>,
    pub(crate) extent: Option<String>,
    pub(crate) intensity: Option<String>,
    pub(crate) percent: Option<[Percent; 2]>,
    pub(crate) percent_op: Option<PercentOp>,
    pub(crate) score: Option<String>,
    /// The number of a score that is 0 when nothing stains.
    pub(crate) score_is_zero: Option<bool>,
    pub(crate) compartment: Vec<String>,
    pub(crate) cells: Option<String>,
    pub(crate) clone: Option<String>,
    /// `(=)` was read as `(-)`.
    pub(crate) equals_sign: bool,
    /// A percentage above 100 or a range that runs backwards.
    pub(crate) impossible: bool,
    /// The result is `detected` or `not detected`: words of a gene test more than of a stain.
    pub(crate) detected: bool,
    /// The result is the verb `lacks` or its noun, which may speak of the test.
    pub(crate) lacking: bool,
    /// Digits that a scan had made letters of, as written and as read.
    pub(crate) digits: Option<(String, String)>,
    /// Both a positive and a negative result were said.
    pub(crate) mixed: bool,
}

impl Value {
    /// Whether anything was said that answers the stain.
    pub(crate) fn answers(&self) -> bool {
        self.verdict.is_some()
            || self.evidence
            || self.pattern.is_some()
            || self.percent.is_some()
            || self.score.is_some()
    }

    /// Whether anything at all was said.
    pub(crate) fn says_something(&self) -> bool {
        self.answers() || self.qualifies()
    }

    /// Whether it holds an extent, intensity, compartment or cells.
    pub(crate) fn qualifies(&self) -> bool {
        self.extent.is_some()
            || self.intensity.is_some()
            || !self.compartment.is_empty()
            || self.cells.is_some()
    }

    /// Fills what is missing here from `other`; a result that is there stays.
    pub(crate) fn add(&mut self, other: Self) {
        // Doubt lowers a positive result (`weakly positive, considered nonspecific`); a stain that failed has none.
        let doubted = matches!(
            self.verdict,
            Some(Verdict::Word(Polarity::Positive) | Verdict::Plus)
        ) && other.verdict == Some(Verdict::Word(Polarity::Equivocal));
        let opposite = |a: Option<Verdict>, b: Option<Verdict>| {
            a.is_some_and(Verdict::is_positive) && b.is_some_and(Verdict::is_negative)
        };
        self.mixed |= other.mixed
            || opposite(self.verdict, other.verdict)
            || opposite(other.verdict, self.verdict);
        self.detected |= other.detected;
        self.lacking |= other.lacking;
        let failed = other.verdict == Some(Verdict::Word(Polarity::Failed));
        self.verdict = if doubted || failed {
            other.verdict
        } else {
            self.verdict.or(other.verdict)
        };
        self.evidence |= other.evidence;
        self.pattern = self.pattern.take().or(other.pattern);
        self.extent = match (self.extent.take(), other.extent) {
            (None, extent) | (extent, None) => extent,
            // `variable patchy`: the plainer word says more.
            (Some(a), Some(b)) => Some(if a == "variable" { b } else { a }),
        };
        self.intensity = self.intensity.take().or(other.intensity);
        if self.percent.is_none() {
            self.percent = other.percent;
            self.percent_op = other.percent_op;
        }
        if self.score.is_none() {
            self.score = other.score;
            self.score_is_zero = other.score_is_zero;
        } else if let (Some(own), Some(more)) = (&mut self.score, other.score)
            && named_score(own)
            && named_score(&more)
        {
            own.push_str("; ");
            own.push_str(&more);
        }
        for place in other.compartment {
            if !self.compartment.contains(&place) {
                self.compartment.push(place);
            }
        }
        self.cells = self.cells.take().or(other.cells);
        self.clone = self.clone.take().or(other.clone);
        self.equals_sign |= other.equals_sign;
        self.digits = self.digits.take().or(other.digits);
        self.impossible |= other.impossible;
    }
}

/// `H-score 270`, unlike the grade `2+`.
fn named_score(score: &str) -> bool {
    score.starts_with(|c: char| c.is_alphabetic())
}

/// Where a minus sign may be read as a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Minus {
    /// Inside a bracket or directly behind a marker.
    Sign,
    /// In running text it is a hyphen.
    Hyphen,
}

type Parsed<'a, T> = IResult<Tokens<'a>, T>;

fn token<'a>(
    accept: impl Fn(&Token<'a>) -> bool,
) -> impl Parser<Tokens<'a>, Output = &'a Token<'a>, Error = nom::error::Error<Tokens<'a>>> {
    map_opt(take(1_usize), move |tokens: Tokens<'a>| {
        tokens.first().filter(|t| accept(t))
    })
}

fn mark<'a>(
    wanted: char,
) -> impl Parser<Tokens<'a>, Output = &'a Token<'a>, Error = nom::error::Error<Tokens<'a>>> {
    token(move |t| t.kind == Kind::Mark(wanted))
}

fn number(input: Tokens<'_>) -> Parsed<'_, &str> {
    map(token(|t| t.kind == Kind::Number), move |t| input.text_of(t)).parse(input)
}

/// A token that is a given word.
fn word<'a, T>(input: Tokens<'a>, read: impl Fn(&'a Word) -> Option<T>) -> Parsed<'a, T> {
    map_opt(take(1_usize), |one: Tokens<'a>| {
        one.words(one.first()?).find_map(&read)
    })
    .parse(input)
}

/// `no staining`, `not reactive`, `no convincing staining`: a negation and what it turns round. Words that
/// are not known may stand between the two when no verb follows (`without atypia expressing A`).
// negated = negation (qualifier | copula | other){0,5} result
fn negated(input: Tokens<'_>) -> Parsed<'_, Value> {
    let (mut rest, ()) = word(input, |w| (*w == Word::Negation).then_some(()))?;
    let mut value = Value::default();
    let mut others = false;
    for _ in 0..6 {
        if let Ok((after, (polarity, form, detected))) = word(rest, |w| match w {
            Word::Result(polarity, form) => Some((*polarity, *form, false)),
            Word::Detected => Some((Polarity::Positive, Form::Adjective, true)),
            _ => None,
        }) {
            value.detected = detected;
            if others && form == Form::Verb {
                break;
            }
            let turned = match polarity {
                Polarity::Positive | Polarity::Evidence | Polarity::Retained => Polarity::Negative,
                Polarity::Lost => Polarity::Retained,
                // `not negative` and the like say too little to be turned round.
                _ => Polarity::Equivocal,
            };
            value.verdict = Some(Verdict::Word(turned));
            // `no loss of nuclear staining`: the noun after it belongs to the same phrase.
            value.extent = None;
            value.intensity = None;
            return Ok((after, value));
        }
        let between = |i| {
            word(i, |w| {
                matches!(w, Word::Copula | Word::Filler).then(Value::default)
            })
        };
        let (after, part) = if let Ok(found) = alt((qualifier, between)).parse(rest) {
            found
        } else {
            others = true;
            map(token(|t| t.kind == Kind::Other), |_| Value::default()).parse(rest)?
        };
        value.add(part);
        rest = after;
    }
    Err(nom::Err::Error(nom::error::Error::new(
        input,
        nom::error::ErrorKind::Many0,
    )))
}

/// One word of extent, intensity, compartment, cells or pattern.
pub(crate) fn qualifier(input: Tokens<'_>) -> Parsed<'_, Value> {
    word(input, |w| {
        let mut value = Value::default();
        match w {
            Word::Extent(v) => value.extent = Some(v.clone()),
            Word::Intensity(v) => value.intensity = Some(v.clone()),
            Word::Compartment(v) => value.compartment = vec![v.clone()],
            Word::Cells(v) => value.cells = Some(v.clone()),
            _ => return None,
        }
        Some(value)
    })
}

/// One word of result or pattern.
fn result(input: Tokens<'_>) -> Parsed<'_, Value> {
    word(input, |w| match w {
        Word::Result(Polarity::Evidence, _) => Some(Value {
            evidence: true,
            ..Value::default()
        }),
        Word::Result(polarity, form) => Some(Value {
            verdict: Some(Verdict::Word(*polarity)),
            lacking: (*polarity, *form) == (Polarity::Negative, Form::Verb),
            ..Value::default()
        }),
        Word::Pattern(pattern) => Some(Value {
            pattern: Some(pattern.clone()),
            ..Value::default()
        }),
        _ => None,
    })
}

/// One element of a value.
pub(crate) fn element(input: Tokens<'_>, minus: Minus) -> Parsed<'_, Value> {
    alt((
        percent,
        score,
        breakdown,
        |i| sign(i, minus),
        negated,
        result,
        qualifier,
    ))
    .parse(input)
}

/// The form of the result word at the start of a run, if there is one.
pub(crate) fn form(tokens: &Tokens<'_>) -> Option<Form> {
    tokens.iter().find_map(|t| {
        tokens.words(t).find_map(|w| match w {
            Word::Result(_, form) => Some(*form),
            _ => None,
        })
    })
}

/// What lies between the elements of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glue {
    /// Running text: commas, `and`, articles.
    Tight,
    /// Behind a colon, in a column or a bracket: any words that are no marker.
    Loose,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narrative::lex::Lexed;
    use crate::rules::Pack;

    fn read(text: &str) -> Value {
        let pack = Pack::built_in();
        let lexed = Lexed::new(text, pack.vocab());
        run(lexed.view(), Minus::Sign, Glue::Loose).1
    }

    fn percent_of(text: &str) -> (String, Option<PercentOp>) {
        let value = read(text);
        let [low, high] = value
            .percent
            .unwrap_or_else(|| panic!("{text}: no percentage"));
        (format!("{low}-{high}"), value.percent_op)
    }

    #[test]
    fn percentages_with_bounds_and_ranges() {
        for (text, range, op) in [
            ("30%+", "30-30", None),
            ("约30%+", "30-30", Some(PercentOp::About)),
            ("<5%+", "0-5", Some(PercentOp::Below)),
            (">90%", "90-100", Some(PercentOp::Above)),
            ("5 - 10%", "5-10", None),
            ("10% to 25%", "10-25", None),
            ("up to approximately 30%", "30-30", Some(PercentOp::About)),
            ("fewer than 2 percent", "0-2", Some(PercentOp::Below)),
        ] {
            assert_eq!(percent_of(text), (range.to_owned(), op), "{text}");
        }
        assert!(read("130%+").impossible);
        assert!(read("30-10%").impossible);
    }

    #[test]
    fn signs_grades_and_ranges() {
        assert_eq!(read("+").verdict, Some(Verdict::Plus));
        assert_eq!(read("+").score, None);
        assert_eq!(read("+++").score.as_deref(), Some("3+"));
        assert_eq!(read("1+").score.as_deref(), Some("1+"));
        assert_eq!(read("80%+~++").score.as_deref(), Some("1+~2+"));
        assert_eq!(read("80%+-++").score.as_deref(), Some("1+~2+"));
        assert_eq!(
            read("there is 1-2+ reactivity").score.as_deref(),
            Some("1+~2+")
        );
        assert_eq!(read("+ / -").verdict, Some(Verdict::PlusMinus));
        assert_eq!(read("±").verdict, Some(Verdict::PlusMinus));
        assert_eq!(read("−").verdict, Some(Verdict::Minus));
        assert!(read("=").equals_sign);
        assert_eq!(read("0").verdict, Some(Verdict::Minus));
    }

    #[test]
    fn the_first_result_wins() {
        assert_eq!(
            read("Negative  Clear cell areas positive").verdict,
            Some(Verdict::Word(Polarity::Negative))
        );
        assert_eq!(
            read("A few areas of positivity, most of tumor negative").verdict,
            Some(Verdict::Word(Polarity::Positive))
        );
    }

    #[test]
    fn negation_turns_a_result_round() {
        assert_eq!(
            read("no staining").verdict,
            Some(Verdict::Word(Polarity::Negative))
        );
        assert_eq!(read("no nuclear staining").compartment, ["nuclear"]);
        assert_eq!(
            read("not expressed").verdict,
            Some(Verdict::Word(Polarity::Negative))
        );
        assert_eq!(
            read("no loss").verdict,
            Some(Verdict::Word(Polarity::Retained))
        );
        assert_eq!(
            read("not performed").verdict,
            Some(Verdict::Word(Polarity::NotDone))
        );
    }

    #[test]
    fn scores_are_kept_as_printed() {
        let value = read("TPS 15%, CPS 20");
        assert_eq!(value.score.as_deref(), Some("TPS 15%; CPS 20"));
        assert_eq!(read("Allred 0/8").score_is_zero, Some(true));
        assert_eq!(
            read("H-score 270 (3+ 80%, 2+ 15%)").score.as_deref(),
            Some("H-score 270")
        );
    }
}
