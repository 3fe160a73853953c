//! Protein changes as written, in one-letter form.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    let amino3 = "Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|Ter|del|dup|Sec";
    Regex::new(&format!(
        r"(?x)
        (?P<p>(?-u:\b)p\s?\.\s?\(?)
          (?P<a>(?:{amino3}|[ACDEFGHIKLMNPQRSTVWY]))(?P<n>\d{{1,5}})
          (?:_(?P<a2>(?:{amino3}|[ACDEFGHIKLMNPQRSTVWY]))(?P<n2>\d{{1,5}}))?
          (?P<b>(?:{amino3}|[ACDEFGHIKLMNPQRSTVWYX*=]|ins|fs)(?:[A-Za-z0-9*]*))?
        | (?-u:\b)(?P<sa>[ACDEFGHIKLMNPQRSTVWY])(?P<sn>\d{{2,5}})(?:_(?P<sa2>[ACDEFGHIKLMNPQRSTVWY])(?P<sn2>\d{{2,5}}))?(?P<sb>(?:ins|del|dup|fs)[A-Za-z0-9*]{{0,12}}|[ACDEFGHIKLMNPQRSTVWY](?-u:\b)|\*)
        | (?-u:\b)(?P<in>\d{{3,5}})(?P<ia>[ACDEFGHIKLMNPQRSTVWY])ins(?-u:\b)"
    ))
    .expect("a constant pattern")
});
const AMINO: [(&str, char); 22] = [
    ("Ala", 'A'),
    ("Arg", 'R'),
    ("Asn", 'N'),
    ("Asp", 'D'),
    ("Cys", 'C'),
    ("Gln", 'Q'),
    ("Glu", 'E'),
    ("Gly", 'G'),
    ("His", 'H'),
    ("Ile", 'I'),
    ("Leu", 'L'),
    ("Lys", 'K'),
    ("Met", 'M'),
    ("Phe", 'F'),
    ("Pro", 'P'),
    ("Ser", 'S'),
    ("Thr", 'T'),
    ("Trp", 'W'),
    ("Tyr", 'Y'),
    ("Val", 'V'),
    ("Ter", '*'),
    ("Sec", 'U'),
];

/// One-letter form of a protein change.
pub(crate) fn short_form(text: &str) -> String {
    let mut out = text.to_owned();
    for (long, short) in AMINO {
        out = out.replace(long, &short.to_string());
    }
    out
}

/// A change as found.
pub(super) struct Change {
    pub(super) name: String,
    pub(super) range: Range<usize>,
    /// Written with `p.`.
    pub(super) formal: bool,
}

pub(super) fn changes(text: &str) -> Vec<Change> {
    let mut out = Vec::new();
    for found in CHANGE.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let get = |name: &str| found.name(name).map_or("", |m| m.as_str());
        let name = if found.name("p").is_some() {
            let Some(tail) = found.name("b").map(|m| m.as_str()) else {
                continue;
            };
            let second = if get("a2").is_empty() {
                String::new()
            } else {
                format!("_{}{}", get("a2"), get("n2"))
            };
            short_form(&format!(
                "{}{}{second}{}",
                get("a"),
                get("n"),
                tail.replace('X', "*")
            ))
        } else if found.name("in").is_some() {
            // 1151Tins is T1151insT.
            format!("{0}{1}ins{0}", get("ia"), get("in"))
        } else {
            let second = if get("sa2").is_empty() {
                String::new()
            } else {
                format!("_{}{}", get("sa2"), get("sn2"))
            };
            format!("{}{}{second}{}", get("sa"), get("sn"), get("sb"))
        };
        // A silent change is none.
        if name.ends_with('=') {
            continue;
        }
        out.push(Change {
            name,
            range: whole.range(),
            formal: found.name("p").is_some(),
        });
    }
    out
}
