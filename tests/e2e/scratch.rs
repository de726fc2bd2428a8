//! Throw-away servers: how they are reached, and that nothing of them is left.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use cargo_migrate::scratch::{Engine, Restart, ScratchError, Server, ServerOptions, start};
use tests::postgres::{Database, block_on, connect, explain, own_server, server, unique_name};

fn local() -> ServerOptions {
    ServerOptions { engine: Engine::Local, ..ServerOptions::default() }
}

async fn ask(url: &cargo_migrate::config::database_url::DatabaseUrl, sql: &str) -> String {
    let client = connect(url).await.unwrap();
    client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn two_at_once_are_reached_by_both_ways() {
    let options = local();
    let (one, two) = tokio::join!(start(&options), start(&options));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_ne!(one.folder(), two.folder());
    for server in [&one, &two] {
        let url = server.create_database("shop").await.unwrap();
        let urls = [url, server.url("shop"), server.socket_url("shop").unwrap()];
        for url in urls {
            assert_eq!(ask(&url, "SELECT current_database()::text").await, "shop");
        }
        let data = ask(&server.url("shop"), "SHOW data_directory").await;
        assert_eq!(Path::new(&data), server.folder().unwrap().join("data"));
    }
    let both = tokio::join!(one.stop(), two.stop());
    assert_eq!(both, ((), ()));
}

#[test]
fn it_says_what_it_is() {
    let text = server().describe();
    let start = format!("PostgreSQL {}, local binaries in /", server().version());
    assert!(text.starts_with(&start), "{text}");
    let database = Database::new();
    let number: u32 = database.value("SHOW server_version_num").parse().unwrap();
    let major = server().version().split('.').next().unwrap();
    assert_eq!(major, (number / 10_000).to_string());
}

#[tokio::test]
async fn a_wrong_password_is_refused_on_both_ways() {
    let urls = [server().url("postgres"), server().socket_url("postgres").unwrap()];
    for url in urls {
        let mut config: tokio_postgres::Config = url.expose().parse().unwrap();
        config.password("wrong");
        let error = config.connect(tokio_postgres::NoTls).await.err().unwrap();
        let code = error.code().map(|state| state.code().to_owned());
        assert_eq!(code.as_deref(), Some("28P01"), "{error:?}");
    }
}

#[tokio::test]
async fn names_are_never_run_as_sql() {
    let server = server();
    let name = format!(r#"{}"; DROP DATABASE postgres; -- O'Brien /?#% é"#, unique_name("x"));
    let url = server.create_database(&name).await.unwrap();
    assert_eq!(ask(&url, "SELECT current_database()::text").await, name);
    let error = server.create_database(&name).await.unwrap_err();
    assert!(matches!(error, ScratchError::Statement { .. }), "{error}");

    let session = connect(&url).await.unwrap();
    server.drop_database(&name).await.unwrap();
    assert!(session.simple_query("SELECT 1").await.is_err());
    server.drop_database(&name).await.unwrap();
    assert_eq!(ask(&server.url("postgres"), "SELECT 'here'").await, "here");
}

#[test]
fn settings_reach_the_server_but_do_not_move_it() {
    let server = own_server(&[
        ("wal_level", "logical"),
        ("fsync", "on"),
        ("application_name", "a b, 'c'"),
        ("listen_addresses", "*"),
    ]);
    let url = server.url("postgres");
    let show = |name: &str| block_on(ask(&url, &format!("SHOW {name}")));
    assert_eq!(show("wal_level"), "logical");
    assert_eq!(show("fsync"), "on");
    assert_eq!(show("synchronous_commit"), "off");
    assert_eq!(show("application_name"), "a b, 'c'");
    assert_eq!(show("listen_addresses"), "127.0.0.1");
}

#[test]
fn a_setting_that_the_server_refuses_leaves_nothing_behind() {
    // Folders of other tests come and go, so this one is known by its server's setting.
    let marker = unique_name("no_such_setting");
    let options = ServerOptions { settings: vec![(marker.clone(), "1".to_owned())], ..local() };
    let error = block_on(start(&options)).unwrap_err();
    assert!(explain(&error).contains(&marker), "{error}");
    assert_eq!(processes_with(&marker), Vec::<String>::new());
}

#[tokio::test]
async fn a_restart_keeps_address_and_data() {
    let mut server = start(&local()).await.unwrap();
    let url = server.create_database("kept").await.unwrap();
    let client = connect(&url).await.unwrap();
    client.batch_execute("CREATE TABLE t (); ").await.unwrap();
    for how in [Restart::Fast, Restart::Immediate] {
        let (session, before) = (connect(&url).await.unwrap(), server.process());
        server.restart(how).await.unwrap();
        assert_ne!(server.process(), before);
        assert!(session.simple_query("SELECT 1").await.is_err());
        assert_eq!(ask(&url, "SELECT count(*)::text FROM t").await, "0");
    }
}

#[cfg(unix)]
#[test]
fn the_folder_is_closed_to_others_and_the_server_is_not_root() {
    use std::os::unix::fs::MetadataExt as _;
    let folder = server().folder().unwrap();
    let metadata = fs_err::metadata(folder).unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o700);
    assert_ne!(metadata.uid(), 0);
    assert!(!folder.join("password").exists());
    let socket: Vec<PathBuf> = fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".s.PGSQL."))
        .collect();
    assert_eq!(socket.len(), 2, "a socket and its lock: {socket:?}");
    if rustix::process::geteuid().is_root() {
        let user = fs_err::metadata(folder.join("data/postmaster.pid")).unwrap();
        assert_eq!(user.uid(), metadata.uid());
    } else {
        assert_eq!(metadata.uid(), rustix::process::geteuid().as_raw());
    }
}

#[tokio::test]
async fn nothing_is_left_after_stop_and_drop() {
    let (one, two) = (start(&local()).await.unwrap(), start(&local()).await.unwrap());
    let (first, second) = (Traces::of(&one), Traces::of(&two));
    one.stop().await;
    first.assert_gone();
    drop(two);
    second.assert_gone();
}

#[test]
fn nothing_is_left_after_a_panic() {
    let server = own_server(&[]);
    let traces = Traces::of(&server);
    let panic = catch_unwind(AssertUnwindSafe(move || {
        let _server = server;
        panic!("on purpose");
    }));
    assert!(panic.is_err());
    traces.assert_gone();
}

#[tokio::test]
async fn nothing_is_left_after_a_cancelled_start() {
    let marker = unique_name("cancelled.start");
    let options = ServerOptions { settings: vec![(marker.clone(), "1".to_owned())], ..local() };
    for milliseconds in [1, 100, 400, 700] {
        let patience = Duration::from_millis(milliseconds);
        drop(tokio::time::timeout(patience, start(&options)).await);
        assert_eq!(processes_with(&marker), Vec::<String>::new());
    }
}

/// What a server is made of, outside of this process.
struct Traces {
    folder: PathBuf,
    process: u32,
}

impl Traces {
    fn of(server: &Server) -> Self {
        let traces = Self { folder: server.folder().unwrap().to_owned(), process: server.process().unwrap() };
        assert!(traces.folder.exists() && is_running(traces.process));
        assert!(!processes_with(traces.folder.to_str().unwrap()).is_empty());
        traces
    }

    fn assert_gone(&self) {
        assert!(!self.folder.exists(), "{}", self.folder.display());
        assert!(!is_running(self.process));
        let left = processes_with(self.folder.to_str().unwrap());
        assert_eq!(left, Vec::<String>::new());
    }

    /// For an owner that could not clean up itself: its guard does so a moment later.
    fn assert_gone_soon(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.folder.exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        // The folder goes first, the guard that removed it a moment later.
        while !processes_with(self.folder.to_str().unwrap()).is_empty() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.assert_gone();
    }
}

/// Whether a process runs; one that has ended but was not waited for does not.
fn is_running(process: u32) -> bool {
    let output = std::process::Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap();
    let state = String::from_utf8_lossy(&output.stdout);
    !state.trim().is_empty() && !state.contains('Z')
}

/// The command lines that hold a text.
fn processes_with(text: &str) -> Vec<String> {
    let output = std::process::Command::new("ps").args(["-eww", "-o", "args="]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
}

/// The owner in the test below: this very test binary, told to start a server and wait for its end.
const OWNER: &str = "CARGO_MIGRATE_TEST_OWNER";

#[test]
fn an_owner_to_be_killed() {
    use std::io::Write as _;
    if std::env::var_os(OWNER).is_none() {
        return;
    }
    let server = own_server(&[]);
    let folder = server.folder().unwrap().display();
    let process = server.process().unwrap();
    // The harness captures the macros' output, not this.
    writeln!(std::io::stderr(), "\nserver {process} {folder}").unwrap();
    std::thread::sleep(Duration::from_secs(120));
}

/// Starts an owner in a process group of its own, and reads what it owns.
#[cfg(unix)]
fn owner(temporary: &Path) -> (std::process::Child, Traces) {
    use std::{
        io::{BufRead as _, BufReader},
        os::unix::process::CommandExt as _,
    };
    let mut owner = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "scratch::an_owner_to_be_killed", "--nocapture"])
        .env(OWNER, "1")
        .env("TMPDIR", temporary)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(owner.stderr.take().unwrap()).lines();
    let line = lines.find_map(|line| line.unwrap().strip_prefix("server ").map(str::to_owned));
    let (process, folder) = line.as_deref().unwrap().split_once(' ').unwrap();
    let traces = Traces { folder: PathBuf::from(folder), process: process.parse().unwrap() };
    assert!(is_running(traces.process));
    (owner, traces)
}

/// A signal to the whole group is what a terminal's Ctrl-C is.
#[cfg(unix)]
#[test]
fn nothing_is_left_after_the_owner_was_killed() {
    use rustix::process::{Pid, Signal, kill_process_group};
    for signal in [Signal::KILL, Signal::INT, Signal::TERM] {
        let (mut owner, traces) = owner(Path::new("/tmp"));
        let group = Pid::from_raw(i32::try_from(owner.id()).unwrap()).unwrap();
        kill_process_group(group, signal).unwrap();
        owner.wait().unwrap();
        traces.assert_gone_soon();
    }
}

#[cfg(unix)]
#[test]
fn a_temporary_folder_with_a_long_path_is_not_used() {
    let temporary = tempfile::Builder::new().prefix(&"long".repeat(20)).tempdir().unwrap();
    let (mut owner, traces) = owner(temporary.path());
    assert!(!traces.folder.starts_with(temporary.path()), "{}", traces.folder.display());
    owner.kill().unwrap();
    owner.wait().unwrap();
    traces.assert_gone_soon();
}

/// Root's own folder, where the account that the server runs as can't go.
#[cfg(unix)]
#[test]
fn a_temporary_folder_that_is_closed_to_the_server_is_not_used() {
    let temporary = tempfile::tempdir().unwrap();
    let (mut owner, traces) = owner(temporary.path());
    let inside = traces.folder.starts_with(temporary.path());
    assert_eq!(inside, !rustix::process::geteuid().is_root());
    owner.kill().unwrap();
    owner.wait().unwrap();
    traces.assert_gone_soon();
}
