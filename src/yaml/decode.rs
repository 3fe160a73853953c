//! From YAML nodes to typed values, every problem reported and none hiding the next.

use crate::diag::{Code, Diagnostic, near_name};
use crate::source::{Place, Source};
use crate::yaml::{Key, Node, Value};

/// A value with its place in the rule file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// Bare words that some YAML readers take for booleans or nothing.
const AMBIGUOUS: &[&str] = &[
    "no", "No", "NO", "yes", "Yes", "YES", "on", "On", "ON", "off", "Off", "OFF", "y", "n", "Y",
    "N", "null", "Null", "NULL", "~", "",
];

/// Decodes nodes of one file and collects what is wrong with them.
pub(crate) struct Decoder<'a> {
    pub(crate) source: &'a Source,
    pub(crate) out: &'a mut Vec<Diagnostic>,
}

impl Decoder<'_> {
    pub(crate) fn place(&self, node: &Node) -> Place {
        self.source.place(node.range.clone())
    }

    fn key_place(&self, key: &Key) -> Place {
        self.source.place(key.range.clone())
    }

    pub(crate) fn spanned<T>(&self, node: &Node, value: T) -> Spanned<T> {
        Spanned {
            value,
            place: self.place(node),
        }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.out.push(diagnostic);
    }

    fn wrong_shape(&mut self, node: &Node, expected: &str) {
        let diagnostic = Diagnostic::error(
            Code::WrongShape,
            format!("expected {expected}, found {}", node.kind()),
        )
        .at(self.place(node), format!("expected {expected}"));
        self.report(diagnostic);
    }

    /// The text of a scalar.
    pub(crate) fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        if let Value::Scalar { text, quoted } = &node.value {
            if !quoted && AMBIGUOUS.contains(&text.as_str()) {
                let place = self.place(node);
                self.report(
                    Diagnostic::warning(
                        Code::QuoteScalar,
                        format!("`{text}` means different things to different YAML readers"),
                    )
                    .at(place.clone(), "read as text here")
                    .help(format!("write \"{text}\""))
                    .fix(place, format!("\"{text}\"")),
                );
            }
            Some(self.spanned(node, text.clone()))
        } else {
            self.wrong_shape(node, "a single value");
            None
        }
    }

    /// A non-negative whole number.
    pub(crate) fn number(&mut self, node: &Node) -> Option<Spanned<u32>> {
        if let Value::Scalar { text, .. } = &node.value
            && let Ok(value) = text.parse()
        {
            return Some(self.spanned(node, value));
        }
        self.wrong_value(node, "a whole number such as 2", &[]);
        None
    }

    /// One of some names.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        node: &Node,
        choices: &[(T, &'static str)],
    ) -> Option<Spanned<T>> {
        if let Value::Scalar { text, .. } = &node.value
            && let Some((value, _)) = choices.iter().find(|(_, name)| name == text)
        {
            return Some(self.spanned(node, *value));
        }
        let names: Vec<&str> = choices.iter().map(|(_, name)| *name).collect();
        self.wrong_value(node, "", &names);
        None
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, node: &Node) -> Option<Spanned<bool>> {
        self.choice(node, &[(true, "true"), (false, "false")])
    }

    /// The items of a list.
    pub(crate) fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        if let Value::Sequence(items) = &node.value {
            return items;
        }
        self.wrong_shape(node, "a list");
        &[]
    }

    /// The items of a list, or a single value in its place.
    pub(crate) fn one_or_more<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Value::Scalar { .. } => std::slice::from_ref(node),
            _ => self.list(node),
        }
    }

    /// The texts of a list, or a single text in its place.
    pub(crate) fn texts(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let items = self.one_or_more(node);
        items.iter().filter_map(|item| self.text(item)).collect()
    }

    /// The values of a list of choices, or a single choice in its place.
    pub(crate) fn choices<T: Copy>(
        &mut self,
        node: &Node,
        choices: &[(T, &'static str)],
    ) -> Vec<T> {
        let items = self.one_or_more(node);
        items
            .iter()
            .filter_map(|item| self.choice(item, choices))
            .map(|s| s.value)
            .collect()
    }

    /// The entries of a mapping whose keys are names of the author's choice.
    pub(crate) fn named<'n>(&mut self, node: &'n Node) -> Vec<(Spanned<String>, &'n Node)> {
        let Value::Mapping(entries) = &node.value else {
            self.wrong_shape(node, "a mapping of names");
            return Vec::new();
        };
        entries
            .iter()
            .map(|(key, node)| {
                let name = Spanned {
                    value: key.text.clone(),
                    place: self.key_place(key),
                };
                (name, node)
            })
            .collect()
    }

    /// The single entry of a mapping such as `{ref: name}`.
    pub(crate) fn single<'n>(
        &mut self,
        node: &'n Node,
        expected: &str,
    ) -> Option<(Spanned<String>, &'n Node)> {
        let mut entries = match &node.value {
            Value::Mapping(_) => self.named(node),
            _ => Vec::new(),
        };
        if entries.len() == 1 {
            return entries.pop();
        }
        self.wrong_shape(node, expected);
        None
    }

    /// Reports a value that is not allowed, with the allowed ones and the nearest.
    pub(crate) fn wrong_value(&mut self, node: &Node, expected: &str, names: &[&str]) {
        let given = match &node.value {
            Value::Scalar { text, .. } => format!("`{text}`"),
            _ => node.kind().to_owned(),
        };
        let expected = if names.is_empty() {
            expected.to_owned()
        } else {
            format!("one of: {}", names.join(", "))
        };
        let mut diagnostic =
            Diagnostic::error(Code::UnknownValue, format!("{given} is not allowed here"))
                .at(self.place(node), format!("expected {expected}"));
        if let Value::Scalar { text, .. } = &node.value
            && let Some(near) = near_name(text, names.iter().copied())
        {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.report(diagnostic);
    }

    /// Starts to take the fields of a mapping apart.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, what: &str) -> Option<Fields<'n>> {
        let Value::Mapping(entries) = &node.value else {
            self.wrong_shape(node, &format!("a mapping ({what})"));
            return None;
        };
        Some(Fields {
            what: what.to_owned(),
            node,
            entries,
            known: Vec::new(),
        })
    }
}

/// The fields of a mapping. Every key that was never asked for is an error.
pub(crate) struct Fields<'n> {
    what: String,
    node: &'n Node,
    entries: &'n [(Key, Node)],
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The node under a key, if it is there.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        self.entries
            .iter()
            .find(|(k, _)| k.text == key)
            .map(|(_, node)| node)
    }

    /// The node under a key that must be there.
    pub(crate) fn need(
        &mut self,
        decoder: &mut Decoder<'_>,
        key: &'static str,
    ) -> Option<&'n Node> {
        let found = self.take(key);
        if found.is_none() {
            let place = decoder.place(self.node);
            decoder.report(
                Diagnostic::error(Code::MissingKey, format!("{} has no `{key}`", self.what)).at(
                    first_line(decoder.source, place),
                    format!("`{key}:` is required here"),
                ),
            );
        }
        found
    }

    /// The text under a key that must be there.
    pub(crate) fn need_text(
        &mut self,
        decoder: &mut Decoder<'_>,
        key: &'static str,
    ) -> Option<Spanned<String>> {
        self.need(decoder, key).and_then(|node| decoder.text(node))
    }

    /// The text under a key, if it is there.
    pub(crate) fn text(
        &mut self,
        decoder: &mut Decoder<'_>,
        key: &'static str,
    ) -> Option<Spanned<String>> {
        self.take(key).and_then(|node| decoder.text(node))
    }

    /// The texts under a key, if it is there.
    pub(crate) fn texts(
        &mut self,
        decoder: &mut Decoder<'_>,
        key: &'static str,
    ) -> Vec<Spanned<String>> {
        self.take(key)
            .map(|node| decoder.texts(node))
            .unwrap_or_default()
    }

    /// Keys that are there and were not asked for.
    pub(crate) fn rest(&self) -> impl Iterator<Item = (&'n Key, &'n Node)> + use<'n, '_> {
        self.entries
            .iter()
            .filter(|(key, _)| !self.known.contains(&key.text.as_str()))
            .map(|(key, node)| (key, node))
    }

    /// Reports every key that was not asked for.
    pub(crate) fn finish(self, decoder: &mut Decoder<'_>) {
        for (key, _) in self.rest() {
            let mut diagnostic = Diagnostic::error(
                Code::UnknownKey,
                format!("unknown key `{}` in {}", key.text, self.what),
            )
            .at(
                decoder.key_place(key),
                format!("expected one of: {}", self.known.join(", ")),
            );
            if let Some(near) = near_name(&key.text, self.known.iter().copied()) {
                diagnostic = diagnostic.help(format!(
                    "did you mean `{near}`? (`fusedx rules check --fix` can rename it)"
                ));
                // A key that is there already would then be there twice.
                if !self.entries.iter().any(|(k, _)| k.text == near) {
                    diagnostic = diagnostic.fix(decoder.key_place(key), near);
                }
            }
            decoder.report(diagnostic);
        }
    }
}

/// The place cut down to its first line, so that a missing key does not underline a whole rule.
fn first_line(source: &Source, place: Place) -> Place {
    match place.span {
        Some(span) => {
            let range = span.range();
            let end = source.text()[range.clone()]
                .find('\n')
                .map_or(range.end, |line| range.start + line);
            source.place(range.start..end)
        }
        None => place,
    }
}
