//! Lines that are titles, and the sections that labels name: of a report by one method, of a list of stains, of the results of one probe.
//!
//! ```text
//! title  = line with a method and without a name, a result, a verb or a point
//! second = first-cell column-gap title                    ; `CYTOGENOMICS LABORATORY      FISH REPORT`
//! stains = "immunostains" other{0,9}                       ; `Immunostains on file for this block`
//! probe  = gene ... kind-of-probe                          ; `PROBE 1. A (2p23) dual-color break-apart`
//! ```

use super::{Setting, assay, molecular_assay};
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::vocab::{Assay, Gap, Section, Word};

/// Most tokens of a title.
const TITLE: usize = 18;
/// Most tokens of a title over a list of stains.
const OF_STAINS: usize = 10;

/// Whether a token says something, as none in a title does: a name, a result, a verb, a point.
fn says(sentence: &Tokens<'_>, token: &Token<'_>) -> bool {
    sentence.marker(token).is_some()
        || sentence.gene(token).is_some()
        || matches!(token.kind, Kind::Mark('.' | ':' | ';' | '?'))
        || sentence.words(token).any(|w| {
            matches!(
                w,
                Word::Result(..) | Word::Detected | Word::Negation | Word::Copula | Word::Cue(_)
            )
        })
}

/// A line of its own, with nothing that says something.
fn is_bare_line(sentence: &Tokens<'_>) -> bool {
    !sentence.iter().skip(1).any(|t| t.gap >= Gap::Line)
        && !sentence.iter().any(|t| says(sentence, t))
}

/// `UNIVERSITÄTSSPITAL, PATHOLOGIE UND MOLEKULARPATHOLOGIE`: the name of a house, and of no report. A line that says
/// it is one is a title all the same.
fn letterhead(sentence: &Tokens<'_>) -> bool {
    const HOUSES: [&str; 14] = [
        "hospital",
        "spital",
        "universit",
        "institut",
        "klinik",
        "clinic",
        "centre",
        "center",
        "service d",
        "hôpital",
        "ziekenhuis",
        "instituto",
        "医院",
        "大学",
    ];
    const REPORTS: [&str; 9] = [
        "report",
        "befund",
        "bericht",
        "rapport",
        "compte rendu",
        "informe",
        "verslag",
        "报告",
        "panel",
    ];
    let text = sentence.text().to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| text.contains(word));
    named(&HOUSES) && !named(&REPORTS)
}

/// `MOLECULAR PATHOLOGY - RNA FUSION PANEL (anchored multiplex PCR, 86 genes)`
pub(super) fn title(sentence: &Tokens<'_>) -> bool {
    if sentence.len() > TITLE {
        return false;
    }
    let method = |w: &Word| {
        matches!(
            w,
            Word::Assay(
                Assay::Rna | Assay::Dna | Assay::Sequencing | Assay::Fish | Assay::Karyotype
            ) | Word::Section(Section::Molecular | Section::Fish)
        )
    };
    let ihc = |w: &Word| matches!(w, Word::Assay(Assay::Ihc) | Word::Section(Section::Ihc));
    let has =
        |wanted: &dyn Fn(&Word) -> bool| sentence.iter().any(|t| sentence.words(t).any(wanted));
    let capital = !sentence.text().trim_start().starts_with(char::is_lowercase);
    capital && has(&method) && !has(&ihc) && is_bare_line(sentence) && !letterhead(sentence)
}

/// The title in the second cell of a line, which begins at `cell`. True when there is one.
pub(super) fn second_cell(sentence: &Tokens<'_>, cell: usize, setting: &mut Setting) -> bool {
    let second = sentence.slice(cell..sentence.len());
    let titled = sentence.first().is_some_and(|t| t.gap >= Gap::Line)
        && title(&second)
        && !title(&sentence.slice(0..cell));
    if titled {
        let section = match assay(&second) {
            Some(Assay::Fish) => Section::Fish,
            _ => Section::Molecular,
        };
        setting.title = setting.title.or(Some(section));
        setting.section = Some(section);
    }
    titled
}

/// `Immunostains on file for this block`
pub(super) fn of_stains(sentence: &Tokens<'_>) -> bool {
    let begins = sentence.first().is_some_and(|t| {
        let text = sentence.text_of(t).to_lowercase();
        text.starts_with("immunostain") || text.starts_with("immunohisto")
    });
    let sentence_part = sentence.iter().any(|t| {
        t.kind == Kind::Mark(',') || sentence.words(t).any(|w| matches!(w, Word::Origin(_)))
    });
    begins && (2..=OF_STAINS).contains(&sentence.len()) && !sentence_part && is_bare_line(sentence)
}

/// A gene and the kind of its probe, and no other method.
pub(super) fn describes_probe(sentence: &Tokens<'_>) -> bool {
    let has = |wanted: fn(&Word) -> bool| sentence.iter().any(|t| sentence.words(t).any(wanted));
    sentence.iter().any(|t| sentence.gene(t).is_some())
        && has(|w| matches!(w, Word::Signal(s) if s == "break_apart"))
        && !has(|w| matches!(w, Word::Section(_) | Word::Assay(_)))
}

/// The section that the head of a line names, or the method in it stands for.
pub(super) fn section_named(
    sentence: &Tokens<'_>,
    head: &Tokens<'_>,
    headed: bool,
) -> Option<Section> {
    let says = |t: &Token<'_>| head.words(t).any(|w| matches!(w, Word::Result(..)));
    let made_with = |t: &Token<'_>| head.words(t).any(|w| matches!(w, Word::Assay(_)));
    let found = section_of(head);
    // `ALK (D5F3, CDx assay): negative`: the clone of an antibody says that the assay is a stain.
    let clone = head.iter().any(|t| head.clone_name(t).is_some());
    if found == Some(Section::Molecular) && clone && !head.iter().any(made_with) {
        return Some(Section::Ihc);
    }
    if found.is_some() || head.iter().any(says) {
        return found;
    }
    // `ALK break-apart FISH: ...`
    if headed && assay(head) == Some(Assay::Fish) {
        return Some(Section::Fish);
    }
    // `RNA fusion panel: ...`
    let method = molecular_assay(head).is_some() || assay(head) == Some(Assay::Sequencing);
    let ihc = assay(sentence) == Some(Assay::Ihc);
    (method && !ihc).then_some(Section::Molecular)
}

/// The first section that a label names.
fn section_of(head: &Tokens<'_>) -> Option<Section> {
    head.iter().flat_map(|t| head.words(t)).find_map(|word| {
        // `Reference laboratory results:` is no list of references.
        let other = *word == Word::Section(Section::Literature) && head.len() > 1;
        match word {
            Word::Section(section) if !other => Some(*section),
            _ => None,
        }
    })
}
