//! The headers of many files, at the cost of one small read a file.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::thread;

use super::listing::Up;
use super::text::{BOM, fold};
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::migration::Header;
use crate::migration::header::{self, Extent, extent};

/// A header that a file has.
pub(super) struct Head {
    /// The file's place in the list.
    pub(super) at: usize,
    pub(super) header: Header,
    pub(super) findings: Vec<Diagnostic>,
}

/// What most headers fit into.
const FIRST_READ: usize = 512;

/// From this many files on, threads pay.
const MANY: usize = 256;

/// Reads the headers of `ups` in `folder`, in their order; files without one are left out.
pub(super) fn read(folder: &Path, shown: &Path, ups: &[Up]) -> Result<Vec<Head>, Error> {
    let threads = if ups.len() < MANY { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(4) };
    if threads == 1 {
        return read_some(folder, shown, ups, 0);
    }
    let share = ups.len().div_ceil(threads);
    thread::scope(|scope| {
        let parts: Vec<_> = ups
            .chunks(share)
            .enumerate()
            .map(|(i, part)| {
                thread::Builder::new().spawn_scoped(scope, move || read_some(folder, shown, part, i * share))
            })
            .collect();
        let mut heads = Vec::new();
        for (i, part) in parts.into_iter().enumerate() {
            // Where no thread can be had, or one was lost, this one does its share.
            let part = part
                .ok()
                .and_then(|thread| thread.join().ok())
                .unwrap_or_else(|| read_some(folder, shown, ups.chunks(share).nth(i).unwrap_or_default(), i * share))?;
            heads.extend(part);
        }
        Ok(heads)
    })
}

fn read_some(folder: &Path, shown: &Path, ups: &[Up], offset: usize) -> Result<Vec<Head>, Error> {
    let mut heads = Vec::new();
    let mut path = PathBuf::with_capacity(folder.as_os_str().len() + 128);
    path.push(folder);
    for (i, up) in ups.iter().enumerate() {
        path.push(&up.file);
        let head = head(&path).map_err(|source| Error::Read { path: shown.join(&up.file), source })?;
        path.pop();
        if let Some(bytes) = head {
            let shown = shown.join(&up.file);
            // Text that can't be read is found with the rest of its script.
            let Ok(text) = fold(bytes, &shown) else { continue };
            let (header, findings) = header::parse(&text, &shown);
            heads.push(Head { at: offset + i, header, findings });
        }
    }
    Ok(heads)
}

/// The bytes of a file's header, where it has one.
fn head(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = File::open(path)?;
    let mut first = [0; FIRST_READ];
    let filled = read_once(&mut file, &mut first)?;
    let bytes = without_mark(first.get(..filled).unwrap_or_default());
    match extent(bytes) {
        Extent::None => return Ok(None),
        Extent::Ends(end) => return Ok(bytes.get(..end).map(<[u8]>::to_vec)),
        Extent::Open => {}
    }
    let mut all = bytes.to_vec();
    loop {
        // As much again as there is, so that a long header is not looked at too often.
        let more = all.len().max(FIRST_READ) as u64;
        let read = Read::by_ref(&mut file).take(more).read_to_end(&mut all)?;
        match extent(&all) {
            Extent::None => return Ok(None),
            Extent::Ends(end) => {
                all.truncate(end);
                return Ok(Some(all));
            }
            Extent::Open if read == 0 => return Ok((!all.is_empty()).then_some(all)),
            Extent::Open => {}
        }
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}

/// One read, which for most files is all that is needed.
fn read_once(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_on_while_the_header_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let read = |content: String| {
            let path = dir.path().join("x.sql");
            std::fs::write(&path, content).unwrap();
            head(&path).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
        };
        let long = "--! # a long line of a header\n".repeat(1000);
        assert_eq!(read(format!("{long}select 1;\n")), Some(long.clone()));
        assert_eq!(read(long.clone()), Some(long));
        assert_eq!(read("\u{feff}--! a\nselect".to_owned()), Some("--! a\n".to_owned()));
        assert_eq!(read(format!("{}select", "\n".repeat(600))), None);
        assert_eq!(read("select 1;".repeat(1000)), None);
        assert_eq!(read("se".to_owned()), None);
        assert_eq!(read(String::new()), None);
    }

    #[test]
    fn threads_keep_the_order() {
        let dir = tempfile::tempdir().unwrap();
        let ups: Vec<Up> = (1..=1000).map(|version| Up { version, file: format!("V{version}__x.sql") }).collect();
        for up in &ups {
            let text = if up.version % 3 == 0 { format!("--! parents = [{}]\n", up.version) } else { String::new() };
            std::fs::write(dir.path().join(&up.file), text).unwrap();
        }
        let heads = read(dir.path(), Path::new("m"), &ups).unwrap();
        assert_eq!(heads.len(), 333);
        for head in heads {
            assert_eq!(head.header.parents, Some(vec![ups[head.at].version]));
        }
    }
}
