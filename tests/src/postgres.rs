//! One server a test process, one database a test.
//!
//! The server belongs to the process and ends with it, however it ends: see `cargo_migrate::scratch`. With plain `cargo test`
//! that is one server for the whole run; `cargo nextest` runs a process a test, and so starts one for each.

use std::{
    panic::resume_unwind,
    process,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use cargo_migrate::{
    config::database_url::DatabaseUrl,
    scratch::{Cluster, Engine, ScratchError, Server, ServerOptions},
};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// The server that all tests of this process share. Nobody restarts it: [`own_server`] is for that.
///
/// # Panics
///
/// The machine has no server binaries; the message says what to install.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| own_server(&[("max_connections", "300")]))
}

/// Starts a server for one test alone, with these settings.
///
/// # Panics
///
/// The machine has no server binaries, or the server does not start.
pub fn own_server(settings: &[(&str, &str)]) -> Server {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let options = ServerOptions { engine: Engine::Local, image: None, settings };
    block_on(cluster().start(&options)).unwrap_or_else(|error| panic!("{}", explain(&error)))
}

/// What all servers of this process are copied from.
fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| block_on(Cluster::new(Engine::Local)).unwrap_or_else(|error| panic!("{}", explain(&error))))
}

/// An error with its causes and its cure.
pub fn explain(error: &ScratchError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    if let Some(help) = error.help() {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}

/// A name that no other test has: databases and roles are shared by a whole server.
pub fn unique_name(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}_{}_{number}", process::id())
}

/// An empty database of a test's own, dropped with its sessions when the test ends.
#[derive(Debug)]
pub struct Database {
    name: String,
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Database {
    /// Creates one on the shared server.
    ///
    /// # Panics
    ///
    /// There is no server, or it refuses.
    pub fn new() -> Self {
        let name = unique_name("test");
        block_on(server().create_database(&name)).unwrap_or_else(|error| panic!("{}", explain(&error)));
        Self { name }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The superuser's way to it.
    pub fn url(&self) -> DatabaseUrl {
        server().url(&self.name)
    }

    /// The superuser's way to it, by the server's socket. Only Windows has none.
    pub fn socket_url(&self) -> Option<DatabaseUrl> {
        server().socket_url(&self.name)
    }

    /// The same way for another role, with its password.
    pub fn url_as(&self, role: &str, password: &str) -> DatabaseUrl {
        let url = self.url();
        let (_, place) = url.expose().split_once('@').expect("the URL names a user");
        DatabaseUrl::parse(&format!("postgres://{role}:{password}@{place}")).expect("a URL stays one with another user")
    }

    /// The major version of the server.
    ///
    /// # Panics
    ///
    /// It can't be asked.
    pub fn major_version(&self) -> u32 {
        let number: u32 = self.value("SHOW server_version_num").parse().expect("it is a number");
        number / 10_000
    }

    /// A new connection as the superuser.
    ///
    /// # Panics
    ///
    /// It fails.
    pub async fn client(&self) -> Client {
        connect(&self.url()).await.expect("the database is there")
    }

    /// Runs statements, outside of any asynchronous runtime or within.
    ///
    /// # Panics
    ///
    /// One fails.
    pub fn execute(&self, sql: &str) {
        self.rows(sql);
    }

    /// The rows that statements return, as text; `NULL` for no value.
    ///
    /// # Panics
    ///
    /// One fails.
    pub fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let messages = block_on(async { self.client().await.simple_query(sql).await });
        messages
            .unwrap_or_else(|error| panic!("{error:?} in {sql}"))
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            })
            .map(|row| (0..row.len()).map(|column| row.get(column).unwrap_or("NULL").to_owned()).collect())
            .collect()
    }

    /// Everything that somebody made in it, with all rows: for telling whether anything changed.
    ///
    /// # Panics
    ///
    /// It can't be read.
    pub fn contents(&self) -> Vec<String> {
        const OBJECTS: &str =
            "select c.relkind::text, format('%I.%I', n.nspname, c.relname), coalesce(c.relacl::text, '')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 2";
        block_on(async {
            let client = self.client().await;
            let mut contents = Vec::new();
            for object in client.query(OBJECTS, &[]).await.expect("the catalogue can be read") {
                let [kind, name, rights]: [String; 3] = [object.get(0), object.get(1), object.get(2)];
                contents.push(format!("{kind} {name} {rights}"));
                if kind == "r" {
                    let rows = client.query(&format!("select t::text from {name} t order by 1"), &[]).await;
                    let rows = rows.expect("the table can be read");
                    contents.extend(rows.iter().map(|row| format!("{name}: {}", row.get::<_, String>(0))));
                }
            }
            contents
        })
    }

    /// The only value that a statement returns.
    ///
    /// # Panics
    ///
    /// It returns more, or none.
    pub fn value(&self, sql: &str) -> String {
        match self.rows(sql).as_slice() {
            [row] if row.len() == 1 => row[0].clone(),
            rows => panic!("one value expected of {sql}, not {rows:?}"),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let result = block_on(server().drop_database(&self.name));
        if !thread::panicking() {
            result.expect("the database can be dropped");
        }
    }
}

/// Connects to a URL of a throw-away server.
///
/// # Errors
///
/// The server refuses or can't be reached.
pub async fn connect(url: &DatabaseUrl) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url.expose(), NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Runs a future to its end on a thread of its own, so that it may be called from a runtime, too.
pub fn block_on<F>(future: F) -> F::Output
where
    F: Future + Send,
    F::Output: Send,
{
    thread::scope(|scope| {
        let run = || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be made")
                .block_on(future)
        };
        scope.spawn(run).join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}
