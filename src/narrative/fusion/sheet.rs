//! Fusions written as a table, or as one property per line.
//!
//! ```text
//! table    = header { row }                      ; cells between "|" or column gaps, the header names both partners
//! property = key (":" | "|" | column gap) value  ; one to a line or cell, within one block
//! key      = side ("gene" | "partner") | side exon | "frame" | reads | "result"
//! ```
//!
//! Both partners have to be named by their side. A row or block about control material is none of this tumour's.

use std::ops::Range;

use crate::case::Repair;
use crate::case::fusion::{Frame, Fusion, Method, Orientation, OrientationFrom, Sides, Status};
use crate::narrative::clause::{has, has_cue};
use crate::narrative::fusion::{Read, context};
use crate::narrative::lex::{Kind, Tokens};
use crate::narrative::outline::{Outline, Setting};
use crate::source::Source;
use crate::vocab::{Assay, Cue, Gap, Polarity, Section, Side, Word};

/// Most tokens of the name of a column or property.
const KEY: usize = 9;
/// Most lines from one partner to what else is said of the pair.
const BLOCK: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Gene(Side),
    Exon(Side),
    Frame,
    Reads,
    Result,
}

/// What the result of a sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Said {
    /// There is none.
    #[default]
    Nothing,
    /// Words that are not known.
    Unknown,
    As(Status),
}

/// What is known of one pair.
#[derive(Debug, Default)]
struct Pair {
    genes: [Option<Gene>; 2],
    exons: [Option<String>; 2],
    frame: Option<Frame>,
    reads: Option<u64>,
    said: Said,
    cells: Vec<Range<usize>>,
}

#[derive(Debug, Clone)]
struct Gene {
    symbol: String,
    written: String,
    repaired: bool,
    listed: bool,
    range: Range<usize>,
}

fn side(of: Side) -> usize {
    usize::from(of == Side::ThreePrime)
}

/// Reads all sheets of a report; the token ranges they take up.
pub(crate) fn read(
    tokens: &Tokens<'_>,
    outline: &Outline,
    source: &Source,
) -> (Read, Vec<Range<usize>>) {
    let lines = lines(tokens);
    let (mut out, mut used) = (Read::default(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let cells = cells(tokens, &lines[at]);
        let roles: Vec<Option<Role>> = cells
            .iter()
            .map(|c| role(&tokens.slice(c.clone())))
            .collect();
        if names_both(&roles) && cells.len() > 2 {
            let setting = setting_of(outline, lines[at].start);
            used.push(lines[at].clone());
            at += 1;
            while let Some(line) = lines.get(at) {
                let row = self::cells(tokens, line);
                let blank = tokens.get(line.start).is_some_and(|t| t.gap == Gap::Blank);
                if ruler(tokens, line) {
                    at += 1;
                    continue;
                }
                if blank || row.len() < 2 || row.len() > roles.len() {
                    break;
                }
                let mut pair = Pair::default();
                for (role, cell) in roles.iter().zip(&row) {
                    pair.take(tokens, *role, cell);
                }
                if pair.write(tokens, line, setting, source, &mut out) {
                    used.push(line.clone());
                }
                at += 1;
            }
            continue;
        }
        at += properties(tokens, &lines[at..], outline, source, &mut out, &mut used).max(1);
    }
    (out, used)
}

fn names_both(roles: &[Option<Role>]) -> bool {
    roles.contains(&Some(Role::Gene(Side::FivePrime)))
        && roles.contains(&Some(Role::Gene(Side::ThreePrime)))
}

/// Reads properties that begin on the first line; how many lines they take up.
fn properties(
    tokens: &Tokens<'_>,
    lines: &[Range<usize>],
    outline: &Outline,
    source: &Source,
    out: &mut Read,
    used: &mut Vec<Range<usize>>,
) -> usize {
    let Some(first) = lines.first() else {
        return 0;
    };
    let begins = keyed(tokens, first)
        .iter()
        .any(|(role, _)| matches!(role, Role::Gene(_)));
    if !begins {
        return 0;
    }
    let mut pair = Pair::default();
    let mut taken = Vec::new();
    let mut count = 0;
    for (index, line) in lines.iter().take(BLOCK).enumerate() {
        if index > 0 && tokens.get(line.start).is_some_and(|t| t.gap == Gap::Blank) {
            break;
        }
        let found = keyed(tokens, line);
        // The next pair of a list.
        let again = found.iter().any(|(role, _)| match role {
            Role::Gene(of) => pair.genes[side(*of)].is_some(),
            _ => false,
        });
        if again {
            break;
        }
        count = index + 1;
        for (role, cell) in &found {
            pair.take(tokens, Some(*role), cell);
        }
        if found.iter().any(|(role, _)| *role != Role::Result) {
            taken.push(line.clone());
        }
    }
    let all = first.start..lines[count - 1].end;
    let setting = setting_of(outline, first.start);
    if pair.write(tokens, &all, setting, source, out) {
        used.extend(taken);
        count
    } else {
        0
    }
}

/// The properties on one line with the tokens of their values.
fn keyed(tokens: &Tokens<'_>, line: &Range<usize>) -> Vec<(Role, Range<usize>)> {
    let cells = cells(tokens, line);
    let mut out = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        let cell = &cells[at];
        let colon = cell.clone().take(KEY).find(|i| {
            tokens
                .get(*i)
                .is_some_and(|t| matches!(t.kind, Kind::Mark(':' | '=')))
        });
        if let Some(colon) = colon {
            let value = if colon + 1 < cell.end {
                Some(colon + 1..cell.end)
            } else {
                at += 1;
                cells.get(at).cloned()
            };
            out.extend(role(&tokens.slice(cell.start..colon)).zip(value));
        } else if let (Some(role), Some(value)) =
            (role(&tokens.slice(cell.clone())), cells.get(at + 1))
        {
            out.push((role, value.clone()));
            at += 1;
        }
        at += 1;
    }
    out
}

impl Pair {
    fn take(&mut self, tokens: &Tokens<'_>, role: Option<Role>, cell: &Range<usize>) {
        let value = tokens.slice(cell.clone());
        self.cells.push(cell.clone());
        match role {
            Some(Role::Gene(of)) => {
                let of = side(of);
                if self.genes[of].is_none() {
                    self.genes[of] = gene(tokens, cell);
                }
                // `THBS1, exon 11`
                let exon = (1..value.len()).find(|i| {
                    value.get(i - 1).is_some_and(|t| value.is(t, &Word::Exon))
                        && value.get(*i).is_some_and(|t| t.kind == Kind::Number)
                });
                if let Some(number) = exon.and_then(|i| value.get(i)) {
                    self.exons[of] = Some(value.text_of(number).to_owned());
                }
            }
            Some(Role::Exon(of)) => {
                let number = value.iter().find(|t| t.kind == Kind::Number);
                self.exons[side(of)] = number.map(|t| value.text_of(t).to_owned());
            }
            Some(Role::Frame) => {
                self.frame = value.iter().find_map(|t| {
                    value.words(t).find_map(|w| match w {
                        Word::Frame(true) => Some(Frame::InFrame),
                        Word::Frame(false) => Some(Frame::OutOfFrame),
                        _ => None,
                    })
                });
            }
            Some(Role::Reads) => {
                let number = value.iter().find(|t| t.kind == Kind::Number);
                self.reads = number.and_then(|t| value.text_of(t).replace(',', "").parse().ok());
            }
            Some(Role::Result) => self.said = status(&value).map_or(Said::Unknown, Said::As),
            None => {}
        }
    }

    /// Records the pair; whether there is one.
    fn write(
        self,
        tokens: &Tokens<'_>,
        at: &Range<usize>,
        setting: &Setting,
        source: &Source,
        out: &mut Read,
    ) -> bool {
        let [Some(five), Some(three)] = self.genes else {
            return false;
        };
        let told = tokens.slice(at.clone());
        let general = setting.about.is_some() || setting.section == Some(Section::Literature);
        let listed = five.listed || three.listed;
        if general
            || !listed
            || five.symbol == three.symbol
            || has_cue(&told, Cue::Control)
            || has_cue(&told, Cue::Invalid)
        {
            return false;
        }
        let status = match (self.said, self.reads) {
            (Said::Nothing, Some(0)) => Status::NotDetected,
            (Said::Nothing, _) => Status::Detected,
            (Said::As(status), _) => status,
            (Said::Unknown, _) => return false,
        };
        let range = tokens
            .slice(five.range.start.min(three.range.start)..five.range.end.max(three.range.end))
            .range();
        let mut fact = Fusion::new(status, source.place(range));
        fact.as_reported = Some([five.written.clone(), three.written.clone()]);
        fact.five_prime = Some(five.symbol.clone());
        fact.three_prime = Some(three.symbol.clone());
        fact.orientation = Some(Orientation::Stated);
        fact.orientation_from = Some(OrientationFrom::Columns);
        let [five_prime, three_prime] = self.exons;
        fact.exons = Sides {
            five_prime,
            three_prime,
        };
        fact.frame = self.frame;
        fact.support.total = self.reads;
        fact.method = match setting.method.or(setting.assay) {
            Some(Assay::Rna) => Method::Rna,
            Some(Assay::Dna) => Method::Dna,
            _ => match crate::narrative::outline::molecular_assay(&told) {
                Some(Assay::Rna) => Method::Rna,
                Some(Assay::Dna) => Method::Dna,
                _ => Method::Unspecified,
            },
        };
        fact.context = context(setting);
        fact.version = setting.version;
        fact.sample.clone_from(&setting.sample);
        for gene in [five, three] {
            if gene.repaired {
                fact.repairs.push(Repair {
                    from: gene.written.clone(),
                    to: gene.symbol.clone(),
                });
            }
            if !gene.listed {
                out.unlisted
                    .push((gene.symbol, tokens.slice(gene.range).range()));
            }
        }
        out.facts.push(fact);
        true
    }
}

/// What a cell says of the call; none in words that are not known.
fn status(cell: &Tokens<'_>) -> Option<Status> {
    let result = |wanted: Polarity| has(cell, |w| matches!(w, Word::Result(p, _) if *p == wanted));
    let found = has(cell, |w| {
        matches!(
            w,
            Word::Detected | Word::Result(Polarity::Positive, _) | Word::Rearrangement
        )
    }) || cell.text().eq_ignore_ascii_case("pass");
    if has_cue(cell, Cue::Hypothetical) {
        None
    } else if result(Polarity::Pending) {
        Some(Status::Pending)
    } else if result(Polarity::Failed) {
        Some(Status::Failed)
    } else if result(Polarity::Equivocal) {
        Some(Status::Inconclusive)
    } else if result(Polarity::Negative)
        || has(cell, |w| matches!(w, Word::Negation | Word::Neither))
    {
        Some(Status::NotDetected)
    } else {
        found.then_some(Status::Detected)
    }
}

/// The one gene of a cell: of the table, or a symbol in capitals.
fn gene(tokens: &Tokens<'_>, cell: &Range<usize>) -> Option<Gene> {
    let token = tokens.get(cell.start)?;
    if let Some((gene, sense)) = tokens.gene(token) {
        return Some(Gene {
            symbol: gene.symbol.clone(),
            written: tokens.text_of(token).to_owned(),
            repaired: sense.damaged || matches!(token.kind, Kind::Name { repaired: true, .. }),
            listed: true,
            range: cell.start..cell.start + 1,
        });
    }
    (token.kind == Kind::Other).then_some(())?;
    let end = (cell.start + 1..cell.end)
        .find(|i| {
            tokens
                .get(*i)
                .is_none_or(|t| t.gap != Gap::None || matches!(t.kind, Kind::Mark(_)))
        })
        .unwrap_or(cell.end);
    let symbol = tokens.slice(cell.start..end).text();
    let fits = (2..=12).contains(&symbol.len())
        && symbol.starts_with(|c: char| c.is_ascii_uppercase())
        && symbol
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    fits.then(|| Gene {
        symbol: symbol.to_owned(),
        written: symbol.to_owned(),
        repaired: false,
        listed: false,
        range: cell.start..end,
    })
}

/// What the name of a column or property stands for.
fn role(key: &Tokens<'_>) -> Option<Role> {
    if key.is_empty() || key.len() > KEY || key.iter().any(|t| key.gene(t).is_some()) {
        return None;
    }
    let text = key.text().to_lowercase().replace(['’', '′', '´'], "'");
    let says = |wanted: &[&str]| wanted.iter().any(|w| text.contains(w));
    let of = if says(&[
        "5'",
        "5 prime",
        "5-prime",
        "five prime",
        "upstream",
        "gene a",
        "gene 1",
        "gene1",
        "partner a",
        "partner 1",
    ]) {
        Some(Side::FivePrime)
    } else if says(&[
        "3'",
        "3 prime",
        "3-prime",
        "three prime",
        "downstream",
        "gene b",
        "gene 2",
        "gene2",
        "partner b",
        "partner 2",
    ]) {
        Some(Side::ThreePrime)
    } else {
        None
    };
    let place = says(&[
        "breakpoint",
        "position",
        "transcript",
        "coordinate",
        "strand",
        "chrom",
        "signal",
    ]);
    let exon = has(key, |w| *w == Word::Exon);
    match of {
        _ if place => None,
        Some(of) if exon => Some(Role::Exon(of)),
        Some(of)
            if says(&["gene", "partner", "symbol", "gen ", "gène", "gen)", "基因"])
                || text.ends_with("gen") =>
        {
            Some(Role::Gene(of))
        }
        None if says(&["frame", "leseraster"]) => Some(Role::Frame),
        None if says(&["reads"]) => Some(Role::Reads),
        None if matches!(
            text.trim_matches(|c: char| !c.is_alphabetic()),
            "result"
                | "results"
                | "status"
                | "call"
                | "ergebnis"
                | "résultat"
                | "resultado"
                | "risultato"
                | "uitslag"
                | "结果"
                | "fusion status"
        ) =>
        {
            Some(Role::Result)
        }
        _ => None,
    }
}

/// Lines as token ranges.
fn lines(tokens: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 1..=tokens.len() {
        if tokens.get(at).is_none_or(|t| t.gap >= Gap::Line) {
            if start < at {
                out.push(start..at);
            }
            start = at;
        }
    }
    out
}

/// The cells of a line: between bars, or else between column gaps.
fn cells(tokens: &Tokens<'_>, line: &Range<usize>) -> Vec<Range<usize>> {
    let bar = |i: usize| tokens.get(i).is_some_and(|t| t.kind == Kind::Mark('|'));
    let bars = line.clone().any(bar);
    let mut out = Vec::new();
    let mut start = line.start;
    for at in line.clone() {
        let gap = at > start && tokens.get(at).is_some_and(|t| t.gap == Gap::Wide);
        if bar(at) {
            if start < at || start > line.start {
                out.push(start..at);
            }
            start = at + 1;
        } else if !bars && gap {
            out.push(start..at);
            start = at;
        }
    }
    if start < line.end {
        out.push(start..line.end);
    }
    out
}

/// A line of marks between header and rows.
fn ruler(tokens: &Tokens<'_>, line: &Range<usize>) -> bool {
    tokens
        .slice(line.clone())
        .iter()
        .all(|t| matches!(t.kind, Kind::Mark('-' | '|' | '=' | '+' | '_' | ':')))
}

fn setting_of(outline: &Outline, token: usize) -> &Setting {
    static NONE: std::sync::LazyLock<Setting> = std::sync::LazyLock::new(Setting::default);
    let next = outline.sentences.partition_point(|s| s.tokens.end <= token);
    outline.sentences.get(next).map_or(&NONE, |s| &s.setting)
}
