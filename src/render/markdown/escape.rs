//! Text that shows as it stands in Markdown.

use crate::diag::render::printable;

/// One line of text with everything escaped that Markdown, its tables or its bare links would act on.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for c in printable(&line).chars() {
        if matches!(
            c,
            '\\' | '|' | '<' | '>' | '[' | ']' | '*' | '_' | '`' | '#' | '~' | '&' | '!' | '$'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    // Bare addresses and names of people would become links.
    let out = out.replace("://", ":\\//").replace("www.", "www\\.");
    out.replace('@', "&#64;")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_acts() {
        assert_eq!(
            plain("a|b <b onmouseover=alert(1)> [x](javascript:1) *y* _z_ `q`"),
            "a\\|b \\<b onmouseover=alert(1)\\> \\[x\\](javascript:1) \\*y\\* \\_z\\_ \\`q\\`"
        );
        assert_eq!(plain("two\nlines\u{202e}"), "two lines\\\\u{202e}");
        assert_eq!(plain("http://x.y @who"), "http:\\//x.y &#64;who");
    }
}
