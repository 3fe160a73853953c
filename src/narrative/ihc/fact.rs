//! From a marker and its value to a reading.

use crate::case::Repair;
use crate::case::ihc::{Ihc, Status};
use crate::case::percent::Percent;
use crate::narrative::clause::has;
use crate::narrative::fusion::context;
use crate::narrative::ihc::Mention;
use crate::narrative::lex::Tokens;
use crate::narrative::outline::Setting;
use crate::narrative::value::{Value, Verdict};
use crate::source::Source;
use crate::vocab::{Assay, Marker, Polarity, Section, Word};

/// The reading of a marker; none when the value says nothing of the result. `subject` are the cells the
/// sentence is about, when not the tumour's.
pub(super) fn reading(
    tokens: &Tokens<'_>,
    mention: &Mention<'_>,
    value: Value,
    subject: Option<&str>,
    setting: &Setting,
    source: &Source,
) -> Option<Ihc> {
    let kinase = mention
        .marker
        .gene
        .as_ref()
        .and_then(|gene| tokens.vocab().gene(gene))
        .is_some_and(|gene| gene.three_prime_kinase);
    // `ALK: not detected` outside a panel of stains is more likely the gene.
    let named = has(tokens, |w| {
        matches!(
            w,
            Word::Assay(Assay::Ihc)
                | Word::Section(Section::Ihc)
                | Word::Result(Polarity::Evidence, _)
        )
    });
    let placed = !value.compartment.is_empty();
    if kinase && value.detected && !named && !placed && setting.section != Some(Section::Ihc) {
        return None;
    }
    let (mut status, mut pattern) = status(mention.marker, &value)?;
    // `absence of nuclear staining` for a protein of every nucleus
    if mention.marker.normally_retained
        && status == Status::Negative
        && !value.compartment.is_empty()
    {
        pattern = pattern.or_else(|| Some("lost".to_owned()));
    }
    if kinase && value.mixed && matches!(status, Status::Positive | Status::Negative) {
        // Positive in one part and negative in another: a person has to say what that means.
        status = Status::Equivocal;
    }
    let mut fact = Ihc::new(
        &mention.marker.name,
        status,
        source.place(mention.item.clone()),
    );
    fact.as_written = source.place(mention.written.clone()).text;
    fact.extent = value.extent;
    let graded = || by_grade(value.score.as_deref(), &fact.source.text);
    fact.intensity = value.intensity.or_else(graded);
    fact.percent = value.percent;
    fact.percent_op = value.percent_op;
    fact.score = value.score;
    fact.clone = mention.clone.clone().or(value.clone);
    fact.compartment = value.compartment;
    fact.pattern = pattern;
    fact.cells = match value.cells {
        Some(cells) if cells == "tumour" => None,
        Some(cells) => Some(cells),
        None => subject.map(str::to_owned),
    };
    fact.context = context(setting);
    fact.specimen = setting.specimen.clone().or_else(|| setting.sample.clone());
    fact.date = setting.date;
    fact.version = setting.version;
    fact.repairs.extend(mention.repair.clone());
    if let Some((from, to)) = value.digits {
        fact.repairs.push(Repair { from, to });
    }
    if value.equals_sign {
        fact.repairs.push(Repair {
            from: "(=)".to_owned(),
            to: "(-)".to_owned(),
        });
    }
    Some(fact)
}

/// The intensity that a grade stands for: `3+`, the top of the scale, is strong; the grades below mean intensity
/// only where the share of cells stands beside them (`2+ in 60%`), for elsewhere they may count cells too.
pub(super) fn by_grade(score: Option<&str>, written: &str) -> Option<String> {
    let grade = score?;
    let shared = || {
        let narrow = written.replace('＋', "+");
        let behind = narrow.split_once(grade).map(|(_, rest)| rest.trim_start());
        behind.is_some_and(|rest| rest.starts_with("in "))
    };
    let name = match grade {
        "3+" => "strong",
        "2+" if shared() => "moderate",
        "1+" if shared() => "weak",
        _ => return None,
    };
    Some(name.to_owned())
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
        // `positive in 0 % of cells`
        Some(Verdict::Word(Polarity::Positive | Polarity::Evidence) | Verdict::Plus)
            if value.percent.is_some_and(|[_, high]| high == Percent::ZERO) =>
        {
            Status::Negative
        }
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
        None if value.percent.is_some_and(|[_, high]| high == Percent::ZERO) => Status::Negative,
        None if value.percent.is_some() || value.score.is_some() => Status::Reported,
        None if value.cells.is_some() => Status::Reported,
        None => return None,
    };
    Some((status, pattern))
}
