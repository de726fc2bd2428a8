//! What the fault tests have in common: migrations that leave traces, and the proof that each left one.

use cargo_migrate::config::database_url::DatabaseUrl;
use migrate_build::runtime::{advisory_key, read_state};
use tests::output::Output;
use tests::postgres::{block_on, connect};
use tests::project::Project;
use tests::running::{Running, until};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, SimpleQueryMessage};

/// A statement that stops until the test opens the gate.
pub(crate) const STOP: &str = "select pg_advisory_xact_lock(4711);";
/// The first line of a script that runs outside a transaction.
pub(crate) const OUTSIDE: &str = "--! transaction = false\n";

/// Migrations and where they go. Each script inserts numbers of its own into `effects`.
pub(crate) struct Case {
    pub(crate) project: Project,
    pub(crate) url: DatabaseUrl,
    scripts: usize,
}

impl Case {
    /// Makes `V1`, `V2`, … of scripts; `create table effects (n int);` goes before the first.
    pub(crate) fn new(url: DatabaseUrl, scripts: &[&str]) -> Self {
        let project = Project::copy("shop");
        project.remove("migrations/versions");
        for (at, script) in scripts.iter().enumerate() {
            let number = at + 1;
            let before = if number == 1 { "create table effects (n int);\n" } else { "" };
            project.write(format!("migrations/versions/V{number}__m{number}.sql"), format!("{before}{script}\n"));
        }
        Self { project, url, scripts: scripts.len() }
    }

    /// Starts an upgrade.
    pub(crate) fn start(&self) -> Running {
        self.start_at(&self.url, &[])
    }

    /// Starts an upgrade by another way, with more arguments. What stops at a gate stays there.
    pub(crate) fn start_at(&self, url: &DatabaseUrl, more: &[&str]) -> Running {
        self.start_giving_way(url, &[&["--on-blocked", "wait"], more].concat())
    }

    /// Starts an upgrade that waits for no lock longer than it does by default.
    pub(crate) fn start_giving_way(&self, url: &DatabaseUrl, more: &[&str]) -> Running {
        Running::start(&self.project, &[&["upgrade", "--database-url", url.expose()], more].concat())
    }

    /// Upgrades.
    #[track_caller]
    pub(crate) fn upgrade(&self) -> Output {
        self.start().wait()
    }

    /// Upgrades so many times at once.
    #[track_caller]
    pub(crate) fn upgrade_at_once(&self, url: &DatabaseUrl, count: usize) -> Vec<Output> {
        let all: Vec<Running> = (0..count).map(|_| self.start_at(url, &[])).collect();
        all.into_iter().map(Running::wait).collect()
    }

    /// The only value that a query returns.
    pub(crate) fn value(&self, sql: &str) -> String {
        let messages = block_on(async { connect(&self.url).await.unwrap().simple_query(sql).await });
        let mut rows = messages.unwrap().into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
            _ => None,
        });
        match (rows.next(), rows.next()) {
            (Some(value), None) => value,
            rows => panic!("one value expected of {sql}, not {rows:?}"),
        }
    }

    /// The traces, in order.
    pub(crate) fn effects(&self) -> String {
        self.value("select coalesce(string_agg(n::text, ' ' order by n), '') from effects")
    }

    /// Asserts that these traces are there, that each migration was applied once, and that nothing is left behind.
    #[track_caller]
    pub(crate) fn is_complete(&self, effects: &str) {
        assert_eq!(self.effects(), effects);
        let count = self.scripts.to_string();
        assert_eq!(self.value("select count(*) from refinery_schema_history"), count);
        assert_eq!(self.value("select count(*) from cargo_migrate_archive"), count);
        assert_eq!(self.value("select count(*) from cargo_migrate_log where outcome = 'done'"), count);
        assert_eq!(self.value("select count(*) from cargo_migrate_progress"), "0");
        self.is_unlocked();
    }

    /// Asserts that no session holds the lock: now or, where a process was killed, as soon as the server has noticed.
    #[track_caller]
    pub(crate) fn is_unlocked(&self) {
        until("the lock is free", || {
            self.value(
                "select count(*) from pg_locks where locktype = 'advisory' and objid <> 4711 and \
                 database = (select oid from pg_database where datname = current_database())",
            ) == "0"
        });
    }

    /// The server's process that runs a migration's statement, once it waits for a lock.
    pub(crate) fn stuck(&self) -> String {
        let waiting = "from pg_stat_activity where datname = current_database() and application_name = 'cargo-migrate' \
                       and wait_event_type = 'Lock'";
        until("a migration is stopped", || self.value(&format!("select count(*) {waiting}")) == "1");
        self.value(&format!("select pid {waiting}"))
    }

    /// A session of the test's own that runs a statement and then keeps what it holds.
    pub(crate) fn hold(&self, sql: &str) -> Held {
        let url = self.url.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let client = connect(&url).await.unwrap();
            client.batch_execute(sql).await.unwrap();
            client
        });
        Held { client: Some(client), runtime }
    }

    /// Closes the gate of [`STOP`].
    pub(crate) fn gate(&self) -> Held {
        self.hold("select pg_advisory_lock(4711)")
    }

    /// Takes the lock over a history.
    pub(crate) fn lock(&self, history: Option<&str>, application: &str) -> Held {
        let key = block_on(async {
            let client = connect(&self.url).await.unwrap();
            advisory_key(&read_state(&client, history).await.unwrap().table)
        });
        self.hold(&format!("set application_name = '{application}'; select pg_advisory_lock({key})"))
    }

    /// Ends a server process.
    pub(crate) fn terminate(&self, pid: &str) {
        assert_eq!(self.value(&format!("select pg_terminate_backend({pid}, 60000)")), "t");
    }
}

/// A session that holds something until it is told to let go.
pub(crate) struct Held {
    client: Option<Client>,
    runtime: Runtime,
}

impl Held {
    /// The server's process.
    pub(crate) fn pid(&self) -> String {
        let query = async { self.client.as_ref().unwrap().query_one("select pg_backend_pid()", &[]).await };
        self.runtime.block_on(query).unwrap().get::<_, i32>(0).to_string()
    }

    /// Runs one more statement.
    pub(crate) fn run(&self, sql: &str) {
        self.runtime.block_on(self.client.as_ref().unwrap().batch_execute(sql)).unwrap();
    }

    /// Lets go of everything, and returns when it has.
    pub(crate) fn release(mut self) {
        let client = self.client.take().unwrap();
        self.runtime.block_on(client.batch_execute("rollback; select pg_advisory_unlock_all()")).unwrap();
    }
}
