//! Cuts text into the smallest pieces a name can be made of: words, numbers, marks, and single
//! Chinese characters.
//!
//! Letters and digits are cut apart (`CD34` is `CD` + `34`), so that a name is found however it is
//! spaced, and so that a word glued to a name by OCR (`MOC-31Patchy`) does not hide it.

/// What a piece is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Letters.
    Word,
    /// Digits, with a decimal point or thousands comma inside.
    Number,
    /// One Chinese, Japanese or Korean character.
    Cjk,
    /// One other visible character.
    Punct,
}

/// What stands before a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing: the piece is glued to the one before.
    None,
    /// One space.
    Space,
    /// A tab or two spaces and more: a column gap.
    Wide,
    /// A line end.
    Line,
    /// An empty line.
    Blank,
}

/// A piece of text with its byte range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// What it is made of.
    pub class: Class,
    /// What stands before it.
    pub gap: Gap,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Piece {
    /// Whether a name may go on from `before` to this piece.
    ///
    /// It may across one space or a line end, but not across a column gap or an empty line, and two
    /// numbers are never read as one (`CD3 4+`).
    #[must_use]
    pub fn joins(&self, before: &Piece) -> bool {
        match self.gap {
            Gap::None => true,
            Gap::Space | Gap::Line => {
                !(self.class == Class::Number && before.class == Class::Number)
            }
            Gap::Wide | Gap::Blank => false,
        }
    }
}

/// The pieces of a text, in order.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Vec::with_capacity(text.len() / 4);
    let mut chars = text.char_indices().peekable();
    let mut gap = Gap::Blank;
    while let Some((start, c)) = chars.next() {
        if is_space(c) {
            // `\r\n` is one line end, counted at the `\n`.
            if !(c == '\r' && chars.peek().is_some_and(|&(_, next)| next == '\n')) {
                gap = wider(gap, c);
            }
            continue;
        }
        let class = class_of(c);
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            let goes_on = match class {
                Class::Word => class_of(next) == Class::Word,
                Class::Number => {
                    class_of(next) == Class::Number
                        || (is_point(next) && digit_follows(text, at + next.len_utf8()))
                }
                Class::Cjk | Class::Punct => false,
            };
            if !goes_on {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        out.push(Piece {
            class,
            gap,
            start,
            end,
        });
        gap = Gap::None;
    }
    out
}

fn is_point(c: char) -> bool {
    matches!(c, '.' | ',' | '．')
}

/// Exactly three digits after a comma or any digit after a point make one number; `1,2` stays two.
fn digit_follows(text: &str, at: usize) -> bool {
    let digits = text[at..].chars().take_while(char::is_ascii_digit).count();
    if text[..at].ends_with(',') {
        digits == 3
    } else {
        digits > 0
    }
}

fn wider(gap: Gap, c: char) -> Gap {
    let next = match c {
        '\n' | '\r' if gap >= Gap::Line => Gap::Blank,
        '\n' | '\r' => Gap::Line,
        '\t' => Gap::Wide,
        _ if gap == Gap::None => Gap::Space,
        _ => Gap::Wide,
    };
    gap.max(next)
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}' | '\u{feff}')
}

fn class_of(c: char) -> Class {
    let narrow = narrow(c);
    if narrow.is_ascii_digit() {
        Class::Number
    } else if is_cjk(c) {
        Class::Cjk
    } else if narrow.is_alphabetic() {
        Class::Word
    } else {
        Class::Punct
    }
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// The ASCII form of a full-width character, the hyphen for every dash and minus sign.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + 0x21).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '。' => '.',
        '、' => ',',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '∼' | '〜' => '~',
        '≤' => '<',
        '≥' => '>',
        c if is_dash(c) => '-',
        c => c,
    }
}

/// Whether a text is one or more hyphens or dashes.
pub(crate) fn is_dash_text(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_dash)
}

/// Hyphens, dashes and minus signs of every width.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Appends the folded form of a piece: lower case, narrow, Greek letters spelled out, without
/// hyphens and apostrophes.
pub fn fold_into(key: &mut String, text: &str, piece: &Piece) {
    let narrowed = text[piece.start..piece.end].chars().map(narrow);
    for c in narrowed.flat_map(char::to_lowercase) {
        match c {
            '-' | '\'' | '’' | '_' | '·' => {}
            'α' => key.push_str("alpha"),
            'β' | 'ß' => key.push_str("beta"),
            'γ' => key.push_str("gamma"),
            'é' | 'è' | 'ê' | 'ë' => key.push('e'),
            'á' | 'à' | 'â' | 'ä' | 'ã' => key.push('a'),
            'í' | 'ï' | 'ì' | 'î' => key.push('i'),
            'ó' | 'ô' | 'ö' | 'ò' | 'õ' => key.push('o'),
            'ú' | 'ü' | 'ù' | 'û' => key.push('u'),
            c => key.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        pieces(text).iter().map(|p| &text[p.start..p.end]).collect()
    }

    #[test]
    fn letters_and_digits_are_cut_apart() {
        assert_eq!(cut("CD34(30%+)"), ["CD", "34", "(", "30", "%", "+", ")"]);
        assert_eq!(cut("MOC-31Patchy"), ["MOC", "-", "31", "Patchy"]);
        assert_eq!(cut("约15%，阳性"), ["约", "15", "%", "，", "阳", "性"]);
    }

    #[test]
    fn numbers_keep_points_and_thousands() {
        assert_eq!(
            cut("6.5, 1,000 3,4 10."),
            ["6.5", ",", "1,000", "3", ",", "4", "10", "."]
        );
    }

    #[test]
    fn gaps_tell_columns_lines_and_blocks() {
        let gaps: Vec<_> = pieces("a b  c\td\r\ne\r\n\r\nf")
            .iter()
            .map(|p| p.gap)
            .collect();
        assert_eq!(
            gaps,
            [
                Gap::Blank,
                Gap::Space,
                Gap::Wide,
                Gap::Wide,
                Gap::Line,
                Gap::Blank
            ]
        );
        let gaps: Vec<_> = pieces("a\n\nb\r\rc\rd").iter().map(|p| p.gap).collect();
        assert_eq!(gaps, [Gap::Blank, Gap::Blank, Gap::Blank, Gap::Line]);
    }

    #[test]
    fn folding_drops_what_never_changes_a_name() {
        let fold = |text: &str| {
            let mut key = String::new();
            for p in pieces(text) {
                fold_into(&mut key, text, &p);
            }
            key
        };
        assert_eq!(fold("h-Caldesmón"), "hcaldesmon");
        assert_eq!(fold("β–catenin"), "betacatenin");
        assert_eq!(fold("ＡＬＫ"), "alk");
        assert_eq!(fold("34βE12"), fold("34betaE12"));
    }
}
