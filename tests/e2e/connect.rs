//! Reaching a server: what stands in the way is told, and never with a password.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE};
use tests::output::Output;

const SECRET: &str = "hunter2 & co";
/// The same in a URL.
const ENCODED: &str = "hunter2%20%26%20co";

/// Runs with a URL in each way that one can be given, with details and as JSON; returns the plain run.
#[track_caller]
fn refused(bench: &Bench, url: &str, code: i32) -> Output {
    let run = |args: &[&str]| {
        let output = bench.unchanged(|| bench.invoke(args).env("DATABASE_URL", url).output()).ended(code);
        for text in [&output.stdout, &output.stderr] {
            assert!(!text.contains("hunter2"), "{output:?}");
        }
        output
    };
    for command in [&["upgrade"][..], &["current"], &["check", "--database"], &["stamp", "head"], &["downgrade", "-v"]]
    {
        run(command);
        let json = run(&[command, &["--format", "json"]].concat()).json();
        assert_eq!(json["error"]["kind"], if code == 3 { "database" } else { "usage" }, "{json}");
    }
    run(&["status", "-v", "--database-url", url]);
    run(&["status"])
}

#[test]
fn nobody_is_there() {
    let bench = Bench::new(LINE);
    let url = format!("postgres://ada:{ENCODED}@127.0.0.1:1/shop");
    assert_snapshot!(refused(&bench, &url, 3).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: can't reach a PostgreSQL server at `127.0.0.1:1`
      caused by: Connection refused (os error 111)
    help: start the server, or correct host and port of the database URL
    -- exit 3
    ");
    let url = format!("postgres://ada:{ENCODED}@host.invalid/shop");
    let unknown = refused(&bench, &url, 3);
    assert!(
        unknown.stderr.starts_with("error: can't reach a PostgreSQL server at `host.invalid:5432`\n"),
        "{unknown:?}"
    );
    // Something that is no server of ours, and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("postgres://ada:{ENCODED}@127.0.0.1:{port}/shop?connect_timeout=1");
    let silent = bench.invoke(&["status"]).env("DATABASE_URL", &url).output().ended(3);
    assert!(silent.stderr.contains("no answer from"), "{silent:?}");
}

/// A list of servers is gone through as libpq does: each has the whole of `connect_timeout`.
#[cfg(unix)]
#[test]
fn the_next_server_is_tried() {
    let bench = Bench::new(LINE);
    let url = bench.database.url();
    let port = url.config().get_ports()[0];
    // One that takes connections and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    // One whose queue is full: connecting to it has no end.
    let (full, _waiting) = full_listener();
    for (first, what) in [(1, "refuses"), (silent.local_addr().unwrap().port(), "is silent"), (full, "hangs")] {
        let url = url.expose().replace(&format!("127.0.0.1:{port}"), &format!("127.0.0.1:{first},127.0.0.1:{port}"));
        let url = format!("{url}?connect_timeout=1");
        let output = bench.invoke(&["status"]).env("DATABASE_URL", &url).output();
        assert!(output.ended(0).stdout.contains("pending"), "the first one {what}");
    }
}

/// A port where nobody accepts, with as many connections waiting as it holds.
#[cfg(unix)]
fn full_listener() -> (u16, Vec<Box<dyn std::any::Any>>) {
    let listener = tests::postgres::block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        socket.listen(1).unwrap().into_std().unwrap()
    });
    let address = listener.local_addr().unwrap();
    let mut held: Vec<Box<dyn std::any::Any>> = vec![Box::new(listener)];
    for _ in 0..16 {
        match std::net::TcpStream::connect_timeout(&address, std::time::Duration::from_millis(300)) {
            Ok(stream) => held.push(Box::new(stream)),
            Err(_) => return (address.port(), held),
        }
    }
    panic!("the queue is never full");
}

#[test]
fn a_wrong_password_is_not_shown() {
    let bench = Bench::new(LINE);
    let url = bench.database.url_as("postgres", ENCODED);
    assert_snapshot!(refused(&bench, url.expose(), 3).snapshot(), @r#"
    $ cargo-migrate status
    -- stderr
    error: password authentication failed for user "postgres"
    help: correct user and password of the database URL
    -- exit 3
    "#);
    let none = url.expose().replace(&format!(":{ENCODED}@"), "@");
    assert_snapshot!(refused(&bench, &none, 3).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: the server at `[SERVER]` wants a password
    help: give the password in the database URL: `postgres://user:password@host/database`
    -- exit 3
    ");
    let pairs =
        format!("host=127.0.0.1 port={} user=postgres password='{SECRET}'", url.servers().rsplit(':').next().unwrap());
    refused(&bench, &pairs, 3);
}

#[test]
fn a_url_that_is_none_is_not_shown() {
    let bench = Bench::new(LINE);
    for url in [
        format!("mysql://ada:{ENCODED}@localhost/shop"),
        "postgres://ada:hunter2%zz@localhost/shop".to_owned(),
        format!("postgres://ada:{ENCODED}@localhost:54x2/shop"),
        format!("postgres://ada:{ENCODED}@localhost/shop?sslmod=require"),
        format!("postgres://ada:{ENCODED}@localhost/shop?sslmode=maybe"),
        format!("postgres://ada:{ENCODED}@localhost/shop?sslrootcert=/nowhere/root.crt&sslmode=verify-full"),
        format!("password='{SECRET}"),
    ] {
        refused(&bench, &url, 2);
    }
    let url = format!("postgres://ada:{ENCODED}@localhost/shop?sslmod=require");
    assert_snapshot!(refused(&bench, &url, 2).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: `DATABASE_URL` is not a usable PostgreSQL URL: it has an unknown parameter
    help: did you mean `sslmode`?
    -- exit 2
    ");
}

#[test]
fn a_database_that_is_not_there() {
    let bench = Bench::new(LINE);
    let url = bench.database.url().expose().replace(bench.database.name(), "no%20%27such%3B--");
    let output = bench.invoke(&["upgrade"]).env("DATABASE_URL", url).output().ended(3);
    assert_snapshot!(output.snapshot(), @r"
    $ cargo-migrate upgrade
    -- stderr
    error: there is no database `no 'such;--` at `[SERVER]`
    help: create it: `createdb 'no '\''such;--'`
    -- exit 3
    ");
}

#[cfg(unix)]
#[test]
fn the_servers_socket_is_a_way() {
    let bench = Bench::new(LINE);
    let url = bench.database.socket_url().unwrap();
    bench.invoke(&["upgrade"]).env("DATABASE_URL", url.expose()).output().success();
    assert_eq!(bench.applied(), "1 2 3");
}

#[test]
fn a_server_without_tls() {
    let bench = Bench::new(LINE);
    let url = |mode: &str| format!("{}?sslmode={mode}", bench.database.url().expose());
    let output = bench.unchanged(|| bench.invoke(&["status"]).env("DATABASE_URL", url("require")).output());
    assert_snapshot!(output.ended(3).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: the server at `[SERVER]` has no TLS
    help: switch TLS on in the server (`ssl = on`), or give `sslmode=disable`
    -- exit 3
    ");
    for mode in ["disable", "allow", "prefer"] {
        bench.invoke(&["status"]).env("DATABASE_URL", url(mode)).output().success();
    }
    for mode in ["verify-ca", "verify-full"] {
        bench.invoke(&["status"]).env("DATABASE_URL", url(mode)).output().ended(3);
    }
}

/// Makes a certificate of its own for `localhost`, and its key.
#[cfg(unix)]
fn certificate(folder: &std::path::Path, name: &str) {
    let output = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .arg("-keyout")
        .arg(folder.join(format!("{name}.key")))
        .arg("-out")
        .arg(folder.join(format!("{name}.crt")))
        .output()
        .expect("the command openssl is there (Debian: `apt-get install openssl`)");
    assert!(output.status.success(), "{output:?}");
}

/// A server with a certificate of its own: who trusts it, by which name.
#[cfg(unix)]
#[test]
fn a_server_with_tls() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    use cargo_migrate::scratch::Restart;
    use tests::invocation::Invocation;
    use tests::postgres::{block_on, connect, own_server};

    let bench = Bench::new(LINE);
    let mut server = own_server(&[]);
    let data = server.folder().unwrap().join("data");
    certificate(&data, "server");
    certificate(bench.project.root(), "other");
    let owner = fs_err::metadata(&data).unwrap();
    let key = data.join("server.key");
    fs_err::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    for file in [&key, &data.join("server.crt")] {
        chown(file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    fs_err::copy(data.join("server.crt"), bench.project.path("server.crt")).unwrap();
    let url = block_on(server.create_database("shop")).unwrap();
    block_on(async {
        let client = connect(&url).await.unwrap();
        client.batch_execute("alter system set ssl = on").await.unwrap();
    });
    block_on(server.restart(Restart::Fast)).unwrap();

    let (before, port) =
        server.url("shop").expose().rsplit_once(':').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let port = port.split('/').next().unwrap().to_owned();
    let before = before.strip_suffix("127.0.0.1").unwrap().to_owned();
    let run = |host: &str, rest: &str| {
        let url = format!("{before}{host}:{port}/shop?{rest}");
        let run = Invocation::new(&bench.project, &["upgrade", "--to", "1"]).env("DATABASE_URL", url);
        run.env("HOME", bench.project.root()).hide(format!(":{port}"), ":[PORT]").output()
    };
    let trusted = format!("sslrootcert={}", bench.project.path("server.crt").display());
    let other = format!("sslrootcert={}", bench.project.path("other.crt").display());

    assert_snapshot!(run("localhost", "sslmode=verify-full").ended(3).snapshot(), @"
    $ cargo-migrate upgrade --to 1
    -- stderr
    error: the certificate of the server at `localhost:[PORT]` is not trusted: it is an authority's own certificate, and not a trusted one
    help: give the certificate of the authority that signed it by `sslrootcert=FILE`
    -- exit 3
    ");
    assert_snapshot!(run("localhost", &format!("sslmode=verify-full&{other}")).ended(3).snapshot(), @"
    $ cargo-migrate upgrade --to 1
    -- stderr
    error: the certificate of the server at `localhost:[PORT]` is not trusted: it is an authority's own certificate, and not a trusted one
    help: give the certificate of the authority that signed it by `sslrootcert=FILE`
    -- exit 3
    ");
    assert_snapshot!(run("127.0.0.1", &format!("sslmode=verify-full&{trusted}")).ended(3).snapshot(), @"
    $ cargo-migrate upgrade --to 1
    -- stderr
    error: the certificate of the server at `127.0.0.1:[PORT]` is for another host: localhost
    help: connect by one of localhost, or give `sslmode=verify-ca`
    -- exit 3
    ");
    // With a root certificate `require` is `verify-ca`, as libpq has it.
    run("localhost", &format!("sslmode=require&{other}")).ended(3);
    run("localhost", &format!("sslmode=verify-ca&{other}")).ended(3);
    let applied = "select count(*) from pg_tables where tablename = 'books'";
    let count = |sql: &str| {
        let url = url.clone();
        block_on(async move { connect(&url).await.unwrap().query_one(sql, &[]).await.unwrap().get::<_, i64>(0) })
    };
    assert_eq!(count(applied), 0);

    run("localhost", &format!("sslmode=verify-full&{trusted}")).success();
    assert_eq!(count(applied), 1);
    run("127.0.0.1", &format!("sslmode=verify-ca&{trusted}")).success();
    for mode in ["disable", "allow", "prefer", "require"] {
        run("127.0.0.1", &format!("sslmode={mode}")).success();
    }
    // libpq's own place for what is trusted.
    bench.project.write(".postgresql/root.crt", fs_err::read(bench.project.path("server.crt")).unwrap());
    run("localhost", "sslmode=verify-full").success();
    // Which makes `require` check it as well.
    run("127.0.0.1", "sslmode=require").success();
    bench.project.write(".postgresql/root.crt", fs_err::read(bench.project.path("other.crt")).unwrap());
    run("127.0.0.1", "sslmode=require").ended(3);
    run("127.0.0.1", "sslmode=prefer").success();
    run("localhost", &format!("sslmode=verify-full&sslrootcert={}", bench.project.path("Cargo.toml").display()))
        .ended(2);

    // Which way is tried first, and whether the other one is tried then.
    bench.script(
        "V4__seen.sql",
        "--! parents = [3]\ncreate table seen as select ssl from pg_stat_ssl where pid = pg_backend_pid();\n",
    );
    bench.script("V4__seen.down.sql", "drop table seen;\n");
    block_on(async { connect(&url).await.unwrap().batch_execute("create role ada superuser login").await.unwrap() });
    let hba = data.join("pg_hba.conf");
    let others = fs_err::read_to_string(&hba).unwrap();
    let encrypted = |mode: &str| {
        let ada = format!("postgres://ada@127.0.0.1:{port}/shop?sslmode={mode}");
        let go = |args: &[&str]| {
            let run = Invocation::new(&bench.project, args).env("DATABASE_URL", &ada);
            run.env("HOME", bench.project.path("migrations")).output()
        };
        let upgrade = go(&["upgrade"]);
        if upgrade.code != Some(0) {
            upgrade.ended(3);
            return None;
        }
        let seen = count("select count(*) from seen where ssl") == 1;
        go(&["downgrade"]).success();
        Some(seen)
    };
    let (plain, tls) = (Some(false), Some(true));
    for (takes, expected) in [
        ("host", [plain, plain, tls, tls]),
        ("hostssl", [None, tls, tls, tls]),
        ("hostnossl", [plain, plain, plain, None]),
    ] {
        let rules = format!("{takes} all ada all trust\nhost all ada all reject\n{others}");
        fs_err::write(&hba, rules).unwrap();
        block_on(server.restart(Restart::Fast)).unwrap();
        assert_eq!(["disable", "allow", "prefer", "require"].map(encrypted), expected, "{takes}");
    }
    block_on(server.stop());
}
