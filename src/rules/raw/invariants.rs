//! Decodes `kind: invariants`.

use super::{RawClaim, RawInvariant, RawInvariants};
use crate::diag::{Code, Diagnostic};
use crate::rules::condition::RawCondition;
use crate::yaml::{Decoder, Fields, Node};

pub(super) fn invariants(d: &mut Decoder<'_>, mut f: Fields<'_>) -> RawInvariants {
    f.need_text(d, "module");
    f.take("about");
    let items = f
        .need(d, "invariants")
        .map(|n| d.list(n))
        .unwrap_or_default();
    let invariants = items.iter().filter_map(|item| invariant(d, item)).collect();
    f.finish(d);
    RawInvariants { invariants }
}

fn invariant(d: &mut Decoder<'_>, node: &Node) -> Option<RawInvariant> {
    let mut f = d.fields(node, "an invariant")?;
    let id = f.need_text(d, "id");
    let title = f.need_text(d, "title");
    let never = f.take("never");
    let independent = f.take("independent");
    let unknown_without = f.take("unknown_without");
    let ignores = f.take("ignores");
    let cite = f.texts(d, "cite");
    f.take("notes");
    f.finish(d);
    let claims = [never, independent, unknown_without, ignores];
    if claims.iter().flatten().count() != 1 {
        let place = d.place(node);
        d.report(
            Diagnostic::error(Code::WrongShape, "an invariant claims one thing").at(
                place,
                "expected exactly one of: never, independent, unknown_without, ignores",
            ),
        );
        return None;
    }
    let claim = match claims {
        [Some(never), ..] => RawCondition::decode(d, never).map(RawClaim::Never),
        [_, Some(independent), ..] => self::independent(d, independent),
        [_, _, Some(kinds), _] => Some(RawClaim::UnknownWithout(d.texts(kinds))),
        [_, _, _, what] => what.map(|w| RawClaim::Ignores(d.texts(w))),
    };
    Some(RawInvariant {
        id: id?,
        title: title?.value,
        claim: claim?,
        cite,
    })
}

fn independent(d: &mut Decoder<'_>, node: &Node) -> Option<RawClaim> {
    let mut f = d.fields(node, "`independent`")?;
    let decisions = f.need(d, "decisions").map(|n| d.texts(n));
    let of = f.need(d, "of").map(|n| d.texts(n));
    f.finish(d);
    Some(RawClaim::Independent {
        decisions: decisions?,
        of: of?,
    })
}
