//! An upgrade as a script for psql: for whoever may not, or will not, let a program change a database.
//!
//! It is made of the same statements as an upgrade, in the same transactions, so the rows of history, archive, log and progress are the
//! same. What an upgrade learns from its session, the script asks the server for and keeps in psql's variables.

use std::fmt::Write;

use super::apply::Step;
use super::error::Error;
use super::options::Options;
use super::outside::{alone, is_patient};
use super::refusal::Refusal;
use super::rows::sha256;
use super::run::setup;
use super::sql::{Frame, PSQL, Psql, raise};
use super::state::{State, refuse_too_large};
use super::table::{advisory_key, literal};
use crate::direction::Direction;
use crate::embedded::Migration;

/// Part of the server's message where the database is another than the script was made for.
const MOVED: &str = "cargo-migrate: the history is not what it was when this script was made";

/// Part of the server's message where somebody else holds the lock.
const TAKEN: &str = "cargo-migrate: somebody else migrates this database";

/// Writes what applies `migrations`, in this order, to a database that is in this `state`. With nothing to apply it changes nothing.
///
/// # Errors
/// The session reads strings in its own way, a migration of the database is half way, or one can't be written as a script.
pub fn script(state: &State, migrations: &[&Migration<'_>], options: &Options) -> Result<String, Error> {
    let mut out = head(state, migrations);
    if migrations.is_empty() {
        return Ok(out);
    }
    // Whoever runs the script may write where the one who makes it may not.
    if !state.conforming_strings {
        return Err(Error::Strings);
    }
    if let Some(interrupted) = state.interrupted.first() {
        return Err(Refusal::Interrupted(interrupted.clone()).into());
    }
    let versions: Vec<i64> = migrations.iter().map(|migration| migration.version).collect();
    refuse_too_large(state, &versions)?;
    let frame = Frame {
        table: &state.table,
        width: state.width,
        server_version: state.server_version,
        options,
        psql: true,
        pid: 0,
        key: advisory_key(&state.table),
        identity: ("", ""),
        restore: "",
    };
    begin(&mut out, &frame);
    out.push_str(&setup(state, options));
    out.push_str(&unmoved(state));
    for migration in migrations {
        if migration.backfill.is_some() {
            return Err(Refusal::BackfillInScript { version: migration.version }.into());
        }
        let step = Step { migration, direction: Direction::Up };
        let statements = step.statements()?;
        let title = printed(&format!("{} {}", migration.version, migration.name));
        let _ = writeln!(out, "\n\\echo {title}");
        if migration.transaction {
            out.push_str(&frame.begin(migration, false));
            out.push_str(step.script());
            out.push_str(&frame.end(migration, Direction::Up, false));
        } else {
            let _ = writeln!(out, "{};", frame.begin_outside(migration));
            for (at, statement) in statements.iter().enumerate() {
                let number = at + 1;
                let sql = step.script().get(statement.range.clone()).unwrap_or_default();
                let (of, hash) = ((migration.version, Direction::Up), sha256(sql));
                let record = |state: &str| frame.progress(of, (number, &hash), state, None);
                if alone(statement.kind) {
                    let patient = is_patient(migration, step.script(), statement.kind);
                    let _ = writeln!(out, "{}{}COMMIT;", frame.begin_statement(), record("running"));
                    if patient {
                        let _ = writeln!(out, "{};", Frame::patiently());
                    }
                    let running = frame.still_running(of, number);
                    let _ = writeln!(out, "{sql}\n;\n{}{running}{}COMMIT;", frame.begin_statement(), record("done"));
                    if patient {
                        let _ = writeln!(out, "{};", frame.impatiently(migration));
                    }
                } else {
                    let _ = writeln!(out, "{}{sql}\n;{}COMMIT;", frame.begin_statement(), record("done"));
                }
            }
            out.push_str(&frame.end_outside(migration, Direction::Up));
        }
    }
    let _ = writeln!(out, "\nSELECT pg_catalog.pg_advisory_unlock({});\n\\echo done", frame.key);
    Ok(out)
}

fn head(state: &State, migrations: &[&Migration<'_>]) -> String {
    let mut out = format!("-- Upgrade of database {} by hand.\n", printed(&state.database));
    if migrations.is_empty() {
        out.push_str("-- Nothing is pending.\n");
    }
    for migration in migrations {
        let _ = writeln!(out, "--   {} {}", migration.version, printed(&migration.name));
    }
    out.push_str("-- Run it by: psql -X -f FILE, and not with --single-transaction.\n");
    out
}

/// What stays on one line, and is neither a variable nor a quote to psql.
fn printed(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || " _-.".contains(c) { c } else { '?' };
    text.chars().map(plain).collect()
}

/// Stops at the first error, keeps in variables what the session is, and takes the lock.
fn begin(out: &mut String, frame: &Frame<'_>) {
    let Psql { process, authorization, role, restore } = PSQL;
    let key = frame.key;
    let _ = writeln!(
        out,
        "\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n\\set QUIET on\n\\unset FETCH_COUNT\n\\encoding UTF8\n\\pset tuples_only on\n\
         SELECT pg_catalog.pg_backend_pid() AS {process}, pg_catalog.current_setting('session_authorization') AS {authorization}, \
         pg_catalog.current_setting('role') AS {role}, \
         coalesce((SELECT pg_catalog.string_agg(pg_catalog.format('pg_catalog.set_config(%L, %L, false)', s.name, s.setting), ', ') \
         FROM pg_catalog.pg_settings s WHERE s.source = 'session'), '1') AS {restore} \\gset\n\
         SELECT CASE WHEN pg_catalog.pg_try_advisory_lock({key}) THEN '' ELSE {} END;",
        raise(TAKEN)
    );
}

/// Fails unless the history holds what it held.
fn unmoved(state: &State) -> String {
    let rows: Vec<String> = state.applied.iter().map(|row| format!("{} {}", row.version, row.checksum)).collect();
    format!(
        "SELECT CASE WHEN pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce((SELECT pg_catalog.string_agg(\
         pg_catalog.concat(version, ' ', checksum), ',' ORDER BY version) FROM {}), ''), 'UTF8')), 'hex') = {} \
         THEN '' ELSE {} END;\n",
        state.table,
        literal(&sha256(&rows.join(","))),
        raise(MOVED)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_not_leave_their_line() {
        assert_eq!(printed("1 a\n\\! rm :x 'y"), "1 a??? rm ?x ?y");
    }
}
