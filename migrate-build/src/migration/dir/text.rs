//! The bytes of a script as text: UTF-8 with LF, without a byte-order mark.

use std::path::PathBuf;

use crate::error::Error;

/// UTF-8's byte-order mark.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// Folds a file's bytes; a CR that no LF follows stays as it is. `shown` is what an error calls the file.
pub(super) fn fold(mut bytes: Vec<u8>, shown: impl Fn() -> PathBuf) -> Result<String, Error> {
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let (offset, line) = place(error.as_bytes(), error.utf8_error().valid_up_to());
        Error::NotUtf8 { path: shown(), offset, line }
    })?;
    if let Some(offset) = text.find('\0') {
        let (offset, line) = place(text.as_bytes(), offset);
        return Err(Error::Nul { path: shown(), offset, line });
    }
    Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
}

fn place(bytes: &[u8], offset: usize) -> (usize, usize) {
    (offset, bytes.iter().take(offset).filter(|&&byte| byte == b'\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_line_ends_and_drops_the_mark() {
        let text = |bytes: &[u8]| fold(bytes.to_vec(), || PathBuf::from("a.sql")).unwrap();
        assert_eq!(text(b"\xef\xbb\xbfselect\r\n'\r';\r\r\n"), "select\n'\r';\r\n");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn refuses_what_is_no_text() {
        let error = |bytes: &[u8]| fold(bytes.to_vec(), || PathBuf::from("a.sql")).unwrap_err().to_string();
        assert_eq!(error(b"a\nb\n\xff"), "`a.sql` is not UTF-8: byte 4, in line 3");
        assert_eq!(error(b"a\0"), "`a.sql` holds a NUL character: byte 1, in line 1");
    }
}
