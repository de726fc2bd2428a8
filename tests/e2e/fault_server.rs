//! The server's side of faults: restarts, ended sessions, cancelled statements, lost answers.

use cargo_migrate::scratch::Restart;
use tests::postgres::{Database, block_on, own_server};
use tests::proxy::{Loss, Proxy};
use tests::running::until;

use crate::fault_case::{Case, OUTSIDE, STOP};

/// The same statements in a transaction and outside.
fn scripts() -> [(&'static str, &'static str); 2] {
    [("", "1"), (OUTSIDE, "1 2")]
}

fn script(header: &str) -> String {
    format!(
        "{header}insert into effects values (2);\ninsert into effects values (3);\n{STOP}\ninsert into effects values (4);"
    )
}

#[test]
fn a_restart_in_the_middle() {
    // Throw-away servers are without it, and lose what was committed last.
    let mut server = own_server(&[("synchronous_commit", "on")]);
    for (name, (header, _)) in ["one", "two"].into_iter().zip(scripts()) {
        let url = block_on(server.create_database(name)).unwrap();
        let case =
            Case::new(url, &["insert into effects values (1);", &script(header), "insert into effects values (5);"]);
        let gate = case.gate();
        let run = case.start();
        case.stuck();
        block_on(server.restart(Restart::Immediate)).unwrap();
        let output = run.wait().ended(3);
        assert!(output.stderr.contains("connection"), "{}", output.stderr);
        assert!(output.stderr.contains("run the same command again"), "{}", output.stderr);
        assert_eq!(case.effects(), if header.is_empty() { "1" } else { "1 2 3" });
        drop(gate);
        case.upgrade().success();
        case.is_complete("1 2 3 4 5");
    }
}

#[test]
fn an_ended_session() {
    for (header, _) in scripts() {
        let database = Database::new();
        let case = Case::new(database.url(), &["insert into effects values (1);", &script(header)]);
        let gate = case.gate();
        let run = case.start();
        let pid = case.stuck();
        case.terminate(&pid);
        let output = run.wait().ended(3);
        assert!(output.stderr.contains("terminating connection due to administrator command"), "{}", output.stderr);
        assert!(output.stderr.contains("run the same command again"), "{}", output.stderr);
        assert_eq!(case.effects(), if header.is_empty() { "1" } else { "1 2 3" });
        gate.release();
        case.upgrade().success();
        case.is_complete("1 2 3 4");
    }
}

#[test]
fn a_cancelled_statement() {
    for (header, _) in scripts() {
        let database = Database::new();
        let case = Case::new(database.url(), &["insert into effects values (1);", &script(header)]);
        let gate = case.gate();
        let run = case.start();
        let pid = case.stuck();
        assert_eq!(case.value(&format!("select pg_cancel_backend({pid})")), "t");
        let output = run.wait().ended(1);
        assert!(
            output.stderr.contains("canceling statement due to user request (SQLSTATE 57014)"),
            "{}",
            output.stderr
        );
        assert_eq!(case.effects(), if header.is_empty() { "1" } else { "1 2 3" });
        case.is_unlocked();
        gate.release();
        case.upgrade().success();
        case.is_complete("1 2 3 4");
    }
}

/// The server commits, and nobody is told.
#[test]
fn a_connection_that_is_lost_at_the_commit() {
    for header in ["", OUTSIDE] {
        let database = Database::new();
        let script = format!("{header}insert into effects values (2);\ninsert into effects values (3);");
        let case = Case::new(database.url(), &["insert into effects values (1);", &script]);
        let proxy = Proxy::start(&case.url, "VALUES (2, 'm2'", Loss::Answer);
        let run = case.start_at(&proxy.url(&case.url), &[]);
        until("the commit is sent", || proxy.has_lost());
        let history = "select coalesce(to_regclass('refinery_schema_history')::text, '')";
        until("the history is there", || !case.value(history).is_empty());
        until("it is committed", || case.value("select count(*) from refinery_schema_history") == "2");
        proxy.cut();
        let output = run.wait().ended(3);
        assert!(output.stderr.contains("the connection to the database is lost"), "{}", output.stderr);
        let next = case.upgrade().success();
        assert!(next.stderr.contains("is up to date"), "{}", next.stderr);
        case.is_complete("1 2 3");
    }
}
