//! Findings and decisions that depend on themselves.

use crate::diag::{Code, Diagnostic};
use crate::rules::order;
use crate::rules::raw::RawModule;

/// Reports each knot once, with its path.
pub(super) fn cycles(modules: &[RawModule], out: &mut Vec<Diagnostic>) {
    let graph = order::dependencies(modules);
    for path in graph.cycles() {
        let place = modules
            .iter()
            .flat_map(|m| &m.findings)
            .find(|f| path.contains(&f.name.value))
            .map(|f| f.name.place.clone())
            .or_else(|| {
                let decisions = modules.iter().flat_map(|m| &m.decisions);
                decisions
                    .filter(|d| path.contains(&d.name.value))
                    .map(|d| d.name.place.clone())
                    .next()
            });
        let mut diagnostic = Diagnostic::error(
            Code::Cycle,
            format!("findings and decisions form a cycle: {}", path.join(" -> ")),
        )
        .help("let one of them rest on facts alone");
        if let Some(place) = place {
            diagnostic = diagnostic.at(place, "part of the cycle");
        }
        out.push(diagnostic);
    }
}
