//! Which format a source is of: by content, never by file name.

use crate::diag::{Code, Diagnostic};
use crate::read::{Evidence, FORMATS, Format, structured};
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
/// A diagnostic when the content is structured but of no format that is read: such a file must not be
/// taken for prose.
pub fn detect(source: &Source) -> Result<Detected, Box<Diagnostic>> {
    let found = FORMATS.iter().find_map(|format| {
        let evidence = format.detect(source)?;
        Some(Detected { format, evidence })
    });
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
        assert!(format_of("{\"genes\": []}").unwrap_err().contains("JSON"));
        assert!(
            format_of("sample,gene1,gene2,reads,frame,x\na,b,c,1,NA,y\n")
                .unwrap_err()
                .contains("comma")
        );
    }
}
