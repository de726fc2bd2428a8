//! Snapshots of a schema, on a real server: a folder a case under `cases/schema`.
//!
//! `setup.sql` builds, `change.sql` changes, `undo.sql` takes the change back. The comparison across the change is `expected.diff` to the
//! letter, and the one across change and undo is empty. A line `-- separately` begins a message of its own, `-- fails` one that the server must
//! refuse. A file `since` holds the oldest major version that a case is for; `expected.N.diff` is what servers from N on say.
//! With `UPDATE_CASES` set, a mismatch rewrites the expectation and still fails; `UPDATE_CASES=split` writes that of the server's
//! major version, beside the one for older servers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cargo_migrate::schema::{self, Kind, Limits, QualifiedName, Reader, Snapshot};
use tests::postgres::{Database, block_on};
use tokio_postgres::Client;

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
        let reader = Reader::new(client, &[]).await.unwrap();
        let before = reader.take(client).await.unwrap();
        self.run(client, "change.sql").await?;
        let changed = reader.take(client).await.unwrap();
        self.run(client, "undo.sql").await?;
        let undone = reader.take(client).await.unwrap();

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
            match std::env::var("UPDATE_CASES").as_deref() {
                Ok("split") if expectation.exists() => {
                    fs_err::write(self.folder.join(format!("expected.{major}.diff")), &found).unwrap();
                }
                Ok(_) => fs_err::write(&expectation, &found).unwrap(),
                Err(_) => {}
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

/// What the cases have come to, over all threads.
#[derive(Default)]
struct Outcome {
    seen: BTreeSet<Kind>,
    failures: Vec<String>,
    skipped: usize,
}

#[test]
fn every_case_shows_its_change_and_nothing_after_the_undo() {
    let cases = Case::all();
    let next = AtomicUsize::new(0);
    let outcome = Mutex::new(Outcome::default());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let database = Database::new();
                    let (major, checked) = block_on(async {
                        let client = session(&database).await;
                        let major = major_version(&client).await;
                        (major, if major < case.since() { None } else { Some(case.check(&client, major).await) })
                    });
                    let mut outcome = outcome.lock().unwrap();
                    match checked {
                        None => outcome.skipped += 1,
                        Some(Ok(kinds)) => outcome.seen.extend(kinds),
                        Some(Err(failure)) => outcome.failures.push(format!("{} on {major}: {failure}", case.name)),
                    }
                }
            });
        }
    });
    let Outcome { seen, failures, skipped } = outcome.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let unseen: Vec<_> = Kind::ALL.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(unseen.is_empty(), "no case shows {unseen:?} ({skipped} cases are for newer servers)");
}

#[tokio::test]
async fn ignored_tables_do_not_show_with_all_that_belongs_to_them() {
    let database = Database::new();
    let client = session(&database).await;
    let ignore = [QualifiedName::new("Odd", "it's \\ \"history\""), QualifiedName::new("public", "not_there")];
    client.batch_execute("CREATE SCHEMA \"Odd\"; CREATE TABLE public.kept (id int)").await.unwrap();
    let before = schema::take(&client, &ignore).await.unwrap();
    client
        .batch_execute(&format!(
            "CREATE TABLE {name} (id bigserial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, t text CHECK (t <> ''));
             CREATE INDEX ON {name} (t);
             CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER t AFTER INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION public.f();
             CREATE STATISTICS public.s ON id, t FROM {name};
             COMMENT ON TABLE {name} IS 'ours'; GRANT SELECT ON {name} TO PUBLIC",
            name = ignore[0]
        ))
        .await
        .unwrap();
    let after = schema::take(&client, &ignore).await.unwrap();
    let shown: Vec<_> =
        schema::compare(&before, &after).iter().map(|difference| difference.object.to_string()).collect();
    assert_eq!(shown, ["function public.f()"]);
    assert!(schema::compare(&before, &take(&client).await).len() > 10);
}

#[tokio::test]
async fn a_role_that_may_only_connect_reads_the_same() {
    let database = Database::new();
    let client = session(&database).await;
    client
        .batch_execute(
            "CREATE SCHEMA hidden;
             CREATE TABLE hidden.books (id int PRIMARY KEY, title text);
             CREATE VIEW hidden.titles AS SELECT title FROM hidden.books;
             CREATE FUNCTION hidden.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE FOREIGN DATA WRAPPER afar;
             CREATE SERVER there FOREIGN DATA WRAPPER afar;
             CREATE SUBSCRIPTION paper CONNECTION 'host=nowhere password=hush' PUBLICATION news WITH (connect = false)",
        )
        .await
        .unwrap();
    let superuser = take(&client).await;
    client.batch_execute("SET ROLE case_alice").await.unwrap();
    let other = take(&client).await;
    assert_eq!(schema::render(&schema::compare(&superuser, &other), Limits::NONE), "");
    assert!(superuser.get(Kind::View, "hidden.titles").is_some());
    client.batch_execute("SET ROLE case_owner; ALTER SUBSCRIPTION paper SET (slot_name = NONE)").await.unwrap();
    client.batch_execute("DROP SUBSCRIPTION paper").await.unwrap();
}

#[tokio::test]
async fn the_sessions_settings_do_not_matter_and_stay() {
    let database = Database::new();
    let client = session(&database).await;
    client
        .batch_execute(
            "CREATE TABLE public.books (id int, at timestamptz DEFAULT '2026-01-02 03:04:05+00', \"a\\b\" text DEFAULT E'\\\\',
                 f float8 DEFAULT 0.1, i interval DEFAULT '1 day 2 hours', CHECK (at > '2020-01-01 00:00:00+00'));
             CREATE VIEW public.v AS SELECT id FROM public.books",
        )
        .await
        .unwrap();
    let before = take(&client).await;
    let settings = "SET search_path = public; SET quote_all_identifiers = on; SET \"DateStyle\" = 'German, DMY';
        SET \"IntervalStyle\" = 'iso_8601'; SET \"TimeZone\" = 'Asia/Tokyo'; SET standard_conforming_strings = off;
        SET extra_float_digits = 0; SET default_transaction_read_only = on";
    client.batch_execute(settings).await.unwrap();
    let after = take(&client).await;
    assert_eq!(schema::render(&schema::compare(&before, &after), Limits::NONE), "");
    let path: String = client.query_one("SHOW search_path", &[]).await.unwrap().get(0);
    assert_eq!(path, "public");
}

#[tokio::test]
async fn a_refused_reading_leaves_the_session_usable() {
    let database = Database::new();
    let client = session(&database).await;
    let error = schema::take(&client, &[QualifiedName::new("public", "a\0b")]).await.unwrap_err();
    assert_eq!(error.to_string(), "could not read the database's schema");
    // A caller's transaction is not committed under its hands.
    client.batch_execute("BEGIN; CREATE TABLE public.mine ()").await.unwrap();
    assert!(schema::take(&client, &[]).await.is_err());
    client.batch_execute("SELECT 1").await.unwrap();
    assert!(take(&client).await.get(Kind::Table, "public.mine").is_none());
}

#[tokio::test]
async fn two_databases_built_alike_are_the_same() {
    let script = "CREATE TABLE public.books (id bigserial PRIMARY KEY, gone int, title text NOT NULL);
        ALTER TABLE public.books DROP gone; CREATE TYPE public.mood AS ENUM ('sad', 'ok');
        GRANT SELECT ON public.books TO case_alice; CREATE VIEW public.v AS SELECT title FROM public.books";
    let (one, other) = (Database::new(), Database::new());
    let (first, second) = (session(&one).await, session(&other).await);
    first.batch_execute(script).await.unwrap();
    second
        .batch_execute(&format!("CREATE TABLE public.takes_oids (); {script}; DROP TABLE public.takes_oids"))
        .await
        .unwrap();
    second
        .batch_execute("GRANT INSERT ON public.books TO PUBLIC; REVOKE INSERT ON public.books FROM PUBLIC")
        .await
        .unwrap();
    second
        .batch_execute(
            "GRANT USAGE ON TYPE public.mood TO case_alice; REVOKE USAGE ON TYPE public.mood FROM case_alice",
        )
        .await
        .unwrap();
    assert_eq!(take(&first).await, take(&second).await);
}

#[tokio::test]
async fn a_reader_sees_what_take_sees_even_after_the_session_was_reset() {
    let database = Database::new();
    let client = session(&database).await;
    let reader = Reader::new(&client, &[QualifiedName::new("public", "ours")]).await.unwrap();
    let second = Reader::new(&client, &[]).await.unwrap();
    client.batch_execute("CREATE TABLE public.books (id int)").await.unwrap();
    assert_eq!(reader.take(&client).await.unwrap(), take(&client).await);
    client.batch_execute("CREATE TABLE public.ours (id int PRIMARY KEY)").await.unwrap();
    assert_eq!(second.take(&client).await.unwrap(), take(&client).await);
    let before = reader.take(&client).await.unwrap();
    assert!(before.get(Kind::Table, "public.ours").is_none());
    client.batch_execute("DISCARD ALL").await.unwrap();
    assert_eq!(reader.take(&client).await.unwrap(), before);
}
