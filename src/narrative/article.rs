//! Published articles given as a report, and literature quoted in one: only the description of the case is
//! the patient.
//!
//! ```text
//! article  = front part { part }              ; front: title, authors, affiliations
//! part     = heading text
//! heading  = [number] heading-word (":" | line end)      ; where a line begins
//! quoted   = front | part that describes no case | table of published cases | entry of a reference list
//! citation = "[" numbers "]" | "(" numbers ")"           ; the round ones in an article only
//! ```
//!
//! A text is an article when its headings are those of one: an opening (abstract, introduction, keywords), and
//! a discussion or a list of references. A report with a `Comment` or a `Conclusion` is none. What is quoted
//! gives no fact and is listed as unread with the reason.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?imR)^[ \t#*]*(?:(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})[.)]?[ \t|]+)?",
        r"(?:(?P<opening>abstract|background|introduction|key[ -]?words|abbreviations)",
        r"|(?P<case>case (?:presentation|report|description|history|summary|study)s?|presentation of (?:the )?case",
        r"|description of (?:the )?case|clinical (?:case|presentation|course)|the case|case|results|findings|patient)",
        r"|(?P<closing>(?:results and )?discussions?|conclusions?|concluding remarks|review of the literature|literature review)",
        r"|(?P<end>references|bibliography|literature cited|works cited)",
        r"|(?P<other>summary|objectives?|aims?|(?:materials?|patients?|subjects?)(?: and| &) methods|methods",
        r"|acknowledge?ments?|funding|author contributions?|conflicts? of interests?|competing interests|disclosures?",
        r"|ethics (?:statement|approval)|data availability(?: statement)?|supplementary materials?",
        r"|publisher.s note|(?:patient )?consent|author affiliations?|affiliations))",
        r"[ \t*]*(?:[:：]|\.?[ \t]*$)",
    ))
    .expect("a constant pattern")
});

// `TABLE 2 Published cases of ...`
static TABLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?imR)^[ \t]*table[ \t]+\d{1,2}\b[^\n\r]*\b(?:reported|published|previous|literature|reviewed?|cases of)\b[^\n\r]*")
        .expect("a constant pattern")
});

// `12. Haimes JD, et al. Am J Surg Pathol 2017;41:773.`
static ENTRY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?mR)^[ \t]*(?:\[\d{1,3}\]|\d{1,3}[.)])[ \t]+[^\n\r]*(?:(?:19|20)\d\d[a-z]?\)?[ \t]*[;:][ \t]*\d|\bet al\b|\bdoi\b|\bdoi:)[^\n\r]*")
        .expect("a constant pattern")
});

static BLANK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\r?\n[ \t]*\r?\n|\r[ \t]*\r").expect("a constant pattern"));

static SQUARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\p{Ll}[.,]?\s*\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]").expect("a constant pattern")
});

static ROUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\p{L}{2}|\)|%)[.,]?\s+\(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\)")
        .expect("a constant pattern")
});

/// What of a text is quoted.
#[derive(Debug, Default)]
pub(crate) struct Article {
    /// Byte ranges, in order.
    quoted: Vec<Range<usize>>,
    /// Whether the whole text is an article.
    whole: bool,
}

/// What a part of an article holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Opening,
    Case,
    Closing,
    References,
    Other,
}

impl Part {
    fn of(found: &regex::Captures<'_>) -> Self {
        let named = |name| found.name(name).is_some();
        if named("opening") {
            Self::Opening
        } else if named("case") {
            Self::Case
        } else if named("closing") {
            Self::Closing
        } else if named("end") {
            Self::References
        } else {
            Self::Other
        }
    }
}

impl Article {
    /// Looks for the structure of an article in a text.
    pub(crate) fn of(text: &str) -> Self {
        let headings: Vec<(usize, Part)> = HEADING
            .captures_iter(text)
            .filter_map(|found| Some((found.get(0)?.start(), Part::of(&found))))
            .collect();
        let mut out = Self {
            quoted: Vec::new(),
            whole: is_article(text, &headings),
        };
        if out.whole {
            out.parts(text, &headings);
        }
        for table in TABLE.find_iter(text) {
            // To the empty line behind its rows: one may stand between caption and rows.
            let rows = BLANK
                .find_iter(&text[table.end()..])
                .map(|blank| table.end() + blank.start())
                .find(|blank| *blank > table.end() + 2)
                .unwrap_or(text.len());
            out.quoted.push(table.start()..rows);
        }
        out.quoted
            .extend(ENTRY.find_iter(text).map(|entry| entry.range()));
        out.quoted.sort_unstable_by_key(|range| range.start);
        join(&mut out.quoted);
        out
    }

    /// The parts of an article that are not its case.
    fn parts(&mut self, text: &str, headings: &[(usize, Part)]) {
        let Some((first, part)) = headings.first() else {
            return;
        };
        if *part != Part::Case {
            self.quoted.push(0..*first);
        }
        let ends = headings
            .iter()
            .skip(1)
            .map(|(at, _)| *at)
            .chain([text.len()]);
        for ((start, part), end) in headings.iter().zip(ends) {
            if *part != Part::Case {
                self.quoted.push(*start..end);
            }
        }
    }

    /// Whether the byte at `at` stands in a quoted part.
    pub(crate) fn quotes(&self, at: usize) -> bool {
        let next = self.quoted.partition_point(|range| range.start <= at);
        next.checked_sub(1)
            .and_then(|i| self.quoted.get(i))
            .is_some_and(|range| range.contains(&at))
    }

    /// Whether a sentence names a source: what it says is not of this patient.
    pub(crate) fn cites(&self, sentence: &str) -> bool {
        if self.whole && ROUND.is_match(sentence) {
            return true;
        }
        // Chromosome formulas end in a count of cells in square brackets.
        let formula =
            sentence.contains("ish(") || sentence.contains("ish ") || sentence.contains(",X");
        sentence.contains('[') && !formula && SQUARE.is_match(sentence)
    }
}

/// Whether headings are those of an article.
fn is_article(text: &str, headings: &[(usize, Part)]) -> bool {
    let has = |wanted: Part| headings.iter().any(|(_, part)| *part == wanted);
    let introduced = headings.iter().any(|(at, _)| {
        let line = text[*at..].trim_start_matches(|c: char| !c.is_alphabetic());
        line.get(..12)
            .is_some_and(|s| s.eq_ignore_ascii_case("introduction"))
    });
    let closes = has(Part::Closing) || has(Part::References);
    (introduced && closes) || (has(Part::Opening) && has(Part::Case) && closes)
}

/// Joins ranges that overlap; they are in order.
fn join(ranges: &mut Vec<Range<usize>>) {
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.drain(..) {
        match out.last_mut().filter(|last| last.end >= range.start) {
            Some(last) => last.end = last.end.max(range.end),
            None => out.push(range),
        }
    }
    *ranges = out;
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = "A rare tumour\nA. Author, Institute of Pathology\n\nAbstract\nBackground: common.\n\
        Case presentation: the case.\nIntroduction\nOthers found ALK.\n\n2. Case report\nThis patient.\n\n\
        Discussion\nAs known (3).\nReferences\n1. Author A, et al. A title. J Path 2017;41:773.\n";

    fn quoted(text: &str, part: &str) -> bool {
        Article::of(text).quotes(text.find(part).unwrap())
    }

    #[test]
    fn only_the_case_of_an_article_is_the_patient() {
        for part in ["A rare", "common", "Others", "As known", "A title"] {
            assert!(quoted(ARTICLE, part), "{part}");
        }
        assert!(!quoted(ARTICLE, "the case"));
        assert!(!quoted(ARTICLE, "This patient"));
    }

    #[test]
    fn a_report_with_a_comment_is_no_article() {
        let report = "Clinical history: mass\nResults\nALK positive\nConclusion: IMT\nReferences\n1. X, et al. 2017;4:1\n";
        assert!(!quoted(report, "ALK"));
        assert!(quoted(report, "X, et"));
    }

    #[test]
    fn citations_are_told_from_values() {
        let article = Article::of(ARTICLE);
        assert!(article.cites("ALK is positive in half of them (5)."));
        assert!(article.cites("This was described before [7, 9-11]."));
        assert!(!article.cites("BCOR (1+), Ki-67 (30%)"));
        let report = Article::of("IHC: ALK positive");
        assert!(!report.cites("positive cells (5)"));
        assert!(!report.cites("nuc ish(ALKx2)[100]"));
    }
}
