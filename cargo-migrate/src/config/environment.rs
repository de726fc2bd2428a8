//! The process's environment: nothing else reads it. Commands read variables, and `.env`, by [`Variables`], which whoever
//! runs one inside a process may choose; what a machine offers is asked for by functions.
#![expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::ConfigError;

/// The environment that is meant where none is named, and the only one that `.env` is read for.
pub const DEVELOPMENT: &str = "development";

/// The database's URL, as most tools have it.
pub const DATABASE_URL: &str = "DATABASE_URL";
/// As `--env`.
pub const ENV: &str = "CARGO_MIGRATE_ENV";
/// As `--wait`.
pub const WAIT: &str = "CARGO_MIGRATE_WAIT";
/// Who is named in the log, instead of the user at the host.
pub const ACTOR: &str = "CARGO_MIGRATE_ACTOR";
/// As `lock-timeout`.
pub const LOCK_TIMEOUT: &str = "CARGO_MIGRATE_LOCK_TIMEOUT";
/// As `--on-blocked`.
pub const ON_BLOCKED: &str = "CARGO_MIGRATE_ON_BLOCKED";
/// As `statement-timeout`.
pub const STATEMENT_TIMEOUT: &str = "CARGO_MIGRATE_STATEMENT_TIMEOUT";

/// Environment variables, as they were when the command started.
#[derive(Clone, Default)]
pub struct Variables {
    process: BTreeMap<OsString, OsString>,
    dotenv: BTreeMap<String, String>,
}

impl std::fmt::Debug for Variables {
    /// Names only: values may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.process.keys()).entries(self.dotenv.keys()).finish()
    }
}

impl Variables {
    /// The process's.
    pub fn from_process() -> Self {
        Self { process: std::env::vars_os().collect(), dotenv: BTreeMap::new() }
    }

    /// Those given: for running commands inside a process.
    pub fn from_pairs<K: Into<OsString>, V: Into<OsString>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { process: pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect(), dotenv: BTreeMap::new() }
    }

    /// The value of `name`; an empty one counts as none. The process's own wins over `.env`.
    ///
    /// # Errors
    /// The value is no UTF-8.
    pub fn get(&self, name: &str) -> Result<Option<&str>, ConfigError> {
        let value = match self.process.get(std::ffi::OsStr::new(name)) {
            Some(value) => Some(value.to_str().ok_or_else(|| ConfigError::NotUnicode(name.to_owned()))?),
            None => self.dotenv.get(name).map(String::as_str),
        };
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// The user's home folder.
    pub fn home(&self) -> Option<PathBuf> {
        ["HOME", "USERPROFILE"]
            .iter()
            .find_map(|name| self.process.get(std::ffi::OsStr::new(name)))
            .filter(|home| !home.is_empty())
            .map(PathBuf::from)
    }

    /// Who runs the command, for the log: `CARGO_MIGRATE_ACTOR`, or the user at the host.
    ///
    /// # Errors
    /// `CARGO_MIGRATE_ACTOR` is no UTF-8.
    pub fn actor(&self) -> Result<String, ConfigError> {
        if let Some(actor) = self.get(ACTOR)? {
            return Ok(actor.to_owned());
        }
        let first = |names: &[&str]| names.iter().find_map(|name| self.get(name).ok().flatten()).map(str::to_owned);
        let user = first(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "unknown".to_owned());
        let host = first(&["HOSTNAME", "COMPUTERNAME"]).or_else(host_name);
        Ok(host.map_or_else(|| user.clone(), |host| format!("{user}@{host}")))
    }

    /// These variables and, behind them, those of the first `.env` file in `folders`.
    ///
    /// # Errors
    /// The file can't be read, or a line of it.
    pub fn with_dotenv(&self, folders: &[&Path]) -> Result<Self, ConfigError> {
        let mut dotenv = BTreeMap::new();
        if let Some(path) = folders.iter().map(|folder| folder.join(".env")).find(|path| path.is_file()) {
            let text = fs_err::read_to_string(&path)?;
            for item in dotenvy::from_read_iter(text.as_bytes()) {
                match item {
                    Ok((name, value)) => {
                        dotenv.entry(name).or_insert(value);
                    }
                    // Its message would show the line, and with it a password.
                    Err(dotenvy::Error::LineParse(wrong, _)) => {
                        let line = text.lines().position(|line| line.trim() == wrong.trim()).map_or(1, |at| at + 1);
                        return Err(ConfigError::DotEnv { path, line });
                    }
                    Err(_) => return Err(ConfigError::DotEnv { path, line: 1 }),
                }
            }
        }
        Ok(Self { process: self.process.clone(), dotenv })
    }
}

/// Reads a variable; one that is unset, empty or not Unicode reads as nothing.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The folders that programs are looked for in, in the order of `PATH`.
pub fn program_folders() -> Vec<PathBuf> {
    std::env::var_os("PATH")
        .map_or_else(Vec::new, |path| std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect())
}

/// Finds a program in `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    program_folders().iter().map(|folder| folder.join(&file_name)).find(|file| file.is_file())
}

/// The folder for temporary files (`TMPDIR`, or the system's own).
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

/// Whether this process runs inside a container itself, where the loopback is not the host's.
pub fn in_container() -> bool {
    Path::new("/.dockerenv").exists() || Path::new("/run/.containerenv").exists()
}

#[cfg(unix)]
fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_str().ok()?.to_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(not(unix))]
fn host_name() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join(".env"), "# a comment\nA=file\nexport B='file b'\n").unwrap();
        let variables = Variables::from_pairs([("A", "process")]).with_dotenv(&[folder.path()]).unwrap();
        assert_eq!(variables.get("A").unwrap(), Some("process"));
        assert_eq!(variables.get("B").unwrap(), Some("file b"));
        assert_eq!(variables.get("C").unwrap(), None);
    }

    #[test]
    fn a_wrong_line_is_numbered_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join(".env"), "A=1\nDATABASE_URL 'secret\n").unwrap();
        let error = Variables::default().with_dotenv(&[folder.path()]).unwrap_err().to_string();
        assert!(error.ends_with(".env:2: not a `NAME=value` line"), "{error}");
    }

    #[test]
    fn the_actor_is_the_user_at_the_host() {
        let variables = Variables::from_pairs([("USER", "ada"), ("HOSTNAME", "engine")]);
        assert_eq!(variables.actor().unwrap(), "ada@engine");
        let variables = Variables::from_pairs([("USER", "ada"), (ACTOR, "pipeline 7")]);
        assert_eq!(variables.actor().unwrap(), "pipeline 7");
    }
}
