//! `generate`: from models to migrations, as a user does it.

use tests::environment::workspace;

use crate::generate_case::{BOOKS, bench, generate, settled};

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
    let another = bench.migrate_unchanged(&["generate", "--dry-run", "--no-renames"]).success();
    assert!(another.stdout.contains("ADD COLUMN name text") && !another.stdout.contains("RENAME"), "{another:?}");
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
    // Nobody is asked whether a new table was it.
    bench.project.write("src/models.rs", models.replace("\"authors\"", "\"writers\""));
    let writers = bench.migrate_unchanged(&["generate", "--dry-run"]).success();
    assert!(writers.stdout.contains("CREATE TABLE public.writers"), "{writers:?}");
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

/// The example's models and its migrations say the same.
#[test]
fn the_example_is_settled() {
    let bench = bench(BOOKS);
    let example = workspace().join("example-app");
    bench.invoke(&["generate", "--check"]).within(example).output().success();
}

/// Every source that can be read: what is generated from nothing makes what it wants, and leaves nothing to do.
/// A file `since` holds the oldest major version for a case.
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
        let since = case.path().join("since");
        if since.exists()
            && bench.database.major_version() < fs_err::read_to_string(since).unwrap().trim().parse().unwrap()
        {
            continue;
        }
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
