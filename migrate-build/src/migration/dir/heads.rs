//! The headers of many files, at the cost of one small read a file; or their whole texts with them.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::thread;

use super::listing::Listing;
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

/// What was read of the up scripts.
#[derive(Default)]
pub(super) struct Heads {
    /// Their headers, in their order; files without one are left out.
    pub(super) heads: Vec<Head>,
    /// Where it was asked for, their texts and those of their down scripts, in the same order.
    pub(super) contents: Vec<Contents>,
}

/// The texts of a migration's scripts, as far as they are texts.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) up: Result<String, Error>,
    pub(crate) down: Option<Result<String, Error>>,
}

/// What is read, and how messages call it.
struct Task<'a> {
    folder: &'a Path,
    shown: &'a Path,
    listing: &'a Listing,
    whole: bool,
}

/// Reads the headers of the up scripts in `folder`, and the `whole` texts of both scripts where they are asked for; `pairs`
/// says where the down scripts are in the list.
pub(super) fn read(
    folder: &Path,
    shown: &Path,
    listing: &Listing,
    pairs: &[Option<usize>],
    whole: bool,
) -> Result<Heads, Error> {
    let task = Task { folder, shown, listing, whole };
    let count = pairs.len();
    let threads = if count < MANY { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(4) };
    if threads == 1 {
        return task.read(pairs, 0);
    }
    let share = count.div_ceil(threads);
    let task = &task;
    thread::scope(|scope| {
        let parts: Vec<_> = pairs
            .chunks(share)
            .enumerate()
            .map(|(i, part)| thread::Builder::new().spawn_scoped(scope, move || task.read(part, i * share)))
            .collect();
        let mut all = Heads::default();
        for (i, part) in parts.into_iter().enumerate() {
            // Where no thread can be had, or one was lost, this one does its share.
            let Heads { heads, contents } = part
                .ok()
                .and_then(|thread| thread.join().ok())
                .unwrap_or_else(|| task.read(pairs.chunks(share).nth(i).unwrap_or_default(), i * share))?;
            all.heads.extend(heads);
            all.contents.extend(contents);
        }
        Ok(all)
    })
}

impl Task<'_> {
    fn read(&self, pairs: &[Option<usize>], offset: usize) -> Result<Heads, Error> {
        let mut out = Heads::default();
        let mut reader = Reader { path: self.folder.to_owned(), buffer: vec![0; BUFFER] };
        for (i, (up, pair)) in self.listing.ups.iter().skip(offset).zip(pairs).enumerate() {
            let error = |file: &str, source| Error::Read { path: self.shown.join(file), source };
            if self.whole {
                let mut text = |file: &str| -> Result<Result<String, Error>, Error> {
                    let bytes = reader.whole(file).map_err(|source| error(file, source))?;
                    Ok(fold(bytes, || self.shown.join(file)))
                };
                let up_text = text(&up.file)?;
                let down = pair.and_then(|pair| self.listing.downs.get(pair));
                let down = down.map(|down| text(&down.file)).transpose()?;
                if let Ok(text) = &up_text {
                    out.heads.extend(self.head(offset + i, &up.file, text));
                }
                out.contents.push(Contents { up: up_text, down });
            } else if let Some(bytes) = reader.head(&up.file).map_err(|source| error(&up.file, source))? {
                // Text that can't be read is found with the rest of its script.
                let Ok(text) = fold(bytes, || self.shown.join(&up.file)) else { continue };
                out.heads.extend(self.head(offset + i, &up.file, &text));
            }
        }
        Ok(out)
    }

    fn head(&self, at: usize, file: &str, text: &str) -> Option<Head> {
        if let Some(header) = header::parse_plain(text) {
            return header.map(|header| Head { at, header, findings: Vec::new() });
        }
        let (header, findings) = header::parse(text, &self.shown.join(file));
        Some(Head { at, header, findings })
    }
}

/// Reads the files of one folder one after the other.
struct Reader {
    path: PathBuf,
    buffer: Vec<u8>,
}

/// What most scripts fit into.
const BUFFER: usize = 64 * 1024;

impl Reader {
    fn open(&mut self, file: &str) -> io::Result<File> {
        self.path.push(file);
        let opened = File::open(&self.path);
        self.path.pop();
        opened
    }

    /// The bytes of a file's header, where it has one.
    fn head(&mut self, file: &str) -> io::Result<Option<Vec<u8>>> {
        head(self.open(file)?)
    }

    /// A file's bytes, with two reads for most.
    fn whole(&mut self, file: &str) -> io::Result<Vec<u8>> {
        let mut file = self.open(file)?;
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            match read_once(&mut file, self.buffer.get_mut(filled..).unwrap_or_default())? {
                0 => return Ok(self.buffer.get(..filled).unwrap_or_default().to_vec()),
                more => filled += more,
            }
        }
    }
}

/// The bytes of a file's header, where it has one.
fn head(mut file: File) -> io::Result<Option<Vec<u8>>> {
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
    use crate::migration::dir::listing;

    #[test]
    fn reads_on_while_the_header_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let read = |content: String| {
            let path = dir.path().join("x.sql");
            std::fs::write(&path, content).unwrap();
            head(File::open(&path).unwrap()).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
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
        let mut listing = Listing::default();
        for version in 1..=1000 {
            let header = if version % 3 == 0 { format!("--! parents = [{version}]\n") } else { String::new() };
            let file = |list: &mut Vec<listing::File>, extension: &str, text: &str| {
                let file = format!("V{version}__x.{extension}");
                std::fs::write(dir.path().join(&file), text).unwrap();
                list.push(listing::File { version, name: (0, file.len() - extension.len() - 1), file });
            };
            file(&mut listing.ups, "sql", &format!("{header}select {version};"));
            if version % 2 == 0 {
                file(&mut listing.downs, "down.sql", &format!("select -{version};"));
            }
        }
        let pairs = listing.pairs();
        for whole in [false, true] {
            let Heads { heads, contents } = read(dir.path(), Path::new("m"), &listing, &pairs, whole).unwrap();
            assert_eq!(heads.len(), 333);
            for head in heads {
                assert_eq!(head.header.parents, Some(vec![listing.ups[head.at].version]));
            }
            assert_eq!(contents.len(), if whole { 1000 } else { 0 });
            for (up, Contents { up: text, down }) in listing.ups.iter().zip(contents) {
                assert!(text.unwrap().ends_with(&format!("select {};", up.version)));
                let expected = (up.version % 2 == 0).then(|| format!("select -{};", up.version));
                assert_eq!(down.map(Result::unwrap), expected);
            }
        }
    }

    #[test]
    fn a_long_script_is_read_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let mut reader = Reader { path: dir.path().to_owned(), buffer: vec![0; BUFFER] };
        for length in [3 * BUFFER + 1, BUFFER, BUFFER - 1, 5, 0] {
            let text: Vec<u8> = (b'a'..=b'z').cycle().take(length).collect();
            std::fs::write(dir.path().join("a.sql"), &text).unwrap();
            assert!(reader.whole("a.sql").unwrap() == text, "{length}");
        }
        assert_eq!(reader.whole("b.sql").unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(reader.path, dir.path());
    }
}
