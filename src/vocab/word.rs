//! The words of the report grammar by what they do, not by how they are spelled.
//!
//! The spellings, in every language, are rows of the pack's word tables: `means` names the variant
//! of [`Word`], `value` its argument.

/// What a result word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// Stained, detected.
    Positive,
    /// Not stained.
    Negative,
    /// Neither clearly positive nor negative.
    Equivocal,
    /// The test was not made.
    NotDone,
    /// The result is awaited.
    Pending,
    /// The test was made and gave no result.
    Failed,
    /// Normal expression is kept.
    Retained,
    /// Normal expression is lost.
    Lost,
    /// Present in some form, said by a noun that another word can overrule (`staining`).
    Evidence,
}

/// How a result word takes its markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `positive`: before a list only with a preposition, after one without.
    Adjective,
    /// `positivity`.
    Noun,
    /// `expresses`: takes the list that follows.
    Verb,
}

/// A laboratory method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assay {
    /// Immunohistochemistry.
    Ihc,
    /// In-situ hybridisation.
    Fish,
    /// Sequencing, nucleic acid not stated.
    Sequencing,
    /// RNA-based sequencing or RT-PCR.
    Rna,
    /// DNA-based sequencing.
    Dna,
    /// Chromosome analysis.
    Karyotype,
}

/// A part of a report that a label or heading opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Immunohistochemistry.
    Ihc,
    /// FISH.
    Fish,
    /// Sequencing and other molecular results.
    Molecular,
    /// Diagnosis, conclusion.
    Diagnosis,
    /// Microscopic description.
    Microscopy,
    /// Gross description, size.
    Gross,
    /// Clinical history.
    History,
    /// State of the disease, stage.
    Status,
    /// Treatment.
    Treatment,
    /// Age.
    Age,
    /// Sex.
    Sex,
    /// Site of the tumour.
    Site,
    /// References, limitations: nothing of this patient.
    Literature,
    /// Any other label: it ends the section before it.
    Other,
}

/// Whose finding, of what time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Another laboratory.
    Outside,
    /// This laboratory; ends an outside or earlier part.
    Own,
    /// An earlier tumour or time.
    Prior,
}

/// A turn of phrase that takes the force of a result away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cue {
    /// A list of stains that were made, without results.
    Performed,
    /// General knowledge: `typically`, `in the literature`.
    Literature,
    /// Not a result: `rule out`, `may be`.
    Hypothetical,
    /// An earlier statement is taken back.
    Retraction,
    /// Control tissue.
    Control,
    /// A relative or another patient.
    OtherPerson,
    /// A later result replaces an earlier one.
    Supersedes,
    /// What stands behind it replaces what was written before: `should read`.
    Correction,
    /// A call that is no finding: `artefact`, `filtered out`.
    Invalid,
    /// A state that may come: `risk of`.
    Risk,
    /// Two lists that belong together item by item: `respectively`.
    Parallel,
    /// How a test works or is scored: `is able to detect`, `positive when`.
    Method,
    /// What a relative, a kind of tumour or a group of patients is named by, in the plural: `tumours`, `patients`.
    Kind,
    /// `may`, `would`: a verb that takes the force of its subject away.
    Modal,
    /// A drug was given: `treated with`, `received`.
    Given,
    /// A drug goes on to be given: `continue`.
    Continued,
    /// A drug was not given, or not yet: `planned`, `declined`, `options`.
    NotGiven,
}

/// A label at the beginning of a line under which nothing is a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// How a test works, what it covers, how well.
    Method,
    /// What a test looks at; a result may stand behind the list.
    Content,
    /// Tests that are asked for, and questions.
    Order,
    /// Control material.
    Control,
    /// Relatives.
    Relative,
    /// Trials, guidelines, general remarks.
    General,
}

/// The standing of a stated diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// First diagnosis.
    Initial,
    /// Final or revised diagnosis; replaces earlier ones.
    Final,
    /// Preferred but not certain.
    Favoured,
    /// Considered and not ruled out.
    NotExcluded,
    /// Unlikely, or not supported.
    Denied,
    /// Ruled out, said of diagnoses alone: `tubes with debris were excluded` denies no finding.
    Excluded,
}

/// A side of a fusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The 5' partner.
    FivePrime,
    /// The 3' partner.
    ThreePrime,
}

/// A word or fixed phrase and its part in the grammar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Word {
    /// A result.
    Result(Polarity, Form),
    /// Reaction pattern (`wild-type`, `mutant`).
    Pattern(String),
    /// How much of the tumour (`focal`).
    Extent(String),
    /// How strong (`weak`).
    Intensity(String),
    /// Where in the cell (`nuclear`).
    Compartment(String),
    /// Which cells stain; `tumour` for the tumour itself.
    Cells(String),
    /// `not`, `no`, `without`.
    Negation,
    /// `neither`: negative up to the end of the sentence.
    Neither,
    /// `but`, `while`: ends what was said before.
    Contrast,
    /// `with the exception of`.
    Exception,
    /// `the remaining markers`.
    Remaining,
    /// `as is`, `nor is`: the marker behind it has the result of the one before.
    Likewise,
    /// `about`.
    About,
    /// `less than`.
    Below,
    /// `more than`.
    Above,
    /// `up to`.
    AtMost,
    /// `at least`.
    AtLeast,
    /// `to` between two numbers.
    Range,
    /// A form of to be, or a verb without content.
    Copula,
    /// `for`, `with`, `of`.
    Preposition,
    /// `and`.
    And,
    /// `or`, `nor`.
    Or,
    /// A score by name (`H-score`).
    Score(String),
    /// A laboratory method.
    Assay(Assay),
    /// A word between a marker and its value without meaning of its own (`index`, `stain`).
    Filler,
    /// `fusion`, `rearrangement`, `rearranged`.
    Rearrangement,
    /// `fused to` between two genes.
    Joined,
    /// `detected`, `found`.
    Detected,
    /// Words only FISH results have: `split signals`, `break-apart`.
    Signal(String),
    /// `cut-off`.
    Cutoff,
    /// `nuclei`, `cells`: a count of them follows or precedes.
    Nuclei,
    /// `exon`.
    Exon,
    /// `in frame` (true), `out of frame` (false).
    Frame(bool),
    /// The kinase domain, and whether it is retained where the words say so.
    KinaseDomain(Option<bool>),
    /// Which partner a gene is said to be.
    Side(Side),
    /// `supporting reads`.
    Reads,
    /// A label that opens a section.
    Section(Section),
    /// Whose finding.
    Origin(Origin),
    /// `ADDENDUM`: a later part of the same report.
    Addendum,
    /// A label under which nothing is a result.
    Label(Label),
    /// A turn of phrase that takes the force of a result away.
    Cue(Cue),
    /// The standing of a diagnosis.
    Role(Role),
    /// State of the disease.
    State(String),
    /// Response to treatment.
    Response(String),
    /// Sex, `F` or `M`.
    Sex(String),
    /// A label whose value tells one patient or accession from another.
    Identifier(String),
    /// A name of something that is measured but not read yet: its lines are listed as unread.
    Measured(String),
    /// A phrase that holds a name and does not mean it (`ALK phos`, `ER visit`).
    Unrelated,
}

/// Why a row of a word table is no [`Word`]: what was expected instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAWord {
    /// The column at fault, `means` or `value`.
    pub column: &'static str,
    /// The values allowed there; empty where any text or none is.
    pub expected: Vec<&'static str>,
}

macro_rules! choice {
    ($value:expr, $($name:literal => $variant:expr),* $(,)?) => {
        match $value.unwrap_or_default() {
            $($name => Ok($variant),)*
            _ => Err(NotAWord { column: "value", expected: vec![$($name),*] }),
        }
    };
}

impl Word {
    /// Every value of the `means` column.
    pub const MEANS: &[&str] = &[
        "about",
        "above",
        "addendum",
        "and",
        "assay",
        "at_least",
        "at_most",
        "below",
        "cells",
        "compartment",
        "contrast",
        "copula",
        "cue",
        "cutoff",
        "detected",
        "exception",
        "exon",
        "extent",
        "filler",
        "frame",
        "identifier",
        "intensity",
        "joined",
        "kinase_domain",
        "label",
        "likewise",
        "measured",
        "negation",
        "neither",
        "nuclei",
        "or",
        "origin",
        "pattern",
        "preposition",
        "range",
        "reads",
        "rearrangement",
        "remaining",
        "response",
        "result",
        "result_noun",
        "result_verb",
        "role",
        "score",
        "section",
        "sex",
        "side",
        "signal",
        "state",
        "unrelated",
    ];

    /// The word a table row stands for.
    ///
    /// # Errors
    /// Says which column is wrong and what it may hold.
    pub fn from_row(means: &str, value: Option<&str>) -> Result<Self, NotAWord> {
        let text = |make: fn(String) -> Self| match value {
            Some(value) => Ok(make(value.to_owned())),
            None => Err(NotAWord {
                column: "value",
                expected: Vec::new(),
            }),
        };
        let plain = |word: Self| match value {
            None => Ok(word),
            Some(_) => Err(NotAWord {
                column: "value",
                expected: Vec::new(),
            }),
        };
        match means {
            "result" => polarity(value).map(|p| Self::Result(p, Form::Adjective)),
            "result_noun" => polarity(value).map(|p| Self::Result(p, Form::Noun)),
            "result_verb" => polarity(value).map(|p| Self::Result(p, Form::Verb)),
            "pattern" => text(Self::Pattern),
            "extent" => text(Self::Extent),
            "intensity" => text(Self::Intensity),
            "compartment" => text(Self::Compartment),
            "cells" => text(Self::Cells),
            "negation" => plain(Self::Negation),
            "neither" => plain(Self::Neither),
            "contrast" => plain(Self::Contrast),
            "exception" => plain(Self::Exception),
            "remaining" => plain(Self::Remaining),
            "likewise" => plain(Self::Likewise),
            "about" => plain(Self::About),
            "below" => plain(Self::Below),
            "above" => plain(Self::Above),
            "at_most" => plain(Self::AtMost),
            "at_least" => plain(Self::AtLeast),
            "range" => plain(Self::Range),
            "copula" => plain(Self::Copula),
            "preposition" => plain(Self::Preposition),
            "and" => plain(Self::And),
            "or" => plain(Self::Or),
            "score" => text(Self::Score),
            "filler" => plain(Self::Filler),
            "rearrangement" => plain(Self::Rearrangement),
            "joined" => plain(Self::Joined),
            "detected" => plain(Self::Detected),
            "signal" => text(Self::Signal),
            "cutoff" => plain(Self::Cutoff),
            "nuclei" => plain(Self::Nuclei),
            "exon" => plain(Self::Exon),
            "reads" => plain(Self::Reads),
            "addendum" => plain(Self::Addendum),
            "state" => text(Self::State),
            "response" => text(Self::Response),
            "identifier" => text(Self::Identifier),
            "measured" => text(Self::Measured),
            "unrelated" => plain(Self::Unrelated),
            "frame" => {
                choice!(value, "in_frame" => Self::Frame(true), "out_of_frame" => Self::Frame(false))
            }
            "kinase_domain" => {
                choice!(value, "retained" => Self::KinaseDomain(Some(true)),
                    "lost" => Self::KinaseDomain(Some(false)), "named" => Self::KinaseDomain(None))
            }
            "side" => {
                choice!(value, "five_prime" => Self::Side(Side::FivePrime), "three_prime" => Self::Side(Side::ThreePrime))
            }
            "sex" => {
                choice!(value, "F" => Self::Sex("F".to_owned()), "M" => Self::Sex("M".to_owned()))
            }
            "assay" => choice!(value,
                "ihc" => Self::Assay(Assay::Ihc), "fish" => Self::Assay(Assay::Fish),
                "sequencing" => Self::Assay(Assay::Sequencing), "rna" => Self::Assay(Assay::Rna),
                "dna" => Self::Assay(Assay::Dna), "karyotype" => Self::Assay(Assay::Karyotype)),
            "section" => choice!(value,
                "ihc" => Self::Section(Section::Ihc), "fish" => Self::Section(Section::Fish),
                "molecular" => Self::Section(Section::Molecular), "diagnosis" => Self::Section(Section::Diagnosis),
                "microscopy" => Self::Section(Section::Microscopy), "gross" => Self::Section(Section::Gross),
                "history" => Self::Section(Section::History), "status" => Self::Section(Section::Status),
                "treatment" => Self::Section(Section::Treatment), "age" => Self::Section(Section::Age),
                "sex" => Self::Section(Section::Sex), "site" => Self::Section(Section::Site),
                "literature" => Self::Section(Section::Literature),
                "other" => Self::Section(Section::Other)),
            "origin" => choice!(value,
                "outside" => Self::Origin(Origin::Outside), "own" => Self::Origin(Origin::Own),
                "prior" => Self::Origin(Origin::Prior)),
            "label" => choice!(value, "content" => Self::Label(Label::Content),
                "method" => Self::Label(Label::Method), "order" => Self::Label(Label::Order),
                "control" => Self::Label(Label::Control), "relative" => Self::Label(Label::Relative),
                "general" => Self::Label(Label::General)),
            "cue" => cue(value),
            "role" => choice!(value,
                "initial" => Self::Role(Role::Initial), "final" => Self::Role(Role::Final),
                "favoured" => Self::Role(Role::Favoured), "not_excluded" => Self::Role(Role::NotExcluded),
                "denied" => Self::Role(Role::Denied),
                "excluded" => Self::Role(Role::Excluded)),
            _ => Err(NotAWord {
                column: "means",
                expected: Self::MEANS.to_vec(),
            }),
        }
    }
}

fn cue(value: Option<&str>) -> Result<Word, NotAWord> {
    choice!(value,
                "performed" => Word::Cue(Cue::Performed), "literature" => Word::Cue(Cue::Literature),
                "hypothetical" => Word::Cue(Cue::Hypothetical), "retraction" => Word::Cue(Cue::Retraction),
                "control" => Word::Cue(Cue::Control),
                "other_person" => Word::Cue(Cue::OtherPerson), "supersedes" => Word::Cue(Cue::Supersedes),
                "correction" => Word::Cue(Cue::Correction),
                "invalid" => Word::Cue(Cue::Invalid), "risk" => Word::Cue(Cue::Risk), "parallel" => Word::Cue(Cue::Parallel),
                "method" => Word::Cue(Cue::Method), "kind" => Word::Cue(Cue::Kind), "modal" => Word::Cue(Cue::Modal),
                "given" => Word::Cue(Cue::Given), "continued" => Word::Cue(Cue::Continued), "not_given" => Word::Cue(Cue::NotGiven))
}

fn polarity(value: Option<&str>) -> Result<Polarity, NotAWord> {
    choice!(value,
        "positive" => Polarity::Positive, "negative" => Polarity::Negative,
        "equivocal" => Polarity::Equivocal, "not_done" => Polarity::NotDone,
        "pending" => Polarity::Pending, "failed" => Polarity::Failed,
        "retained" => Polarity::Retained, "lost" => Polarity::Lost,
        "evidence" => Polarity::Evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_meaning_is_understood() {
        for means in Word::MEANS {
            let got = Word::from_row(means, None);
            assert_ne!(
                got.err().map(|e| e.column),
                Some("means"),
                "{means} is listed and not understood"
            );
        }
    }

    #[test]
    fn a_wrong_value_says_what_is_allowed() {
        let wrong = Word::from_row("role", Some("maybe")).unwrap_err();
        assert_eq!(wrong.column, "value");
        assert!(wrong.expected.contains(&"favoured"));
    }
}
