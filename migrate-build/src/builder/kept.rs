//! What one run leaves in `OUT_DIR` for the next: the text that is embedded, and what was found in it.

use std::env;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::cache::Cache;
use crate::codegen::TEXT;
use crate::diagnostic::Diagnostic;
use crate::embedded;
use crate::error::Error;
use crate::lock::Lock;

/// The file name of the findings.
const CACHE: &str = "migrate_build.cache";

/// What the last run left.
pub(super) struct Kept {
    text_file: PathBuf,
    text: String,
    cache_file: PathBuf,
    /// Its bytes, and what they mean where they go with this program and that text.
    cache: Option<(String, Cache)>,
    /// What messages call the migrations folder.
    shown: PathBuf,
}

impl Kept {
    /// Reads what is in `out_dir`. What can't be read is not there.
    pub(super) fn read(out_dir: &Path, shown: &Path) -> Self {
        let (text_file, cache_file) = (out_dir.join(TEXT), out_dir.join(CACHE));
        let cache = fs::read_to_string(&cache_file).ok().and_then(|bytes| {
            let cache = Cache::parse(&bytes, &stamp(&text_file, shown))?;
            Some((bytes, cache))
        });
        let text = fs::read_to_string(&text_file).unwrap_or_default();
        Self { text_file, text, cache_file, cache, shown: shown.to_owned() }
    }

    /// Returns for each migration of `text` whether it is the same as in the last run's.
    pub(super) fn unchanged(&self, text: &str) -> Vec<bool> {
        embedded::unchanged(&self.text, text)
    }

    /// Returns what was found in the scripts of a migration that is unchanged.
    pub(super) fn look_up(&self, version: i64, rust: Option<&str>) -> Option<Vec<Diagnostic>> {
        self.cache.as_ref()?.1.look_up(version, rust)
    }

    /// Whether what is kept was found with these seals.
    pub(super) fn is_sealed_by(&self, lock: &Lock) -> bool {
        self.cache.as_ref().is_some_and(|(_, cache)| cache.is_sealed_by(lock))
    }

    /// Leaves this run's text and findings, and writes only what differs: cargo looks at the files' times.
    pub(super) fn replace(self, text: &str, cache: &Cache) -> Result<(), Error> {
        let Self { text_file, text: text_before, cache_file, cache: mut cache_before, shown } = self;
        if text != text_before || !text_file.is_file() {
            // Whatever ends the run between the two, no cache is left with a text that it does not belong to.
            match fs::remove_file(&cache_file) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::Write { path: cache_file, source });
                }
                _ => cache_before = None,
            }
            overwrite(&text_file, text)?;
        }
        let bytes = cache.to_text(&stamp(&text_file, &shown));
        if cache_before.is_none_or(|(before, _)| before != bytes) {
            // A cache that can't be kept costs time and nothing else.
            drop(fs::write(&cache_file, bytes));
        }
        Ok(())
    }
}

/// Stands for all that the findings of an unchanged migration depend on besides its Rust source: this very program, since
/// another build of it may have other rules, the text that they go with, and the names in them.
fn stamp(text_file: &Path, shown: &Path) -> String {
    let file = |metadata: io::Result<Metadata>| {
        let modified = metadata.as_ref().ok().and_then(|metadata| metadata.modified().ok());
        let since = modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        format!("{} {}", since.as_nanos(), metadata.map_or(0, |metadata| metadata.len()))
    };
    let program = file(env::current_exe().and_then(fs::metadata));
    format!("{program} {} {}", file(fs::metadata(text_file)), shown.display())
}

/// Writes a file unless it holds the text already: cargo looks at its time.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read(path).is_ok_and(|before| before == text.as_bytes()) {
        return Ok(());
    }
    overwrite(path, text)
}

fn overwrite(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|source| Error::Write { path: path.to_owned(), source })
}
