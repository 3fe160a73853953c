//! Tables of a tool that is not known, by a mapping of their columns.
//!
//! ```yaml
//! format: 1
//! kind: columns
//! caller: OurCaller
//! delimiter: comma                     # tab, comma or semicolon; left out, the header tells
//! five_prime: Gene5                    # a column each, 5' first ...
//! three_prime: Gene3
//! # gene1: GeneA                       # ... or a column each, in no order
//! # gene2: GeneB
//! # pair: Fusion                       # ... or both in one column
//! # separator: ["::", "--"]
//! order: five_prime_first              # or unordered; five_prime and three_prime say the first by themselves
//! breakpoints: [Break5, Break3]        # chr2:29223528 or chr2:29223528:- in a column each
//! # chromosomes: [Chr5, Chr3]          # ... or chromosome and position apart
//! # positions: [Pos5, Pos3]
//! strands: [Strand5, Strand3]
//! exons: [Exon5, Exon3]
//! transcripts: [Transcript5, Transcript3]
//! split: JunctionReads                 # several columns are added up
//! spanning: [Pairs]
//! total: [Reads]
//! frame: Frame
//! frame_values: {IF: in_frame, OOF: out_of_frame, STOP: stop_before_junction}
//! confidence: Tier
//! filters: [Flags]
//! sample: Sample
//! method: rna                          # rna, dna or unspecified
//! ```
//!
//! `caller` and one way to name the genes are required. Unknown keys are errors. The mapping is used for every input
//! that has all its columns; a table that is of no known format and lacks one is an error that names the near column.

use crate::case::fusion::{Breakpoint, Frame, Fusion, Method};
use crate::diag::{Code, Diagnostic, near_name};
use crate::read::layout::{Confidence, Layout, Order, Pair, Points};
use crate::read::table::{Row, Table, calls_of};
use crate::read::{Evidence, Reading};
use crate::source::{Place, Source};
use crate::vocab::Vocab;
use crate::yaml::{self, Decoder, Fields, Spanned};

/// A mapping of columns.
#[derive(Debug, Clone)]
pub struct Columns {
    caller: String,
    delimiter: char,
    genes: Genes,
    five_prime_first: bool,
    breakpoints: Vec<String>,
    chromosomes: Vec<String>,
    positions: Vec<String>,
    strands: Vec<String>,
    exons: Vec<String>,
    transcripts: Vec<String>,
    split: Vec<String>,
    spanning: Vec<String>,
    total: Vec<String>,
    frame: Vec<String>,
    frame_values: Vec<(String, Frame)>,
    confidence: Option<String>,
    filters: Vec<String>,
    sample: Vec<String>,
    method: Method,
    /// Every column that is named, with where.
    named: Vec<(String, Place)>,
}

#[derive(Debug, Clone)]
enum Genes {
    Columns(String, String),
    Pair(String, Vec<String>),
}

/// Names of delimiters.
const DELIMITERS: [(char, &str); 3] = [('\t', "tab"), (',', "comma"), (';', "semicolon")];
/// Names of molecules.
const METHODS: [(Method, &str); 3] = [
    (Method::Rna, "rna"),
    (Method::Dna, "dna"),
    (Method::Unspecified, "unspecified"),
];

impl Columns {
    /// Reads a mapping.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let mut out = Vec::new();
        let columns = yaml::parse(source, &mut out).and_then(|node| {
            let mut decoder = Decoder {
                source,
                out: &mut out,
            };
            let mut fields = decoder.fields(&node, "a mapping of columns")?;
            let columns = decode(&mut decoder, &mut fields);
            fields.finish(&mut decoder);
            columns
        });
        let broken = |d: &Diagnostic| d.severity == crate::diag::Severity::Error;
        match columns {
            Some(columns) if !out.iter().any(broken) => Ok(columns),
            _ => Err(out),
        }
    }

    /// Whether a source is a table with all the columns.
    #[must_use]
    pub fn fits(&self, source: &Source) -> bool {
        self.table(source).is_some()
    }

    /// What is told of a source that was read by the mapping.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        Evidence {
            dialect: "mapped",
            found: "the columns of the mapping".to_owned(),
        }
    }

    /// The columns of the mapping that a table lacks.
    #[must_use]
    pub fn lacking(&self, source: &Source) -> Vec<Diagnostic> {
        let header = Table::with_first_line(source, self.delimiter).map(Table::under_written_names);
        let names: Vec<&str> = header.iter().flat_map(Table::names).collect();
        let has = |name: &str| header.as_ref().is_some_and(|table| table.has(&[name]));
        self.named
            .iter()
            .filter(|(name, _)| !has(name))
            .map(|(name, place)| {
                // The mapping lies beside the inputs: its place can be named, not drawn.
                let asked = Place {
                    span: None,
                    ..place.clone()
                };
                let header = source.place(header.as_ref().map_or(0..0, Table::header_range));
                let diagnostic = Diagnostic::error(
                    Code::UnknownTable,
                    format!("`{}` has no column `{name}`", source.path()),
                )
                .at(asked, "asked for here")
                .at(header, "the header");
                match near_name(name, names.iter().copied()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!("columns: {}", names.join(", "))),
                }
            })
            .collect()
    }

    fn table<'s>(&self, source: &'s Source) -> Option<Table<'s>> {
        let names: Vec<&str> = self.named.iter().map(|(name, _)| name.as_str()).collect();
        // A person names the columns: a near name is a question, not a match.
        let table = Table::find(source, self.delimiter, &names)?.under_written_names();
        table.has(&names).then_some(table)
    }

    /// Reads every row.
    #[must_use]
    pub fn read(&self, source: &Source, vocab: &Vocab) -> Reading {
        let Some(table) = self.table(source) else {
            return Reading::default();
        };
        let lists = [
            &self.split,
            &self.spanning,
            &self.total,
            &self.frame,
            &self.filters,
            &self.sample,
        ];
        let [split, spanning, total, frame, filters, sample] = &lists.map(|list| refs(list));
        let marks = match &self.genes {
            Genes::Pair(_, marks) => refs(marks),
            Genes::Columns(..) => Vec::new(),
        };
        let words: Vec<(&str, Frame)> = self
            .frame_values
            .iter()
            .map(|(word, frame)| (word.as_str(), *frame))
            .collect();
        let required = match &self.genes {
            Genes::Columns(one, two) => vec![one.as_str(), two.as_str()],
            Genes::Pair(column, _) => vec![column.as_str()],
        };
        let layout = Layout {
            caller: &self.caller,
            delimiter: self.delimiter,
            required: &required,
            pair: match &self.genes {
                Genes::Columns(one, two) => Pair::Columns(one, two),
                Genes::Pair(column, _) => Pair::Joined(column, &marks),
            },
            order: if self.five_prime_first {
                Order::FivePrimeFirst
            } else {
                Order::None
            },
            points: self.points(),
            split,
            spanning,
            total,
            frame,
            frame_words: &words,
            exons: either(&self.exons),
            transcripts: either(&self.transcripts),
            confidence: self
                .confidence
                .as_deref()
                .map_or(Confidence::Unsaid, Confidence::Column),
            filters,
            sample,
            method: self.method,
            ..Layout::PLAIN
        };
        calls_of(source, &table, &required, |row, out| {
            let mut fusion = layout.call(row, vocab, out);
            self.strands(row, &mut fusion);
            fusion
        })
    }

    fn points(&self) -> Points<'_> {
        if let Some((one, two)) = two(&self.breakpoints) {
            return Points::Columns(one, two);
        }
        match (two(&self.chromosomes), two(&self.positions)) {
            (Some(chromosomes), Some(positions)) => Points::Parts([
                (chromosomes.0, positions.0, ""),
                (chromosomes.1, positions.1, ""),
            ]),
            _ => Points::Nowhere,
        }
    }

    /// Strands that stand in columns of their own.
    fn strands(&self, row: &Row<'_, '_>, fusion: &mut Fusion) {
        let Some(points) = &mut fusion.breakpoints else {
            return;
        };
        for (point, column) in points.iter_mut().zip(&self.strands) {
            let strand = match row.get(column) {
                "+" | "1" => Some('+'),
                "-" | "-1" => Some('-'),
                _ => None,
            };
            if let (Some(Breakpoint { strand: told, .. }), Some(strand)) = (point, strand) {
                *told = Some(strand);
            }
        }
    }
}

fn refs(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// Two columns, or none.
fn either(list: &[String]) -> [&str; 2] {
    two(list).map_or(["", ""], |(one, two)| [one, two])
}

fn two(list: &[String]) -> Option<(&str, &str)> {
    match list {
        [one, two] => Some((one, two)),
        _ => None,
    }
}

/// Takes columns out of the mapping and remembers where each was named.
struct Taker<'d, 's, 'f, 'n> {
    decoder: &'d mut Decoder<'s>,
    fields: &'f mut Fields<'n>,
    named: Vec<(String, Place)>,
}

impl Taker<'_, '_, '_, '_> {
    fn one(&mut self, key: &'static str) -> Option<String> {
        let found = self.fields.text(self.decoder, key)?;
        Some(self.keep(found))
    }

    fn list(&mut self, key: &'static str) -> Vec<String> {
        let found = self.fields.texts(self.decoder, key);
        found.into_iter().map(|column| self.keep(column)).collect()
    }

    /// Two columns, in the order of the genes.
    fn two(&mut self, key: &'static str) -> Vec<String> {
        let Some(node) = self.fields.take(key) else {
            return Vec::new();
        };
        let found = self.decoder.texts(node);
        if found.len() != 2 {
            let expected = "two columns, in the order of the genes";
            self.decoder.wrong_value(node, expected, &[]);
        }
        found.into_iter().map(|column| self.keep(column)).collect()
    }

    fn keep(&mut self, column: Spanned<String>) -> String {
        self.named.push((column.value.clone(), column.place));
        column.value
    }

    /// How the genes are named, and whether 5' stands first.
    fn genes(&mut self) -> (Option<Genes>, bool) {
        let ends = self.one("five_prime").zip(self.one("three_prime"));
        let sides = self.one("gene1").zip(self.one("gene2"));
        let pair = self.one("pair");
        let marks = self.fields.texts(self.decoder, "separator");
        let mut marks: Vec<String> = marks.into_iter().map(|mark| mark.value).collect();
        marks.retain(|mark| !mark.is_empty());
        if marks.is_empty() {
            marks = ["::", "--", "->", ">>"].map(str::to_owned).to_vec();
        }
        let orders = [(true, "five_prime_first"), (false, "unordered")];
        let order = self.fields.take("order");
        let order = order.and_then(|node| self.decoder.choice(node, &orders));
        let first = order.map_or(ends.is_some(), |order| order.value);
        let genes = match (ends, sides, pair) {
            (Some((one, two)), None, None) | (None, Some((one, two)), None) => {
                Some(Genes::Columns(one, two))
            }
            (None, None, Some(pair)) => Some(Genes::Pair(pair, marks)),
            _ => None,
        };
        if genes.is_none() {
            let place = self.decoder.source.place(0..0);
            let message = "a mapping of columns names the genes, and in one way only";
            self.decoder.report(
                Diagnostic::error(Code::MissingKey, message)
                    .at(place, "in this mapping")
                    .help("five_prime and three_prime, or gene1 and gene2, or pair with separator"),
            );
        }
        (genes, first)
    }
}

fn decode(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Option<Columns> {
    if let Some(node) = fields.need(decoder, "format") {
        decoder.choice(node, &[((), "1")]);
    }
    if let Some(node) = fields.need(decoder, "kind") {
        decoder.choice(node, &[((), "columns")]);
    }
    let caller = fields.need_text(decoder, "caller");
    let delimiter = fields.take("delimiter");
    let delimiter = delimiter.and_then(|node| decoder.choice(node, &DELIMITERS));
    let method = fields.take("method");
    let method = method.and_then(|node| decoder.choice(node, &METHODS));
    let mut frame_values = Vec::new();
    if let Some(node) = fields.take("frame_values") {
        for (word, value) in decoder.named(node) {
            if let Some(frame) = decoder.choice(value, &Frame::ALL) {
                frame_values.push((word.value, frame.value));
            }
        }
    }
    let mut taker = Taker {
        decoder,
        fields,
        named: Vec::new(),
    };
    let (genes, five_prime_first) = taker.genes();
    let columns = Columns {
        caller: caller.map(|caller| caller.value).unwrap_or_default(),
        delimiter: delimiter.map_or('\t', |d| d.value),
        genes: genes?,
        five_prime_first,
        breakpoints: taker.two("breakpoints"),
        chromosomes: taker.two("chromosomes"),
        positions: taker.two("positions"),
        strands: taker.two("strands"),
        exons: taker.two("exons"),
        transcripts: taker.two("transcripts"),
        split: taker.list("split"),
        spanning: taker.list("spanning"),
        total: taker.list("total"),
        frame: taker.list("frame"),
        frame_values,
        confidence: taker.one("confidence"),
        filters: taker.list("filters"),
        sample: taker.list("sample"),
        method: method.map_or(Method::Unspecified, |m| m.value),
        named: Vec::new(),
    };
    let named = taker.named;
    Some(Columns { named, ..columns })
}
