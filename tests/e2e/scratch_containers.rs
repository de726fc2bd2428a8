//! Throw-away servers in containers. The tests need a container engine with the image; `tests/image/docker.sh up` makes both.

#[cfg(feature = "containers")]
mod with {
    use std::{
        env,
        io::{BufRead as _, BufReader, Write as _},
        panic::{AssertUnwindSafe, catch_unwind},
        process::{Command, Stdio},
        thread,
        time::{Duration, Instant},
    };

    use cargo_migrate::scratch::{Engine, Restart, ScratchError, Server, ServerOptions, start};
    use tests::postgres::{block_on, connect, explain};
    use tokio_postgres::NoTls;

    /// Set to `1` where no container engine can be had.
    const SKIP: &str = "CARGO_MIGRATE_SKIP_CONTAINERS";
    /// The image, if it is not the one that `docker.sh` makes on Debian 12.
    const IMAGE: &str = "CARGO_MIGRATE_TEST_IMAGE";
    /// Makes this test binary the owner that a test kills.
    const OWNER: &str = "CARGO_MIGRATE_TEST_CONTAINER_OWNER";

    fn options() -> ServerOptions {
        ServerOptions {
            engine: Engine::Container,
            image: Some(env::var(IMAGE).unwrap_or_else(|_| "postgres:15".to_owned())),
            settings: vec![("wal_level".to_owned(), "logical".to_owned())],
        }
    }

    /// Starts a server, unless containers are to be skipped.
    #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
    fn server() -> Option<Server> {
        if env::var_os(SKIP).is_some_and(|value| value == "1") {
            eprintln!("skipped: {SKIP}=1");
            return None;
        }
        let server = block_on(start(&options())).unwrap_or_else(|error| {
            panic!(
                "{}\nhelp: `tests/image/docker.sh up` makes an engine and the image on Debian; `{SKIP}=1` leaves these tests out",
                explain(&error)
            )
        });
        Some(server)
    }

    fn docker(arguments: &[&str]) -> String {
        let output = Command::new("docker").args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Whether there is a container of this name, running or not.
    fn exists(name: &str) -> bool {
        let filter = format!("name={name}");
        !docker(&["ps", "--all", "--quiet", "--filter", &filter]).is_empty()
    }

    async fn show(server: &Server, setting: &str) -> String {
        let client = connect(&server.url("postgres")).await.unwrap();
        let row = client.query_one(&format!("SHOW {setting}"), &[]).await;
        row.unwrap().get(0)
    }

    #[tokio::test]
    async fn a_container_is_a_server_like_another() {
        let Some(mut server) = server() else { return };
        let image = options().image.unwrap();
        let start = format!("PostgreSQL {}, container {image}", server.version());
        assert_eq!(server.describe(), start);
        assert_eq!(server.socket_url("postgres"), None);
        assert_eq!(show(&server, "wal_level").await, "logical");
        assert_eq!(show(&server, "fsync").await, "off");
        assert_eq!(show(&server, "timezone").await, "UTC");
        assert_eq!(show(&server, "server_encoding").await, "UTF8");

        let url = server.create_database("kept").await.unwrap();
        let client = connect(&url).await.unwrap();
        client.batch_execute("CREATE TABLE t ()").await.unwrap();
        for how in [Restart::Fast, Restart::Immediate] {
            let session = connect(&server.url("kept")).await.unwrap();
            server.restart(how).await.unwrap();
            assert!(session.simple_query("SELECT 1").await.is_err());
            let client = connect(&server.url("kept")).await.unwrap();
            client.batch_execute("SELECT FROM t").await.unwrap();
        }
        let log = Command::new("docker").args(["logs", server.container().unwrap()]).output().unwrap();
        assert!(String::from_utf8_lossy(&log.stderr).contains("received immediate shutdown request"), "{log:?}");
        server.drop_database("kept").await.unwrap();
        let name = server.container().unwrap().to_owned();
        assert!(exists(&name));
        server.stop().await;
        assert!(!exists(&name));
    }

    #[tokio::test]
    async fn only_this_machine_and_only_the_password_get_in() {
        let Some(server) = server() else { return };
        let mut config: tokio_postgres::Config = server.url("postgres").expose().parse().unwrap();
        config.password("wrong");
        let error = config.connect(NoTls).await.err().unwrap();
        let code = error.code().map(|state| state.code().to_owned());
        assert_eq!(code.as_deref(), Some("28P01"), "{error:?}");
        // The loopback, or the engine's bridge if we are in a container ourselves.
        let published = docker(&["port", server.container().unwrap(), "5432/tcp"]);
        let url = server.url("postgres");
        let (_, address) = url.expose().split_once('@').unwrap();
        assert_eq!(Some(published.as_str()), address.strip_suffix("/postgres"));
        assert!(!published.starts_with("0.0.0.0"), "{published}");
    }

    #[test]
    fn nothing_is_left_after_a_drop_without_a_runtime_or_a_panic() {
        let Some(one) = server() else { return };
        let name = one.container().unwrap().to_owned();
        let volumes = "{{range .Mounts}}{{.Name}} {{end}}";
        let volume = docker(&["inspect", "--format", volumes, &name]);
        drop(one);
        assert!(!exists(&name));
        let left = docker(&["volume", "ls", "--quiet"]);
        assert!(volume.is_empty() || !left.contains(&volume), "{volume}");

        let Some(two) = server() else { return };
        let name = two.container().unwrap().to_owned();
        let panic = catch_unwind(AssertUnwindSafe(move || {
            let _server = two;
            panic!("on purpose");
        }));
        assert!(panic.is_err());
        assert!(!exists(&name));
    }

    #[test]
    fn a_server_that_does_not_start_is_an_error_and_leaves_nothing() {
        if server().is_none() {
            return;
        }
        let mut options = options();
        options.image = Some("localhost:1/none:1".to_owned());
        let error = block_on(start(&options)).unwrap_err();
        assert!(matches!(error, ScratchError::Container { .. }), "{error:?}");
        assert!(explain(&error).contains("localhost:1/none:1"), "{error}");
        options.image = Some("no image".to_owned());
        let error = block_on(start(&options)).unwrap_err();
        assert!(matches!(error, ScratchError::BadImage(_)), "{error:?}");
    }

    #[test]
    fn an_owner_to_be_killed() {
        if env::var_os(OWNER).is_none() {
            return;
        }
        let server = server().unwrap();
        writeln!(std::io::stderr(), "\nserver {}", server.container().unwrap()).unwrap();
        thread::sleep(Duration::from_secs(120));
    }

    #[test]
    fn nothing_is_left_after_the_owner_was_killed() {
        if server().is_none() {
            return;
        }
        let mut owner = Command::new(env::current_exe().unwrap())
            .args(["--exact", "scratch_containers::with::an_owner_to_be_killed"])
            .arg("--nocapture")
            .env(OWNER, "1")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(owner.stderr.take().unwrap()).lines();
        let name = lines.find_map(|line| line.unwrap().strip_prefix("server ").map(str::to_owned)).unwrap();
        assert!(exists(&name));
        owner.kill().unwrap();
        owner.wait().unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        while exists(&name) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(100));
        }
        assert!(!exists(&name));
    }
}
