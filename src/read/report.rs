//! Free report text: pathology, FISH and sequencing reports, discharge summaries.

use crate::narrative;
use crate::read::{Evidence, Format, Reading, Records, structured};
use crate::source::Source;
use crate::vocab::Vocab;

/// The last format that is tried: whatever is text and no table.
pub(super) const FORMAT: Format = Format::own(
    "report",
    "pathology and molecular reports as text",
    detect,
    read,
);

fn detect(source: &Source) -> Option<Evidence> {
    structured(source).is_none().then(|| Evidence {
        dialect: "text",
        found: "lines of text, no table header".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let narrative = narrative::read(source, vocab);
    Reading {
        records: Records {
            total: narrative.lines,
            read: narrative.read,
            skipped: narrative.lines - narrative.read,
            failed: 0,
        },
        case: narrative.case,
        unread: narrative.unread,
        patients: narrative.patients,
        diagnostics: narrative.diagnostics,
    }
}
