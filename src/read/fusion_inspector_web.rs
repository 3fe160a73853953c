//! The JSON that FusionInspector writes for its web page: left is 5'.

use serde_json::Value;

use crate::case::fusion::{Breakpoint, Fusion, Method, Status};
use crate::diag::Diagnostic;
use crate::read::json::{Finder, calls, count, document, list, text};
use crate::read::layout::{Promise, order, partner};
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
    let document = document(source, &["\"fusions\"", "\"reference\""])?;
    document.get("fusions")?.as_array()?;
    document.get("reference")?;
    Some(Evidence {
        dialect: "web",
        found: "fusions and reference".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    let document = document(source, &["\"fusions\""]);
    calls(
        source,
        list(document.as_ref(), "fusions"),
        |item, finder, out| call(item, finder, vocab, out),
    )
}

fn call(
    item: &Value,
    finder: &mut Finder<'_>,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Option<Fusion> {
    let name = text(item, "Fusion").unwrap_or_default();
    let named = name.split_once("--").unwrap_or_default();
    let cells = [("Left Gene", named.0), ("Right Gene", named.1)].map(|(key, named)| {
        let cell = text(item, key).unwrap_or(named);
        cell.split('^').next().unwrap_or_default().to_owned()
    });
    if cells.iter().all(String::is_empty) {
        return None;
    }
    let place = finder.place(if name.is_empty() { &cells[0] } else { name });
    let mut fusion = Fusion::new(Status::Detected, place.clone());
    let symbols = [&cells[0], &cells[1]].map(|c| partner(c, || place.clone(), vocab, out).0);
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
    Some(fusion)
}
