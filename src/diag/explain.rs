//! The long text of every code: what it means, why it is asked for, and what to do.

use super::Code;

impl Code {
    /// What the code means, why it matters and what to do about it.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        rules(self).or_else(|| inputs(self)).unwrap_or_default()
    }
}

/// Codes of rule packs.
#[allow(clippy::too_many_lines, reason = "one long table")]
fn rules(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::Yaml => {
            "The file could not be taken apart as YAML. Tabs in the indentation, a bracket that is not closed, \
             and values that begin with > % ! @ # are the usual causes; quote such values. Nothing of the file \
             is used, and the other files of the pack are still checked."
        }
        Code::TooDeep => {
            "Conditions or lists stand more than 32 levels deep. No reader of the rule can follow that. Give an \
             inner condition a name under `findings:` and write `ref: name`."
        }
        Code::FileTooLarge => {
            "A rule file may have 4 MiB. Split the tables into several files and list them under `include:`."
        }
        Code::SeveralDocuments => {
            "A line of three dashes starts a second document, and most readers would ignore one of the two. \
             Move it into a file of its own."
        }
        Code::Tag => {
            "A word with an exclamation mark in front (`!name`) changes how YAML reads a value. The schema knows \
             the type of every value, so tags are refused; take it away or quote the value."
        }
        Code::Anchor => {
            "Anchors (&), aliases (*) and merge keys (<<) copy text out of the reader's sight. Write the value \
             out, or share a condition through a finding and `ref:`."
        }
        Code::EmptyFile => {
            "The file holds nothing. An empty rule file is not the same as a rule file without rules: write \
             `format: 1` and `kind:`, or take the file out of `include:`."
        }
        Code::ReadDifferently => {
            "Two YAML readers understand the file differently, so one of them would run other rules than the \
             author meant. Quote the value shown, or write it in block style."
        }
        Code::WrongShape => {
            "A list stands where a single value is expected, a question asks two things at once, or a number \
             is out of its range. The label says what is expected at this place."
        }
        Code::MissingKey => {
            "A key that must be there is not. The schema requires what a reader of the answer will need: a title, \
             a grade or tier, a citation, an action for every flag."
        }
        Code::UnknownKey => {
            "A key that the schema does not know. It is refused rather than ignored: a misspelt `when:` would \
             take the guard of a rule away. `fusedx rules check --fix` renames a key with one near name."
        }
        Code::UnknownValue => {
            "A value that is not one of those allowed at this place. The label lists them; the help names the \
             nearest."
        }
        Code::Duplicate => {
            "The same key, row, rule, finding or decision is given twice. YAML readers keep one of the two in \
             silence. Both places are shown; keep one."
        }
        Code::BadInclude => {
            "A file under `include:` cannot be read, is listed twice, or lies outside the folder of the pack."
        }
        Code::UnknownGene => {
            "The gene is not in the gene table of the pack, is written by an alias, or is a symbol set aside for \
             tests (TESTGENE1 and so on). A typo must never look like a gene without results."
        }
        Code::UnknownTerm => {
            "A marker, clone, drug, disease, state, pattern, feature, site, analyte or tier that no table of the \
             pack lists. Rules may only use names that the readers can meet."
        }
        Code::UnknownTable => {
            "A table or column that does not exist, or a table that lacks a column it needs here."
        }
        Code::UndeclaredDecision => {
            "A decision or value that is not declared under `decisions:`. The values are declared once, in the \
             order of their priority."
        }
        Code::UnknownReference => {
            "A finding, module, rule, test, table or row that does not exist. The help names the nearest."
        }
        Code::NoCitation => {
            "Every rule and invariant cites, and every citation is declared with its DOI, PMID or address. A \
             conclusion nobody can look up does not load."
        }
        Code::NoAction => {
            "A flag must be declared with what it means, and a rule that raises it must say what to do in \
             `follow_up:`. A warning without an action helps no patient."
        }
        Code::IgnoranceInConclusion => {
            "`known` looks at ignorance itself, so a new result can make it false. A conclusion must never be \
             taken back by knowing more; use `known` only in rules that raise a flag. `possible` stands only in \
             invariants, for the same reason."
        }
        Code::BadPlaceholder => {
            "A message, follow-up or repeated test names `{something}` that the rule does not ask about, or that \
             is no column of the table, or a brace has no partner. The label lists what can be named."
        }
        Code::Cycle => {
            "Findings and decisions rest on each other in a circle, so none could be worked out first. The path \
             is printed; let one of them rest on facts alone."
        }
        Code::BadTest => "A test that expects nothing, or whose report text cannot be read.",
        Code::RevisionMismatch => {
            "An overlay was written for an earlier revision of the rule it changes. Read the base rule, see \
             whether the overlay still means what it did, then set `expect_revision`."
        }
        Code::OverlayMismatch => {
            "The overlay extends another pack or another version than the one it is laid over, or the file is no \
             overlay at all."
        }
        Code::Locked => {
            "The authors of the pack have locked this rule, because a patient depends on it. An overlay may append \
             to it; it may not disable it or retire its tests."
        }
        Code::EngineMismatch => {
            "The pack names the versions of fusedx it was written for under `engine:`, and this one is not among \
             them. Rules may mean something else here, so they are not run."
        }
        Code::InvariantFails => {
            "An invariant says what must never hold of any case. The rules allow a case in which it does; the case \
             with the fewest facts is printed as files, and `--examples DIR` writes them. Mend the rule, not the \
             invariant."
        }
        Code::QuoteScalar => {
            "Bare `no`, `yes`, `on`, `off`, `null` and `~` are text here and something else to other YAML readers. \
             Quote the word; `fusedx rules check --fix` does."
        }
        Code::UnusedCitation => {
            "The citation is declared and nothing cites it. Take it out, or cite it."
        }
        Code::Untested => {
            "A rule has no test in which it is true, or none in which it is false. A rule that was never seen \
             false may hold for everybody."
        }
        Code::Unused => {
            "A finding, table or flag that nothing refers to. It may be left over, or a reference to it may be \
             misspelt into another name."
        }
        Code::NoneOfOne => {
            "`none` over one condition is `not`; the shorter word is read more easily."
        }
        Code::RowUntested => {
            "No test would notice if this row were gone. Add it to a test, or repeat a test for every row with \
             `for_each: table`."
        }
        Code::NeverTogether => {
            "The two rules conclude different values, and no case of facts makes both true: their order of \
             priority does not matter. Proved over all cases the rules can tell apart."
        }
        Code::NeverTrue => {
            "No case of facts makes the rule true: two of its conditions exclude each other. It can be a typo that \
             the vocabulary cannot see."
        }
        Code::AlwaysTrue => {
            "Every case makes the rule true, even one without any fact. It decides nothing."
        }
        Code::Shadowed => {
            "Whenever the rule is true a value of higher priority is true as well, so its own never shows."
        }
        _ => return None,
    })
}

/// Codes of inputs: files, tables, texts.
fn inputs(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::Unreadable => {
            "The file or folder cannot be opened. Check the path and the permission to read it."
        }
        Code::NotText => {
            "The file is not text: an image, a spreadsheet or a compressed archive. Export the report as text."
        }
        Code::BadEncoding => {
            "The bytes are in an encoding that is not read. UTF-8, UTF-16, GB18030 and Windows-1252 are."
        }
        Code::CaseTooLarge => {
            "All inputs of one case together exceed the limit; `--max-bytes` raises it."
        }
        Code::LineTooLong => {
            "A line exceeds the limit. A report has no such lines; a table may have lost its line ends."
        }
        Code::Empty => "The input holds nothing. An empty file is not a negative result.",
        Code::UnknownFormat => {
            "A structured file whose columns or keys belong to no known format. `fusedx formats` lists those that are \
             read; `--input-format` chooses one."
        }
        Code::SeveralPatients => {
            "The inputs name different patients or accession numbers. They are never assessed as one case."
        }
        Code::SeveralSamples => "One table holds several samples. Choose one with `--sample`.",
        Code::EmptyFolder => "The folder holds no file that can be read as text.",
        Code::LeftOut => {
            "A folder or file inside the folder of the case was not read; the message says why."
        }
        Code::ControlCharacters => "The text holds control characters, which are shown escaped.",
        Code::Markup => {
            "The text holds markup (HTML or XML tags), which was taken away before reading."
        }
        Code::RowsLost => "`--strict` asks for every row and line to be read, and some were not.",
        Code::ShortRow => "A row has more or fewer cells than the header. It was not read.",
        Code::BadNumber => {
            "A cell that should hold a number holds something else. The row was not read."
        }
        Code::NamesDisagree => {
            "Two columns of one row name different genes, so the row cannot be trusted."
        }
        Code::NotAGene => "A gene cell holds something that is no gene symbol.",
        Code::NoCalls => {
            "The table has a header and no calls. That is not the same as a negative result."
        }
        Code::Skipped => "Records were left out for the reason given, and are counted.",
        Code::Unread => {
            "The line names a marker, gene, drug or assay, and no fact could be read from it. Read it yourself; \
             nothing is dropped in silence."
        }
        Code::Repaired => {
            "A damaged name or sign was read as the name it must be. Each repair is printed with the fact."
        }
        Code::LookAlike => "Letters of another script look like a known name and were read as it.",
        Code::ImpossiblePercent => "A percentage above 100 was not taken.",
        Code::OpenBracket => "A bracket is not closed; what stands behind it may belong to it.",
        Code::NotCurrent => {
            "The finding is of another time or another tumour. It is kept, and no rule uses it."
        }
        Code::Retracted => "The report takes the finding back. It is kept, and no rule uses it.",
        Code::UnlistedGene => {
            "A fusion partner that is not in the gene table. The 3' kinase decides, so the fusion is used all the same."
        }
        Code::Columns => {
            "Names and results stand in separate columns and were matched by position."
        }
        Code::AmbiguousFormat => {
            "The columns of the file fit two formats equally well, and each reads them in its own way. Nothing is guessed: name the format with --input-format."
        }
        Code::GuessedEncoding => {
            "The file is neither UTF-8 nor marked as UTF-16, so its characters alone had to tell the encoding. Signs such as minus and plus-minus are the first to suffer: check them, or save the file as UTF-8."
        }
        Code::AmbiguousName => {
            "A symbol or a pair can stand for several genes. It is kept as written and not turned into one of them."
        }
        Code::BandCandidates => {
            "A karyotype names chromosome bands. The genes known in a band are candidates for the partner; sequencing tells which it is."
        }
        Code::Zero => {
            "A ratio over a count of 0, or a percentage of a sum of 0, has no value. It is left out, not shown as infinite."
        }
        Code::VerifyDecision => {
            "A decision of a sample, or whether it is settled, differs from its expected.yaml. Where the change is meant, `fusedx verify --accept` writes it down."
        }
        Code::VerifyFlag => {
            "A flag that a sample expects is not raised, or one is raised that it does not expect."
        }
        Code::VerifyTherapy => {
            "A drug, or its label status in a region, differs from what a sample expects."
        }
        Code::VerifyFact => {
            "A fact that must be read of a sample is not, or one that must not be read is."
        }
        Code::VerifyMissing => {
            "A sample has no expectation beside it, or an expectation has no sample. `fusedx verify --accept` writes a first expectation, to be read before it is kept."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_is_explained() {
        for code in Code::ALL {
            let text = code.explanation();
            assert!(text.len() > 20, "{} {code:?} has no long text", code.code());
        }
    }
}
