//! Bytes to text: UTF-8, UTF-16, GB18030 and Windows-1252; everything else is refused with its place.
//!
//! Reading a report in the wrong encoding can turn a minus sign into something else. A byte-order mark or valid UTF-8
//! decides first. Bytes that are neither are read as GB18030 only where nearly all of what they decode to are the
//! characters Chinese is written with, and as Windows-1252 only where nearly all of them are the letters and signs of
//! western reports; both are warned of (see [`Encoding::guessed`]). UTF-8 with damage, and whatever fits neither, is an
//! error that names the first offending byte.

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
    /// UTF-16, little-endian, without a byte-order mark.
    #[serde(rename = "utf-16le-no-bom")]
    Utf16LeNoBom,
    /// UTF-16, big-endian, without a byte-order mark.
    #[serde(rename = "utf-16be-no-bom")]
    Utf16BeNoBom,
    /// GB18030, told by its characters.
    #[serde(rename = "gb18030")]
    Gb18030,
    /// Windows-1252 (of which Latin-1 is a part), told by its characters.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// What decided, where nothing in the bytes declares the encoding.
    #[must_use]
    pub fn guessed(self) -> Option<&'static str> {
        match self {
            Self::Utf8 | Self::Utf8Bom | Self::Utf16Le | Self::Utf16Be => None,
            Self::Utf16LeNoBom | Self::Utf16BeNoBom => {
                Some("read as UTF-16: every other byte is zero, and there is no byte-order mark")
            }
            Self::Gb18030 => Some(
                "read as GB18030: the bytes are not UTF-8, and nearly all of them are common Chinese characters",
            ),
            Self::Windows1252 => Some(
                "read as Windows-1252: the bytes are not UTF-8, and nearly all of them are letters and signs of western reports",
            ),
        }
    }
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
    if let Some(found) = utf16_without_mark(body) {
        return Ok(found);
    }
    match std::str::from_utf8(body) {
        Ok(text) => Ok((text.to_owned(), encoding)),
        Err(_)
            if encoding == Encoding::Utf8
                && let Some(found) = legacy(body) =>
        {
            Ok(found)
        }
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

/// Share of the characters that must be of a kind, in percent.
const NEARLY_ALL: usize = 90;

/// Text whose every other byte is zero: ASCII and Latin letters in UTF-16.
fn utf16_without_mark(bytes: &[u8]) -> Option<(String, Encoding)> {
    if bytes.len() < 8 || !bytes.len().is_multiple_of(2) || !bytes.contains(&0) {
        return None;
    }
    let zeros = |parity: usize| {
        bytes
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let units = bytes.len() / 2;
    let (decoder, encoding, high, low) = if zeros(1) > zeros(0) {
        (
            encoding_rs::UTF_16LE,
            Encoding::Utf16LeNoBom,
            zeros(1),
            zeros(0),
        )
    } else {
        (
            encoding_rs::UTF_16BE,
            Encoding::Utf16BeNoBom,
            zeros(0),
            zeros(1),
        )
    };
    if low > 0 || high * 100 < units * NEARLY_ALL {
        return None;
    }
    let text = decoder.decode_without_bom_handling_and_without_replacement(bytes)?;
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    text.chars()
        .all(plain)
        .then(|| (text.into_owned(), encoding))
}

/// Bytes that are not UTF-8 as GB18030 or Windows-1252, where their characters tell.
fn legacy(bytes: &[u8]) -> Option<(String, Encoding)> {
    if bytes.contains(&0) || damaged_utf8(bytes) {
        return None;
    }
    gb18030(bytes).or_else(|| windows_1252(bytes))
}

/// Whether most of what is not ASCII is valid UTF-8: then the file is UTF-8 with damage, and not something else.
fn damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    valid >= wrong && valid > 0
}

fn gb18030(bytes: &[u8]) -> Option<(String, Encoding)> {
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    // The first level of GB 2312 (lead bytes B0 to D7) holds the characters that Chinese is written with, the rows A1
    // to A3 its punctuation. A western letter before an ASCII letter decodes to a rare character outside of both.
    let (mut common, mut all) = (0_usize, 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        let lead = bytes[at];
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let trail = bytes.get(at + 1).copied().unwrap_or_default();
        all += 1;
        common += usize::from(matches!(lead, 0xa1..=0xa3 | 0xb0..=0xd7) && trail >= 0xa1);
        at += if trail.is_ascii_digit() { 4 } else { 2 };
    }
    let hanzi = text.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    (hanzi && all > 0 && common * 100 >= all * NEARLY_ALL)
        .then(|| (text.into_owned(), Encoding::Gb18030))
}

fn windows_1252(bytes: &[u8]) -> Option<(String, Encoding)> {
    const USUAL: &str = "äöüÄÖÜßéèêëàâáãåæçîïìíñôóòõøœùûúýÉÈÊÀÂÁÇÎÍÑÓÔÚÅØÆŒ¿¡µ°º±×²³¹¼½¾§·«»“”„‘’‚–—•…€£®©™†‡\u{a0}";
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    let (mut usual, mut all) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1;
        usual += usize::from(USUAL.contains(c));
    }
    (all > 0 && usual * 100 >= all * NEARLY_ALL).then(|| (text.into_owned(), Encoding::Windows1252))
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
    fn legacy_encodings_are_told_by_their_characters() {
        let text = "病理诊断：炎性肌纤维母细胞瘤。ALK（－），淋巴细胞 1.1×10^9/L±";
        let (bytes, _, _) = encoding_rs::GB18030.encode(text);
        assert_eq!(
            decode("f", &bytes).unwrap(),
            (text.to_owned(), Encoding::Gb18030)
        );
        for text in [
            "Größe 7 × 5 × 4 cm, ALK – negativ",
            "Immunhistochemie: größer",
            "leucocytes élevés, 4 µL, été",
            "Tamaño: 7 cm. ALK ±",
            "tumeur évoluée\r\nà droite",
        ] {
            let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(text);
            assert!(!lost);
            assert_eq!(
                decode("f", &bytes).unwrap(),
                (text.to_owned(), Encoding::Windows1252)
            );
        }
    }

    #[test]
    fn utf16_without_a_mark_is_told_by_its_zeros() {
        let text = "IHC: ALK(-), SMA(+)\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(
            decode("f", &little).unwrap(),
            (text.to_owned(), Encoding::Utf16LeNoBom)
        );
        assert_eq!(
            decode("f", &big).unwrap(),
            (text.to_owned(), Encoding::Utf16BeNoBom)
        );
    }

    #[test]
    fn damage_and_binary_data_are_refused() {
        // UTF-8 with one byte of damage is not read as something else.
        let mut bytes = "病理诊断：ALK（-）".as_bytes().to_vec();
        bytes.remove(4);
        assert!(decode("f", &bytes).is_err());
        assert!(decode("f", b"IHC: ALK(-)\xff\xfe\x00\x01").is_err());
        assert!(decode("f", b"\x81\x8d\x90 ALK").is_err());
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
