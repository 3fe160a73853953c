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
    let folded: String = cell
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    match folded.as_str() {
        "inframe" | "true" | "inframeshift" | "yes" | "1" => Some(Frame::InFrame),
        "outofframe" | "frameshift" | "false" | "no" | "0" | "notinframe" => {
            Some(Frame::OutOfFrame)
        }
        "stopcodon" | "stopbeforejunction" => Some(Frame::StopBeforeJunction),
        // CICERO: the 3' partner keeps its own start, or the 5' partner gives its leader only.
        "2" | "3" | "fiveprimeutrfullcds" => Some(Frame::FivePrimeUtrFullCds),
        "notcoding" => Some(Frame::NotCoding),
        "ambiguousmultitranscript" => Some(Frame::AmbiguousMultiTranscript),
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
