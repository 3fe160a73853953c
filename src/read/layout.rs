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
use crate::read::frame::{frame, frame_in_text, set_frame};
use crate::read::symbol::{gene, pair_in_text, split_pair};
use crate::read::table::{Row, Table, calls_of};
use crate::read::{Evidence, Reading};
use crate::source::{Place, Source};
use crate::vocab::Vocab;

/// A table of calls.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    /// The caller, as named with every call.
    pub(super) caller: &'a str,
    /// What cuts a line into cells.
    pub(super) delimiter: char,
    /// Columns that tell the format; `*.name` is a column whose name ends so.
    pub(super) required: &'a [&'a str],
    /// Columns that tell another format with the same first ones.
    pub(super) absent: &'a [&'a str],
    /// The dialects: a column that tells each, the last without one.
    pub(super) dialects: &'a [(&'a str, &'static str)],
    pub(super) pair: Pair<'a>,
    pub(super) order: Order<'a>,
    pub(super) points: Points<'a>,
    /// Columns that tell which side of each breakpoint is part of the fusion.
    pub(super) sides: KeptSides<'a>,
    /// Columns of the strand of each gene.
    pub(super) gene_strands: [&'a str; 2],
    /// The breakpoints stand in an order of their own, not in that of the pair.
    pub(super) loose: bool,
    /// Columns of the exon and of the transcript of each partner.
    pub(super) exons: [&'a str; 2],
    /// Columns that say whether the number is that of an exon (`exon`), not of an intron.
    pub(super) regions: [&'a str; 2],
    pub(super) transcripts: [&'a str; 2],
    /// Columns with a text that may name the pair in order.
    pub(super) annotations: &'a [&'a str],
    /// Columns whose counts are added up.
    pub(super) split: &'a [&'a str],
    pub(super) spanning: &'a [&'a str],
    pub(super) total: &'a [&'a str],
    pub(super) frame: &'a [&'a str],
    /// Words for the frame that this caller alone uses.
    pub(super) frame_words: &'a [(&'a str, Frame)],
    pub(super) confidence: Confidence<'a>,
    /// Columns whose marks are kept.
    pub(super) filters: &'a [&'a str],
    /// Columns of the sample, the first that is there.
    pub(super) sample: &'a [&'a str],
    pub(super) method: Method,
}

/// How the partners are written.
#[derive(Debug)]
pub(super) enum Pair<'a> {
    /// A column each.
    Columns(&'a str, &'a str),
    /// One column, joined by the first of these marks that is in it.
    Joined(&'a str, &'a [&'a str]),
    /// One column of free text that begins with the pair: `A-B fusion - Archer`, `A-B.E13A20`, `A-intragenic`.
    Text(&'a str),
}

/// What the caller promises of the order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Order<'a> {
    /// The first partner is 5'.
    FivePrimeFirst,
    /// Nothing: the order stays unknown.
    None,
    /// A column tells: the first partner is 5' where it holds one of these.
    Where(&'a str, &'a [&'a str]),
    /// A column tells: the first partner is 5' where it has one of these in it.
    WherePart(&'a str, &'a [&'a str]),
    /// A column tells: the first partner is 5', or the second, where it holds one of these.
    Either(&'a str, &'a [&'a str], &'a [&'a str]),
}

/// Columns that tell the kept side of each breakpoint, with their words for the lower and the higher one.
#[derive(Debug)]
pub(super) struct KeptSides<'a> {
    pub(super) columns: [&'a str; 2],
    pub(super) lower: &'a str,
    pub(super) higher: &'a str,
}

/// Where the breakpoints stand.
#[derive(Debug)]
pub(super) enum Points<'a> {
    Nowhere,
    /// `chr2:29223528[:-]` in a column each.
    Columns(&'a str, &'a str),
    /// Chromosome, position and strand in columns of their own.
    Parts([(&'a str, &'a str, &'a str); 2]),
    /// Segments, counted from 0: chromosome, start, end and strand. On `+` the break is at the end and the segment
    /// lies on its lower side, on `-` at the start and on its higher side.
    Segments([(&'a str, &'a str, &'a str, &'a str); 2]),
}

/// What the caller thinks of a call.
#[derive(Debug)]
pub(super) enum Confidence<'a> {
    Unsaid,
    /// A column in the caller's own words.
    Column(&'a str),
    /// Low unless the column holds one of these.
    LowUnless(&'a str, &'a [&'a str]),
}

/// The first layout that a table has, for a tool that writes several.
pub(super) fn first_of(
    layouts: &[&'static Layout<'static>],
    source: &Source,
) -> Option<(&'static Layout<'static>, Evidence)> {
    layouts
        .iter()
        .find_map(|layout| Some((*layout, layout.detect(source)?)))
}

impl<'a> Layout<'a> {
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
        frame_words: &[],
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
        let (written, cells, columns) = self.partners(row, vocab, out);
        let place = match self.pair {
            Pair::Columns(one, two) => row.places(one, two),
            Pair::Joined(column, _) | Pair::Text(column) => row.place(column),
        };
        let mut fusion = Fusion::written_as(written, Status::Detected, place);
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
        self.say_why_unknown(row, &mut fusion);
        if cells.iter().any(|c| c.eq_ignore_ascii_case("intragenic")) {
            // Within one gene: no rearrangement with another.
            fusion.gene = None;
        }
        report(&mut fusion, cells);
        fusion.breakpoints = self.breakpoints(row, out);
        fusion.loose_breakpoints = self.loose;
        self.sides(row, &mut fusion);
        fusion.reported_exons = [0, 1].map(|side| self.exon(row, side));
        let stated = |column: &&str| row.stated(column).map(str::to_owned);
        fusion.reported_transcripts = self.transcripts.each_ref().map(stated);
        if let Some(written) = self.frame.iter().find_map(|column| row.stated(column)) {
            set_frame(&mut fusion, written, self.frame_of(written));
        } else if let Some((written, frame)) = self.framed_text(row) {
            set_frame(&mut fusion, written, Some(frame));
        }
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
        out: &mut Vec<Diagnostic>,
    ) -> (String, [String; 2], [&'a str; 2]) {
        match self.pair {
            Pair::Columns(one, two) => {
                // `SYMBOL^ENSG00000000000.1`
                let symbol = |column| row.get(column).split('^').next().unwrap_or_default();
                let cells = [one, two].map(|column| symbol(column).to_owned());
                (format!("{}--{}", cells[0], cells[1]), cells, [one, two])
            }
            Pair::Joined(column, marks) => {
                let written = row.get(column);
                let cut = split_pair(written, marks, vocab);
                let cells = cut.told(|| row.place(column), out);
                (written.to_owned(), cells, [column, column])
            }
            Pair::Text(column) => {
                let written = row.get(column);
                let marks = ["::", "--", "->", "-", "/"];
                let cut = split_pair(pair_in_text(written), &marks, vocab);
                let cells = cut.told(|| row.place(column), out);
                (written.to_owned(), cells, [column, column])
            }
        }
    }

    /// Where the column of the order leaves it open, that is the reason.
    fn say_why_unknown(&self, row: &Row<'_, '_>, fusion: &mut Fusion) {
        let (Order::Where(column, _) | Order::Either(column, ..)) = self.order else {
            return;
        };
        let open = fusion.orientation == Some(Orientation::Unknown) && fusion.gene.is_none();
        let cell = row.get(column);
        if open && !cell.is_empty() {
            let because = format!("`{column}` is `{cell}`, which states no order");
            fusion.orientation_because.push(because);
        }
    }

    fn frame_of(&self, written: &str) -> Option<Frame> {
        let mut own = self.frame_words.iter();
        let own = own.find(|(known, _)| known.eq_ignore_ascii_case(written));
        own.map_or_else(|| frame(written), |(_, frame)| Some(*frame))
    }

    /// The frame in a text on the event.
    fn framed_text(&self, row: &Row<'_, '_>) -> Option<(&'static str, Frame)> {
        let mut texts = self.annotations.iter();
        texts.find_map(|column| frame_in_text(row.get(column)))
    }

    fn promised(&self, row: &Row<'_, '_>) -> Promise {
        let holds = |column: &str, words: &[&str]| {
            let cell = row.get(column);
            words.iter().any(|word| cell.eq_ignore_ascii_case(word))
        };
        let has = |column: &str, marks: &[&str]| {
            let cell = row.get(column);
            marks.iter().any(|mark| cell.contains(mark))
        };
        match self.order {
            Order::FivePrimeFirst => Promise::First,
            Order::Where(column, words) if holds(column, words) => Promise::First,
            Order::WherePart(column, marks) if has(column, marks) => Promise::First,
            Order::Either(column, first, _) if holds(column, first) => Promise::First,
            Order::Either(column, _, second) if holds(column, second) => Promise::Second,
            // Two ends of the same kind are no order.
            Order::Either(column, ..) if holds(column, &["5to5", "3to3"]) => Promise::Contradicted,
            Order::None | Order::Where(..) | Order::WherePart(..) | Order::Either(..) => {
                Promise::Nothing
            }
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
                let at = whole_position(row.stated(position)?)?;
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
                    "+" => (whole_position(row.stated(end)?)?, Side::Lower),
                    "-" => {
                        let start = whole_position(row.stated(start)?)?;
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
            // `-` is a side here, where it is no value elsewhere.
            let cell = row.get(self.sides.columns[index]);
            if !cell.is_empty() && cell == self.sides.lower {
                breakpoint.keeps = Some(Side::Lower);
            } else if !cell.is_empty() && cell == self.sides.higher {
                breakpoint.keeps = Some(Side::Higher);
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
            // One gene and no partner: rearranged, whatever with.
            if let (Some(gene), None) | (None, Some(gene)) = (one, two) {
                fusion.gene = Some(gene);
            }
            fusion.orientation = Some(Orientation::Unknown);
            return;
        }
    }
    fusion.orientation = Some(Orientation::Stated);
    fusion.orientation_from = Some(OrientationFrom::Columns);
}

/// Whether a cell says that there is no gene.
pub(super) fn no_gene(cell: &str) -> bool {
    const WORDS: [&str; 8] = [
        "na",
        "n/a",
        "nan",
        "none",
        "null",
        "unknown",
        "intergenic",
        "intragenic",
    ];
    matches!(cell, "" | "." | "-" | "---" | "?")
        || WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The gene of a cell. Of overlapping genes (`A;B`, `A/B`, `A,B`) the kinase stands for all, or else the one that
/// the gene table knows, and that is said.
pub(super) fn partner(
    cell: &str,
    place: impl FnOnce() -> Place,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> (Option<String>, Option<Repair>) {
    const OVERLAP: [char; 4] = [';', '/', ',', '|'];
    if no_gene(cell) {
        return (None, None);
    }
    if cell.contains(OVERLAP) && !cell.contains('(') {
        let all = || {
            cell.split(OVERLAP)
                .map(str::trim)
                .filter(|gene| !no_gene(gene))
        };
        let known = |symbol: &&str| vocab.gene_named(symbol).is_some();
        let kinase = |symbol: &&str| {
            let gene = vocab.gene_named(symbol);
            gene.is_some_and(|gene| gene.three_prime_kinase)
        };
        let chosen = all().find(kinase).or_else(|| all().find(known));
        let Some(chosen) = chosen.or_else(|| all().next()) else {
            return (None, None);
        };
        let symbol = vocab
            .symbol_named(chosen)
            .map_or(chosen, |named| named.symbol)
            .to_owned();
        let repair = Repair {
            from: cell.to_owned(),
            to: symbol.clone(),
        };
        return (Some(symbol), Some(repair));
    }
    let mut repairs = Vec::new();
    let symbol = gene(cell, place, vocab, out).symbol(&mut repairs);
    (symbol, repairs.pop())
}

/// A call of two partners as every reader makes it: symbols, order, and the one gene where the other is not known.
pub(super) fn pair_call(
    cells: [String; 2],
    promise: Promise,
    place: &Place,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Fusion {
    let mut fusion = Fusion::new(Status::Detected, place.clone());
    let symbols = [&cells[0], &cells[1]].map(|cell| {
        let (symbol, repair) = partner(cell, || place.clone(), vocab, out);
        fusion.repairs.extend(repair);
        symbol
    });
    order(&mut fusion, symbols, promise);
    fusion.as_written = if cells[1].is_empty() {
        cells[0].clone()
    } else {
        format!("{}--{}", cells[0], cells[1])
    };
    report(&mut fusion, cells);
    fusion
}

/// Keeps the pair as reported. One gene without a partner is a statement of that gene: rearranged, whatever with.
fn report(fusion: &mut Fusion, cells: [String; 2]) {
    if fusion.gene.is_none() {
        fusion.as_reported = Some(cells);
        return;
    }
    fusion.orientation = None;
    if let Some(named) = cells.into_iter().find(|cell| !no_gene(cell)) {
        fusion.as_written = named;
    }
}

/// A position; a spreadsheet or a data frame may have written `29223528.0`.
fn whole_position(cell: &str) -> Option<u64> {
    cell.strip_suffix(".0").unwrap_or(cell).parse().ok()
}

fn sum(columns: &[&str], row: &Row<'_, '_>, out: &mut Vec<Diagnostic>) -> Option<u64> {
    columns
        .iter()
        .filter_map(|column| row.count(column, out))
        .reduce(u64::saturating_add)
}
