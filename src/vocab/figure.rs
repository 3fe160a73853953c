//! The words of laboratory values, lesions, responses and small variants by what they do.
//!
//! They live in a dictionary of their own ([`crate::vocab::Vocab::values`]): `L` is a unit, a flag and an analyte
//! here, and must be none of these where a stain is read.

use rust_decimal::Decimal;

use super::word::NotAWord;

/// A laboratory value that reports name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analyte {
    /// Canonical name.
    pub name: String,
    /// What is counted, where it is a count.
    pub counts: Option<Counted>,
}

/// What a blood count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Cells, given as a concentration only.
    Cells,
    /// One kind of leukocyte, given as a concentration or as a percentage.
    Share,
}

/// What the name of an analyte says beside its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Nothing.
    Plain,
    /// A concentration.
    Absolute,
    /// A percentage.
    Percent,
    /// One or two letters, which mean it only inside a blood count.
    Short,
}

/// A gene's place on a chromosome, for karyotypes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Chromosome and band (`2p23`).
    pub band: String,
    /// The gene.
    pub gene: String,
    /// A break in the band is taken for a break of the gene.
    pub alone: bool,
    /// The event and the other band that make a known product, with this gene as the 5' partner.
    pub product: Option<[String; 2]>,
}

/// A word or fixed phrase and its part in the grammar of values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Figure {
    /// An analyte, as an index into [`crate::vocab::Vocab::analytes`].
    Analyte(usize, Naming),
    /// `K`, `G`: so many cells.
    Multiplier(Decimal),
    /// `L`, `µL`: how many of them make a litre.
    Volume(Decimal),
    /// `mg`, `U`: what stands over the volume where no cells are counted.
    Amount,
    /// `mm`, `cm`: so many millimetres.
    Length(Decimal),
    /// `cells` in a unit.
    Counted,
    /// `absolute`, `count`.
    Absolute,
    /// `percentage`.
    Share,
    /// `Result:`, `Unit:` before a number or a unit.
    Label,
    /// `CBC`: what follows is a blood count.
    CountHeading,
    /// `H`, `L`.
    Flag(String),
    /// `reference range`.
    Reference,
    /// `pending`: there is no value.
    NoValue,
    /// A month, 1 to 12.
    Month(i8),
    /// `date of birth`: the date beside it is of no examination.
    NotDate,
    /// `target lesion`, to be followed by its number.
    Target,
    /// `target lesions`.
    Targets,
    /// `non-target`.
    NonTarget,
    /// `new lesion`.
    New,
    /// `new`, before a site and a word for a lesion.
    NewWord,
    /// `sum of diameters`.
    Sum,
    /// `baseline`.
    Baseline,
    /// `nadir`.
    Nadir,
    /// `now`.
    Now,
    /// `lymph node`.
    Node,
    /// `short axis`.
    ShortAxis,
    /// `longest diameter`.
    Diameter,
    /// `size`, `measures`.
    Size,
    /// `mass`, `tumour`: what can have a size.
    Mass,
    /// `margin`, `thickness`: the length beside it is no size.
    NotSize,
    /// `CT`, `MRI`, `RECIST`.
    Imaging,
    /// `grossly`, `cut surface`: what is told was seen at the operation or on the specimen.
    Gross,
    /// A site, with its usual name where it has one.
    Site(Option<String>),
    /// What is said of a lesion without a number.
    State(String),
    /// A response in words.
    Response(String),
    /// A response by its letters, which mean it only beside words of response.
    ResponseCode(String),
    /// `response`, `best response`.
    ResponseLabel,
    /// `decreased`.
    Decrease,
    /// `increased`.
    Increase,
    /// `change from baseline`.
    Change,
    /// `more than`.
    Above,
    /// `less than`.
    Below,
    /// `about`.
    About,
    /// `mutation`.
    Mutation,
    /// `wild-type`.
    WildType,
    /// `VAF`.
    AlleleFraction,
    /// A feature of the microscope by its key.
    Feature(String),
    /// `HPF`.
    PerField,
    /// `started`, `since`.
    DrugStart,
    /// `stopped`, `until`.
    DrugStop,
    /// `because of`.
    Reason,
    /// Line of treatment.
    Line(u32),
    /// `pregnant`.
    Pregnant(bool),
    /// A phrase that holds one of these words and does not mean it.
    Unrelated,
}

impl Figure {
    /// The word a table row stands for.
    ///
    /// # Errors
    /// Says which column is wrong and what it may hold.
    pub fn from_row(means: &str, value: Option<&str>) -> Result<Self, NotAWord> {
        let wrong = |expected: Vec<&'static str>| NotAWord {
            column: "value",
            expected,
        };
        let number = || {
            value
                .and_then(|v| v.parse::<Decimal>().ok())
                .filter(|n| !n.is_zero())
                .ok_or_else(|| wrong(vec!["a number"]))
        };
        let one_of = |make: fn(String) -> Self, names: &[&'static str]| match value {
            Some(value) if names.contains(&value) => Ok(make(value.to_owned())),
            _ => Err(wrong(names.to_vec())),
        };
        let plain = |figure: Self| match value {
            None => Ok(figure),
            Some(_) => Err(wrong(Vec::new())),
        };
        match means {
            "multiplier" => number().map(Self::Multiplier),
            "volume" => number().map(Self::Volume),
            "length" => number().map(Self::Length),
            "month" => value
                .and_then(|v| v.parse().ok())
                .filter(|m| (1..=12).contains(m))
                .map(Self::Month)
                .ok_or_else(|| wrong(vec!["1 to 12"])),
            "line" => value
                .and_then(|v| v.parse().ok())
                .map(Self::Line)
                .ok_or_else(|| wrong(vec!["a number"])),
            "flag" => one_of(Self::Flag, &["H", "L"]),
            "state" => one_of(Self::State, STATES),
            "response" => one_of(Self::Response, RESPONSES),
            "response_code" => one_of(Self::ResponseCode, RESPONSES),
            "site" => Ok(Self::Site(value.map(str::to_owned))),
            "feature" => value
                .map(|v| Self::Feature(v.to_owned()))
                .ok_or_else(|| wrong(Vec::new())),
            _ => match PLAIN.iter().find(|(name, _)| *name == means) {
                Some((_, figure)) => plain(figure.clone()),
                None => Err(NotAWord {
                    column: "means",
                    expected: PLAIN
                        .iter()
                        .map(|(name, _)| *name)
                        .chain(VALUED.iter().copied())
                        .collect(),
                }),
            },
        }
    }
}

/// What can be said of a lesion without a number.
const STATES: &[&str] = &[
    "present",
    "absent",
    "too_small",
    "not_evaluated",
    "progressed",
];

/// Response categories (RECIST 1.1).
const RESPONSES: &[&str] = &["CR", "PR", "SD", "PD", "non-CR/non-PD", "NE"];

/// Meanings that take a value.
const VALUED: &[&str] = &[
    "multiplier",
    "volume",
    "length",
    "month",
    "line",
    "flag",
    "state",
    "response",
    "response_code",
    "site",
    "feature",
];

/// Meanings that take none.
const PLAIN: &[(&str, Figure)] = &[
    ("amount", Figure::Amount),
    ("counted", Figure::Counted),
    ("absolute", Figure::Absolute),
    ("share", Figure::Share),
    ("count_heading", Figure::CountHeading),
    ("reference", Figure::Reference),
    ("no_value", Figure::NoValue),
    ("not_date", Figure::NotDate),
    ("target", Figure::Target),
    ("targets", Figure::Targets),
    ("non_target", Figure::NonTarget),
    ("new", Figure::New),
    ("new_word", Figure::NewWord),
    ("label", Figure::Label),
    ("sum", Figure::Sum),
    ("baseline", Figure::Baseline),
    ("nadir", Figure::Nadir),
    ("now", Figure::Now),
    ("node", Figure::Node),
    ("short_axis", Figure::ShortAxis),
    ("diameter", Figure::Diameter),
    ("size", Figure::Size),
    ("mass", Figure::Mass),
    ("not_size", Figure::NotSize),
    ("imaging", Figure::Imaging),
    ("gross", Figure::Gross),
    ("response_label", Figure::ResponseLabel),
    ("decrease", Figure::Decrease),
    ("increase", Figure::Increase),
    ("change", Figure::Change),
    ("above", Figure::Above),
    ("below", Figure::Below),
    ("about", Figure::About),
    ("mutation", Figure::Mutation),
    ("wild_type", Figure::WildType),
    ("vaf", Figure::AlleleFraction),
    ("per_field", Figure::PerField),
    ("drug_start", Figure::DrugStart),
    ("drug_stop", Figure::DrugStop),
    ("reason", Figure::Reason),
    ("pregnant", Figure::Pregnant(true)),
    ("not_pregnant", Figure::Pregnant(false)),
    ("unrelated", Figure::Unrelated),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_row_says_what_is_allowed() {
        assert_eq!(Figure::from_row("what", None).unwrap_err().column, "means");
        assert_eq!(
            Figure::from_row("sum", Some("x")).unwrap_err().column,
            "value"
        );
        let state = Figure::from_row("state", Some("dead")).unwrap_err();
        assert!(state.expected.contains(&"too_small"));
        assert_eq!(
            Figure::from_row("month", Some("13")).unwrap_err().column,
            "value"
        );
        assert_eq!(
            Figure::from_row("volume", Some("0")).unwrap_err().column,
            "value"
        );
    }
}
