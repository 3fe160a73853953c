//! The JSON that FusionInspector writes for its web page: left is 5'.

use serde_json::Value;

use crate::case::fusion::{Breakpoint, Fusion, Method, Status};
use crate::read::json::{Finder, count, document, text};
use crate::read::layout::{Promise, order, partner};
use crate::read::table::no_calls;
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format = Format::own(
    "fusioninspector-web-json",
    "FusionInspector web JSON",
    detect,
    read,
);

fn detect(source: &Source) -> Option<Evidence> {
    let document = document(source)?;
    document.get("fusions")?.as_array()?;
    document.get("reference")?;
    Some(Evidence {
        dialect: "web",
        found: "fusions and reference".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let mut reading = Reading::default();
    let Some(document) = document(source) else {
        return reading;
    };
    let fusions = document
        .get("fusions")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut finder = Finder::new(source);
    for item in fusions {
        let name = text(item, "Fusion").unwrap_or_default();
        let place = finder.place(name);
        let cells = ["Left Gene", "Right Gene"].map(|key| {
            let cell = text(item, key).unwrap_or_default();
            cell.split('^').next().unwrap_or_default().to_owned()
        });
        let mut fusion = Fusion::new(Status::Detected, place.clone());
        let symbols = [&cells[0], &cells[1]]
            .map(|cell| partner(cell, || place.clone(), vocab, &mut reading.diagnostics).0);
        order(&mut fusion, symbols, Promise::First);
        name.clone_into(&mut fusion.as_written);
        fusion.as_reported = Some(cells);
        fusion.breakpoints = Some(["Left", "Right"].map(|side| {
            let part = |key: &str| text(item, &format!("{side} {key}"));
            Breakpoint::parse(&format!(
                "{}:{}:{}",
                part("Chr")?,
                part("Pos")?,
                part("Strand").unwrap_or_default()
            ))
        }));
        fusion.support.split = count(item, "Junction Reads");
        fusion.support.spanning = count(item, "Spanning Fragments");
        fusion.caller = Some("FusionInspector".to_owned());
        fusion.method = Method::Rna;
        reading.records.total += 1;
        reading.records.read += 1;
        reading.case.fusions.push(fusion);
    }
    if reading.records.total == 0 {
        reading.diagnostics.push(no_calls(source));
    }
    reading
}
