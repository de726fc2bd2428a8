//! `generate`: from models to migrations, as a user does it.

use tests::bench::Bench;
use tests::environment::workspace;
use tests::output::Output;
use tests::postgres::{block_on, connect, own_server};

const BOOKS: &str = r#"
use migrate_build::Table;

#[derive(Table)]
#[table(name = "books")]
pub struct Book {
    #[column(primary_key, identity)]
    pub id: i64,
    pub title: String,
    #[column(default = "1", check = "copies >= 0")]
    pub copies: i32,
}
"#;

fn bench(models: &str) -> Bench {
    let bench = Bench::new(&[]);
    bench.project.write("migrations/versions/.keep", "");
    bench.project.write("src/models.rs", models);
    bench
}

#[track_caller]
fn generate(bench: &Bench, message: &str, more: &[&str]) -> Output {
    bench.migrate(&[&["generate", "-m", message], more].concat()).success()
}

/// Nothing is left to do, and everything can be applied and reverted.
#[track_caller]
fn settled(bench: &Bench) {
    bench.migrate(&["generate", "--check"]).success();
    bench.migrate(&["upgrade"]).success();
}

/// The story of a table, and the rows that it has all along.
#[test]
fn models_change_and_migrations_follow() {
    let bench = bench(BOOKS);
    assert!(bench.migrate(&["generate", "--check"]).ended(4).stdout.contains("CREATE TABLE public.books"));
    let first = generate(&bench, "create books", &[]);
    assert_eq!(
        first.stdout,
        "migrations/versions/V1__create_books.sql\nmigrations/versions/V1__create_books.down.sql\n"
    );
    let script = bench.project.read("migrations/versions/V1__create_books.sql");
    assert!(
        script.starts_with("--! parents = []\n--! reviewed = false\n\n-- Generated from src/models.rs.\n"),
        "{script}"
    );
    settled(&bench);
    bench.database.execute("insert into books (title, copies) values ('Emma', 3), ('Persuasion', 1)");
    let again = bench.migrate_unchanged(&["generate", "-m", "again"]).success();
    assert!(again.stderr.contains("Nothing to do"), "{again:?}");

    // A column, an index and a type of its own.
    bench.project.replace(
        "src/models.rs",
        "    pub title: String,\n",
        "    #[column(index)]\n    pub title: String,\n    pub binding: Option<Binding>,\n",
    );
    bench.project.replace(
        "src/models.rs",
        "use migrate_build::Table;\n",
        "use migrate_build::{PgEnum, Table};\n\n#[derive(PgEnum)]\npub enum Binding {\n    Paper,\n    Cloth,\n}\n",
    );
    generate(&bench, "add binding", &[]);
    settled(&bench);
    bench.database.execute("update books set binding = 'cloth' where title = 'Emma'");

    // A type changes.
    bench.project.replace("src/models.rs", "pub copies: i32", "pub copies: i64");
    let changed = generate(&bench, "count further", &[]);
    assert!(changed.stderr.contains("warning: "), "{changed:?}");
    settled(&bench);
    assert_eq!(bench.database.value("select pg_typeof(copies)::text from books limit 1"), "bigint");

    // An enum grows.
    bench.project.replace("src/models.rs", "    Cloth,\n", "    Cloth,\n    Leather,\n");
    generate(&bench, "add leather", &[]);
    settled(&bench);
    bench.database.execute("update books set binding = 'leather' where title = 'Emma'");

    // A column gets another name, which nobody may guess.
    bench.project.replace("src/models.rs", "pub title: String", "pub name: String");
    let refused = bench.migrate_unchanged(&["generate", "-m", "rename title"]).ended(1);
    assert!(refused.stderr.contains("help: if it was renamed: `--rename books.title=name`"), "{refused:?}");
    assert!(refused.stderr.contains("column books.title (text) is gone, books.name (text) is new"), "{refused:?}");
    generate(&bench, "rename title", &["--rename", "books.title=name"]);
    settled(&bench);
    assert_eq!(
        bench
            .database
            .value("select string_agg(name || copies || coalesce(binding::text, ''), ' ' order by id) from books"),
        "Emma3leather Persuasion1"
    );

    // Down again to where the enum grew, and up: the rows are still there.
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.database.value("select title from books order by id limit 1"), "Emma");
    bench.migrate(&["upgrade"]).success();
    assert_eq!(bench.database.value("select count(*) from books"), "2");
}

#[test]
fn a_removed_model_retires_its_table_until_it_is_revived() {
    let models = format!(
        "{BOOKS}\n#[derive(Table)]\n#[table(name = \"authors\")]\npub struct Author {{\n    #[column(primary_key)]\n    pub id: i64,\n    pub name: String,\n}}\n"
    );
    let bench = bench(&models);
    generate(&bench, "create", &[]);
    settled(&bench);
    bench.database.execute("insert into authors values (1, 'Jane')");
    bench.project.write("src/models.rs", BOOKS);
    let retired = generate(&bench, "no more authors", &[]);
    assert!(retired.stderr.contains("table authors is retired"), "{retired:?}");
    let script = bench.project.read("migrations/versions/V2__no_more_authors.sql");
    assert!(script.contains("--! retires = [\"authors\"]\n"), "{script}");
    settled(&bench);
    bench.migrate(&["check"]).success();
    assert_eq!(bench.database.value("select name from authors"), "Jane");
    // Its name is taken.
    bench.project.write("src/models.rs", &models);
    let refused = bench.migrate_unchanged(&["generate", "-m", "authors"]).ended(1);
    assert!(refused.stderr.contains("`authors` is the name of a retired table"), "{refused:?}");
    assert!(refused.stderr.contains("retired by 2 no_more_authors"), "{refused:?}");
    bench.migrate_unchanged(&["generate", "--check"]).ended(4);
    generate(&bench, "authors again", &["--revive=authors"]);
    settled(&bench);
    assert_eq!(bench.database.value("select name from authors"), "Jane");
    // Once more, and then for good.
    bench.project.write("src/models.rs", BOOKS);
    generate(&bench, "retire authors", &[]);
    settled(&bench);
    let dropped = generate(&bench, "drop authors", &["--drop=authors"]);
    assert!(dropped.stderr.contains("warning: table public.authors"), "{dropped:?}");
    let down = bench.project.read("migrations/versions/V5__drop_authors.down.sql");
    assert!(down.contains("-- What was lost does not come back: table public.authors"), "{down}");
    settled(&bench);
    assert_eq!(bench.database.value("select to_regclass('authors') is null"), "t");
}

#[test]
fn a_removed_column_stays_until_it_may_go() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    settled(&bench);
    bench.database.execute("insert into books (title) values ('Emma')");
    bench.project.replace(
        "src/models.rs",
        "    #[column(default = \"1\", check = \"copies >= 0\")]\n    pub copies: i32,\n",
        "",
    );
    let kept = bench.migrate_unchanged(&["generate", "-m", "no copies"]).success();
    assert!(kept.stderr.contains("column books.copies is in no model and stays"), "{kept:?}");
    generate(&bench, "drop copies", &["--allow-drop=books.copies"]);
    let down = bench.project.read("migrations/versions/V2__drop_copies.down.sql");
    assert!(down.contains("-- What was lost does not come back: column public.books.copies"), "{down}");
    settled(&bench);
    assert_eq!(bench.columns(), "id title");
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.database.value("select title || copies from books"), "Emma1");
}

#[test]
fn names_that_models_declare_are_not_asked_about() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    settled(&bench);
    bench.database.execute("insert into books (title) values ('Emma')");
    bench.project.replace(
        "src/models.rs",
        "#[table(name = \"books\")]",
        "#[table(name = \"Volumes\", renamed_from = \"books\")]",
    );
    bench.project.replace("src/models.rs", "    pub title", "    #[column(renamed_from = \"title\")]\n    pub name");
    generate(&bench, "volumes", &[]);
    settled(&bench);
    assert_eq!(bench.database.value("select name from \"Volumes\""), "Emma");
}

/// What models have no words for is neither dropped nor changed.
#[test]
fn what_models_do_not_speak_of_is_left_alone() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    bench.script(
        "V2__by_hand.sql",
        "--! parents = [1]\ncreate view titles as select title from books;\ncreate sequence tickets;\n\
         create function f() returns int language sql as 'select 1';\nalter table books set (fillfactor = 70);\n\
         alter table books alter title set storage external;\ngrant select on books to public;\ncreate schema other;\n",
    );
    bench.script("V2__by_hand.down.sql", "drop schema other;\n");
    bench.migrate_unchanged(&["generate", "--check"]).success();
    // What a team keeps beside the models is theirs.
    bench.project.write("migrations/schema/views.sql", "create view titles as select title, copies from books;\n");
    generate(&bench, "more titles", &[]);
    let script = bench.project.read("migrations/versions/V3__more_titles.sql");
    assert!(script.contains("VIEW public.titles") && !script.contains("FUNCTION"), "{script}");
    settled(&bench);
    bench.project.write("migrations/schema/views.sql", "create view titles as select tytle from books;\n");
    let refused = bench.migrate(&["generate", "--check"]).ended(1);
    assert!(refused.stderr.contains("migrations/schema/views.sql:1:30"), "{refused:?}");
}

/// A view that no model speaks of is made anew, and its columns follow.
#[test]
fn a_view_over_a_column_that_gets_another_type_stays() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    bench.script(
        "V2__by_hand.sql",
        "--! parents = [1]\ncreate view many as select title, copies from books where copies > 1;\n\
         comment on view many is 'more than one';\ngrant select on many to public;\n",
    );
    bench.script("V2__by_hand.down.sql", "drop view many;\n");
    settled(&bench);
    bench.database.execute("insert into books (title, copies) values ('Emma', 3), ('Persuasion', 1)");
    let view = "select string_agg(concat_ws(' ', attname, format_type(atttypid, null), obj_description(attrelid)), ', ') \
                from pg_attribute where attrelid = 'many'::regclass and attname = 'copies'";
    bench.project.replace("src/models.rs", "pub copies: i32", "pub copies: i64");
    generate(&bench, "more copies", &[]);
    settled(&bench);
    assert_eq!(bench.database.value(view), "copies bigint more than one");
    assert_eq!(bench.database.value("select string_agg(title, '') from many"), "Emma");
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.database.value(view), "copies integer more than one");
}

/// What a database grants on everything new is nobody's model, and no difference.
#[test]
fn a_new_table_gets_the_default_privileges() {
    let bench = bench(BOOKS);
    bench.script(
        "V1__by_hand.sql",
        "--! parents = []\nalter default privileges grant select on tables to public;\n\
         alter default privileges grant usage on sequences to public;\n",
    );
    bench.script(
        "V1__by_hand.down.sql",
        "alter default privileges revoke usage on sequences from public;\n\
         alter default privileges revoke select on tables from public;\n",
    );
    generate(&bench, "create", &[]);
    settled(&bench);
    assert_eq!(bench.database.value("select has_table_privilege('public', 'books', 'select')"), "t");
    bench.migrate(&["downgrade"]).success();
}

#[test]
fn a_review_is_written_down_and_lifts_the_warning() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    let check = bench.migrate(&["check"]).success();
    assert!(check.stderr.contains("warning[unreviewed]: nobody has reviewed `V1__create`"), "{check:?}");
    bench.migrate_unchanged(&["review", "1"]).ended(2);
    let shown = bench.migrate_unchanged(&["review", "1", "--dry-run"]).success();
    assert!(shown.stdout.contains("CREATE TABLE public.books"), "{shown:?}");
    bench.migrate(&["review", "1", "--yes"]).success();
    let script = bench.project.read("migrations/versions/V1__create.sql");
    assert!(script.contains("\n--! reviewed = \"ada@laptop, 20"), "{script}");
    let check = bench.migrate(&["check"]).success();
    assert!(!check.stderr.contains("unreviewed"), "{check:?}");
    let again = bench.migrate_unchanged(&["review", "1", "--yes"]).success();
    assert!(again.stderr.contains("already, by ada@laptop"), "{again:?}");
}

#[test]
fn a_dry_run_and_json_write_nothing() {
    let bench = bench(BOOKS);
    let dry = bench.migrate_unchanged(&["generate", "--dry-run", "-m", "create"]).success();
    assert!(dry.stdout.starts_with("-- migrations/versions/V1__create.sql\n--! parents = []\n"), "{dry:?}");
    let json = bench.migrate_unchanged(&["generate", "--dry-run", "--format", "json", "-m", "create"]).success().json();
    assert_eq!(
        (&json["differs"], &json["proved"], &json["migrations"][0]["version"]),
        (&true.into(), &true.into(), &1.into())
    );
    let empty = generate(&bench, "by hand", &["--empty"]);
    assert!(empty.stdout.contains("V1__by_hand.sql"), "{empty:?}");
}

/// What is built is kept for the next run, what is passing goes, and what is somebody else's stays.
#[test]
fn the_second_run_finds_what_the_first_one_built() {
    let bench = bench(BOOKS);
    let server = own_server(&[]);
    let url = block_on(server.create_database("dev")).unwrap();
    for name in ["cargo_migrate_scratch_t_1000_1_1", "cargo_migrate_other", "scratch"] {
        block_on(server.create_database(name)).unwrap();
    }
    let run = |args: &[&str]| bench.invoke(args).env("DATABASE_URL", url.expose()).output().success();
    let databases = || {
        let sql = "select datname || ' ' || oid from pg_database where not datistemplate order by 1";
        let rows = block_on(async { connect(&url).await.unwrap().query(sql, &[]).await.unwrap() });
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    run(&["generate", "-m", "create"]);
    run(&["generate", "--check"]);
    let first = databases();
    let kept = first.iter().filter(|name| name.starts_with("cargo_migrate_scratch_")).count();
    assert_eq!((kept, first.len()), (3, 7), "nothing, one migration, and the models; and what was there: {first:?}");
    assert!(!first.iter().any(|name| name.starts_with("cargo_migrate_scratch_t_")), "{first:?}");
    run(&["generate", "--check"]);
    assert_eq!(databases(), first);
}

#[test]
fn bad_input_is_told() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    for (args, code, text) in [
        (&["generate", "-m", "x", "--rename", "books"][..], 2, "`--rename books` is not `OLD=NEW`"),
        (
            &["generate", "-m", "x", "--rename", "nothing=books"],
            2,
            "the migrations make no table, column, type or value `nothing`",
        ),
        (
            &["generate", "-m", "x", "--rename", "books.title=nothing"],
            2,
            "the models want no `nothing` that `books.title` could become",
        ),
        (&["generate", "-m", "x", "--drop=nothing"], 2, "the migrations make no table `nothing`"),
        (&["generate", "-m", "x", "--allow-drop=books.nothing"], 2, "the migrations make no column `books.nothing`"),
        (&["generate"], 2, "--message"),
    ] {
        let output = bench.migrate_unchanged(args).ended(code);
        assert!(output.stderr.contains(text), "{text}: {output:?}");
    }
    // Models that the server refuses.
    bench.project.replace("src/models.rs", "copies >= 0", "copys >= 0");
    let refused = bench.migrate_unchanged(&["generate", "--check"]).ended(1);
    assert!(refused.stderr.contains("src/models.rs:10:37"), "{refused:?}");
    assert!(refused.stderr.contains("column \"copys\" does not exist"), "{refused:?}");
    // Models that don't parse, and none at all.
    bench.project.write("src/models.rs", "struct {");
    assert!(bench.migrate_unchanged(&["generate", "--check"]).ended(1).stderr.contains("src/models.rs:1:"));
    bench.project.remove("src/models.rs");
    let missing = bench.migrate_unchanged(&["generate", "--check"]).ended(1);
    assert!(missing.stderr.contains("there is no file `src/models.rs` to read models from"), "{missing:?}");
    // Migrations that fail, and two heads.
    bench.project.write("src/models.rs", BOOKS);
    bench.script("V2__broken.sql", "--! parents = [1]\nalter table nothing add a int;\n");
    let failed = bench.migrate_unchanged(&["generate", "--check"]).ended(1);
    assert!(
        failed.stderr.contains("V2__broken.sql:2:1") && failed.stderr.contains("note: on a scratch database"),
        "{failed:?}"
    );
    bench.script("V3__other.sql", "--! parents = [1]\nselect 1;\n");
    let heads = bench.migrate_unchanged(&["generate", "--check"]).ended(1);
    assert!(heads.stderr.contains("help: join them first: `cargo migrate merge"), "{heads:?}");
}

/// More statements than one transaction takes; which one fails is known all the same.
#[test]
fn of_a_thousand_statements_the_one_that_fails_is_named() {
    let bench = bench(BOOKS);
    bench.configure("models = \"schema.sql\"\n");
    let tables: String = (1..=1_100).map(|number| format!("create table t{number} ();\n")).collect();
    bench.project.write("schema.sql", format!("{tables}create table t7 ();\n"));
    let refused = bench.migrate(&["generate", "--check"]).ended(1);
    assert!(refused.stderr.contains("schema.sql:1101:1"), "{refused:?}");
    assert!(refused.stderr.contains("relation \"t7\" already exists"), "{refused:?}");
    bench.project.write("schema.sql", &tables);
    let differs = bench.migrate(&["generate", "--check"]).ended(4);
    assert!(differs.stdout.contains("CREATE TABLE public.t1100"), "{differs:?}");
}

/// A role that may not create databases gets a throw-away server, unless it insists.
#[test]
fn without_the_right_to_create_databases_a_server_of_its_own_is_used() {
    let bench = bench(BOOKS);
    bench.database.execute("do $$ begin create role generate_reader login password 'pw'; exception when duplicate_object then null; end $$");
    let url = bench.database.url_as("generate_reader", "pw");
    let run = |args: &[&str]| bench.invoke(args).env("DATABASE_URL", url.expose()).output();
    let refused = run(&["generate", "--check", "--scratch", "database"]).ended(1);
    assert!(refused.stderr.contains("role `generate_reader` may not create databases"), "{refused:?}");
    assert!(refused.stderr.contains("ALTER ROLE generate_reader CREATEDB"), "{refused:?}");
    run(&["generate", "-m", "create"]).success();
    run(&["generate", "--check"]).success();
}

#[test]
fn the_schema_is_printed_and_kept() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    let printed = bench.migrate_unchanged(&["schema"]).success();
    assert!(printed.stdout.contains("CREATE TABLE public.books"), "{printed:?}");
    assert_eq!(bench.migrate(&["schema"]).success().stdout, printed.stdout);
    bench.migrate_unchanged(&["schema", "--check"]).ended(4);
    bench.migrate(&["schema", "--write"]).success();
    bench.migrate_unchanged(&["schema", "--check"]).success();
    assert!(bench.project.read("migrations/schema.sql").ends_with(&printed.stdout));
    // It is no migration, and none in the wrong place.
    bench.migrate(&["check"]).success();
    bench.script("V2__more.sql", "--! parents = [1]\nalter table books add isbn text;\n");
    bench.script("V2__more.down.sql", "alter table books drop isbn;\n");
    bench.migrate_unchanged(&["schema", "--check"]).ended(4);
}

#[test]
fn drift_names_what_differs_and_what_mends_it() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    bench.migrate(&["upgrade"]).success();
    // A pending migration is no drift.
    bench.script("V2__more.sql", "--! parents = [1]\nalter table books add isbn text;\n");
    let same = bench.migrate_unchanged(&["drift"]).success();
    assert!(same.stderr.contains("is what its 1 applied migrations make"), "{same:?}");
    bench
        .database
        .execute("create index by_hand on books (copies); alter table books alter copies drop default, add note text");
    let drift = bench.migrate_unchanged(&["drift"]).ended(1);
    for text in ["by_hand", "public.books.note", "DROP INDEX", "DROP COLUMN note", "SET DEFAULT 1"] {
        assert!(drift.stdout.contains(text), "{text}: {drift:?}");
    }
    let json = bench.migrate_unchanged(&["drift", "--format", "json"]).ended(1).json();
    assert_eq!(json["differences"].as_array().unwrap().len(), 3, "{json}");
    // What it prints mends it.
    for statement in json["sql"].as_array().unwrap() {
        bench.database.execute(statement.as_str().unwrap());
    }
    bench.migrate_unchanged(&["drift"]).success();
}

/// The example's models and its migrations say the same.
#[test]
fn the_example_is_settled() {
    let bench = bench(BOOKS);
    let example = workspace().join("example-app");
    bench.invoke(&["generate", "--check"]).within(example).output().success();
}

/// Every source that can be read: what is generated from nothing makes what it wants, and leaves nothing to do.
#[test]
fn nothing_is_left_after_any_source() {
    let cases = workspace().join("tests/cases/models");
    let mut count = 0;
    let mut failed = Vec::new();
    for entry in fs_err::read_dir(cases).unwrap() {
        let case = entry.unwrap();
        let name = case.file_name().into_string().unwrap();
        if !case.path().join("expected.server.txt").exists() {
            continue;
        }
        count += 1;
        let bench = bench("");
        bench.project.copy_folder(&case.path(), bench.project.root());
        let file =
            ["schema.sql", "src/schema.rs", "src/models.rs"].into_iter().find(|file| case.path().join(file).exists());
        bench.configure(&format!("models = \"{}\"\n", file.unwrap()));
        let output = bench.migrate(&["generate", "-m", "all of it"]);
        if output.code != Some(0) {
            failed.push(format!("{name}: {output:?}"));
            continue;
        }
        let check = bench.migrate(&["generate", "--check"]);
        if check.code != Some(0) {
            failed.push(format!("{name}: {check:?}"));
        }
    }
    assert!(count > 5, "{count}");
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// Diesel's schema says little of a table, and what it doesn't say is not touched.
#[test]
fn diesels_schema_changes_only_what_it_names() {
    let bench = bench("");
    bench.configure("models = \"src/schema.rs\"\n");
    let schema = "diesel::table! {\n    books (id) {\n        id -> Int8,\n        title -> Varchar,\n        price -> Numeric,\n    }\n}\n";
    bench.project.write("src/schema.rs", schema);
    bench.script(
        "V1__by_hand.sql",
        "create table books (id bigint generated always as identity primary key, title varchar(40) collate \"C\" not null default 'x' unique,\n\
         price numeric(10, 2) not null check (price > 0));\ncreate index on books (price);\ncomment on table books is 'ours';\n",
    );
    bench.script("V1__by_hand.down.sql", "drop table books;\n");
    bench.migrate_unchanged(&["generate", "--check"]).success();
    bench.project.replace(
        "src/schema.rs",
        "price -> Numeric,",
        "price -> Nullable<Numeric>,\n        isbn -> Nullable<Text>,",
    );
    generate(&bench, "isbn", &[]);
    let script = bench.project.read("migrations/versions/V2__isbn.sql");
    let lines: Vec<&str> = script.lines().filter(|line| !line.starts_with("--")).collect();
    let text = lines.join(" ");
    assert!(text.contains("ADD COLUMN isbn text") && text.contains("price DROP NOT NULL"), "{text}");
    assert!(!text.contains("DEFAULT") && !text.contains("TYPE") && !text.contains("INDEX"), "{text}");
    bench.migrate_unchanged(&["generate", "--check"]).success();
}
