//! What archive and git know of the migrations that don't fit.

use std::collections::{BTreeMap, BTreeSet};

use migrate_build::runtime::Applied;

use super::script::{Script, Source, default_file, down_of, folded, is_of, of_archive};
use crate::engine::archive::{Archived, archived};
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::git::{Commit, Fate, GitError, Repository, Trace};

/// What there is to know.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The archive's rows.
    pub archive: BTreeMap<i64, Archived>,
    /// What became of the files.
    pub traces: BTreeMap<i64, Vec<Trace>>,
    /// Why git can't tell anything; `None` where it can.
    pub without_git: Option<String>,
    /// Texts that are what was applied, the best one of each migration.
    pub scripts: BTreeMap<i64, Script>,
    /// Rows of the archive that are not what they claim to be.
    pub flaws: BTreeMap<i64, String>,
    /// A commit that has the up script as it was applied, and the script's file in it.
    pub commits: BTreeMap<i64, (Commit, String)>,
}

impl Evidence {
    /// Looks for all that is known of the migrations that don't fit: nothing is asked where all do.
    ///
    /// # Errors
    /// The archive can't be read, or git fails.
    pub async fn gather(database: &Database<'_>) -> Result<Self, CommandError> {
        let comparison = &database.comparison;
        let rows: Vec<&Applied> = comparison.orphans.iter().chain(&comparison.divergent).collect();
        Self::of(database, &rows).await
    }

    /// The same of these rows.
    ///
    /// # Errors
    /// As [`Evidence::gather`].
    pub async fn of(database: &Database<'_>, rows: &[&Applied]) -> Result<Self, CommandError> {
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let state = &database.state;
        let mut evidence =
            Self { archive: archived(&database.connection.client, state, rows).await?, ..Self::default() };
        let mut committed: BTreeMap<i64, Vec<Script>> = BTreeMap::new();
        match Repository::around(&database.history.folder.root).await {
            Ok(Some(repository)) => {
                let versions: BTreeSet<i64> = rows.iter().map(|row| row.version).collect();
                evidence.traces = repository.traces(&versions).await.map_err(CommandError::refused)?;
                committed = scripts(&repository, &evidence.traces).await.map_err(CommandError::refused)?;
            }
            Ok(None) => evidence.without_git = Some("the migrations are in no git repository".to_owned()),
            Err(error @ GitError::Start(_)) => evidence.without_git = Some(error.to_string()),
            Err(error) => return Err(CommandError::refused(error)),
        }
        for row in rows {
            let of_commits = committed.remove(&row.version).unwrap_or_default();
            evidence.weigh(row, state.width, of_commits);
        }
        Ok(evidence)
    }

    /// Chooses among the texts of one migration those that are what was applied: the archive's, which are hashed both, else
    /// the newest of git's.
    fn weigh(&mut self, row: &Applied, width: migrate_build::checksum::VersionWidth, committed: Vec<Script>) {
        let version = row.version;
        let of_git = committed.into_iter().find(|script| is_of(row, width, &script.up));
        if let Some(Script { file, source: Source::Git(commit), .. }) = &of_git {
            self.commits.insert(version, (commit.clone(), file.clone()));
        }
        let of_archive = self.archive.get(&version).map(|archived| {
            let file = of_git.as_ref().map_or_else(|| default_file(row), |script| script.file.clone());
            of_archive(row, width, archived, file)
        });
        let script = match of_archive {
            Some(Ok(script)) => Some(script),
            Some(Err(flaw)) => {
                self.flaws.insert(version, flaw);
                of_git
            }
            None => of_git,
        };
        if let Some(script) = script {
            self.scripts.insert(version, script);
        }
    }

    /// What became of the file of a row, where git tells.
    pub fn trace(&self, row: &Applied) -> Option<&Trace> {
        let traces = self.traces.get(&row.version)?;
        let stem = format!("{}__{}.sql", row.version, row.name);
        traces.iter().find(|trace| trace.file.ends_with(&stem)).or(traces.first())
    }

    /// What became of the file of a row, where git tells.
    pub fn fate(&self, row: &Applied) -> Option<&Fate> {
        self.trace(row).map(|trace| &trace.fate)
    }
}

/// All texts of the files in git, newest first.
async fn scripts(
    repository: &Repository,
    traces: &BTreeMap<i64, Vec<Trace>>,
) -> Result<BTreeMap<i64, Vec<Script>>, GitError> {
    let mut wanted: Vec<(i64, &Commit, &str)> = Vec::new();
    for (version, traces) in traces {
        for trace in traces {
            wanted.extend(trace.written.iter().map(|commit| (*version, commit, trace.file.as_str())));
        }
    }
    let files: Vec<(String, String)> = wanted
        .iter()
        .flat_map(|(_, commit, file)| [(commit.hash.clone(), (*file).to_owned()), (commit.hash.clone(), down_of(file))])
        .collect();
    let contents = repository.contents(&files).await?;
    let mut scripts: BTreeMap<i64, Vec<Script>> = BTreeMap::new();
    for ((version, commit, file), texts) in wanted.into_iter().zip(contents.chunks(2)) {
        let text = |at: usize| texts.get(at).and_then(Option::as_deref).and_then(folded);
        let Some(up) = text(0) else { continue };
        let (down, source) = (text(1), Source::Git(commit.clone()));
        let script = Script { file: file.to_owned(), parents: None, up, down, source };
        scripts.entry(version).or_default().push(script);
    }
    Ok(scripts)
}
