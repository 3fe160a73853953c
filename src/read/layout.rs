//! Tables of fusion callers as data: which columns hold the partners, the breakpoints, the support, and what the
//! caller promises of their order.
//!
//! A format that is a table is a [`Layout`] in a file of its own. What no column can say (comment blocks,
//! packed fields) is in the format's own file.

use crate::case::Repair;
use crate::case::fusion::{
    Breakpoint, Frame, Fusion, Method, Orientation, OrientationFrom, Side, Status,
};
use crate::diag::{Code, Diagnostic};
use crate::read::annotation;
use crate::read::symbol::{GeneCell, gene};
use crate::read::table::{Row, Table, calls_of};
use crate::read::{Evidence, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// A table of calls.
#[derive(Debug)]
pub(super) struct Layout {
    /// The caller, as named with every call.
    pub(super) caller: &'static str,
    /// What cuts a line into cells.
    pub(super) delimiter: char,
    /// Columns that tell the format; `*.name` is a column whose name ends so.
    pub(super) required: &'static [&'static str],
    /// Columns that tell another format with the same first ones.
    pub(super) absent: &'static [&'static str],
    /// The dialects: a column that tells each, the last without one.
    pub(super) dialects: &'static [(&'static str, &'static str)],
    pub(super) pair: Pair,
    pub(super) order: Order,
    pub(super) points: Points,
    /// Columns that tell which side of each breakpoint is part of the fusion.
    pub(super) sides: KeptSides,
    /// Columns of the strand of each gene.
    pub(super) gene_strands: [&'static str; 2],
    /// The breakpoints stand in an order of their own, not in that of the pair.
    pub(super) loose: bool,
    /// Columns of the exon and of the transcript of each partner.
    pub(super) exons: [&'static str; 2],
    /// Columns that say whether the number is that of an exon (`exon`), not of an intron.
    pub(super) regions: [&'static str; 2],
    pub(super) transcripts: [&'static str; 2],
    /// Columns with a text that may name the pair in order.
    pub(super) annotations: &'static [&'static str],
    /// Columns whose counts are added up.
    pub(super) split: &'static [&'static str],
    pub(super) spanning: &'static [&'static str],
    pub(super) total: &'static [&'static str],
    pub(super) frame: &'static [&'static str],
    pub(super) confidence: Confidence,
    /// Columns whose marks are kept.
    pub(super) filters: &'static [&'static str],
    /// Columns of the sample, the first that is there.
    pub(super) sample: &'static [&'static str],
    pub(super) method: Method,
}

/// How the partners are written.
#[derive(Debug)]
pub(super) enum Pair {
    /// A column each.
    Columns(&'static str, &'static str),
    /// One column, joined by the first of these marks that is in it.
    Joined(&'static str, &'static [&'static str]),
}

/// What the caller promises of the order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Order {
    /// The first partner is 5'.
    FivePrimeFirst,
    /// Nothing: the order stays unknown.
    None,
    /// A column tells: the first partner is 5' where it holds one of these.
    Where(&'static str, &'static [&'static str]),
    /// A column tells: the first partner is 5', or the second, where it holds one of these.
    Either(
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
    ),
}

/// Columns that tell the kept side of each breakpoint, with their words for the lower and the higher one.
#[derive(Debug)]
pub(super) struct KeptSides {
    pub(super) columns: [&'static str; 2],
    pub(super) lower: &'static str,
    pub(super) higher: &'static str,
}

/// Where the breakpoints stand.
#[derive(Debug)]
pub(super) enum Points {
    Nowhere,
    /// `chr2:29223528[:-]` in a column each.
    Columns(&'static str, &'static str),
    /// Chromosome, position and strand in columns of their own.
    Parts([(&'static str, &'static str, &'static str); 2]),
    /// Segments, counted from 0: chromosome, start, end and strand. On `+` the break is at the end and the segment
    /// lies on its lower side, on `-` at the start and on its higher side.
    Segments([(&'static str, &'static str, &'static str, &'static str); 2]),
}

/// What the caller thinks of a call.
#[derive(Debug)]
pub(super) enum Confidence {
    Unsaid,
    /// A column in the caller's own words.
    Column(&'static str),
    /// Low unless the column holds one of these.
    LowUnless(&'static str, &'static [&'static str]),
}

impl Layout {
    /// A layout to fill in: nothing promised, nothing known.
    pub(super) const PLAIN: Self = Self {
        caller: "",
        delimiter: '\t',
        required: &[],
        absent: &[],
        dialects: &[],
        pair: Pair::Columns("", ""),
        order: Order::None,
        points: Points::Nowhere,
        sides: KeptSides {
            columns: ["", ""],
            lower: "",
            higher: "",
        },
        gene_strands: ["", ""],
        loose: false,
        exons: ["", ""],
        regions: ["", ""],
        transcripts: ["", ""],
        annotations: &[],
        split: &[],
        spanning: &[],
        total: &[],
        frame: &[],
        confidence: Confidence::Unsaid,
        filters: &[],
        sample: &[],
        method: Method::Rna,
    };

    /// Whether a source has the columns of this layout.
    pub(super) fn detect(&self, source: &Source) -> Option<Evidence> {
        let table = Table::find(source, self.delimiter, self.required)?;
        if self.absent.iter().any(|column| table.has(&[column])) {
            return None;
        }
        let dialect = self
            .dialects
            .iter()
            .find(|(column, _)| column.is_empty() || table.has(&[column]))
            .map_or("table", |(_, dialect)| dialect);
        Some(Evidence {
            dialect,
            found: format!("columns {}", self.required.join(", ")),
        })
    }

    /// Reads every row.
    pub(super) fn read(&self, source: &Source, vocab: &Vocab) -> Reading {
        match Table::find(source, self.delimiter, self.required) {
            Some(table) => self.read_table(source, &table, vocab),
            None => Reading::default(),
        }
    }

    /// Reads every row of a table that was found.
    pub(super) fn read_table(&self, source: &Source, table: &Table<'_>, vocab: &Vocab) -> Reading {
        calls_of(source, table, self.required, |row, out| {
            self.call(row, vocab, out)
        })
    }

    /// Reads one row.
    pub(super) fn call(
        &self,
        row: &Row<'_, '_>,
        vocab: &Vocab,
        out: &mut Vec<Diagnostic>,
    ) -> Fusion {
        let (written, cells, columns) = self.partners(row, vocab);
        let place = match self.pair {
            Pair::Columns(one, two) => row.places(one, two),
            Pair::Joined(column, _) => row.place(column),
        };
        let mut fusion = Fusion::new(Status::Detected, place);
        let mut symbols = [None, None];
        for (index, cell) in cells.iter().enumerate() {
            let (symbol, repair) = partner(cell, || row.place(columns[index]), vocab, out);
            symbols[index] = symbol;
            fusion.repairs.extend(repair);
        }
        let annotated = self
            .annotations
            .iter()
            .find_map(|column| annotation::order(row.get(column), &cells));
        annotation::settle(&mut fusion, symbols, self.promised(row), annotated);
        fusion.as_written = written;
        fusion.as_reported = Some(cells);
        fusion.breakpoints = self.breakpoints(row, out);
        fusion.loose_breakpoints = self.loose;
        self.sides(row, &mut fusion);
        fusion.reported_exons = [0, 1].map(|side| self.exon(row, side));
        let stated = |column: &&str| row.stated(column).map(str::to_owned);
        fusion.reported_transcripts = self.transcripts.each_ref().map(stated);
        fusion.frame = self
            .frame
            .iter()
            .find_map(|column| row.stated(column))
            .and_then(frame);
        fusion.support.split = sum(self.split, row, out);
        fusion.support.spanning = sum(self.spanning, row, out);
        fusion.support.total = sum(self.total, row, out);
        fusion.confidence = match self.confidence {
            Confidence::Unsaid => None,
            Confidence::Column(column) => row.stated(column).map(str::to_owned),
            Confidence::LowUnless(column, good) => row
                .stated(column)
                .filter(|cell| !good.contains(cell))
                .map(|_| "low".to_owned()),
        };
        fusion.filters = self
            .filters
            .iter()
            .filter_map(|column| row.stated(column))
            .flat_map(|cell| cell.split([',', ';']))
            .map(|mark| mark.trim().to_owned())
            .filter(|mark| !mark.is_empty())
            .collect();
        fusion.caller = Some(self.caller.to_owned());
        fusion.method = self.method;
        fusion.sample = self
            .sample
            .iter()
            .find_map(|column| row.stated(column))
            .map(str::to_owned);
        fusion
    }

    /// The pair as written, its two sides, and the columns they stand in.
    fn partners(
        &self,
        row: &Row<'_, '_>,
        vocab: &Vocab,
    ) -> (String, [String; 2], [&'static str; 2]) {
        match self.pair {
            Pair::Columns(one, two) => {
                // `SYMBOL^ENSG00000000000.1`
                let symbol = |column| row.get(column).split('^').next().unwrap_or_default();
                let cells = [one, two].map(|column| symbol(column).to_owned());
                (format!("{}--{}", cells[0], cells[1]), cells, [one, two])
            }
            Pair::Joined(column, marks) => {
                let written = row.get(column);
                let cells = split_pair(written, marks, vocab);
                (written.to_owned(), cells, [column, column])
            }
        }
    }

    fn promised(&self, row: &Row<'_, '_>) -> Promise {
        let holds = |column: &str, words: &[&str]| {
            let cell = row.get(column);
            words.iter().any(|word| cell.eq_ignore_ascii_case(word))
        };
        match self.order {
            Order::FivePrimeFirst => Promise::First,
            Order::Where(column, words) if holds(column, words) => Promise::First,
            Order::Either(column, first, _) if holds(column, first) => Promise::First,
            Order::Either(column, _, second) if holds(column, second) => Promise::Second,
            // Two ends of the same kind are no order.
            Order::Either(column, ..) if holds(column, &["5to5", "3to3"]) => Promise::Contradicted,
            Order::None | Order::Where(..) | Order::Either(..) => Promise::Nothing,
        }
    }

    fn breakpoints(
        &self,
        row: &Row<'_, '_>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<[Option<Breakpoint>; 2]> {
        match self.points {
            Points::Nowhere => None,
            Points::Columns(one, two) => Some([one, two].map(|column| {
                let cell = row.stated(column)?;
                let breakpoint = Breakpoint::parse(cell);
                if breakpoint.is_none() {
                    out.push(
                        Diagnostic::warning(Code::BadNumber, format!("`{column}` is no position"))
                            .at(row.place(column), "expected chromosome:position"),
                    );
                }
                breakpoint
            })),
            Points::Parts(parts) => Some(parts.map(|(chromosome, position, strand)| {
                let at = row.stated(position)?.parse().ok()?;
                let chromosome = row.stated(chromosome)?;
                Some(Breakpoint {
                    chromosome: chromosome
                        .strip_prefix("chr")
                        .unwrap_or(chromosome)
                        .to_owned(),
                    position: at,
                    strand: match row.get(strand) {
                        "+" | "1" => Some('+'),
                        "-" | "-1" => Some('-'),
                        _ => None,
                    },
                    keeps: None,
                    gene_strand: None,
                })
            })),
            Points::Segments(parts) => Some(parts.map(|(chromosome, start, end, strand)| {
                let (at, keeps) = match row.get(strand) {
                    "+" => (row.stated(end)?.parse().ok()?, Side::Lower),
                    "-" => {
                        let start: u64 = row.stated(start)?.parse().ok()?;
                        (start.saturating_add(1), Side::Higher)
                    }
                    _ => return None,
                };
                let chromosome = row.stated(chromosome)?;
                Some(Breakpoint {
                    chromosome: chromosome
                        .strip_prefix("chr")
                        .unwrap_or(chromosome)
                        .to_owned(),
                    position: at,
                    strand: None,
                    keeps: Some(keeps),
                    gene_strand: None,
                })
            })),
        }
    }

    fn exon(&self, row: &Row<'_, '_>, side: usize) -> Option<String> {
        let region = self.regions[side];
        let of_exon = region.is_empty() || row.get(region).eq_ignore_ascii_case("exon");
        row.stated(self.exons[side])
            .filter(|_| of_exon)
            .map(str::to_owned)
    }

    /// Adds the kept sides and the strands of the genes to the breakpoints.
    fn sides(&self, row: &Row<'_, '_>, fusion: &mut Fusion) {
        let Some(breakpoints) = &mut fusion.breakpoints else {
            return;
        };
        for (index, breakpoint) in breakpoints.iter_mut().enumerate() {
            let Some(breakpoint) = breakpoint else {
                continue;
            };
            if let Some(cell) = row.stated(self.sides.columns[index]) {
                if cell == self.sides.lower {
                    breakpoint.keeps = Some(Side::Lower);
                } else if cell == self.sides.higher {
                    breakpoint.keeps = Some(Side::Higher);
                }
            }
            breakpoint.gene_strand = match row.get(self.gene_strands[index]) {
                "+" => Some('+'),
                "-" => Some('-'),
                _ => None,
            };
        }
    }
}

/// Which partner the table says is 5'.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    First,
    Second,
    /// The table says that there is no 5' and 3' partner.
    Contradicted,
    Nothing,
}

/// Gives a call its 5' and 3' partner as far as the table promises them.
pub(super) fn order(fusion: &mut Fusion, symbols: [Option<String>; 2], promise: Promise) {
    fusion.symbols.clone_from(&symbols);
    let [one, two] = symbols;
    match promise {
        Promise::First => (fusion.five_prime, fusion.three_prime) = (one, two),
        Promise::Second => (fusion.five_prime, fusion.three_prime) = (two, one),
        Promise::Contradicted => {
            fusion.orientation = Some(Orientation::Conflicting);
            fusion.orientation_from = Some(OrientationFrom::Columns);
            return;
        }
        Promise::Nothing => {
            fusion.orientation = Some(Orientation::Unknown);
            return;
        }
    }
    fusion.orientation = Some(Orientation::Stated);
    fusion.orientation_from = Some(OrientationFrom::Columns);
}

/// The gene of a cell. Of overlapping genes (`A;B`, `A/B`, `A,B`) the one that the gene table knows stands for
/// all, and that is said.
pub(super) fn partner(
    cell: &str,
    place: impl FnOnce() -> crate::source::Place,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> (Option<String>, Option<Repair>) {
    if matches!(cell, "" | "." | "-" | "NA" | "N/A" | "nan" | "None") {
        return (None, None);
    }
    let mut all = cell.split([';', '/', ',', '|']).map(str::trim);
    if cell.contains([';', '/', ',', '|']) && !cell.contains('(') {
        let known = |symbol: &&str| vocab.gene_named(symbol).is_some();
        let first = cell.split([';', '/', ',', '|']).map(str::trim).next();
        let chosen = all.find(known).or(first).unwrap_or(cell);
        let symbol = vocab
            .gene_named(chosen)
            .map_or(chosen, |gene| gene.symbol.as_str())
            .to_owned();
        let repair = Repair {
            from: cell.to_owned(),
            to: symbol.clone(),
        };
        return (Some(symbol), Some(repair));
    }
    match gene(cell, place, vocab, out) {
        GeneCell::Symbol(symbol) => (Some(symbol), None),
        GeneCell::Intergenic | GeneCell::Other => (None, None),
    }
}

/// Cuts a pair at the first mark that is in it; where a mark stands in it more than once (`HLA-A-ALK`), so that
/// both sides are genes the table knows, or else at the cut that leaves the longest known gene.
pub(super) fn split_pair(pair: &str, marks: &[&str], vocab: &Vocab) -> [String; 2] {
    for mark in marks {
        let cuts: Vec<(&str, &str)> = pair
            .match_indices(mark)
            .map(|(at, mark)| (pair[..at].trim(), pair[at + mark.len()..].trim()))
            .filter(|(one, two)| !one.is_empty() && !two.is_empty())
            .collect();
        let known = |symbol: &str| vocab.gene_named(symbol).is_some();
        let best = cuts
            .iter()
            .max_by_key(|(one, two)| {
                let both = known(one) && known(two);
                let length = [one, two]
                    .into_iter()
                    .filter(|s| known(s))
                    .map(|s| s.len())
                    .max();
                (both, length)
            })
            .copied();
        if let Some((one, two)) = best {
            return [one.to_owned(), two.to_owned()];
        }
    }
    [pair.to_owned(), String::new()]
}

/// The reading frame in any caller's words: one word, one for each of two partners (`UTR/CDS(complete)`), or a list
/// with one for each pair of transcripts.
pub(super) fn frame(cell: &str) -> Option<Frame> {
    if let Some((five, three)) = cell.split_once('/') {
        let [five, three] = [five.trim(), three.trim()];
        return match (five, three) {
            ("UTR", "CDS(complete)") => Some(Frame::FivePrimeUtrFullCds),
            ("intergenic" | "exonic(no-known-CDS)", _) => Some(Frame::NotCoding),
            _ => None,
        };
    }
    let mut said = cell.split(',').filter_map(one_frame);
    let first = said.next()?;
    Some(if said.all(|other| other == first) {
        first
    } else {
        Frame::AmbiguousMultiTranscript
    })
}

fn one_frame(cell: &str) -> Option<Frame> {
    let folded: String = cell
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    match folded.as_str() {
        "inframe" | "true" | "inframeshift" | "yes" | "1" => Some(Frame::InFrame),
        "outofframe" | "frameshift" | "false" | "no" | "0" => Some(Frame::OutOfFrame),
        "stopcodon" | "stopbeforejunction" => Some(Frame::StopBeforeJunction),
        // CICERO: the 3' partner keeps its own start, or the 5' partner gives its leader only.
        "2" | "3" | "fiveprimeutrfullcds" => Some(Frame::FivePrimeUtrFullCds),
        "notcoding" => Some(Frame::NotCoding),
        "ambiguousmultitranscript" => Some(Frame::AmbiguousMultiTranscript),
        _ => None,
    }
}

fn sum(columns: &[&str], row: &Row<'_, '_>, out: &mut Vec<Diagnostic>) -> Option<u64> {
    columns
        .iter()
        .filter_map(|column| row.count(column, out))
        .reduce(u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Pack;

    #[test]
    fn pairs_are_cut_between_genes() {
        let pack = Pack::built_in();
        let cut = |pair: &str, marks: &[&str]| split_pair(pair, marks, pack.vocab());
        let marks = &["::", "--", "-", "/"];
        assert_eq!(cut("EML4::ALK", marks), ["EML4", "ALK"]);
        assert_eq!(cut("HLA-A-ALK", marks), ["HLA-A", "ALK"]);
        assert_eq!(cut("ALK-HLA-A", marks), ["ALK", "HLA-A"]);
        assert_eq!(cut("NKX2-1-ALK", marks), ["NKX2-1", "ALK"]);
        assert_eq!(cut("STX16-NPEPL1--ALK", marks), ["STX16-NPEPL1", "ALK"]);
        assert_eq!(cut("AC096750.1-ALK", marks), ["AC096750.1", "ALK"]);
        assert_eq!(cut("ALK", marks), ["ALK", ""]);
    }

    #[test]
    fn frames_in_every_wording() {
        for word in [
            "in-frame",
            "INFRAME",
            "In_frame",
            "in frame",
            "TRUE",
            "inframe-shift",
        ] {
            assert_eq!(frame(word), Some(Frame::InFrame), "{word}");
        }
        for word in ["out-of-frame", "FRAMESHIFT", "frame-shift", "FALSE"] {
            assert_eq!(frame(word), Some(Frame::OutOfFrame), "{word}");
        }
        assert_eq!(frame("NA"), None);
    }
}
