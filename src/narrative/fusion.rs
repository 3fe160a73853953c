//! Fusions in report text: pairs, statements about one gene, and assays without a result.
//!
//! ```text
//! pair      = partner joint partner
//! partner   = gene ["(" transcript or exon ")"]        ; one of the two may be an unlisted symbol
//! joint     = "::" | ":" | "-" | "--" | "/" | "→" | "fused to" | rearrangement [","] "partner"
//!           | rearrangement ("of" | "between") partner "and" partner
//! statement = genes rearrangement | rearrangement "of" genes
//! genes     = gene { ("," | "and" | "or") gene }
//! exons     = letter number (";" | ":") letter number | gene "exon" number
//! ```
//!
//! The pair as written is kept. `may be`, `such as`, literature and retracted statements are no calls;
//! neither is a negated pair, which is a negative for that pair only.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::case::fusion::{Frame, Fusion, Method, Sides, Status};
use crate::case::orientation::{Notation, order};
use crate::case::{Context, Repair};
use crate::narrative::clause::{clauses, has, has_cue, has_result, speaks_of_fish};
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::outline::{Setting, assay, molecular_assay};
use crate::source::Source;
use crate::vocab::{Assay, Cue, Gap, Origin, Polarity, Section, Word};

/// Why a mention is no fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    Literature,
    Hypothetical,
    Retracted,
}

/// What a sentence says of fusions.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: Vec<Fusion>,
    /// Tokens that stand for genes here, so that they are not read as markers.
    pub(crate) used: Vec<usize>,
    /// Mentions that are no facts, with the reason.
    pub(crate) passed: Vec<(Range<usize>, Passed)>,
    /// Partners that are not in the gene table: the symbol and its byte range.
    pub(crate) unlisted: Vec<(String, Range<usize>)>,
}

/// Reads one sentence.
pub(crate) fn read(sentence: &Tokens<'_>, setting: &Setting, source: &Source) -> Read {
    let mut out = Read::default();
    let whole = Whole {
        tokens: *sentence,
        assay: assay(sentence),
        method: molecular_assay(sentence),
        rearrangement: has(sentence, |w| *w == Word::Rearrangement),
        frame: frame(sentence),
        passed: if has_cue(sentence, Cue::Retraction) {
            Some(Passed::Retracted)
        } else if has_cue(sentence, Cue::Literature) {
            Some(Passed::Literature)
        } else {
            None
        },
    };
    for range in clauses(sentence) {
        let clause = sentence.slice(range.clone());
        let mut one = Clause {
            clause,
            whole: &whole,
            says: Says::of(&clause),
            setting,
            source,
            out: Read::default(),
        };
        one.read();
        let read = one.out;
        out.facts.extend(read.facts);
        out.used
            .extend(read.used.into_iter().map(|i| i + range.start));
        out.passed.extend(read.passed);
        out.unlisted.extend(read.unlisted);
    }
    out
}

/// What the whole sentence says, looked up once.
struct Whole<'a> {
    tokens: Tokens<'a>,
    assay: Option<Assay>,
    method: Option<Assay>,
    rearrangement: bool,
    frame: Option<Frame>,
    passed: Option<Passed>,
}

/// Result words of a clause and where they stand, looked up once.
struct Says {
    /// A negative result word or `neither`, anywhere.
    negative: bool,
    /// The first negation.
    first_negation: Option<usize>,
    /// The last negation that turns a finding round (`not detected`).
    last_turned: Option<usize>,
    pending: bool,
    failed: bool,
    equivocal: bool,
    not_done: bool,
    hypothetical: bool,
}

impl Says {
    fn of(clause: &Tokens<'_>) -> Self {
        let is = |index: usize, wanted: fn(&Word) -> bool| {
            clause
                .get(index)
                .is_some_and(|t| clause.words(t).any(wanted))
        };
        let negations: Vec<usize> = (0..clause.len())
            .filter(|i| is(*i, |w| *w == Word::Negation))
            .collect();
        let turned = |at: usize| {
            (at + 1..at + 5).any(|i| {
                is(i, |w| {
                    matches!(w, Word::Detected | Word::Rearrangement | Word::Result(..))
                })
            })
        };
        Self {
            negative: has_result(clause, Polarity::Negative)
                || has(clause, |w| *w == Word::Neither),
            first_negation: negations.first().copied(),
            last_turned: negations.iter().copied().rfind(|at| turned(*at)),
            pending: has_result(clause, Polarity::Pending),
            failed: has_result(clause, Polarity::Failed),
            equivocal: has_result(clause, Polarity::Equivocal),
            not_done: has_result(clause, Polarity::NotDone),
            hypothetical: has_cue(clause, Cue::Hypothetical),
        }
    }
}

fn frame(sentence: &Tokens<'_>) -> Option<Frame> {
    sentence.iter().find_map(|t| {
        sentence.words(t).find_map(|w| match w {
            Word::Frame(true) => Some(Frame::InFrame),
            Word::Frame(false) => Some(Frame::OutOfFrame),
            _ => None,
        })
    })
}

/// One partner as written.
#[derive(Debug, Clone)]
struct Partner {
    symbol: String,
    written: String,
    repaired: bool,
    listed: bool,
    bracket: Option<Range<usize>>,
    range: Range<usize>,
}

struct Clause<'a, 'c> {
    clause: Tokens<'a>,
    whole: &'c Whole<'a>,
    says: Says,
    setting: &'c Setting,
    source: &'c Source,
    out: Read,
}

static SYMBOL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Z][A-Z0-9]*(?:orf[0-9]+)?$").expect("a constant pattern"));

impl<'a> Clause<'a, '_> {
    fn read(&mut self) {
        let fish = speaks_of_fish(&self.clause, self.setting.section);
        let mut at = 0;
        let mut paired = false;
        while at < self.clause.len() {
            match self.pair(at).or_else(|| self.fusion_of(at)) {
                Some((first, second, notation, end)) => {
                    self.out.used.extend(at..end);
                    // `EML4-ALK FISH: rearranged` is a FISH result.
                    if !(fish && self.fish_follows(end)) {
                        self.call(&first, &second, notation, at..end);
                        paired = true;
                    }
                    at = end;
                }
                None => at += 1,
            }
        }
        if !fish {
            self.statements(paired);
        }
        if !paired && self.out.facts.is_empty() && !fish {
            self.without_gene();
        }
    }

    // pair = rearrangement ("of" | "between") partner "and" partner      ; not negated
    fn fusion_of(&self, at: usize) -> Option<(Partner, Partner, Notation, usize)> {
        let (word, of) = (self.clause.get(at)?, self.clause.get(at + 1)?);
        let one = self.clause.is(word, &Word::Rearrangement)
            && !self.clause.text_of(word).ends_with('s')
            && matches!(self.clause.text_of(of), "of" | "between");
        if !one || self.negated(&(at..at + 1)) {
            return None;
        }
        let (first, and) = self.partner(at + 2)?;
        if !self.clause.is(self.clause.get(and)?, &Word::And) {
            return None;
        }
        let (second, end) = self.partner(and + 1)?;
        let vocab = self.clause.vocab();
        let is_kinase = |p: &Partner| {
            vocab
                .gene(&p.symbol)
                .is_some_and(|gene| gene.three_prime_kinase)
        };
        // `fusions of ALK and ROS1` are two questions.
        let both = is_kinase(&first) && is_kinase(&second);
        (!both && first.symbol != second.symbol).then_some((first, second, Notation::Prose, end))
    }

    fn fish_follows(&self, end: usize) -> bool {
        self.setting.section == Some(Section::Fish)
            || self
                .clause
                .get(end)
                .is_some_and(|t| self.clause.is(t, &Word::Section(Section::Fish)))
    }

    // pair = partner joint partner
    fn pair(&self, at: usize) -> Option<(Partner, Partner, Notation, usize)> {
        let (first, after) = self.partner(at)?;
        let (notation, strong, after_joint) = self.joint(after)?;
        let (second, end) = self.partner(after_joint)?;
        let exons = first.bracket.is_some() && second.bracket.is_some();
        // Two symbols the table does not know make a pair only where nothing else is meant.
        let plain = notation == Some(Notation::DoubleColon) || (exons && self.molecular());
        if !(first.listed || second.listed || plain) || first.symbol == second.symbol {
            return None;
        }
        let joined_by_and = notation.is_none();
        if joined_by_and {
            let transcripts = |p: &Partner| {
                p.bracket
                    .as_ref()
                    .is_some_and(|b| self.clause.slice(b.clone()).text().contains('_'))
            };
            if !(transcripts(&first) && transcripts(&second)) {
                return None;
            }
        }
        // A hyphen or slash between two names needs more: a known pair of genes, or the context.
        if !strong && !(first.listed && second.listed && !self.slash(after)) && !self.molecular() {
            return None;
        }
        let exons = first.bracket.is_some() || second.bracket.is_some();
        let notation = match notation {
            Some(Notation::Prose) if exons => Notation::ProseWithExons,
            Some(notation) => notation,
            None => Notation::Prose,
        };
        Some((first, second, notation, end))
    }

    /// A slash or a colon: weaker than a hyphen.
    fn slash(&self, at: usize) -> bool {
        self.clause
            .get(at)
            .is_some_and(|t| matches!(t.kind, Kind::Mark('/' | ':')))
    }

    fn molecular(&self) -> bool {
        self.setting.section == Some(Section::Molecular)
            || self.whole.rearrangement
            || matches!(
                self.whole.assay,
                Some(Assay::Rna | Assay::Dna | Assay::Sequencing)
            )
    }

    // partner = gene ["(" ... ")"]
    fn partner(&self, at: usize) -> Option<(Partner, usize)> {
        let token = self.clause.get(at)?;
        let (mut partner, mut end) = if let Some((gene, sense)) = self.clause.gene(token) {
            let repaired = sense.damaged || matches!(token.kind, Kind::Name { repaired: true, .. });
            let partner = Partner {
                symbol: gene.symbol.clone(),
                written: self.clause.text_of(token).to_owned(),
                repaired,
                listed: true,
                bracket: None,
                range: token.start..token.end,
            };
            (partner, at + 1)
        } else {
            self.unlisted(at)?
        };
        if self
            .clause
            .get(end)
            .is_some_and(|t| t.kind == Kind::Mark('('))
            && let Some(close) = (end + 1..(end + 10).min(self.clause.len())).find(|i| {
                self.clause
                    .get(*i)
                    .is_some_and(|t| t.kind == Kind::Mark(')'))
            })
        {
            let inside = self.clause.slice(end + 1..close);
            let exon_or_transcript = (inside.len() <= 3 && !has(&inside, |w| *w == Word::Reads))
                || inside.text().contains('_')
                || has(&inside, |w| *w == Word::Exon);
            // The bracket belongs to the partner only when the pair goes on behind it.
            let goes_on = self.joint(close + 1).is_some() || !partner_only_bracket(&inside);
            if exon_or_transcript && inside.iter().any(|t| t.kind == Kind::Number) && goes_on {
                partner.bracket = Some(end + 1..close);
                end = close + 1;
            }
        }
        Some((partner, end))
    }

    /// A gene-like symbol that the table does not know: capitals and digits without a gap.
    fn unlisted(&self, at: usize) -> Option<(Partner, usize)> {
        let start = self.clause.get(at)?;
        if !matches!(start.kind, Kind::Other) {
            return None;
        }
        if at > 0 && start.gap == Gap::None {
            let before = self.clause.get(at - 1)?;
            if !matches!(before.kind, Kind::Mark(_)) {
                return None;
            }
        }
        let mut end = at + 1;
        while let Some(next) = self.clause.get(end) {
            if next.gap != Gap::None || !matches!(next.kind, Kind::Number | Kind::Other) {
                break;
            }
            end += 1;
        }
        let symbol = self.clause.slice(at..end).text();
        let fits = SYMBOL.is_match(symbol) && (3..=12).contains(&symbol.len());
        fits.then(|| {
            let partner = Partner {
                symbol: symbol.to_owned(),
                written: symbol.to_owned(),
                repaired: false,
                listed: false,
                bracket: None,
                range: start.start..start.start + symbol.len(),
            };
            (partner, end)
        })
    }

    /// What joins two partners: its notation (none for a mere `and`), whether it alone makes a pair,
    /// and where it ends.
    // joint = ":" [":"] | "-" ["-" | ">"] | "/" | "→" | [rearrangement [","]] joined | "and"
    fn joint(&self, at: usize) -> Option<(Option<Notation>, bool, usize)> {
        let token = self.clause.get(at)?;
        let next = self.clause.get(at + 1);
        let glued = |t: Option<&Token<'_>>, mark: char| {
            t.is_some_and(|t| t.kind == Kind::Mark(mark) && t.gap == Gap::None)
        };
        match token.kind {
            Kind::Mark(':') if glued(next, ':') => {
                Some((Some(Notation::DoubleColon), true, at + 2))
            }
            Kind::Mark('-') if glued(next, '-') || glued(next, '>') => {
                Some((Some(Notation::Prose), true, at + 2))
            }
            // `HIP1(e23):ALK(e20)`, not the colon of `ALK: positive`.
            Kind::Mark(':')
                if token.gap == Gap::None && next.is_some_and(|t| t.gap == Gap::None) =>
            {
                Some((Some(Notation::Prose), false, at + 1))
            }
            Kind::Mark('-' | '/' | '~') => Some((Some(Notation::Prose), false, at + 1)),
            Kind::Mark('→') => Some((Some(Notation::Prose), true, at + 1)),
            _ if self.clause.is(token, &Word::Joined) => {
                Some((Some(Notation::Prose), true, at + 1))
            }
            _ if self.clause.is(token, &Word::And) => Some((None, true, at + 1)),
            _ => self
                .named_partner(at)
                .map(|end| (Some(Notation::NamedPartner), true, end)),
        }
    }

    /// `ALK gene rearrangement, partner EML4`: the word before the second partner ends here.
    fn named_partner(&self, at: usize) -> Option<usize> {
        let rearrangement = (at..at + 3).find(|i| {
            self.clause
                .get(*i)
                .is_some_and(|t| self.clause.is(t, &Word::Rearrangement))
        })?;
        let comma = self
            .clause
            .get(rearrangement + 1)
            .is_some_and(|t| t.kind == Kind::Mark(','));
        let word = rearrangement + 1 + usize::from(comma);
        let joined = self
            .clause
            .get(word)
            .is_some_and(|t| self.clause.is(t, &Word::Joined));
        joined.then_some(word + 1)
    }

    /// Records a pair.
    fn call(&mut self, first: &Partner, second: &Partner, notation: Notation, at: Range<usize>) {
        let written = self.clause.slice(at.clone());
        if let Some(passed) = self.passed() {
            self.out.passed.push((written.range(), passed));
            return;
        }
        let Some(status) = self.status(&at) else {
            return;
        };
        let vocab = self.clause.vocab();
        let is_kinase = |symbol: &str| vocab.gene(symbol).is_some_and(|g| g.three_prime_kinase);
        let exons = self.exons(first, second, &at);
        let notation = match notation {
            Notation::Prose if exons.is_some() => Notation::ProseWithExons,
            notation => notation,
        };
        let ordered = order(&first.symbol, &second.symbol, notation, is_kinase);
        let mut fact = Fusion::new(status, self.source.place(written.range()));
        fact.as_reported = Some([first.written.clone(), second.written.clone()]);
        if let Some([five, three]) = ordered.pair {
            fact.five_prime = Some(five.to_owned());
            fact.three_prime = Some(three.to_owned());
            if let Some([one, two]) = exons {
                let (five_exon, three_exon) = if five == first.symbol {
                    (one, two)
                } else {
                    (two, one)
                };
                fact.exons = Sides {
                    five_prime: Some(five_exon),
                    three_prime: Some(three_exon),
                };
            }
        }
        fact.orientation = Some(ordered.orientation);
        fact.orientation_from = ordered.from;
        fact.frame = self.whole.frame;
        fact.support.total = self.reads(at.end);
        for partner in [first, second] {
            if partner.repaired {
                fact.repairs.push(Repair {
                    from: partner.written.clone(),
                    to: partner.symbol.clone(),
                });
            }
            if !partner.listed {
                self.out
                    .unlisted
                    .push((partner.symbol.clone(), partner.range.clone()));
            }
        }
        self.finish(fact);
    }

    fn finish(&mut self, mut fact: Fusion) {
        fact.method = self.method();
        fact.context = context(self.setting);
        fact.sample.clone_from(&self.setting.sample);
        fact.version = self.setting.version;
        self.out.facts.push(fact);
    }

    fn method(&self) -> Method {
        let exact = |a: &Assay| matches!(a, Assay::Rna | Assay::Dna | Assay::Karyotype);
        let own = molecular_assay(&self.clause).or(self.whole.method);
        match own
            .or(self.setting.assay.filter(exact))
            .or(self.setting.method)
        {
            Some(Assay::Rna) => Method::Rna,
            Some(Assay::Dna) => Method::Dna,
            Some(Assay::Karyotype) => Method::Karyotype,
            _ => Method::Unspecified,
        }
    }

    /// Why nothing in this clause is a fact.
    fn passed(&self) -> Option<Passed> {
        let hypothetical = self.says.hypothetical.then_some(Passed::Hypothetical);
        self.whole.passed.or(hypothetical)
    }

    /// The status of what stands at `at`; none when the test was not made.
    fn status(&self, at: &Range<usize>) -> Option<Status> {
        let says = &self.says;
        if self.negated(at) {
            Some(Status::NotDetected)
        } else if says.pending {
            Some(Status::Pending)
        } else if says.failed {
            Some(Status::Failed)
        } else if says.equivocal {
            Some(Status::Inconclusive)
        } else if says.not_done {
            None
        } else {
            Some(Status::Detected)
        }
    }

    /// `no X`, `X not detected`, `negative for X`, `X: negative`, `X fusion (-)`.
    fn negated(&self, at: &Range<usize>) -> bool {
        self.says.negative
            || self.says.first_negation.is_some_and(|n| n < at.start)
            || self.says.last_turned.is_some_and(|n| n >= at.end)
            || self.sign_after(at.end) == Some('-')
    }

    fn sign_after(&self, at: usize) -> Option<char> {
        let mut index = at;
        while self.clause.get(index).is_some_and(|t| {
            self.clause
                .words(t)
                .any(|w| matches!(w, Word::Rearrangement | Word::Filler))
        }) {
            index += 1;
        }
        let open = self.clause.get(index)?;
        if open.kind != Kind::Mark('(') {
            return None;
        }
        match (
            self.clause.get(index + 1)?.kind,
            self.clause.get(index + 2)?.kind,
        ) {
            (Kind::Mark(sign @ ('-' | '+')), Kind::Mark(')')) => Some(sign),
            _ => None,
        }
    }

    // reads = number "reads", behind the pair
    fn reads(&self, end: usize) -> Option<u64> {
        let rest = self.sentence_after(end);
        (1..rest.len()).find_map(|i| {
            let (number, word) = (rest.get(i - 1)?, rest.get(i)?);
            let counts = number.kind == Kind::Number && rest.is(word, &Word::Reads);
            counts
                .then(|| rest.text_of(number).replace(',', "").parse().ok())
                .flatten()
        })
    }

    /// Exons of the first and second partner as written.
    fn exons(&self, first: &Partner, second: &Partner, at: &Range<usize>) -> Option<[String; 2]> {
        let number_in = |range: &Range<usize>| {
            let inside = self.clause.slice(range.clone());
            let number = inside.iter().find(|t| t.kind == Kind::Number)?;
            (!inside.text().contains('_')).then(|| inside.text_of(number).to_owned())
        };
        if let (Some(a), Some(b)) = (&first.bracket, &second.bracket)
            && let (Some(a), Some(b)) = (number_in(a), number_in(b))
        {
            return Some([a, b]);
        }
        let rest = self.sentence_after(at.end);
        self.named_exons(first, second, &rest)
            .or_else(|| lettered_exons(first, second, &rest))
    }

    /// The sentence behind the pair: exons may stand behind a comma or in a bracket.
    fn sentence_after(&self, end: usize) -> Tokens<'a> {
        let from = self.clause.get(end.saturating_sub(1)).map_or(0, |t| t.end);
        let sentence = &self.whole.tokens;
        let start = sentence.partition_point(|t| t.start < from);
        sentence.slice(start..start + 16)
    }

    // gene "exon" number ... gene "exon" number
    fn named_exons(
        &self,
        first: &Partner,
        second: &Partner,
        rest: &Tokens<'a>,
    ) -> Option<[String; 2]> {
        let exon_of = |symbol: &str| {
            (0..rest.len()).find_map(|i| {
                let gene = rest.get(i)?;
                (rest.gene(gene)?.0.symbol == symbol).then_some(())?;
                let (exon, number) = (rest.get(i + 1)?, rest.get(i + 2)?);
                (rest.is(exon, &Word::Exon) && number.kind == Kind::Number)
                    .then(|| rest.text_of(number).to_owned())
            })
        };
        Some([exon_of(&first.symbol)?, exon_of(&second.symbol)?])
    }

    /// Statements about one gene: `no ALK rearrangement detected`, `ROS1, RET or NTRK1 fusions`.
    fn statements(&mut self, paired: bool) {
        let joints: Vec<usize> = (0..self.clause.len())
            .filter(|i| {
                self.clause
                    .get(*i)
                    .is_some_and(|t| self.clause.is(t, &Word::Rearrangement))
            })
            .collect();
        for joint in joints {
            let mut genes = self.genes_before(joint);
            if genes.is_empty() {
                genes = self.genes_after(joint);
            }
            genes.retain(|(index, _)| !self.out.used.contains(index));
            let Some(first) = genes.iter().map(|(i, _)| *i).min() else {
                continue;
            };
            self.out.used.extend(genes.iter().map(|(i, _)| *i));
            let at = first.min(joint)..joint.max(first) + 1;
            let range = self.clause.slice(at.clone()).range();
            if let Some(passed) = self.passed() {
                self.out.passed.push((range, passed));
                continue;
            }
            let Some(status) = self.status(&at) else {
                continue;
            };
            if status == Status::Detected && (paired || !self.asserts()) {
                continue;
            }
            for (index, gene) in genes {
                let Some(token) = self.clause.get(index) else {
                    continue;
                };
                let mut fact = Fusion::new(status, self.source.place(token.start..token.end));
                if at.len() <= 12 && self.clause.slice(at.clone()).range().contains(&token.start) {
                    fact.source = self.source.place(range.start.min(token.start)..range.end);
                    fact.as_written.clone_from(&fact.source.text);
                }
                if gene.repaired {
                    fact.repairs.push(Repair {
                        from: gene.written.clone(),
                        to: gene.symbol.clone(),
                    });
                }
                fact.gene = Some(gene.symbol);
                self.finish(fact);
            }
        }
    }

    /// Whether the clause asserts a finding rather than naming a test.
    fn asserts(&self) -> bool {
        if has_cue(&self.clause, Cue::Performed) || self.setting.section == Some(Section::Diagnosis)
        {
            return false;
        }
        let ihc =
            assay(&self.clause) == Some(Assay::Ihc) || self.setting.section == Some(Section::Ihc);
        let said = has(&self.clause, |w| {
            matches!(w, Word::Detected | Word::Result(Polarity::Positive, _))
        });
        !ihc && (said || self.setting.section == Some(Section::Molecular))
    }

    fn gene_at(&self, index: usize) -> Option<Partner> {
        let token = self.clause.get(index)?;
        self.clause.gene(token)?;
        self.partner(index).map(|(partner, _)| partner)
    }

    // genes = gene { ("," | "and" | "or" | "-") gene } rearrangement
    fn genes_before(&self, joint: usize) -> Vec<(usize, Partner)> {
        let mut genes = Vec::new();
        let mut at = joint;
        let mut depth = 0;
        while at > 0 {
            at -= 1;
            let Some(token) = self.clause.get(at) else {
                break;
            };
            match token.kind {
                Kind::Mark(')') => depth += 1,
                Kind::Mark('(') => depth -= 1,
                _ if depth > 0 => {}
                Kind::Mark(',' | '-' | '/') => {}
                _ => match self.gene_at(at) {
                    Some(gene) => genes.push((at, gene)),
                    None if self
                        .clause
                        .words(token)
                        .any(|w| matches!(w, Word::And | Word::Or | Word::Filler)) => {}
                    None if matches!(
                        self.clause.text_of(token),
                        "gene" | "genes" | "kinase" | "基因"
                    ) => {}
                    None => break,
                },
            }
            if joint - at > 40 {
                break;
            }
        }
        genes.reverse();
        genes
    }

    // rearrangement ("of" | "in" | "involving") gene { ("," | "and" | "or") gene }
    fn genes_after(&self, joint: usize) -> Vec<(usize, Partner)> {
        let mut genes = Vec::new();
        for at in joint + 1..(joint + 24).min(self.clause.len()) {
            let Some(token) = self.clause.get(at) else {
                break;
            };
            if let Some(gene) = self.gene_at(at) {
                genes.push((at, gene));
                continue;
            }
            let glue = self
                .clause
                .words(token)
                .any(|w| matches!(w, Word::And | Word::Or | Word::Preposition))
                || matches!(
                    self.clause.text_of(token),
                    "in" | "involving" | "the" | "of"
                )
                || token.kind == Kind::Mark(',');
            if !glue {
                break;
            }
        }
        genes
    }

    /// `no fusion detected`, `RNA fusion panel negative`, `NGS: pending`.
    fn without_gene(&mut self) {
        if self.passed() == Some(Passed::Literature) || self.passed() == Some(Passed::Hypothetical)
        {
            return;
        }
        let clause = self.clause;
        let section = self.setting.section;
        let names = clause
            .iter()
            .any(|t| clause.marker(t).is_some() || clause.gene(t).is_some());
        if names || clause.is_empty() {
            return;
        }
        let sequencing = matches!(
            assay(&clause),
            Some(Assay::Rna | Assay::Sequencing | Assay::Dna)
        );
        let rearrangement = clause
            .iter()
            .position(|t| clause.is(t, &Word::Rearrangement));
        let status = if let Some(at) = rearrangement {
            let others = clause.iter().any(|t| {
                matches!(
                    clause.text_of(t).to_ascii_lowercase().as_str(),
                    "other" | "additional" | "further" | "second"
                )
            });
            let negated = (0..at)
                .any(|i| clause.get(i).is_some_and(|t| clause.is(t, &Word::Negation)))
                || self.negated(&(at..at + 1));
            match (negated && !others, self.status(&(at..at + 1))) {
                (true, _) => Some(Status::NotDetected),
                (
                    false,
                    Some(status @ (Status::Failed | Status::Pending | Status::Inconclusive)),
                ) => Some(status),
                _ => None,
            }
        } else if sequencing || section == Some(Section::Molecular) {
            let rna = assay(&clause) == Some(Assay::Rna);
            if has_result(&clause, Polarity::Pending) {
                Some(Status::Pending)
            } else if has_result(&clause, Polarity::Failed) {
                Some(Status::Failed)
            } else if rna && has_result(&clause, Polarity::Negative) && clause.len() <= 8 {
                Some(Status::NotDetected)
            } else {
                None
            }
        } else {
            None
        };
        if let Some(status) = status {
            let fact = Fusion::new(status, self.source.place(clause.range()));
            self.finish(fact);
        }
    }
}

/// A bracket that could as well follow the whole pair (`(T4;A19)`).
fn partner_only_bracket(inside: &Tokens<'_>) -> bool {
    inside.iter().filter(|t| t.kind == Kind::Number).count() != 1
}

// letter number (";" | ":") letter number
fn lettered_exons(first: &Partner, second: &Partner, rest: &Tokens<'_>) -> Option<[String; 2]> {
    for i in 0..rest.len().saturating_sub(3) {
        let tokens: Vec<&Token<'_>> = (i..i + 6).filter_map(|k| rest.get(k)).collect();
        let letter = |t: &Token<'_>| {
            let text = rest.text_of(t);
            (text.len() == 1 && text.chars().all(|c| c.is_ascii_alphabetic()))
                .then(|| text.to_ascii_uppercase())
        };
        let number = |t: &Token<'_>| {
            (t.kind == Kind::Number && t.gap == Gap::None).then(|| rest.text_of(t).to_owned())
        };
        let [a, one, sep, b, two, ..] = tokens.as_slice() else {
            continue;
        };
        if !matches!(sep.kind, Kind::Mark(';' | ':' | '-')) {
            continue;
        }
        if let (Some(a), Some(one), Some(b), Some(two)) =
            (letter(a), number(one), letter(b), number(two))
        {
            // The letters are the genes' initials, or `e` for exon.
            let initial = |p: &Partner, l: &str| p.symbol.starts_with(l);
            return Some(
                if initial(first, &b) && initial(second, &a) && !initial(first, &a) {
                    [two, one]
                } else {
                    [one, two]
                },
            );
        }
    }
    None
}

/// The laboratory or time of a fact.
pub(crate) fn context(setting: &Setting) -> Option<Context> {
    match setting.origin {
        Some(Origin::Outside) => Some(Context::Outside),
        Some(Origin::Prior) => Some(Context::Prior),
        _ => None,
    }
}
