//! Text from an input, made safe and visible.

use maud::Render;

use crate::diag::render::is_unprintable;

/// Text from an input. Markup is escaped; control, direction and invisible characters are written out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a>(pub(super) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, buffer: &mut String) {
        let mut clean = 0;
        for (at, c) in self.0.char_indices().filter(|(_, c)| hidden(*c)) {
            self.0[clean..at].render_to(buffer);
            // Hexadecimal digits: nothing here needs escaping.
            buffer.push_str("<span class=\"hidden\">");
            buffer.extend(c.escape_unicode());
            buffer.push_str("</span>");
            clean = at + c.len_utf8();
        }
        self.0[clean..].render_to(buffer);
    }
}

fn hidden(c: char) -> bool {
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{2064}' | '\u{e0000}'..='\u{e007f}'
    );
    // A tab is layout of a table, and shows.
    (is_unprintable(c) && c != '\t') || invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_and_nothing_alive_is_left() {
        let written = Shown("<b onmouseover=alert(1)>\u{1b}[31m\u{202e}\u{200b}\"&").render();
        assert_eq!(
            written.into_string(),
            "&lt;b onmouseover=alert(1)&gt;<span class=\"hidden\">\\u{1b}</span>[31m\
             <span class=\"hidden\">\\u{202e}</span><span class=\"hidden\">\\u{200b}</span>&quot;&amp;"
        );
    }
}
