//! Citations of everything that is printed, and what the page was made from.

use maud::{Markup, html};

use super::Shown;
use crate::render::json::Assessed;
use crate::render::text::cited;
use crate::rules::RuleOutcome;

pub(super) fn section(a: &Assessed<'_>) -> Markup {
    // The trace shows every rule with its citations, whether it holds or not.
    let mut ids = cited(a);
    let rules = a.assessment.rules.iter().flat_map(RuleOutcome::cites);
    ids.extend(rules.map(String::as_str));
    let reasons = a.read.case.fusions.iter().flat_map(|f| &f.function);
    let reasons = reasons.flat_map(|f| &f.reasons).flat_map(|r| &r.cites);
    ids.extend(reasons.map(String::as_str));
    ids.sort_unstable();
    ids.dedup();
    html! {
        dl class="references" {
            @for id in ids {
                @if let Some(text) = a.pack.citation(id) {
                    dt id={ "ref-" (super::slug(id)) } { (id) }
                    dd { (linked(text)) }
                }
            }
        }
    }
}

/// A citation with its address as a link. Nothing is fetched: a reader may follow it.
fn linked(text: &str) -> Markup {
    let address = |word: &str| -> Option<String> {
        let (scheme, rest) = word.split_once(':')?;
        match scheme {
            "doi" => Some(format!("https://doi.org/{rest}")),
            "pmid" => Some(format!("https://pubmed.ncbi.nlm.nih.gov/{rest}/")),
            "pmcid" => Some(format!("https://pmc.ncbi.nlm.nih.gov/articles/{rest}/")),
            "url" if rest.starts_with("https://") => Some(rest.to_owned()),
            _ => None,
        }
    };
    html! {
        @for word in text.split(' ') {
            @if let Some(address) = address(word) {
                a href=(address) rel="noreferrer" { (word) }
            } @else { (word) }
            " "
        }
    }
}

/// Tool, pack, and inputs with their checksums.
pub(super) fn provenance(a: &Assessed<'_>) -> Markup {
    html! {
        h2 { "Provenance" }
        p {
            "fusedx " (env!("CARGO_PKG_VERSION")) "; rule pack " (a.pack.name) " " (a.pack.version)
            ", SHA-256 " code { (a.pack.sha256) }
        }
        div class="wide" tabindex="0" role="region" aria-label="Inputs" {
            table {
                caption { "Inputs" }
                thead { tr {
                    th scope="col" { "File" } th scope="col" { "Format" } th scope="col" { "Bytes" }
                    th scope="col" { "Read, skipped, failed" } th scope="col" { "SHA-256" }
                } }
                tbody {
                    @for source in &a.read.sources {
                        tr {
                            th scope="row" { (Shown(&source.path)) }
                            td { (source.format) " (" (source.dialect) ")" }
                            td { (source.bytes) }
                            td {
                                (source.records.read) ", " (source.records.skipped) ", " (source.records.failed)
                                " of " (source.records.total)
                            }
                            td { code { (source.sha256) } }
                        }
                    }
                }
            }
        }
    }
}
