//! Gzip and bgzip (gzip in blocks): what is packed in a file, up to the limit of the case.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use crate::diag::{Code, Diagnostic};

/// The bytes of a file, inflated when they are gzip. Reads one byte more than `limit` at most, so that a small file
/// cannot fill the memory.
pub(super) fn inflate<'b>(
    path: &str,
    bytes: &'b [u8],
    limit: usize,
) -> Result<Cow<'b, [u8]>, Box<Diagnostic>> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(Cow::Borrowed(bytes));
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut plain = Vec::new();
    match MultiGzDecoder::new(bytes)
        .take(most)
        .read_to_end(&mut plain)
    {
        Ok(_) => Ok(Cow::Owned(plain)),
        Err(error) => Err(Box::new(
            Diagnostic::error(
                Code::Unreadable,
                format!("`{path}` is gzip and cannot be unpacked: {error}"),
            )
            .help("the file may have been cut off on its way; copy it again"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::inflate;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn blocks_are_read_one_after_the_other() {
        let mut bytes = packed(b"IHC: ALK(+)\n");
        bytes.extend(packed(b"IHC: SMA(-)\n"));
        let plain = inflate("r.txt.gz", &bytes, 1000).unwrap();
        assert_eq!(&*plain, b"IHC: ALK(+)\nIHC: SMA(-)\n");
    }

    #[test]
    fn a_small_file_cannot_fill_the_memory() {
        let bytes = packed(&vec![b'A'; 1 << 20]);
        assert_eq!(inflate("r.txt.gz", &bytes, 1000).unwrap().len(), 1001);
    }

    #[test]
    fn a_file_that_was_cut_off_is_an_error() {
        let bytes = packed(b"IHC: ALK(+)\n");
        let error = inflate("r.txt.gz", &bytes[..bytes.len() - 6], 1000).unwrap_err();
        assert!(error.message.contains("r.txt.gz"));
    }
}
