//! C-CAT (`.cats`) JSON: rearrangements with two breakends, the targeted gene first, which is no order.

use serde_json::Value;

use crate::case::fusion::{Breakpoint, Fusion, Method, Status};
use crate::read::json::{Finder, count, document, text};
use crate::read::layout::{Promise, order, partner};
use crate::read::table::no_calls;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own("ccat-json", "C-CAT .cats JSON", detect, read);

fn detect(source: &Source) -> Option<Evidence> {
    let document = document(source)?;
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
    let mut reading = Reading::default();
    let Some(document) = document(source) else {
        return reading;
    };
    let rearrangements = document
        .get("variants")
        .and_then(|v| v.get("rearrangements")?.as_array())
        .map_or(&[][..], Vec::as_slice);
    let mut finder = Finder::new(source);
    for item in rearrangements {
        let ends = item
            .get("breakends")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let gene = |end: Option<&Value>| {
            end.and_then(|e| text(e.get("transcripts")?.get(0)?, "geneSymbol"))
                .unwrap_or_default()
                .to_owned()
        };
        let point = |end: Option<&Value>| {
            let end = end?;
            Some(Breakpoint {
                chromosome: text(end, "chromosome")?
                    .trim_start_matches("chr")
                    .to_owned(),
                position: count(end, "startPosition")?,
                strand: None,
            })
        };
        let sides = [ends.first(), ends.get(1)];
        let cells = sides.map(gene);
        let place = finder.place(&cells[0]);
        let mut fusion = Fusion::new(Status::Detected, place.clone());
        let symbols = [&cells[0], &cells[1]]
            .map(|cell| partner(cell, || place.clone(), vocab, &mut reading.diagnostics).0);
        order(&mut fusion, symbols, Promise::Nothing);
        fusion.as_written = format!("{}|{}", cells[0], cells[1]);
        fusion.as_reported = Some(cells);
        fusion.breakpoints = Some(sides.map(point));
        fusion.support.total = count(item, "supportingReadCount");
        fusion.filters = text(item, "rearrangementType")
            .map(str::to_owned)
            .into_iter()
            .collect();
        fusion.sample = text(item, "sampleItemId").map(str::to_owned);
        fusion.caller = Some("C-CAT".to_owned());
        fusion.method = Method::Unspecified;
        reading.records.total += 1;
        reading.records.read += 1;
        reading.case.fusions.push(fusion);
    }
    if reading.records.total == 0 {
        reading.diagnostics.push(no_calls(source));
    }
    reading
}
