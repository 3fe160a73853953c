//! C-CAT (`.cats`) JSON: rearrangements with two breakends, the targeted gene first, which is no order.

use serde_json::Value;

use crate::case::fusion::{Breakpoint, Fusion, Method, Status};
use crate::diag::Diagnostic;
use crate::read::json::{Finder, calls, count, document, list, text};
use crate::read::layout::{Promise, order, partner};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("ccat-json", "C-CAT .cats JSON", detect, read);

fn detect(source: &Source) -> Option<Evidence> {
    let document = document(source, &["metaData"])?;
    document.get("metaData")?.get("schemaVersion")?;
    let known = ["variants", "testInfo"]
        .iter()
        .any(|key| document.get(key).is_some());
    known.then(|| Evidence {
        dialect: "cats",
        found: "metaData.schemaVersion with variants or testInfo".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let document = document(source, &["metaData"]);
    let variants = document.as_ref().and_then(|d| d.get("variants"));
    calls(
        source,
        list(variants, "rearrangements"),
        |item, finder, out| call(item, finder, vocab, out),
    )
}

fn call(
    item: &Value,
    finder: &mut Finder<'_>,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Option<Fusion> {
    let ends = list(Some(item), "breakends");
    let sides = [ends.first(), ends.get(1)];
    let cells = sides.map(|end| {
        end.and_then(|e| text(e.get("transcripts")?.get(0)?, "geneSymbol"))
            .unwrap_or_default()
            .to_owned()
    });
    let breakpoints = sides.map(|end| {
        let end = end?;
        Some(Breakpoint {
            chromosome: text(end, "chromosome")?
                .trim_start_matches("chr")
                .to_owned(),
            position: count(end, "startPosition")?,
            strand: None,
            keeps: None,
            gene_strand: None,
        })
    });
    // A break between genes has positions and no gene; without either nothing is there.
    if cells.iter().all(String::is_empty) && breakpoints.iter().all(Option::is_none) {
        return None;
    }
    let place = finder.place(
        cells
            .iter()
            .find(|c| !c.is_empty())
            .map_or("", String::as_str),
    );
    let mut fusion = Fusion::new(Status::Detected, place.clone());
    let symbols = [&cells[0], &cells[1]].map(|c| partner(c, || place.clone(), vocab, out).0);
    order(&mut fusion, symbols, Promise::Nothing);
    fusion.as_written = format!("{}|{}", cells[0], cells[1]);
    fusion.as_reported = Some(cells);
    fusion.breakpoints = Some(breakpoints);
    fusion.support.total = count(item, "supportingReadCount");
    fusion.filters = text(item, "rearrangementType")
        .map(str::to_owned)
        .into_iter()
        .collect();
    fusion.sample = text(item, "sampleItemId").map(str::to_owned);
    fusion.caller = Some("C-CAT".to_owned());
    fusion.method = Method::Unspecified;
    Some(fusion)
}
