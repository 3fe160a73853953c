//! The registry of diagnostic codes: one line each, never reused, never renumbered.
//!
//! Families: `S` a file as a whole, `T` tables, `N` report text, `E` rule packs, `L` advice on rule
//! packs.

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($variant:ident $code:literal $summary:literal,)*) => {
        /// Stable code of a diagnostic.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $code, "`: ", $summary)] $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code as printed, for example `E012`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it is about, in one line.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }
        }
    };
}

codes! {
    Unreadable "S001" "a file or folder cannot be read",
    NotText "S002" "a file is not text",
    BadEncoding "S003" "a file is in an encoding that is not read",
    CaseTooLarge "S004" "a case is larger than its limit",
    LineTooLong "S005" "a line is longer than its limit",
    Empty "S006" "an input holds nothing",
    UnknownFormat "S007" "a structured file of no known format",
    SeveralPatients "S008" "one case names different patients or accession numbers",
    SeveralSamples "S009" "one table holds several samples",
    EmptyFolder "S010" "a folder holds no file that can be read",
    LeftOut "S011" "something in a folder is not part of the case",
    ControlCharacters "S012" "control characters in the text",
    Markup "S013" "markup in the text",
    RowsLost "S014" "rows were not read although --strict asks for all",
    AmbiguousFormat "S015" "a file that fits two formats equally well",
    GuessedEncoding "S016" "a file whose encoding was told by its characters alone",
    ShortRow "T001" "a row is shorter or longer than the header",
    BadNumber "T002" "a cell that should hold a number holds something else",
    NamesDisagree "T003" "two columns of one row name different genes",
    NotAGene "T004" "a gene cell holds no gene symbol",
    NoCalls "T005" "a table without calls",
    Skipped "T006" "records of a file that are left out for a reason",
    AmbiguousName "T007" "a gene name or pair that can be read in two ways",
    Unread "N001" "a line names a marker, gene, drug or assay and gave no fact",
    Repaired "N002" "a damaged name or sign was repaired",
    LookAlike "N003" "letters of another script that look like a known name",
    ImpossiblePercent "N004" "a percentage above 100",
    OpenBracket "N005" "a bracket that is not closed",
    NotCurrent "N006" "a finding of another time or another tumour, kept apart",
    Retracted "N007" "a finding the report takes back",
    UnlistedGene "N008" "a fusion partner that is not in the gene table",
    Columns "N009" "names and results of a table that stand in separate columns",
    BandCandidates "N010" "a karyotype whose bands name candidates for the partner, not the partner",
    Zero "N011" "a count or sum of 0, of which no ratio or percentage can be formed",
    VerifyDecision "V001" "a decision differs from what a sample expects",
    VerifyFlag "V002" "a flag differs from what a sample expects",
    VerifyTherapy "V003" "a drug or its label status differs from what a sample expects",
    VerifyFact "V004" "a fact differs from what a sample expects",
    VerifyMissing "V005" "a sample without an expectation, or an expectation without a sample",
    Yaml "E001" "a rule file is not valid YAML",
    TooDeep "E002" "a rule file is nested too deeply",
    FileTooLarge "E003" "a rule file is larger than its limit",
    SeveralDocuments "E004" "a rule file holds a second document",
    Tag "E005" "a YAML tag",
    Anchor "E006" "a YAML anchor, alias or merge key",
    EmptyFile "E007" "a rule file holds nothing",
    ReadDifferently "E008" "two YAML readers understand the file differently",
    WrongShape "E010" "a value of the wrong kind",
    MissingKey "E011" "a required key is missing",
    UnknownKey "E012" "an unknown key",
    UnknownValue "E013" "a value that is not one of those allowed",
    Duplicate "E014" "a key, row or name that is given twice",
    BadInclude "E015" "a file that the pack cannot include",
    UnknownGene "E021" "a gene that is not in the gene table",
    UnknownTerm "E022" "a marker, drug or disease that is not in its table",
    UnknownTable "E023" "a table or column that does not exist",
    UndeclaredDecision "E031" "a decision or value that is not declared",
    UnknownReference "E032" "a finding, rule, test or row that does not exist",
    NoCitation "E033" "a rule without a citation, or a citation that does not exist",
    NoAction "E034" "a flag without an action, or a flag that is not declared",
    IgnoranceInConclusion "E035" "`known` in a rule that concludes",
    BadPlaceholder "E036" "a placeholder that no fact of the rule can fill",
    Cycle "E041" "findings or decisions that depend on themselves",
    BadTest "E051" "an inline test that cannot run",
    RevisionMismatch "E052" "an overlay that was written for another revision of a rule",
    OverlayMismatch "E053" "an overlay of another pack or version, or no overlay",
    Locked "E054" "an overlay that weakens a locked rule",
    EngineMismatch "E055" "a pack that is written for another version of this program",
    InvariantFails "E061" "an invariant that does not hold",
    QuoteScalar "L001" "a bare word that other YAML readers take for something else",
    UnusedCitation "L002" "a citation that nothing uses",
    Untested "L003" "a rule without tests for its outcomes",
    Unused "L004" "a finding, table or flag that nothing uses",
    NoneOfOne "L011" "`none` over one condition",
    RowUntested "L021" "a table row that no test uses",
    NeverTogether "L031" "two rules that can never be true together",
    NeverTrue "L032" "a rule that is never true",
    AlwaysTrue "L033" "a rule that is always true",
    Shadowed "L034" "a rule whose value never shows",
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Code;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<_> = Code::ALL.iter().map(|c| c.code()).collect();
        let unique: BTreeSet<_> = codes.iter().collect();
        assert_eq!(unique.len(), codes.len());
    }
}
