//! A server from the machine's own binaries: one folder, one process, one guard.

use std::{
    io::{self, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    address::{Address, SUPERUSER, random_password},
    copy::copy_folder,
    error::ScratchError,
    find::program,
    guard::Guard,
    options::ServerOptions,
    platform::{self, Account, SOCKET_PATH_LIMIT, Stop},
};
use crate::config::environment;
use crate::process_group::ProcessGroup;

/// How long a server may take to accept connections, recovery after a crash included.
const START: Duration = Duration::from_secs(60);
/// How long it may take to end before it is told to be quicker about it.
const STOP: Duration = Duration::from_secs(20);
/// How often a port that somebody else took in the meantime is replaced.
const PORTS: usize = 10;

/// Settings of servers that run here rather than in a container.
const HERE: [&str; 2] = [
    // A killed server then leaves no shared memory behind: it is in the folder.
    "dynamic_shared_memory_type=mmap",
    "logging_collector=off",
];

/// A data folder that no server runs on: what servers are copied from. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Cluster {
    programs: PathBuf,
    home: Home,
    password: String,
}

/// The folder of a server, and who removes it if we don't.
#[derive(Debug)]
struct Home {
    account: Option<Account>,
    // In this order: the guard does its work if ours failed, and needs to see what is left.
    folder: TempDir,
    _guard: Option<Guard>,
}

/// A local server. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub(super) struct Local {
    programs: PathBuf,
    settings: Vec<String>,
    address: Address,
    // In this order: no folder goes under a running server.
    server: Option<Child>,
    home: Home,
}

impl Cluster {
    /// Makes one with the programs of a folder.
    pub(super) async fn init(programs: PathBuf) -> Result<Self, ScratchError> {
        let cluster = Self { home: Home::new()?, programs, password: random_password() };
        cluster.initdb().await?;
        Ok(cluster)
    }

    /// Starts a server on it.
    pub(super) async fn into_server(self, options: &ServerOptions) -> Result<Local, ScratchError> {
        Local::start(self.programs, self.home, self.password, options).await
    }

    /// Starts a server on a copy of it: a tenth of the work of making one.
    pub(super) async fn server(&self, options: &ServerOptions) -> Result<Local, ScratchError> {
        let home = Home::new()?;
        let (from, to, account) = (self.home.data(), home.data(), home.account);
        let copied = tokio::task::spawn_blocking(move || copy_folder(&from, &to, account)).await;
        copied.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(ScratchError::Folder)?;
        Local::start(self.programs.clone(), home, self.password.clone(), options).await
    }

    async fn initdb(&self) -> Result<(), ScratchError> {
        let password_file = self.home.path().join("password");
        self.write_password(&password_file).map_err(ScratchError::Folder)?;
        let mut command = self.home.command(&self.programs, "initdb");
        command
            .arg("-D")
            .arg(self.home.data())
            .arg(format!("--pwfile={}", password_file.display()))
            .args(["-U", SUPERUSER, "-E", "UTF8", "--locale=C", "--no-sync"])
            .args(["--auth-host=scram-sha-256", "--auth-local=scram-sha-256"])
            .stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let cannot_run = |source| ScratchError::Run { program: program(&self.programs, "initdb"), source };
        let initdb = tokio::process::Command::from(command).kill_on_drop(true).spawn().map_err(cannot_run)?;
        // It runs servers of its own, which would outlive it for a while if we were interrupted.
        let _group = ProcessGroup::of(initdb.id());
        let output = initdb.wait_with_output().await.map_err(cannot_run)?;
        fs_err::remove_file(&password_file).map_err(ScratchError::Folder)?;
        if output.status.success() {
            Ok(())
        } else {
            let output = String::from_utf8_lossy(&output.stderr);
            Err(ScratchError::Initdb { output: last_lines(&output) })
        }
    }

    fn write_password(&self, file: &Path) -> io::Result<()> {
        // The folder is closed to others, so the file is too.
        let mut open = fs_err::OpenOptions::new().write(true).create_new(true).open(file)?;
        open.write_all(self.password.as_bytes())?;
        platform::give(file, self.home.account)
    }
}

impl Home {
    fn new() -> Result<Self, ScratchError> {
        let account = platform::account()?;
        let parent = parent_folder(&environment::temporary_folder(), account)?;
        let folder = platform::new_folder(&parent).map_err(ScratchError::Folder)?;
        let guard = platform::give(folder.path(), account)
            .and_then(|()| Guard::over_folder(folder.path(), account))
            .map_err(ScratchError::Folder)?;
        Ok(Self { account, folder, _guard: guard })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// A program of the server: its own process group and account, messages in English.
    fn command(&self, programs: &Path, name: &str) -> Command {
        let mut command = Command::new(program(programs, name));
        command.current_dir(self.path()).env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGOPTIONS");
        platform::confine(&mut command, self.account);
        command
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // An `initdb` cut short may write once more while it ends; what is left then is the guard's.
        for _ in 0..5 {
            if fs_err::remove_dir_all(self.path()).is_ok() || !self.path().exists() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Local {
    async fn start(
        programs: PathBuf,
        home: Home,
        password: String,
        options: &ServerOptions,
    ) -> Result<Self, ScratchError> {
        let socket = cfg!(unix).then(|| home.path().to_owned());
        let address = Address { host: "127.0.0.1".to_owned(), port: 0, socket, password };
        let mut local = Self { programs, settings: options.all_settings(), address, server: None, home };
        local.run_on_a_free_port().await?;
        Ok(local)
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn programs(&self) -> &Path {
        &self.programs
    }

    pub(super) fn folder(&self) -> &Path {
        self.home.path()
    }

    pub(super) fn process(&self) -> Option<u32> {
        self.server.as_ref().map(Child::id)
    }

    /// Stops the server and starts it again at the same address.
    pub(super) async fn restart(&mut self, how: Stop) -> Result<(), ScratchError> {
        if let Some(server) = &mut self.server {
            platform::ask_to_stop(server, &self.programs, how).map_err(ScratchError::Stop)?;
            let deadline = Instant::now() + STOP;
            while server.try_wait().map_err(ScratchError::Stop)?.is_none() {
                if Instant::now() > deadline {
                    return Err(ScratchError::NotReady {
                        seconds: STOP.as_secs(),
                        reason: "the old server does not end".to_owned(),
                    });
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            self.server = None;
        }
        self.run().await
    }

    async fn run_on_a_free_port(&mut self) -> Result<(), ScratchError> {
        let mut left = PORTS;
        loop {
            left -= 1;
            self.address.port = free_port().map_err(ScratchError::Folder)?;
            match self.run().await {
                Err(ScratchError::Died { log }) if left > 0 && is_taken(&log) => {}
                result => return result,
            }
        }
    }

    async fn run(&mut self) -> Result<(), ScratchError> {
        let log_file = self.home.path().join("server.log");
        let log = fs_err::File::create(&log_file).map_err(ScratchError::Folder)?;
        let mut command = self.home.command(&self.programs, "postgres");
        command.arg("-D").arg(self.home.data());
        let socket = self.address.socket.as_deref();
        let ours = [
            format!("port={}", self.address.port),
            format!("listen_addresses={}", self.address.host),
            format!("unix_socket_directories={}", socket.map_or_else(String::new, list_element)),
        ];
        // The last one wins: addresses are ours alone.
        let settings = self.settings.iter().map(String::as_str);
        for setting in HERE.into_iter().chain(settings).chain(ours.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        let server = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.into_file())
            .spawn()
            .map_err(|source| ScratchError::Run { program: program(&self.programs, "postgres"), source })?;
        self.wait_until_ready(server, &log_file).await
    }

    async fn wait_until_ready(&mut self, server: Child, log_file: &Path) -> Result<(), ScratchError> {
        let address = self.address.clone();
        let server = self.server.insert(server);
        let deadline = Instant::now() + START;
        loop {
            if server.try_wait().map_err(ScratchError::Stop)?.is_some() {
                self.server = None;
                let log = fs_err::read(log_file).map_err(ScratchError::Folder)?;
                return Err(ScratchError::Died { log: last_lines(&String::from_utf8_lossy(&log)) });
            }
            let Err(reason) = address.probe().await else {
                return Ok(());
            };
            if Instant::now() > deadline {
                return Err(ScratchError::NotReady { seconds: START.as_secs(), reason });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            for how in [Stop::Fast, Stop::Immediate] {
                // A signal that can't be sent is a server that has ended, or the next step's matter.
                drop(platform::ask_to_stop(&server, &self.programs, how));
                if ended(&mut server, STOP) {
                    break;
                }
            }
            // Both do nothing after an orderly end.
            drop(server.kill());
            drop(server.wait());
        }
    }
}

fn ended(server: &mut Child, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if !matches!(server.try_wait(), Ok(None)) {
            return true;
        }
        thread::sleep(Duration::from_millis(5));
    }
    false
}

/// The folder for temporary files, or the system's own if a socket's path there is too long or the server can't go there.
fn parent_folder(temporary: &Path, account: Option<Account>) -> Result<PathBuf, ScratchError> {
    let folders = [temporary.to_owned(), platform::fallback_folder()];
    let fits = |folder: &PathBuf| {
        let socket = folder.join("cargo-migrate-12345678/.s.PGSQL.65535");
        socket.as_os_str().len() <= SOCKET_PATH_LIMIT && platform::usable_by(account, folder)
    };
    match folders.iter().find(|folder| fits(folder)) {
        Some(folder) => Ok(folder.clone()),
        None => Err(ScratchError::NoFolder(folders.to_vec())),
    }
}

/// A port that was free a moment ago.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn is_taken(log: &str) -> bool {
    log.contains("could not create any TCP/IP sockets")
}

/// Quotes an element of a list in a setting: a path may hold commas and blanks.
fn list_element(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('"', "\"\""))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.split_at(lines.len().saturating_sub(8)).1.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_long_path_is_too_long_for_a_socket() {
        let short = Path::new("/tmp");
        let long = PathBuf::from(format!("/tmp/{}", "x".repeat(80)));
        assert_eq!(parent_folder(short, None).unwrap(), short);
        assert_eq!(parent_folder(&long, None).unwrap(), short);
    }

    #[test]
    fn the_end_of_a_log_is_kept() {
        let log: String = (0..20).map(|n| format!("line {n}\n")).collect();
        let end = last_lines(&log);
        assert!(end.starts_with("line 12") && end.ends_with("line 19"), "{end}");
        assert_eq!(last_lines(""), "");
    }

    #[test]
    fn a_port_in_use_is_recognised() {
        assert!(is_taken("x\nFATAL:  could not create any TCP/IP sockets\n"));
        assert!(!is_taken("FATAL:  unrecognized configuration parameter"));
    }
}
