//! From one schema to another and back, on a real server: a folder a case under `cases/diff`.
//!
//! `from.sql` and `to.sql` build the two schemas, `up.sql` and `down.sql` are what is generated, to the letter on PostgreSQL 15, and `hints.toml` holds answers.
//! A case builds `from`, goes up, and must be what `to` built directly is; it finds nothing more to do; it goes down and must be as it was; and it
//! goes up once more. The order of columns is not compared: what is added comes last. `rows.sql` puts rows in before; `check.sql` holds
//! queries that must answer `t` after the way up, `check_down.sql` after the way down. Files `since` and `until`
//! hold the oldest and the newest major version for a case.
//! With `UPDATE_CASES` set, a mismatch rewrites the expectation and still fails.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cargo_migrate::diff::{self, Hints, Part, Permission, Plan, Rename, RenamedValue};
use cargo_migrate::schema::{self, Difference, Kind, Limits, Reader, Snapshot};
use cargo_migrate::sql;
use tests::postgres::{Database, block_on};
use tokio_postgres::{Client, SimpleQueryMessage};

/// The major version whose words `up.sql` and `down.sql` have: others print views, or name what NOT NULL is kept by, otherwise. What the
/// statements do is the same everywhere.
const LETTERS: u32 = 15;
/// The major version from which on `rich.sql` can be built.
const RICH: u32 = 14;

/// A database that cases use one after the other: cleaning it takes less time than making one.
pub(crate) struct Scratch {
    pub(crate) client: Client,
    reader: Reader,
    pristine: Snapshot,
    database: Database,
}

impl Scratch {
    pub(crate) async fn new() -> Self {
        let database = Database::new();
        let client = database.client().await;
        // Roles are the whole server's: tests of other threads may create them in the same moment.
        for role in ["case_owner SUPERUSER", "case_alice", "\"Case Bob\""] {
            let create = format!(
                "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            );
            client.batch_execute(&create).await.unwrap();
        }
        let name = database.name();
        client
            .batch_execute(&format!(
                "SET client_min_messages = warning; ALTER DATABASE \"{name}\" OWNER TO case_owner; SET ROLE case_owner"
            ))
            .await
            .unwrap();
        let reader = Reader::new(&client, &[]).await.unwrap();
        let pristine = reader.take(&client).await.unwrap();
        Self { client, reader, pristine, database }
    }

    pub(crate) async fn take(&self) -> Snapshot {
        self.reader.take(&self.client).await.unwrap()
    }

    /// Makes it as new, or makes a new one where that can't be.
    pub(crate) async fn clean(self) -> Self {
        drop(self.client.batch_execute("ROLLBACK; RESET ROLE; SET ROLE case_owner").await);
        let cleaned = self.client.batch_execute("DROP OWNED BY case_owner, case_alice, \"Case Bob\" CASCADE").await;
        if cleaned.is_ok() && self.reader.take(&self.client).await.is_ok_and(|now| now == self.pristine) {
            return self;
        }
        let new = Self::new().await;
        let Self { client, reader: _, pristine: _, database } = self;
        drop(client);
        drop(database);
        new
    }
}

/// Runs the parts of a plan, as the engine does: a transaction a part, or a statement at a time.
async fn run<'p>(client: &Client, parts: impl Iterator<Item = (&'p Part, &'p Vec<String>)>) -> Result<(), String> {
    for (part, statements) in parts {
        let messages = if part.transaction {
            vec![format!("BEGIN;\n{}\nCOMMIT;", statements.join("\n"))]
        } else {
            statements.clone()
        };
        for message in messages {
            if let Err(error) = client.batch_execute(&message).await {
                drop(client.batch_execute("ROLLBACK").await);
                let detail = error.as_db_error().map(ToString::to_string).unwrap_or_else(|| error.to_string());
                return Err(format!("{detail} in\n{message}"));
            }
        }
    }
    Ok(())
}

pub(crate) async fn up(client: &Client, plan: &Plan) -> Result<(), String> {
    run(client, plan.parts.iter().map(|part| (part, &part.up))).await.map_err(|error| format!("up: {error}"))
}

pub(crate) async fn down(client: &Client, plan: &Plan) -> Result<(), String> {
    run(client, plan.parts.iter().rev().map(|part| (part, &part.down))).await.map_err(|error| format!("down: {error}"))
}

/// What differs, but for the order of columns.
pub(crate) fn remaining(before: &Snapshot, after: &Snapshot) -> Result<(), String> {
    let left: Vec<Difference> = schema::compare(before, after)
        .into_iter()
        .filter(|difference| difference.object.kind != Kind::ColumnOrder)
        .collect();
    if left.is_empty() { Ok(()) } else { Err(schema::render(&left, Limits::NONE)) }
}

struct Case {
    folder: PathBuf,
    name: String,
}

impl Case {
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/diff");
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

    fn text(&self, file: &str) -> Option<String> {
        let file = self.folder.join(file);
        file.exists().then(|| fs_err::read_to_string(file).unwrap())
    }

    fn is_for(&self, major: u32) -> bool {
        let version = |file: &str| self.text(file).map(|text| text.trim().parse::<u32>().unwrap());
        version("since").is_none_or(|since| since <= major) && version("until").is_none_or(|until| major <= until)
    }

    async fn check(&self, major: u32, from: &Scratch, to: &Scratch) -> Result<BTreeSet<String>, String> {
        let client = &from.client;
        let execute = async |client: &Client, file: &str| match self.text(file) {
            Some(text) => {
                client.batch_execute(&text).await.map_err(|error| format!("{file}: {:?}", error.as_db_error()))
            }
            None => Ok(()),
        };
        execute(client, "from.sql").await?;
        execute(&to.client, "to.sql").await?;
        let (former, wanted) = (from.take().await, to.take().await);
        let hints = self.text("hints.toml").map(|text| hints(&text)).unwrap_or_default();
        let plan = diff::plan(&former, &wanted, &hints).map_err(|error| error.to_string())?;
        let (up_text, down_text) = shown(&plan);
        let mut wrong = String::new();
        for (file, found) in [("up.sql", up_text), ("down.sql", down_text)] {
            let expected = self.text(file).unwrap_or_default();
            if major == LETTERS && found != expected {
                if std::env::var_os("UPDATE_CASES").is_some() {
                    fs_err::write(self.folder.join(file), &found).unwrap();
                }
                let _ = write!(wrong, "{file} expected\n{expected}found\n{found}");
            }
        }
        if !plan.unsupported.is_empty() {
            return if wrong.is_empty() { Ok(BTreeSet::new()) } else { Err(wrong) };
        }
        execute(client, "rows.sql").await?;
        up(client, &plan).await?;
        let reached = from.take().await;
        remaining(&plan.target, &reached).map_err(|left| format!("the way up leaves\n{left}"))?;
        self.queries(client, "check.sql").await?;
        let again = diff::plan(&reached, &wanted, &Hints { renames: Vec::new(), values: Vec::new(), ..hints })
            .map_err(|error| error.to_string())?;
        if !again.parts.is_empty() {
            return Err(format!("it finds more to do\n{}", shown(&again).0));
        }
        down(client, &plan).await?;
        remaining(&former, &from.take().await).map_err(|left| format!("the way down leaves\n{left}"))?;
        self.queries(client, "check_down.sql").await?;
        up(client, &plan).await.map_err(|error| format!("again: {error}"))?;
        remaining(&plan.target, &from.take().await).map_err(|left| format!("the second way up leaves\n{left}"))?;
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(schema::compare(&former, &wanted)
            .into_iter()
            .map(|difference| difference.object.kind.as_str().to_owned())
            .collect())
    }

    async fn queries(&self, client: &Client, file: &str) -> Result<(), String> {
        let Some(text) = self.text(file) else { return Ok(()) };
        let answers = client.simple_query(&text).await.map_err(|error| format!("{file}: {:?}", error.as_db_error()))?;
        let rows: Vec<Option<&str>> = answers
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row.get(0)),
                _ => None,
            })
            .collect();
        assert!(!rows.is_empty(), "{file} asks nothing");
        if rows.iter().all(|row| *row == Some("t")) { Ok(()) } else { Err(format!("{file} answers {rows:?}")) }
    }
}

/// A plan as the cases have it: what is said about it in comments, then its parts.
fn shown(plan: &Plan) -> (String, String) {
    let Plan { parts, questions, unsupported, retired, kept, notes, .. } = plan;
    let mut up = String::new();
    for question in questions {
        let (old, new) = (&question.old, &question.new);
        let _ = writeln!(
            up,
            "-- question: {} {old} ({}) to {new} ({})?",
            question.kind, question.old_type, question.new_type
        );
    }
    for unsupported in unsupported {
        let _ = writeln!(up, "-- unsupported: {}: {}", unsupported.object, unsupported.what);
    }
    for (word, list) in [("retired", retired), ("kept", kept), ("note", notes)] {
        for line in list {
            let _ = writeln!(up, "-- {word}: {line}");
        }
    }
    let mut down = String::new();
    for (number, part) in parts.iter().enumerate() {
        let outside = if part.transaction { "" } else { ", outside of a transaction" };
        let _ = writeln!(up, "-- part {}{outside}", number + 1);
        for hazard in &part.hazards {
            let _ = writeln!(up, "-- hazard: {:?}: {}: {}", hazard.kind, hazard.object, hazard.message);
        }
        for statement in &part.up {
            let _ = writeln!(up, "{statement}");
        }
    }
    for (number, part) in parts.iter().enumerate().rev() {
        let outside = if part.transaction { "" } else { ", outside of a transaction" };
        let _ = writeln!(down, "-- part {}{outside}", number + 1);
        for statement in &part.down {
            let _ = writeln!(down, "{statement}");
        }
    }
    (up, down)
}

fn hints(text: &str) -> Hints {
    let document: toml_edit::DocumentMut = text.parse().unwrap();
    let mut hints = Hints::default();
    let list = |item: &toml_edit::Item| -> Vec<String> {
        item.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let permission = |item: &toml_edit::Item| {
        if item.as_bool() == Some(true) { Permission::All } else { Permission::Only(list(item).into_iter().collect()) }
    };
    let pairs = |item: &toml_edit::Item| -> Vec<(String, String)> {
        item.as_table()
            .unwrap()
            .iter()
            .map(|(key, value)| (key.to_owned(), value.as_str().unwrap().to_owned()))
            .collect()
    };
    for (key, item) in document.iter() {
        match key {
            "drop-columns" => hints.drop_columns = permission(item),
            "drop-tables" => hints.drop_tables = permission(item),
            "keep" => hints.keep = list(item).iter().map(|kind| kind.parse().unwrap()).collect(),
            "fill" => hints.fill = pairs(item).into_iter().collect(),
            "values" => {
                for (of, item) in item.as_table().unwrap() {
                    hints.values.extend(pairs(item).into_iter().map(|(old, new)| RenamedValue {
                        of: of.to_owned(),
                        old,
                        new,
                    }));
                }
            }
            kind => {
                let kind: Kind = kind.parse().unwrap();
                hints.renames.extend(pairs(item).into_iter().map(|(old, new)| Rename { kind, old, new }));
            }
        }
    }
    hints
}

#[derive(Default)]
struct Outcome {
    seen: BTreeSet<String>,
    failures: Vec<(String, String)>,
}

/// Runs jobs on some threads, each with two databases of its own.
pub(crate) fn on_databases<T: Sync>(
    jobs: &[T],
    work: impl Fn(&T, &Scratch, &Scratch, &tokio::runtime::Runtime) + Sync,
) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                let (mut from, mut to) = runtime.block_on(async { (Scratch::new().await, Scratch::new().await) });
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(job, &from, &to, &runtime);
                    (from, to) = runtime.block_on(async { (from.clean().await, to.clean().await) });
                }
            });
        }
    });
}

#[test]
fn every_case_goes_up_and_comes_down() {
    let only = std::env::var("ONLY_CASE").ok();
    let cases: Vec<Case> =
        Case::all().into_iter().filter(|case| only.as_ref().is_none_or(|only| case.name.contains(only))).collect();
    let major = Database::new().major_version();
    let outcome = Mutex::new(Outcome::default());
    on_databases(&cases, |case, from, to, runtime| {
        if !case.is_for(major) {
            return;
        }
        let checked = runtime.block_on(case.check(major, from, to));
        let mut outcome = outcome.lock().unwrap();
        match checked {
            Ok(kinds) => outcome.seen.extend(kinds),
            Err(failure) => outcome.failures.push((case.name.clone(), failure)),
        }
    });
    let Outcome { seen, mut failures } = outcome.into_inner().unwrap();
    failures.sort();
    let shown: Vec<String> = failures.iter().map(|(name, failure)| format!("== {name}: {failure}")).collect();
    assert!(failures.is_empty(), "{}\n{} of {} failed", shown.join("\n"), failures.len(), cases.len());
    if only.is_none() {
        for kind in KINDS {
            assert!(seen.contains(kind.as_str()), "no case is about a {kind}");
        }
        assert!(cases.len() >= 150, "there were 150 cases");
    }
}

/// What SQL is generated for.
const KINDS: [Kind; 22] = [
    Kind::Schema,
    Kind::Extension,
    Kind::Collation,
    Kind::Enum,
    Kind::Domain,
    Kind::CompositeType,
    Kind::RangeType,
    Kind::Function,
    Kind::Procedure,
    Kind::Aggregate,
    Kind::Sequence,
    Kind::Table,
    Kind::View,
    Kind::MaterializedView,
    Kind::Column,
    Kind::Constraint,
    Kind::Index,
    Kind::Statistics,
    Kind::Trigger,
    Kind::Rule,
    Kind::Policy,
    Kind::DefaultPrivileges,
];

#[test]
fn a_rich_schema_has_no_false_difference_and_a_dump_that_builds_it() {
    block_on(async {
        let (one, other) = (Scratch::new().await, Scratch::new().await);
        if one.database.major_version() < RICH {
            return;
        }
        let rich = include_str!("../cases/rich.sql");
        one.client.batch_execute(rich).await.unwrap();
        other
            .client
            .batch_execute(&format!("CREATE TABLE takes_oids (); {rich}; DROP TABLE takes_oids"))
            .await
            .unwrap();
        let (first, second) = (one.take().await, other.take().await);
        let plan = diff::plan(&first, &second, &Hints::default()).unwrap();
        assert_eq!(shown(&plan), (String::new(), String::new()));
        let dump = sql::dump(&first).unwrap();
        assert_eq!(dump, sql::dump(&second).unwrap());
        let other = other.clean().await;
        other.client.batch_execute(&dump).await.unwrap_or_else(|error| panic!("{error:?} in\n{dump}"));
        let third = other.take().await;
        remaining(&first, &third).unwrap();
        assert_eq!(dump, sql::dump(&third).unwrap());
    });
}
