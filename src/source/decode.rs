//! Bytes to text: UTF-8 and UTF-16 are read, everything else is refused with its place.
//!
//! Reading a report in the wrong encoding can turn a minus sign into something else, so nothing is
//! guessed here: a byte-order mark or valid UTF-8 decides, and other bytes are an error that names
//! the first offending one.

use serde::Serialize;

use crate::diag::{Code, Diagnostic};
use crate::source::Place;

/// How a source was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8 without a byte-order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with a byte-order mark.
    #[serde(rename = "utf-8-bom")]
    Utf8Bom,
    /// UTF-16, little-endian, with a byte-order mark.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big-endian, with a byte-order mark.
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

/// First bytes of files that are often sent instead of text.
const NOT_TEXT: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (docx, xlsx or zip)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (doc, xls)"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"{\\rtf", "an RTF document"),
];

/// Text and encoding of `bytes`.
pub(super) fn decode(path: &str, bytes: &[u8]) -> Result<(String, Encoding), Box<Diagnostic>> {
    if let Some((_, what)) = NOT_TEXT.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Box::new(refuse(
            path,
            Code::NotText,
            format!("`{path}` is {what}, not text"),
            (1, 1),
            "export the report or table as text (UTF-8)",
        )));
    }
    let utf16 = match bytes {
        [0xff, 0xfe, ..] => Some((encoding_rs::UTF_16LE, Encoding::Utf16Le)),
        [0xfe, 0xff, ..] => Some((encoding_rs::UTF_16BE, Encoding::Utf16Be)),
        _ => None,
    };
    if let Some((decoder, encoding)) = utf16 {
        return decoder
            .decode_without_bom_handling_and_without_replacement(&bytes[2..])
            .map(|text| (text.into_owned(), encoding))
            .ok_or_else(|| {
                Box::new(refuse(
                    path,
                    Code::BadEncoding,
                    format!("`{path}` starts as UTF-16 but is not valid UTF-16"),
                    (1, 1),
                    "save the file again as UTF-8",
                ))
            });
    }
    let (body, encoding) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, Encoding::Utf8Bom),
        None => (bytes, Encoding::Utf8),
    };
    match std::str::from_utf8(body) {
        Ok(text) => Ok((text.to_owned(), encoding)),
        Err(error) => {
            let place = line_column(&body[..error.valid_up_to()]);
            let byte = body[error.valid_up_to()];
            Err(Box::new(refuse(
                path,
                Code::BadEncoding,
                format!(
                    "`{path}` is not UTF-8: byte 0x{byte:02x} at line {}, column {}",
                    place.0, place.1
                ),
                place,
                "convert the file to UTF-8, for example `iconv -f GB18030 -t UTF-8` or `-f WINDOWS-1252`",
            )))
        }
    }
}

fn line_column(valid: &[u8]) -> (u32, u32) {
    let text = std::str::from_utf8(valid).unwrap_or_default();
    let line = text.matches('\n').count() + 1;
    let last = text.rsplit('\n').next().unwrap_or_default();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (count(line), count(last.chars().count() + 1))
}

fn refuse(path: &str, code: Code, message: String, at: (u32, u32), help: &str) -> Diagnostic {
    let place = Place::undecoded(path, at.0, at.1);
    Diagnostic::error(code, message).at(place, "").help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_read_and_dropped() {
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("ALK(−)".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(
            decode("f", &utf16).unwrap(),
            ("ALK(−)".to_owned(), Encoding::Utf16Le)
        );
        assert_eq!(
            decode("f", b"\xef\xbb\xbfALK").unwrap(),
            ("ALK".to_owned(), Encoding::Utf8Bom)
        );
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        let refused = decode("r.txt", b"Case\nIHC: ALK(-), S\xffMA(+)").unwrap_err();
        assert_eq!(refused.code, Code::BadEncoding);
        let place = &refused.labels[0].place;
        assert_eq!((place.line, place.column), (2, 15));
    }

    #[test]
    fn documents_and_archives_are_refused_by_name() {
        let refused = decode("r.txt", b"%PDF-1.7 ...").unwrap_err();
        assert!(refused.message.contains("PDF"));
    }
}
