//! PgBouncer before the shared server, for one test.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use cargo_migrate::config::database_url::DatabaseUrl;
use fs_err as fs;
use tempfile::TempDir;

use crate::proxy::at_port;
use crate::running::until;

/// A running PgBouncer. Dropping it ends it.
#[derive(Debug)]
pub struct Pooler {
    process: Child,
    port: u16,
    /// Holds its configuration.
    _folder: TempDir,
}

impl Pooler {
    /// Starts one before the server of `url`: `mode` is `session` or `transaction`, `size` the number of server sessions.
    ///
    /// # Panics
    ///
    /// It is not installed, or does not start.
    pub fn start(url: &DatabaseUrl, mode: &str, size: usize) -> Self {
        let port =
            TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a port is free").port();
        let folder = tempfile::Builder::new().prefix("cargo-migrate-").tempdir().expect("a folder can be made");
        let config = url.config();
        let password = String::from_utf8_lossy(config.get_password().expect("the URL has a password")).into_owned();
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={} user={} password={password}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\ndefault_pool_size = {size}\n\
             max_client_conn = 100\nignore_startup_parameters = extra_float_digits\n",
            config.get_ports()[0],
            config.get_user().expect("the URL has a user")
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, text).expect("a file can be written");
        let log = folder.path().join("log");
        let process = spawn(&file, folder.path()).unwrap_or_else(|error| {
            panic!("pgbouncer can't be started ({error}): install it, `apt-get install pgbouncer` or `brew install pgbouncer`")
        });
        let mut pooler = Self { process, port, _folder: folder };
        until("pgbouncer listens", || {
            if let Some(status) = pooler.process.try_wait().expect("the process is there") {
                let said = fs::read_to_string(&log).unwrap_or_default();
                panic!("pgbouncer ended ({status}): {said}");
            }
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        pooler
    }

    /// The same database by way of the pooler.
    pub fn url(&self, url: &DatabaseUrl) -> DatabaseUrl {
        at_port(url, self.port)
    }
}

/// Starts the program; it refuses to run as root.
fn spawn(file: &Path, folder: &Path) -> io::Result<Child> {
    use std::os::unix::fs::PermissionsExt;
    let root = rustix::process::getuid().is_root();
    if root {
        // Nothing else lies in there, and the server is gone when the test is.
        fs::set_permissions(folder, PermissionsExt::from_mode(0o755))?;
        fs::set_permissions(file, PermissionsExt::from_mode(0o644))?;
    }
    let start = |program: &str| {
        let mut command = Command::new(program);
        if root {
            command.args(["-u", "postgres"]);
        }
        let log = fs::File::create(folder.join("log"))?.into_parts().0;
        command.arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()
    };
    // Debian has it where the PATH of ordinary users doesn't lead.
    start("pgbouncer").or_else(|_| start("/usr/sbin/pgbouncer"))
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // It fails where it has ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
