//! Which format a source is of: by content, never by file name.

use crate::diag::{Code, Diagnostic};
use crate::read::{Evidence, FORMATS, Format, strict_formats, structured};
use crate::source::Source;

/// A format with what tells.
#[derive(Debug)]
pub struct Detected {
    /// The format.
    pub format: &'static Format,
    /// The dialect and the evidence.
    pub evidence: Evidence,
}

/// Finds the format.
///
/// # Errors
/// A diagnostic when the content fits two formats equally well, or is structured and of no format that is read: such
/// a file must not be guessed at or taken for prose.
pub fn detect(source: &Source) -> Result<Detected, Box<Diagnostic>> {
    let (strict, fallbacks) = strict_formats();
    let all = |formats: &'static [Format]| {
        formats.iter().filter_map(|format| {
            let evidence = format.detect(source)?;
            Some(Detected { format, evidence })
        })
    };
    let mut fitting: Vec<Detected> = all(strict).collect();
    if fitting.len() > 1 {
        let names: Vec<&'static Format> = fitting.iter().map(|d| d.format).collect();
        fitting.retain(|d| !names.iter().any(|other| describes_more(other, d.format)));
    }
    if fitting.len() > 1 {
        return Err(Box::new(ambiguous(source, &fitting)));
    }
    let found = fitting.pop().or_else(|| all(fallbacks).next());
    found.ok_or_else(|| {
        let (what, line) = structured(source).unwrap_or(("nothing that is known", 0..0));
        let names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
        Box::new(
            Diagnostic::error(
                Code::UnknownFormat,
                format!(
                    "`{}` looks like {what}, which is not a format that is read",
                    source.path()
                ),
            )
            .at(source.place(line), "seen here")
            .help(format!(
                "formats: {}; --input-format NAME reads it as one of them all the same",
                names.join(", ")
            )),
        )
    })
}

/// Whether one table format is told by all the columns of another, and more.
fn describes_more(format: &Format, than: &Format) -> bool {
    match (format.columns(), than.columns()) {
        (Some(more), Some(less)) => {
            more.len() > less.len() && less.iter().all(|column| more.contains(column))
        }
        _ => false,
    }
}

fn ambiguous(source: &Source, fitting: &[Detected]) -> Diagnostic {
    let names: Vec<&str> = fitting.iter().map(|d| d.format.name).collect();
    let mut diagnostic = Diagnostic::error(
        Code::AmbiguousFormat,
        format!(
            "`{}` fits {} formats equally well: {}",
            source.path(),
            names.len(),
            names.join(", ")
        ),
    );
    for found in fitting {
        let told = format!("{}: {}", found.format.name, found.evidence.found);
        diagnostic = diagnostic.at(source.place(0..0), told);
    }
    diagnostic.help(format!(
        "choose one with --input-format {}",
        names.join(" or ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Sources};

    fn format_of(text: &str) -> Result<&'static str, String> {
        let mut sources = Sources::new(Limits::default());
        let id = sources.add("f", text.as_bytes()).unwrap();
        detect(sources.get(id))
            .map(|d| d.format.name)
            .map_err(|d| d.message.clone())
    }

    #[test]
    fn prose_with_commas_and_brackets_is_a_report() {
        assert_eq!(
            format_of("IHC: SMA(+), Desmin (partial+), CD10 (-), PR (-), ALK(-), ER(-)\n"),
            Ok("report")
        );
        assert_eq!(format_of(""), Ok("report"));
    }

    #[test]
    fn a_table_that_fits_two_formats_is_not_guessed_at() {
        let both = "geneA.name\tgeneB.name\tpaircount\tsplitcount\tGeneName1\tGeneName2\tcrossingreads\tspanningreads\tEricScore\n";
        let told = format_of(both).unwrap_err();
        assert!(
            told.contains("pizzly") && told.contains("ericscript"),
            "{told}"
        );
    }

    #[test]
    fn broken_and_hostile_documents_are_no_prose() {
        for text in [
            "{\"tests\": [{\"testResults\": {\"translocation\": {\"gene\": \"ALK\"",
            "[{\"Fusion\": \"EML4--ALK\"",
            "<?xml version=\"1.0\"?><a><b>",
            "<ResultsReport><variant-report><rearrangements>",
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><variant-report>&b;</variant-report>",
        ] {
            assert!(format_of(text).is_err(), "{text}");
        }
        let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(format_of(&nested).is_err());
        let nested = format!("<variant-report>{}", "<a>".repeat(100_000));
        assert!(format_of(&nested).is_err());
    }

    #[test]
    fn structured_files_of_other_tools_are_no_prose() {
        assert!(
            format_of("a\tb\tc\td\te\n1\t2\t3\t4\t5\n")
                .unwrap_err()
                .contains("tab")
        );
        assert!(
            format_of("<?xml version=\"1.0\"?>\n")
                .unwrap_err()
                .contains("XML")
        );
        assert!(format_of("{\"items\": []}").unwrap_err().contains("JSON"));
        assert!(
            format_of("sample,gene1,gene2,reads,frame,x\na,b,c,1,NA,y\n")
                .unwrap_err()
                .contains("comma")
        );
    }
}
