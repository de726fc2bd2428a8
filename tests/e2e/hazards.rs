//! What an analysis says of a statement, against what a server does: locks as `pg_locks` shows them, tables written anew by their file, tables
//! read through by the counters of the transaction.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use cargo_migrate::hazards::{Analysis, LockMode, Nature, On, Work, analyse};
use tests::postgres::{Database, block_on};
use tokio_postgres::Client;

fn case(file: &str) -> String {
    fs_err::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/hazards").join(file)).unwrap()
}

fn statements(file: &str) -> Vec<(String, Analysis)> {
    let text = case(file);
    let found = analyse(&text);
    assert!(!found.is_empty());
    found.into_iter().map(|analysis| (text[analysis.range.clone()].to_owned(), analysis)).collect()
}

/// A relation as the server has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    mode: Option<LockMode>,
    file: u32,
    scans: i64,
}

/// The relations that a transaction found when it began.
async fn relations(client: &Client) -> BTreeMap<u32, (String, Seen)> {
    let rows = client
        .query(
            "SELECT c.oid, relname, relfilenode, pg_stat_get_xact_numscans(c.oid) FROM pg_class c
             WHERE relnamespace = 'public'::regnamespace AND relkind <> 'c'",
            &[],
        )
        .await
        .unwrap();
    rows.iter()
        .map(|row| (row.get(0), (row.get(1), Seen { mode: None, file: row.get(2), scans: row.get(3) })))
        .collect()
}

async fn locks(client: &Client) -> Vec<(u32, LockMode)> {
    let rows = client
        .query("SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'", &[])
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), LockMode::from_pg_locks(row.get(1)).unwrap())).collect()
}

/// The relations that an effect is on. `certain` is whether the text alone told.
async fn resolve(client: &Client, on: &On) -> (Vec<String>, bool) {
    let name = on.name().name.as_str();
    let query = match on {
        On::Relation(_) => return (vec![name.to_owned()], true),
        On::TableOf(_) => "SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = $1::text::regclass",
        On::ReferencedBy(_) => {
            "SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype = 'f'"
        }
        On::UsersOf(_) => {
            "SELECT attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
             WHERE atttypid = $1::text::regtype AND relkind = 'r'"
        }
        On::DefaultPartitionOf(_) => {
            "SELECT partdefid::regclass::text FROM pg_partitioned_table WHERE partrelid = $1::text::regclass"
        }
    };
    let rows = client.query(query, &[&name]).await.unwrap();
    (rows.iter().map(|row| row.get(0)).collect(), matches!(on, On::TableOf(_)))
}

/// Predicted: mode, whether it must be there, the work.
type Predicted = BTreeMap<String, (LockMode, bool, Work)>;

async fn predicted(client: &Client, analysis: &Analysis) -> Predicted {
    let mut all = Predicted::new();
    for effect in &analysis.effects {
        let (names, certain) = resolve(client, &effect.on).await;
        for name in names {
            let entry = all.entry(name).or_insert((effect.mode, certain, effect.work));
            *entry = (entry.0.max(effect.mode), entry.1 || certain, entry.2.max(effect.work));
        }
    }
    all
}

async fn in_transaction(client: &Client, sql: &str, analysis: &Analysis) -> Result<(), String> {
    client.batch_execute("begin; set local lock_timeout = '10s'").await.unwrap();
    let predicted = predicted(client, analysis).await;
    // The catalogue queries above leave locks of theirs on catalogues alone.
    let before = relations(client).await;
    if let Err(error) = client.batch_execute(sql).await {
        client.batch_execute("rollback").await.unwrap();
        return Err(format!("{error:?}"));
    }
    let mut after = before.clone();
    for (oid, mode) in locks(client).await {
        if let Some((_, seen)) = after.get_mut(&oid) {
            seen.mode = seen.mode.max(Some(mode));
        }
    }
    let now = relations(client).await;
    client.batch_execute("rollback").await.unwrap();
    let mut wrong = Vec::new();
    for (oid, (name, Seen { mode, file, scans })) in after {
        let expected = predicted.get(&name);
        let is_index = name.contains('_') && !name.starts_with("part") && expected.is_none();
        let is_sequence = name.ends_with("_seq");
        match (mode, expected) {
            (Some(mode), Some((expected, ..))) if mode != *expected => {
                wrong.push(format!("{name}: {mode}, and not {expected}"));
            }
            // What triggers, rules and a view's own query look at is not in the text.
            (Some(mode), None) if analysis.nature == Nature::Data && mode <= LockMode::RowShare => {}
            // Indexes and sequences go with their tables.
            (Some(mode), None) if !is_index && !is_sequence => {
                wrong.push(format!("{name}: {mode}, and nothing was said"));
            }
            (None, Some((expected, true, _))) => wrong.push(format!("{name}: no lock, and not {expected}")),
            _ => {}
        }
        let Some((_, now)) = now.get(&oid) else { continue };
        let Some((_, _, work)) = expected else { continue };
        let rewritten = now.file != file && !sql.starts_with("truncate") && name != "q";
        if rewritten != (*work == Work::Rewrite) {
            wrong.push(format!("{name}: rewritten: {rewritten}, and the work is said to be {work}"));
        }
        let scanned = now.scans > scans;
        if analysis.nature == Nature::Schema && !rewritten && scanned != (*work == Work::Scan) {
            wrong.push(format!("{name}: scanned: {scanned}, and the work is said to be {work}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

#[test]
fn statements_lock_and_rewrite_what_is_said() {
    let database = Database::new();
    database.execute(&case("setup.sql"));
    let failed = block_on(async {
        let client = database.client().await;
        let version: i32 =
            client.query_one("select current_setting('server_version_num')::int", &[]).await.unwrap().get(0);
        let mut failed = Vec::new();
        for (sql, analysis) in statements("in_transaction.sql") {
            // `MERGE` came with 15.
            if sql.starts_with("merge") && version < 150_000 {
                continue;
            }
            if analysis.work == Work::Unknown {
                failed.push(format!("{sql}\n    is said to be unknown"));
            }
            if let Err(error) = in_transaction(&client, &sql, &analysis).await {
                failed.push(format!("{sql}\n    {error}"));
            }
        }
        failed
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What can't run in a transaction: the lock that it asks for while another session has the table.
#[test]
fn statements_outside_a_transaction_ask_for_what_is_said() {
    let database = Database::new();
    database.execute(&case("setup.sql"));
    for (sql, analysis) in statements("outside.sql") {
        let seen = block_on(async {
            let holder = database.client().await;
            holder.batch_execute("begin; lock table t in share update exclusive mode").await.unwrap();
            let client = database.client().await;
            let pid: i32 = client.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
            let running = sql.clone();
            let waiting = tokio::spawn(async move { client.batch_execute(&running).await });
            let mut seen = None;
            for _ in 0..500 {
                let rows = holder
                    .query(
                        "select mode from pg_locks where pid = $1 and not granted and relation = 't'::regclass",
                        &[&pid],
                    )
                    .await
                    .unwrap();
                if let Some(row) = rows.first() {
                    seen = LockMode::from_pg_locks(row.get(0));
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            holder.query("select pg_terminate_backend($1)", &[&pid]).await.unwrap();
            drop(waiting.await);
            holder.batch_execute("rollback").await.unwrap();
            seen
        });
        assert_eq!(seen, analysis.effects.first().map(|effect| effect.mode), "{sql}");
    }
}
