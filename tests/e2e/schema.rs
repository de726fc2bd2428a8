//! Snapshots of a schema, on a real server: a folder a case under `cases/schema`.
//!
//! `setup.sql` builds, `change.sql` changes, `undo.sql` takes the change back. The comparison across the change is `expected.diff` to the
//! letter, and the one across change and undo is empty. A line `-- separately` begins a message of its own, `-- fails` one that the server must
//! refuse. A file `since` holds the oldest major version that a case is for; `expected.N.diff` is what servers from N on say.
//! With `UPDATE_CASES` set, a mismatch rewrites the expectation and still fails.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_migrate::schema::{self, Kind, Limits, QualifiedName, Snapshot};
use tests::postgres::Database;
use tokio_postgres::Client;

/// Kinds that need more than a plain server: a security label's provider, or a second server. None so far.
const WITHOUT_A_CASE: &[Kind] = &[];

struct Case {
    folder: PathBuf,
    name: String,
}

impl Case {
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/schema");
        let mut cases: Vec<Self> = fs_err::read_dir(root)
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                Self { folder: entry.path(), name: entry.file_name().into_string().unwrap() }
            })
            .collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        cases
    }

    fn since(&self) -> u32 {
        let file = self.folder.join("since");
        if file.exists() { fs_err::read_to_string(file).unwrap().trim().parse().unwrap() } else { 0 }
    }

    /// The expectation for the newest version that is not newer than the server.
    fn expectation(&self, major: u32) -> PathBuf {
        (0..=major)
            .rev()
            .map(|version| self.folder.join(format!("expected.{version}.diff")))
            .find(|file| file.exists())
            .unwrap_or_else(|| self.folder.join("expected.diff"))
    }

    async fn run(&self, client: &Client, file: &str) -> Result<(), String> {
        let text = fs_err::read_to_string(self.folder.join(file)).unwrap();
        for (must_fail, sql) in messages(&text) {
            match client.batch_execute(&sql).await {
                Ok(()) if must_fail => return Err(format!("{file}: did not fail: {sql}")),
                Err(error) if !must_fail => return Err(format!("{file}: {error:?}: {sql}")),
                _ => {}
            }
        }
        Ok(())
    }

    async fn check(&self, client: &Client, major: u32) -> Result<BTreeSet<Kind>, String> {
        self.run(client, "setup.sql").await?;
        let before = take(client).await;
        self.run(client, "change.sql").await?;
        let changed = take(client).await;
        self.run(client, "undo.sql").await?;
        let undone = take(client).await;

        let differences = schema::compare(&before, &changed);
        if differences.is_empty() {
            return Err("the change does not show".to_owned());
        }
        let left = schema::compare(&before, &undone);
        if !left.is_empty() {
            return Err(format!("the undo leaves\n{}", schema::render(&left, Limits::NONE)));
        }
        let expectation = self.expectation(major);
        let expected = fs_err::read_to_string(&expectation).unwrap_or_default();
        let found = schema::render(&differences, Limits::NONE);
        if found != expected {
            if std::env::var_os("UPDATE_CASES").is_some() {
                fs_err::write(&expectation, &found).unwrap();
            }
            return Err(format!("expected\n{expected}found\n{found}"));
        }
        Ok(differences.into_iter().map(|difference| difference.object.kind).collect())
    }
}

/// The messages of a script, each with whether it must fail.
fn messages(text: &str) -> Vec<(bool, String)> {
    let mut messages = vec![(false, String::new())];
    for line in text.lines() {
        match line {
            "-- separately" => messages.push((false, String::new())),
            "-- fails" => messages.push((true, String::new())),
            _ => {
                let (_, sql) = messages.last_mut().unwrap();
                sql.push_str(line);
                sql.push('\n');
            }
        }
    }
    messages.retain(|(_, sql)| !sql.trim().is_empty());
    messages
}

async fn take(client: &Client) -> Snapshot {
    schema::take(client, &[]).await.unwrap_or_else(|error| panic!("{error:?}"))
}

async fn major_version(client: &Client) -> u32 {
    let row = client.query_one("SELECT current_setting('server_version_num')::int / 10000", &[]).await.unwrap();
    u32::try_from(row.get::<_, i32>(0)).unwrap()
}

/// A connection as a superuser with the same name everywhere, which owns the database, and two roles to give things to.
async fn session(database: &Database) -> Client {
    let client = database.client().await;
    // Roles are the whole server's: tests of other processes may create them in the same moment.
    for role in ["case_owner SUPERUSER", "case_alice", "\"Case Bob\""] {
        client
            .batch_execute(&format!(
                "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            ))
            .await
            .unwrap();
    }
    client
        .batch_execute(&format!("ALTER DATABASE \"{}\" OWNER TO case_owner; SET ROLE case_owner", database.name()))
        .await
        .unwrap();
    client
}

#[tokio::test]
async fn every_case_shows_its_change_and_nothing_after_the_undo() {
    let mut seen = BTreeSet::new();
    let mut failures = Vec::new();
    let mut skipped = 0;
    for case in Case::all() {
        let database = Database::new();
        let client = session(&database).await;
        let major = major_version(&client).await;
        if major < case.since() {
            skipped += 1;
            continue;
        }
        match case.check(&client, major).await {
            Ok(kinds) => seen.extend(kinds),
            Err(failure) => failures.push(format!("{}: {failure}", case.name)),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let unseen: Vec<_> =
        Kind::ALL.iter().filter(|kind| !seen.contains(kind) && !WITHOUT_A_CASE.contains(kind)).collect();
    assert!(unseen.is_empty(), "no case shows {unseen:?} ({skipped} cases are for newer servers)");
}
