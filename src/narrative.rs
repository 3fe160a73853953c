//! Report text to facts: the grammar of pathology reports.
//!
//! Prose is not a language to accept or reject. The text is cut into tokens (`lex`), the tokens into
//! sentences that know their section, laboratory and part of the report (`outline`), and each
//! sentence is read for fusions, FISH, stains and history, in that order: a gene that belongs to a
//! fusion is not a stain. What could not be read never hides the rest, and every line that names
//! something of ours and gave no fact is listed as unread.
//!
//! | to find the grammar of | look in |
//! |---|---|
//! | a stain's value: signs, grades, percentages, scores | `value.rs` |
//! | bracket panels, colon lists, prose lists | `ihc.rs` |
//! | exceptions, contrasts and other scopes of stains | `ihc/scope.rs` |
//! | boxes to tick | `ihc/boxes.rs` |
//! | results one by one (`respectively`) | `ihc/in_order.rs` |
//! | tables with a column per specimen, tables scanned column by column | `columns.rs` |
//! | FISH lines, ISCN | `fish.rs` |
//! | results of a probe over several lines | `probe.rs` |
//! | gene pairs, gene-level statements, exons | `fusion.rs` |
//! | fusions as a table, or one property per line | `fusion/sheet.rs` |
//! | gene families, lists of genes with one answer | `fusion/family.rs` |
//! | what stands behind a pair (`A::B: none`) | `fusion/slot.rs` |
//! | partners called 5' or 3' in words | `fusion/side.rs` |
//! | diagnoses, states, age, drugs | `history.rs` |
//! | clauses, negation and other scope | `clause.rs` |
//! | general knowledge, control tissue, other people | `passed.rs` |
//! | how tests work, kinds of tumour, what may be | `passed/general.rs` |
//! | what a later sentence takes back | `retraction.rs` |
//! | sentences, addenda | `outline.rs` |
//! | blood counts and other laboratory values | `labs.rs`, in grids `labs/grid.rs` |
//! | lesions | `measurement.rs`, in grids `measurement/grid.rs` |
//! | sums of diameters, sizes of specimens | `measurement/sum.rs`, `measurement/specimen.rs` |
//! | stated responses | `response.rs` |
//! | small variants | `variant.rs` |
//! | ISCN | `karyotype.rs` |
//! | what the microscope shows | `morphology.rs` |
//! | first and last day, reason and line of a treatment | `treatment.rs` |
//! | numbers, units, lengths | `quantity.rs` |
//! | dates of examinations | `date.rs` |
//! | which lines gave a fact, and which are listed as unread | `account.rs` |
//! | labels, laboratories, specimens, patients | `outline/label.rs`, titles `outline/title.rs` |
//! | an earlier tumour, another one, an operation elsewhere | `outline/whose.rs` |
//!
//! The words themselves are data: tables of the rule pack (see [`crate::vocab`]).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::case::Case;
use crate::case::fusion::Method;
use crate::case::history::{Stated, only_named};
use crate::case::percent::Percent;
use crate::diag::{Code, Diagnostic};
use crate::source::{Place, Source};
use crate::vocab::{Assay, Cue, Gap, Label, Origin, Role, Section, Vocab, Word, look_alikes};

mod account;
mod article;
mod clause;
mod collect;
mod columns;
mod correction;
pub(crate) mod date;
mod fish;
mod fusion;
mod history;
mod ihc;
mod karyotype;
pub(crate) mod labs;
pub(crate) mod lex;
pub(crate) mod measurement;
mod morphology;
mod outline;
mod passed;
mod probe;
pub(crate) mod quantity;
mod response;
mod retraction;
mod treatment;
mod value;
mod values;
mod variant;

use article::Article;
use collect::{Said, SaidOfFish};
use lex::{Kind, Lexed, Tokens};
use outline::{Identifier, Outline, Setting};
use passed::Passed;
use retraction::Retraction;
pub(crate) use variant::short_form as variant_short_form;

/// A line that names a marker, gene, drug or assay and gave no fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Line, from 1.
    pub line: u32,
    /// The line as written.
    pub text: String,
    /// Why, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// A label that tells one patient from another.
#[derive(Debug, Clone)]
pub struct PatientLabel {
    /// What is labelled: `patient`, `accession`, `case`.
    pub kind: String,
    /// The value, folded.
    pub value: String,
    /// Where it stands.
    pub place: Place,
}

/// What a report said.
#[derive(Debug, Default)]
pub struct Narrative {
    /// The facts.
    pub case: Case,
    /// Lines with text.
    pub lines: usize,
    /// Lines that gave a fact.
    pub read: usize,
    /// Lines that name something of ours and gave no fact.
    pub unread: Vec<Unread>,
    /// Labels that tell patients apart.
    pub patients: Vec<PatientLabel>,
    /// Repairs, doubts and everything a person should look at.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a report.
#[must_use]
pub fn read(source: &Source, vocab: &Vocab) -> Narrative {
    let lexed = Lexed::new(source.text(), vocab);
    let tokens = lexed.view();
    let outline = outline::outline(source.text(), tokens);
    let mut reader = Reader {
        source,
        tokens,
        article: Article::of(source.text()),
        out: Narrative::default(),
        covered: Vec::new(),
        reasons: Vec::new(),
        listed: BTreeSet::new(),
        listed_block: 0,
        silent: Vec::new(),
        retractions: Vec::new(),
        replaced: 0,
        fusions: BTreeMap::new(),
        variants: BTreeMap::new(),
        fish: BTreeMap::new(),
        last_fish: None,
        fish_cutoff: None,
        fish_subject: None,
        fish_cells: None,
        fusions_of_block: (0, 0),
        values_unread: Vec::new(),
        repeated: None,
    };
    reader.sentences(&outline);
    reader.values(&outline);
    reader.cutoffs();
    retraction::apply(&reader.retractions, &mut reader.out.case);
    only_named(&mut reader.out.case.history.diagnoses);
    reader
        .out
        .case
        .ihc
        .sort_by_key(|fact| fact.source.span.map(|span| span.range().start));
    reader.look_alikes(vocab);
    reader.odd_characters();
    reader.patients(outline.identifiers);
    if let Some((date, range)) = outline.report_date {
        reader.out.case.history.report_date = Some(Stated {
            value: date,
            source: source.place(range),
        });
    }
    reader.account();
    reader.out
}

struct Reader<'a> {
    source: &'a Source,
    tokens: Tokens<'a>,
    article: Article,
    out: Narrative,
    /// Byte ranges that gave facts.
    covered: Vec<Range<usize>>,
    /// Byte ranges that gave none, with the reason.
    reasons: Vec<(Range<usize>, &'static str)>,
    /// Markers of the last list of stains that were made.
    listed: BTreeSet<String>,
    listed_block: u32,
    /// Markers that were named and not answered, with their byte ranges.
    silent: Vec<(String, Range<usize>)>,
    /// What the report takes back.
    retractions: Vec<Retraction>,
    /// Stains before this one were looked at by an earlier `supersedes`.
    replaced: usize,
    /// What was said before, so that a fact said twice is one.
    fusions: BTreeMap<Said, usize>,
    /// The same with the exons at the junction.
    variants: BTreeMap<(Said, (String, String)), usize>,
    fish: BTreeMap<SaidOfFish, usize>,
    /// The FISH result that a sentence without a gene goes on about, and its block.
    last_fish: Option<(usize, u32)>,
    /// The probe that the sentences of a FISH report are about.
    fish_subject: Option<probe::Subject>,
    /// Nuclei counted as the title of a FISH report says.
    fish_cells: Option<u32>,
    /// The share of nuclei from which a description of the test calls a gene rearranged.
    fish_cutoff: Option<(String, Percent)>,
    /// The current block and its first fusion.
    fusions_of_block: (u32, usize),
    /// Byte ranges of values that could not be read, each with a reason among `reasons`.
    values_unread: Vec<Range<usize>>,
    /// The tokens of a sentence that says only that a stain was repeated, and its block.
    repeated: Option<(Range<usize>, u32)>,
}

/// Most tokens of a sentence that takes back the line it stands on: `Withdrawn.`
const BARE: usize = 3;

/// `This result supersedes ...`, not `may be considered` or a repeat.
fn supersedes(sentence: &Tokens<'_>) -> bool {
    sentence.iter().any(|t| {
        let text = sentence.text_of(t).to_lowercase();
        sentence.is(t, &Word::Cue(Cue::Supersedes))
            && ["supersed", "replac", "correct", "更正", "修正", "修改"]
                .iter()
                .any(|part| text.contains(part))
    })
}

static MARKUP: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"</?[A-Za-z][^<>\n]*>").expect("a constant pattern"));

impl Reader<'_> {
    fn sentences(&mut self, outline: &Outline) {
        let columns = columns::read(&self.tokens, outline, self.source);
        let mut used = self.take_columns(columns);
        let (sheets, lines) = fusion::sheet::read(&self.tokens, outline, self.source);
        self.covered.extend(
            lines
                .iter()
                .map(|line| self.tokens.slice(line.clone()).range()),
        );
        self.take_fusions(sheets);
        used.extend(lines);
        used.sort_unstable_by_key(|line| line.start);
        for sentence in &outline.sentences {
            for part in columns::without(&sentence.tokens, &used) {
                let tokens = self.tokens.slice(part.clone());
                if self.article.quotes(tokens.range().start) {
                    self.pass(tokens.range(), Passed::Article);
                } else if sentence.setting.section == Some(Section::Literature)
                    || self.article.cites(tokens.text())
                {
                    self.pass(tokens.range(), Passed::Literature);
                } else if let Some(label) = sentence.setting.about {
                    self.late_method(&tokens, &sentence.setting);
                    if label == Label::Method {
                        self.fish_cutoff = self.fish_cutoff.take().or(fish::cutoff(&tokens));
                    }
                    self.pass(tokens.range(), passed::under(label));
                } else {
                    self.without_controls(part, &sentence.setting);
                }
            }
        }
    }

    /// Reads what a sentence says of the tumour; what it says of control tissue is no fact.
    fn without_controls(&mut self, part: Range<usize>, setting: &Setting) {
        let tokens = self.tokens.slice(part.clone());
        // What is no statement about the tumour as a whole is not cut into parts that would be.
        let controls = match passed::passed(&tokens) {
            Some(_) => Vec::new(),
            None => passed::controls(&tokens),
        };
        for control in &controls {
            let told = tokens.slice(control.clone());
            if passed::names_something(&told) {
                self.pass(told.range(), Passed::Control);
            }
        }
        let failed = controls
            .iter()
            .any(|control| passed::control_failed(&tokens.slice(control.clone())));
        let first = self.out.case.ihc.len();
        for rest in columns::without(&(0..tokens.len()), &controls) {
            self.sentence(&tokens.slice(rest), setting);
        }
        let told = &self.out.case.ihc[first..];
        // `B could not be interpreted because its control failed` explains B alone.
        let explained = told
            .iter()
            .any(|f| f.status == crate::case::ihc::Status::Failed);
        if failed && !explained {
            // `ALK negative, but the control did not work`
            for fact in &mut self.out.case.ihc[first..] {
                fact.status = crate::case::ihc::Status::Failed;
            }
        }
    }

    fn sentence(&mut self, tokens: &Tokens<'_>, setting: &Setting) {
        if let Some(corrected) = correction::parts(tokens) {
            self.correct(&corrected, tokens, setting);
            return;
        }
        if setting.block != self.fusions_of_block.0 {
            self.fusions_of_block = (setting.block, self.out.case.fusions.len());
        }
        let fusions = fusion::read(tokens, setting, self.source);
        if fusions.facts.is_empty() && outline::names_method(tokens) {
            self.late_method(tokens, setting);
        }
        let subject = self.probe_meant(setting);
        let mut fish = fish::read(tokens, setting, self.source, subject.as_deref());
        let mut genes: Vec<usize> = fusions.used.iter().chain(&fish.used).copied().collect();
        if setting.section == Some(Section::Molecular) {
            // `TP53 R273H   1.4 %   -` is no stain.
            genes.extend(variant::changed(tokens));
        }
        genes.sort_unstable();
        genes.dedup();
        if setting.block != self.listed_block {
            self.listed.clear();
            self.listed_block = setting.block;
        }
        let mut stains = ihc::Read::default();
        if ihc::may_hold_stains(tokens, setting) {
            // What a clause says of sequencing is no stain.
            let sequenced = clause::sequenced(tokens);
            for part in columns::without(&(0..tokens.len()), &sequenced) {
                let own: Vec<usize> = genes
                    .iter()
                    .filter(|i| part.contains(i))
                    .map(|i| i - part.start)
                    .collect();
                let part = tokens.slice(part);
                stains.extend(ihc::read(&part, setting, self.source, &own, &self.listed));
            }
        }
        self.answered_next(tokens, setting, &mut stains);
        // `诊断更正为B` puts a diagnosis in the place of another, no stain.
        let names_disease = tokens.iter().any(|t| tokens.disease(t).is_some());
        if supersedes(tokens) && stains.facts.is_empty() && !names_disease {
            self.replace_version(setting.version);
        }
        // `The A-B fusion previously reported was an artefact.`
        let invalid = clause::has_cue(tokens, Cue::Invalid)
            && (setting.version > 0
                || clause::has(tokens, |w| {
                    matches!(w, Word::Role(Role::Initial) | Word::Origin(Origin::Prior))
                }));
        if (invalid || clause::has_cue(tokens, Cue::Retraction))
            && self.retractions.len() < Retraction::MOST
        {
            let mut retraction = Retraction::of(tokens);
            let at = (self.tokens).partition_point(|t| t.start < tokens.range().start);
            let line = (0..=at)
                .rev()
                .find_map(|i| self.tokens.get(i).filter(|t| t.gap >= Gap::Line));
            let line = line.map_or(0, |t| t.start);
            // `A（+），原A（-）结果作废`: the line that takes the earlier result back gives the new one.
            if outline::names_the_earlier(tokens) {
                let said = (0..at).rev().take_while(|i| {
                    self.tokens
                        .get(*i)
                        .is_some_and(|t| !matches!(t.kind, Kind::Mark('.')) && t.gap < Gap::Blank)
                });
                let said = said.last().and_then(|i| self.tokens.get(i));
                retraction.only_before(said.map_or(line, |t| t.start.min(line)));
            }
            // `Earlier impression: B. Withdrawn.`
            let bare = tokens.len() <= BARE && tokens.first().is_some_and(|t| t.gap < Gap::Line);
            if bare {
                retraction.only_behind(line);
            }
            self.retractions.push(retraction);
        }
        let history = history::read(tokens, setting, self.source);
        self.take_fusions(fusions);
        if let Some(more) = &fish.more
            && self.last_fish.is_none()
            && more.percent.is_none()
        {
            // `FISH   block 2A   200 nuclei scored`
            self.fish_cells = self.fish_cells.or(more.cells);
        }
        fish.more = fish
            .more
            .and_then(|more| self.keep_for_probe(more, tokens, setting));
        if let (Some(more), Some((fact, block))) = (fish.more, self.last_fish)
            && block == setting.block
            && let Some(fact) = self.out.case.fish.get_mut(fact)
        {
            more.fill(fact);
            self.covered.push(tokens.range());
        }
        self.go_on_about(&mut fish.facts, setting);
        let before = self.out.case.fish.len();
        self.take_fish(fish.facts, setting.block);
        self.follow_probe(tokens, setting, before);
        self.take_stains(stains, tokens);
        self.cover(history.places());
        self.out.case.history.extend(history);
    }

    /// `ALK was run again with clone D5F3. Now positive ...`: the result stands in a sentence of its own.
    fn answered_next(&mut self, tokens: &Tokens<'_>, setting: &Setting, stains: &mut ihc::Read) {
        if let Some((subject, block)) = self.repeated.take()
            && block == setting.block
            && ihc::says_now(tokens)
        {
            let subject = self.tokens.slice(subject);
            stains.extend(ihc::corrected(&subject, tokens, setting, self.source));
            return;
        }
        let named: BTreeSet<&String> = stains.listed.iter().map(|(name, _)| name).collect();
        if named.len() == 1 && stains.facts.is_empty() && ihc::says_again(tokens) {
            let range = tokens.range();
            let start = self.tokens.partition_point(|t| t.start < range.start);
            self.repeated = Some((start..start + tokens.len(), setting.block));
        }
    }

    /// Nuclei that the title of a FISH report counts, and a cut-off that the description of the test gives, for its gene.
    fn cutoffs(&mut self) {
        for fact in &mut self.out.case.fish {
            if fact.percent.is_some() && fact.is_current() {
                fact.cells = fact.cells.or(self.fish_cells);
            }
        }
        let Some((gene, cutoff)) = self.fish_cutoff.take() else {
            return;
        };
        for fact in &mut self.out.case.fish {
            if fact.gene == gene && fact.percent.is_some() && fact.is_current() {
                fact.cutoff_percent = fact.cutoff_percent.or(Some(cutoff));
            }
        }
    }

    /// `Method: RNA NGS` below or behind the results of a block.
    fn late_method(&mut self, tokens: &Tokens<'_>, setting: &Setting) {
        let method = match outline::molecular_assay(tokens) {
            Some(Assay::Rna) => Method::Rna,
            Some(Assay::Dna) => Method::Dna,
            _ => return,
        };
        let (block, from) = self.fusions_of_block;
        if block == setting.block {
            for fusion in &mut self.out.case.fusions[from..] {
                if fusion.method == Method::Unspecified {
                    fusion.method = method;
                }
            }
        }
    }

    /// `This result supersedes ...` speaks of the stains of its part of the report so far.
    fn replace_version(&mut self, version: u32) {
        let stains = &mut self.out.case.ihc;
        for fact in &mut stains[self.replaced..] {
            fact.replaces |= fact.version == version;
        }
        self.replaced = stains.len();
    }

    fn look_alikes(&mut self, vocab: &Vocab) {
        for found in look_alikes(self.source.text(), vocab) {
            let range = found.start..found.end;
            self.reasons
                .push((range.clone(), "letters of another script"));
            self.out.diagnostics.push(
                Diagnostic::warning(
                    Code::LookAlike,
                    format!(
                        "this looks like `{}` but is written with letters of another script",
                        found.name
                    ),
                )
                .at(self.source.place(range), "not read as a name")
                .help("type the name again in Latin letters if it is meant"),
            );
        }
    }

    /// Control characters and markup, once each per report.
    fn odd_characters(&mut self) {
        let text = self.source.text();
        let odd = text.char_indices().find(|(_, c)| {
            crate::diag::render::is_unprintable(*c) && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')
        });
        if let Some((at, c)) = odd {
            self.out.diagnostics.push(
                Diagnostic::warning(Code::ControlCharacters, "control characters in the text")
                    .at(self.source.place(at..at + c.len_utf8()), "shown escaped")
                    .help("the text around them is read as if they were spaces"),
            );
        }
        if let Some(found) = MARKUP.find(text) {
            self.out.diagnostics.push(
                Diagnostic::warning(Code::Markup, "markup in the text")
                    .at(self.source.place(found.range()), "read as plain text")
                    .help("export the report as plain text"),
            );
        }
    }

    fn patients(&mut self, identifiers: Vec<Identifier>) {
        for label in identifiers {
            self.out.patients.push(PatientLabel {
                kind: label.kind,
                value: label.value,
                place: self.source.place(label.range),
            });
        }
    }
}
