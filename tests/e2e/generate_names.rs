//! `generate` on what is awkward and allowed, and on what is refused: names, tables that refer to each other, extensions.

use crate::generate_case::bench;

const ODD: &str = r#"
use migrate_build::Table;

#[derive(Table)]
#[table(name = "order", no_row, index(user, größe))]
pub struct Order {
    #[column(primary_key)]
    id: i64,
    #[column(references(Person, on_delete = "cascade"), check = "\"user\" > 0")]
    user: i64,
    #[column(default = "1")]
    größe: i32,
    #[column(name = "camelCase", unique)]
    camel: Option<String>,
    #[column(name = "say \"hi\"; drop table x")]
    quoted: Option<String>,
}

#[derive(Table)]
#[table(name = "Person", no_row)]
pub struct Person {
    #[column(primary_key)]
    id: i64,
    #[column(references(Order, on_delete = "set null"))]
    last_order: Option<i64>,
    #[column(unique)]
    a_column_whose_name_is_as_long_as_a_name_may_be_in_postgresql_: Option<i64>,
}
"#;

/// Two tables that refer to each other, whose names every statement has to quote, and one that has no room for `uq_`.
#[test]
fn awkward_names_and_a_cycle_go_up_and_down() {
    let bench = bench(ODD);
    bench.migrate(&["generate", "-m", "odd"]).success();
    let script = bench.project.read("migrations/versions/V1__odd.sql");
    for part in [
        "\"say \"\"hi\"\"; drop table x\" text",
        "CREATE INDEX \"ix_order_user_größe\" ON public.\"order\" USING btree (\"user\", \"größe\");",
        "CONSTRAINT \"uq_Person_a_column_whose_name_is_as_long_as_a_name_may_1087fc6e\" UNIQUE",
        "ALTER TABLE public.\"Person\" ADD CONSTRAINT \"fk_Person_last_order\" FOREIGN KEY (last_order) REFERENCES public.\"order\"(id)",
    ] {
        assert!(script.contains(part), "{part}: {script}");
    }
    bench.migrate(&["upgrade"]).success();
    bench.database.execute(
        "insert into \"Person\" (id) values (7); insert into \"order\" (id, \"user\") values (1, 7);
         update \"Person\" set last_order = 1",
    );
    bench.migrate_unchanged(&["generate", "--check"]).success();
    // A change of what holds rows, there and back.
    bench.project.replace("src/models.rs", "größe: i32", "größe: i64");
    bench.migrate(&["generate", "-m", "wider"]).success();
    bench.migrate(&["upgrade"]).success();
    bench.migrate(&["downgrade"]).success();
    let rows = bench
        .database
        .rows("select \"user\", \"größe\" from \"order\" join \"Person\" p on p.last_order = \"order\".id");
    assert_eq!(rows, [["7", "1"]]);
    bench.migrate(&["downgrade"]).success();
    let left = "select count(*) from pg_tables where schemaname = 'public' and tablename !~ 'refinery|cargo_migrate'";
    assert_eq!(bench.database.value(left), "0");
}

#[test]
fn a_name_that_is_too_long_is_named() {
    let bench = bench(&ODD.replace("\"Person\"", &format!("\"{}\"", "p".repeat(64))));
    let refused = bench.migrate_unchanged(&["generate", "-m", "odd"]).ended(1);
    assert!(refused.stderr.contains("has 64 bytes\n  --> src/models.rs:20:16"), "{refused:?}");
    assert!(refused.stderr.contains("help: PostgreSQL's names have at most 63: shorten it"), "{refused:?}");
}

#[test]
fn an_extension_that_the_server_lacks_is_named() {
    let bench = bench(ODD);
    bench.project.write("migrations/schema/extensions.sql", "create extension nowhere;\n");
    let refused = bench.migrate_unchanged(&["generate", "-m", "odd"]).ended(1);
    for part in [
        "the server refuses `migrations/schema/extensions.sql`: ",
        // As PostgreSQL 15 says it; before, it names a file that it misses.
        if bench.database.major_version() < 15 { "nowhere.control" } else { "extension \"nowhere\" is not available" },
        " --> migrations/schema/extensions.sql:1:1",
        "help: install the extension on that server, or build elsewhere: `--scratch server`",
    ] {
        assert!(refused.stderr.contains(part), "{refused:?}");
    }
}

/// What was generated and not applied yet counts: nothing is generated twice.
#[test]
fn what_was_generated_before_counts() {
    let bench = bench(ODD);
    bench.migrate(&["generate", "-m", "odd"]).success();
    let again = bench.migrate_unchanged(&["generate", "-m", "odd"]).success();
    assert!(again.stderr.contains("Nothing to do"), "{again:?}");
    bench.project.replace("src/models.rs", "quoted: Option<String>", "quoted: Option<String>,\n    extra: Option<i32>");
    bench.migrate(&["generate", "-m", "more"]).success();
    let script = bench.project.read("migrations/versions/V2__more.sql");
    assert!(script.contains("--! parents = [1]"), "{script}");
    assert!(script.contains("ADD COLUMN extra integer;") && !script.contains("CREATE TABLE"), "{script}");
}
