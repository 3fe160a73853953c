//! A marker as a sentence names it, with what hangs on it before its result is known.

use std::ops::Range;

use crate::case::Repair;
use crate::narrative::lex::{Kind, Token, Tokens};
use crate::narrative::value::Value;
use crate::vocab::Marker;

/// A marker as written.
#[derive(Debug, Clone)]
pub(super) struct Mention<'a> {
    pub(super) marker: &'a Marker,
    pub(super) written: Range<usize>,
    /// Marker and result, where they stand together.
    pub(super) item: Range<usize>,
    pub(super) clone: Option<String>,
    pub(super) repair: Option<Repair>,
    /// What its own brackets say without a result (`(focal)`).
    pub(super) extra: Value,
    /// Index of the token behind the marker and its attachments.
    pub(super) end: usize,
    /// Index of its token.
    pub(super) token: usize,
    /// A negation stands before it: `no ALK expression`, `but not ALK`.
    pub(super) denied: bool,
    /// The negation denies the finding itself: `could not demonstrate ALK`, `but no ALK`.
    pub(super) sought: bool,
    /// The extent or intensity right before it: `strong ALK, patchy SMA`, positive where nothing else answers.
    pub(super) graded: Option<Value>,
}

impl<'a> Mention<'a> {
    /// The marker that `token`, the one at `at`, names.
    pub(super) fn of(
        tokens: &Tokens<'a>,
        token: &Token<'a>,
        marker: &'a Marker,
        at: usize,
    ) -> Self {
        let sense = tokens.marker(token).map(|(_, sense)| sense);
        let written = tokens.text_of(token);
        let damaged = sense.is_some_and(|s| s.damaged)
            || matches!(token.kind, Kind::Name { repaired: true, .. });
        let clones = tokens.vocab().clones();
        let named = sense.and_then(|s| s.clone).map(|i| clones[i].name.clone());
        // `AE1/AE3` names marker and clone at once.
        let clone = named.or_else(|| {
            tokens
                .clone_name(token)
                .filter(|c| c.markers.contains(&marker.name))
                .map(|c| c.name.clone())
        });
        Self {
            marker,
            written: token.start..token.end,
            item: token.start..token.end,
            clone,
            repair: damaged.then(|| Repair {
                from: written.to_owned(),
                to: marker.name.clone(),
            }),
            extra: Value::default(),
            end: at + 1,
            token: at,
            denied: false,
            sought: false,
            graded: None,
        }
    }
}
