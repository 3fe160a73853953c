//! Reading frames in the words of many callers.

use crate::case::fusion::{Frame, Fusion};

/// The reading frame in any caller's words: one word, one for each of two partners (`UTR/CDS(complete)`), or a list
/// with one for each pair of transcripts.
pub(super) fn frame(cell: &str) -> Option<Frame> {
    if let Some((five, three)) = cell.split_once('/') {
        let [five, three] = [five.trim(), three.trim()];
        return match (five, three) {
            ("UTR", "CDS(complete)") => Some(Frame::FivePrimeUtrFullCds),
            ("intergenic" | "exonic(no-known-CDS)", _) => Some(Frame::NotCoding),
            _ => None,
        };
    }
    let mut said = cell.split(',').filter_map(one_frame);
    let first = said.next()?;
    Some(if said.all(|other| other == first) {
        first
    } else {
        Frame::AmbiguousMultiTranscript
    })
}

/// The reading frame in a sentence such as `Protein Fusion: in frame {EML4:ALK}`.
pub(super) fn frame_in_text(text: &str) -> Option<(&'static str, Frame)> {
    const WORDS: [(&str, Frame); 6] = [
        ("out of frame", Frame::OutOfFrame),
        ("out-of-frame", Frame::OutOfFrame),
        ("not in frame", Frame::OutOfFrame),
        ("not in-frame", Frame::OutOfFrame),
        ("in frame", Frame::InFrame),
        ("in-frame", Frame::InFrame),
    ];
    if text.is_empty() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    WORDS.into_iter().find(|(word, _)| lower.contains(word))
}

fn one_frame(cell: &str) -> Option<Frame> {
    // As long as the longest word.
    let mut folded = [0; 24];
    let mut end = 0;
    for byte in cell.bytes().filter(u8::is_ascii_alphanumeric) {
        *folded.get_mut(end)? = byte.to_ascii_lowercase();
        end += 1;
    }
    match folded.get(..end)? {
        b"inframe" | b"true" | b"inframeshift" | b"yes" | b"1" => Some(Frame::InFrame),
        b"outofframe" | b"frameshift" | b"false" | b"no" | b"0" | b"notinframe" => {
            Some(Frame::OutOfFrame)
        }
        b"stopcodon" | b"stopbeforejunction" => Some(Frame::StopBeforeJunction),
        // CICERO: the 3' partner keeps its own start, or the 5' partner gives its leader only.
        b"2" | b"3" | b"fiveprimeutrfullcds" => Some(Frame::FivePrimeUtrFullCds),
        b"notcoding" => Some(Frame::NotCoding),
        b"ambiguousmultitranscript" => Some(Frame::AmbiguousMultiTranscript),
        _ => None,
    }
}

/// Gives a call its frame and the caller's own word for it.
pub(super) fn set_frame(fusion: &mut Fusion, written: &str, read: Option<Frame>) {
    fusion.frame = read;
    fusion.frame_as_written = Some(written.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_in_every_wording() {
        for word in [
            "in-frame",
            "INFRAME",
            "In_frame",
            "in frame",
            "TRUE",
            "inframe-shift",
        ] {
            assert_eq!(frame(word), Some(Frame::InFrame), "{word}");
        }
        for word in ["out-of-frame", "FRAMESHIFT", "frame-shift", "FALSE"] {
            assert_eq!(frame(word), Some(Frame::OutOfFrame), "{word}");
        }
        assert_eq!(frame("NA"), None);
    }
}
