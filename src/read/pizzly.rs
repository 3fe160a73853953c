//! pizzly, as JSON and flattened: gene A before gene B says nothing reliable of the order. Positions are those of
//! transcripts, so that there is no breakpoint.

use serde_json::Value;

use crate::case::fusion::{Fusion, Method};
use crate::diag::Diagnostic;
use crate::read::json::{Finder, calls, count, document, list, text};
use crate::read::layout::{Layout, Pair, Promise, pair_call};
use crate::read::{Evidence, Format, Reading};
use crate::source::Source;
use crate::vocab::Vocab;

/// The format.
pub(super) const FORMAT: Format =
    Format::own("pizzly", "pizzly, JSON and flattened table", detect, read);

static LAYOUT: Layout<'_> = Layout {
    caller: "pizzly",
    required: &["geneA.name", "geneB.name", "paircount", "splitcount"],
    pair: Pair::Columns("geneA.name", "geneB.name"),
    split: &["splitcount"],
    spanning: &["paircount"],
    ..Layout::PLAIN
};

fn detect(source: &Source) -> Option<Evidence> {
    if let Some(evidence) = LAYOUT.detect(source) {
        return Some(evidence);
    }
    let document = document(source, &["\"genes\""])?;
    let genes = document.get("genes")?.as_array()?;
    let known = genes
        .iter()
        .all(|gene| gene.get("geneA").is_some() && gene.get("geneB").is_some());
    // A file without calls holds the one key and nothing else.
    let alone = document.as_object().is_some_and(|keys| keys.len() == 1);
    (known && (alone || !genes.is_empty())).then(|| Evidence {
        dialect: "json",
        found: "genes with geneA and geneB".to_owned(),
    })
}

fn read(source: &Source, vocab: &Vocab) -> Reading {
    match document(source, &["\"genes\""]) {
        Some(document) => calls(
            source,
            list(Some(&document), "genes"),
            |item, finder, out| call(item, finder, vocab, out),
        ),
        None => LAYOUT.read(source, vocab),
    }
}

fn call(
    item: &Value,
    finder: &mut Finder<'_>,
    vocab: &Vocab,
    out: &mut Vec<Diagnostic>,
) -> Option<Fusion> {
    let cells = ["geneA", "geneB"].map(|side| {
        let name = item.get(side).and_then(|gene| text(gene, "name"));
        name.unwrap_or_default().to_owned()
    });
    if cells.iter().all(String::is_empty) {
        return None;
    }
    let place = finder.place(&cells[0]);
    let mut fusion = pair_call(cells, Promise::Nothing, &place, vocab, out);
    let first = list(Some(item), "transcripts").first();
    let transcript = |side: &str| Some(text(first?.get(side)?, "id")?.to_owned());
    fusion.reported_transcripts = [transcript("transcriptA"), transcript("transcriptB")];
    fusion.support.split = count(item, "splitcount");
    fusion.support.spanning = count(item, "paircount");
    fusion.caller = Some("pizzly".to_owned());
    fusion.method = Method::Rna;
    Some(fusion)
}
