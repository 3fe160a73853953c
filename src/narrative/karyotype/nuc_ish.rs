//! Break-apart FISH in ISCN notation.

use std::sync::LazyLock;

use regex::Regex;

use crate::case::fish::{self, Fish};
use crate::case::percent::Percent;
use crate::narrative::lex::Tokens;
use crate::source::Source;

static NUC_ISH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"nuc\s+ish\s*(?:(?:[0-9]{1,2}|[XY])[pq][0-9.]{1,6})?\s*((?:\([^()\[\]]{1,80}\)\s*){1,6})(?:\[\s*(\d{1,4})\s*(?:/\s*(\d{1,4}))?\s*\])?")
        .expect("a constant pattern")
});
/// The next probes of the same formula: `nuc ish(Ax2)[200],(Bx2)[200]`.
static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\A\s*[,;]\s*((?:\([^()\[\]]{1,80}\)\s*){1,6})(?:\[\s*(\d{1,4})\s*(?:/\s*(\d{1,4}))?\s*\])?")
        .expect("a constant pattern")
});
static PROBE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:(5|3)')?([A-Za-z][A-Za-z0-9]*)\s*x\s*(\d)").expect("a constant pattern")
});

/// Break-apart results in ISCN: `sep` where the two ends of a gene have come apart, one end more often than the other
/// where one is lost, and otherwise intact signals.
///
/// ```text
/// nuc-ish = "nuc ish" [band] { "(" probe { "," probe } ")" } { "(" "5'" gene ( "sep" | "con" ) "3'" gene "x" n ")" }
///           "[" cells [ "/" cells ] "]"
/// ```
pub(crate) fn nuc_ish(sentence: &Tokens<'_>, source: &Source) -> Vec<Fish> {
    let mut out = Vec::new();
    let start = sentence.range().start;
    let text = sentence.text();
    for found in NUC_ISH.captures_iter(text) {
        let mut end = found.get(0).map_or(text.len(), |whole| whole.end());
        out.extend(probes(&found, start, sentence, source));
        while let Some(next) = NEXT.captures(&text[end..]) {
            out.extend(probes(&next, start + end, sentence, source));
            end += next.get(0).map_or(text.len(), |whole| whole.end());
        }
    }
    out
}

/// One probe of a formula that begins at byte `start`.
fn probes(
    found: &regex::Captures<'_>,
    start: usize,
    sentence: &Tokens<'_>,
    source: &Source,
) -> Option<Fish> {
    let whole = found.get(0)?;
    {
        let probes: String = found[1]
            .chars()
            .map(|c| match c {
                '′' | '’' | '‘' | '´' => '\'',
                '×' => 'x',
                c => c,
            })
            .collect();
        // Copies of the 5' end, of the 3' end, and of the whole.
        let mut copies = [0_u32; 3];
        let mut gene = None;
        for group in probes.split(')') {
            // How often the ends lie together or apart is counted in a group of its own.
            let counts = !(group.contains(" sep ") || group.contains(" con "));
            for probe in PROBE.captures_iter(group) {
                let Some(named) = sentence.vocab().gene_named(&probe[2]) else {
                    continue;
                };
                gene = gene.or(Some(named));
                let end = match probe.get(1).map(|m| m.as_str()) {
                    Some("5") => 0,
                    Some(_) => 1,
                    None => 2,
                };
                if counts {
                    copies[end] = copies[end].max(probe[3].parse().unwrap_or_default());
                }
            }
        }
        let gene = gene?;
        let apart = probes.contains(" sep ");
        let joined = probes.contains(" con ");
        let (status, pattern) = if apart {
            (fish::Status::Positive, None)
        } else if copies[0] != copies[1] {
            let end = if copies[1] > copies[0] {
                "isolated_3_prime"
            } else {
                "isolated_5_prime"
            };
            (fish::Status::Equivocal, Some(end.to_owned()))
        } else if joined || copies[2] == 2 || copies[0] == 2 {
            (fish::Status::Negative, None)
        } else {
            return None;
        };
        let place = source.place(start + whole.start()..start + whole.end());
        let mut fact = Fish::new(&gene.symbol, status, place);
        fact.pattern = pattern;
        let count = |i| found.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
        match (count(2), count(3)) {
            (Some(part), Some(cells)) => {
                fact.percent = Percent::of(part, cells);
                fact.cells = Some(cells);
            }
            (cells, _) => fact.cells = cells,
        }
        Some(fact)
    }
}
