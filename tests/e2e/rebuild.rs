//! `rebuild`: a database is taken down and built again, and keeps what it is as a database.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE};
use tests::postgres::{block_on, connect, server, unique_name};
use tests::role::Role;

use crate::schemas::{built_from, schema_of};

fn bench() -> Bench {
    let bench = Bench::new(LINE);
    bench.project.write("migrations/seeds/10_books.sql", "insert into books (id, title) values (1, 'Emma');\n");
    bench
}

/// Runs statements in the server's own database.
fn on_server(sql: &str) {
    let url = server().url("postgres");
    block_on(async { connect(&url).await.unwrap().batch_execute(sql).await }).unwrap();
}

fn temporary() -> &'static str {
    "select count(*) from pg_database where datname like 'cargo_migrate_rebuild_%' and \
     shobj_description(oid, 'pg_database') like '%' || current_database() || '%'"
}

#[test]
fn what_is_in_it_goes_and_what_it_is_stays() {
    let bench = bench();
    let name = bench.database.name();
    let owner = unique_name("owner");
    on_server(&format!(
        "create role {owner} login; alter database {name} owner to {owner}; \
         comment on database {name} is 'a shop'; alter database {name} connection limit 7; \
         alter database {name} set search_path = \"$user\", public; alter database {name} set default_transaction_read_only = off; \
         alter role {owner} in database {name} set statement_timeout = '5s'; \
         revoke connect on database {name} from public; grant connect on database {name} to {owner} with grant option"
    ));
    let about = format!(
        "select pg_get_userbyid(datdba), encoding, datcollate, datctype, dattablespace, datconnlimit, (select array_agg(acl::text order by acl::text) from unnest(datacl) acl)::text,
                shobj_description(oid, 'pg_database'), (select array_agg((setrole, setconfig)::text order by setrole)
                from pg_db_role_setting where setdatabase = d.oid)::text
         from pg_database d where datname = '{name}'"
    );
    let before = bench.database.rows(&about);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    bench.database.execute("create table left_over (id int); insert into books (id, title) values (7, 'old')");
    assert_snapshot!(bench.migrate_unchanged(&["rebuild", "--dry-run"]).success().snapshot().replace(&owner, "[OWNER]"), @"
    $ cargo-migrate rebuild --dry-run
    -- stderr
    database [DATABASE] and all that is in it will be dropped; the new one keeps owner [OWNER], encoding UTF8, locale C, tablespace pg_default
    would apply 3 migrations and load 1 seed; nothing was changed
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["rebuild"]).ended(2).snapshot().replace(&owner, "[OWNER]"), @"
    $ cargo-migrate rebuild
    -- stderr
    database [DATABASE] and all that is in it will be dropped; the new one keeps owner [OWNER], encoding UTF8, locale C, tablespace pg_default
    error: the name of the database is needed, and there is no terminal to ask at
    note: nothing was changed
    help: add `--confirm [DATABASE]`, or `--dry-run` to see what it would do
    -- exit 2
    ");
    bench.migrate_unchanged(&["rebuild", "--confirm", "another"]).ended(2);
    let rebuilt = bench.migrate(&["rebuild", "--confirm", name]).success();
    assert_snapshot!(rebuilt.snapshot().replace(&owner, "[OWNER]"), @"
    $ cargo-migrate rebuild --confirm [DATABASE]
    -- stderr
    database [DATABASE] and all that is in it will be dropped; the new one keeps owner [OWNER], encoding UTF8, locale C, tablespace pg_default
    Created database [DATABASE] anew
    Applied 1 create_books ([TIME])
    Applied 2 add_isbn ([TIME])
    Applied 3 add_price ([TIME])
    Loaded migrations/seeds/10_books.sql (1 statement)
    Finished database [DATABASE] is rebuilt (3 applied, 1 seed)
    -- exit 0
    ");
    assert_eq!(bench.database.rows(&about), before);
    assert_eq!(bench.database.rows("select id, title from books"), [["1", "Emma"]]);
    bench.migrate_unchanged(&["check", "--database"]).success();
    assert_eq!(bench.database.value(temporary()), "0");
    on_server(&format!(
        "alter database {name} owner to postgres; revoke all on database {name} from {owner}; \
         alter role {owner} in database {name} reset all; drop role {owner}"
    ));
}

#[test]
fn sessions_of_others_are_named_and_ended_only_by_force() {
    let bench = bench();
    bench.migrate(&["upgrade"]).success();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let other = runtime.block_on(connect(&bench.database.url())).unwrap();
    runtime.block_on(other.batch_execute("set application_name = 'psql'")).unwrap();
    let name = bench.database.name();
    let refused = bench.migrate(&["rebuild", "--confirm", name]).ended(1);
    assert!(refused.stderr.contains("database `[DATABASE]` is in use: process "), "{refused:?}");
    assert!(refused.stderr.contains(" (psql, postgres@127.0.0.1, connected for "), "{refused:?}");
    runtime.block_on(other.simple_query("select 1")).unwrap();
    assert_eq!(bench.applied(), "1 2 3");
    let forced = bench.migrate(&["rebuild", "--confirm", name, "--force"]).success();
    assert!(forced.stderr.contains("will be ended"), "{forced:?}");
    assert!(runtime.block_on(other.simple_query("select 1")).is_err());
    assert_eq!(schema_of(&bench.database), built_from(&bench.project));
    assert_eq!(bench.database.rows("select id, title from books"), [["1", "Emma"]]);
}

#[test]
fn a_protected_one_is_not_rebuilt() {
    let bench = bench();
    bench.configure("\n[package.metadata.migrate.environments.staging]\nurl = \"$DATABASE_URL\"\nprotected = true\n");
    bench.migrate(&["upgrade"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["rebuild", "--env", "staging", "--confirm", "staging", "--force"]).ended(1).snapshot(), @"
    $ cargo-migrate rebuild --env staging --confirm staging --force
    -- stderr
    error: environment `staging` is protected, and is not rebuilt
    help: `cargo migrate repair --env staging` shows how it is brought together with the files
    -- exit 1
    ");
    let url = server().url("postgres");
    let own = bench.invoke(&["rebuild", "--confirm", "postgres"]).env("DATABASE_URL", url.expose()).output().ended(1);
    assert!(own.stderr.contains("database `postgres` belongs to the server and is not rebuilt"), "{own:?}");
}

/// Migrations that can't be built are found out while the old database is there.
#[test]
fn broken_migrations_leave_the_old_one() {
    let bench = bench();
    bench.migrate(&["upgrade"]).success();
    bench.script("V4__add_year.sql", "--! parents = [9]\nalter table books add year int;\n");
    let refused = bench.migrate_unchanged(&["rebuild", "--confirm", bench.database.name()]).ended(1);
    assert!(refused.stderr.contains("the migrations have errors, so nothing can be built of them"), "{refused:?}");
}

/// Who owns it and may not create databases loses nothing.
#[test]
fn a_role_without_the_right_leaves_the_old_one() {
    let bench = bench();
    bench.migrate(&["upgrade"]).success();
    let role = Role::new(&bench.database, &[]);
    let name = bench.database.name();
    on_server(&format!("alter database {name} owner to {}", role.name()));
    let run = bench.invoke(&["rebuild", "--confirm", name]).env("DATABASE_URL", role.url().expose());
    let refused = bench.unchanged(|| run.output()).ended(3);
    assert!(refused.stderr.contains("permission denied to create database"), "{refused:?}");
    assert!(refused.stderr.contains("database `[DATABASE]` is as it was"), "{refused:?}");
    on_server(&format!("alter database {name} owner to postgres"));
}

/// Interrupted after the old one was dropped, and before the new one has its name.
#[test]
fn an_interrupted_one_is_taken_up() {
    let bench = bench();
    bench.migrate(&["upgrade"]).success();
    let name = bench.database.name();
    let new = rebuild_name(name);
    on_server(&format!("create database {new} template template0"));
    on_server(&format!("comment on database {new} is 'cargo-migrate rebuilds {name} here'"));
    on_server(&format!("drop database {name} with (force)"));
    let missing = bench.migrate(&["upgrade"]).ended(3);
    assert!(missing.stderr.contains("there is no database `[DATABASE]`"), "{missing:?}");
    let taken_up = bench.migrate(&["rebuild", "--confirm", name]).success();
    assert!(
        taken_up.stderr.contains("a rebuild of [DATABASE] was interrupted after the old database was dropped"),
        "{taken_up:?}"
    );
    assert_eq!(bench.database.rows("select id, title from books"), [["1", "Emma"]]);
    assert_eq!(bench.database.value(temporary()), "0");

    // Interrupted before it was dropped: what was made is thrown away.
    on_server(&format!("create database {new} template template0"));
    on_server(&format!("comment on database {new} is 'cargo-migrate rebuilds {name} here'"));
    bench.migrate(&["rebuild", "--confirm", name]).success();
    assert_eq!(bench.database.value(temporary()), "0");
    // Somebody else's of that name is left alone.
    on_server(&format!("create database {new} template template0"));
    on_server(&format!("comment on database {new} is 'mine'"));
    let refused = bench.migrate_unchanged(&["rebuild", "--confirm", name]).ended(1);
    assert!(refused.stderr.contains("of somebody else"), "{refused:?}");
    on_server(&format!("drop database {new}"));
}

/// The name that a new database has at first.
fn rebuild_name(name: &str) -> String {
    let hash = server_value(&format!("select encode(substring(sha256('{name}') from 1 for 8), 'hex')"));
    format!("cargo_migrate_rebuild_{hash}")
}

fn server_value(sql: &str) -> String {
    let url = server().url("postgres");
    block_on(async { connect(&url).await.unwrap().query_one(sql, &[]).await }).unwrap().get(0)
}
