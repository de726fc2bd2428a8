//! `generate` on many tables of which few change: only these are built anew, and what comes out is the same.

use cargo_migrate::config::database_url::DatabaseUrl;
use cargo_migrate::scratch::{PREFIX, Server};
use tests::bench::Bench;
use tests::output::Output;
use tests::postgres::{block_on, connect, own_server};

const TABLES: usize = 24;

/// Each table refers to the one before it, the first one to the last one.
fn models(extra: &str) -> String {
    let mut text = String::from("use migrate_build::Table;\n");
    for i in 1..=TABLES {
        let parent = if i > 1 { i - 1 } else { TABLES };
        let more = if i == 5 { extra } else { "" };
        text.push_str(&format!(
            "\n#[derive(Table)]\n#[table(name = \"t{i}\", index(name))]\npub struct T{i} {{\n    #[column(primary_key, identity)]\n    \
             pub id: i64,\n    #[column(references(T{parent}))]\n    pub parent_id: Option<i64>,\n    pub name: String,\n{more}}}\n"
        ));
    }
    text
}

struct Case {
    bench: Bench,
    /// Nobody else's scratch databases are on it.
    server: Server,
    url: DatabaseUrl,
}

impl Case {
    fn new() -> Self {
        let server = own_server(&[]);
        let url = block_on(server.create_database("shop")).unwrap();
        let bench = Bench::new(&[]);
        bench.project.write("migrations/versions/.keep", "");
        Self { bench, server, url }
    }

    fn migrate(&self, args: &[&str]) -> Output {
        self.bench.invoke(args).env("DATABASE_URL", self.url.expose()).output()
    }

    /// The scratch databases of wanted schemas, the oldest first, each with the numbers of two tables.
    fn wanted(&self) -> Vec<(String, u32, u32)> {
        let tables = "select 't5'::regclass::oid, 't6'::regclass::oid";
        let numbers = |(name, _): (String, u32)| {
            let (five, six) = self.row(&name, tables);
            (name, five, six)
        };
        self.scratch("w_").into_iter().map(numbers).collect()
    }

    fn row(&self, database: &str, sql: &str) -> (u32, u32) {
        block_on(async {
            let client = connect(&self.server.url(database)).await.unwrap();
            let row = client.query_one(sql, &[]).await.unwrap();
            (row.get(0), row.get(1))
        })
    }

    /// The scratch databases whose names go on like this, each with its number.
    fn scratch(&self, kind: &str) -> Vec<(String, u32)> {
        let names =
            format!("select datname, oid from pg_database where starts_with(datname, '{PREFIX}{kind}') order by oid");
        block_on(async {
            let client = connect(&self.server.url("postgres")).await.unwrap();
            client.query(&names, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
        })
    }

    fn execute(&self, database: &str, sql: &str) {
        block_on(async { connect(&self.server.url(database)).await.unwrap().batch_execute(sql).await.unwrap() });
    }

    fn forget(&self) {
        let all = self.scratch("");
        assert!(!all.is_empty());
        for (name, _) in all {
            block_on(self.server.drop_database(&name)).unwrap();
        }
    }
}

#[test]
fn one_table_of_many_is_built_anew() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.migrate(&["generate", "-m", "create"]).success();
    case.migrate(&["upgrade"]).success();
    case.migrate(&["generate", "--check"]).success();
    let first = case.wanted();
    assert_eq!(first.len(), 1);
    case.bench.project.write("src/models.rs", models("    pub note: Option<String>,\n"));
    case.migrate(&["generate", "-m", "note"]).success();
    assert_eq!(case.wanted(), first, "nothing was built from the beginning, and what is kept stays as it was");
    let script = case.bench.project.read("migrations/versions/V2__note.sql");
    assert!(script.contains("ADD COLUMN note text") && !script.contains("t6"), "{script}");
    case.migrate(&["generate", "--check"]).success();
    // Built from the beginning it is the same.
    case.forget();
    case.migrate(&["generate", "--check"]).success();
}

#[test]
fn a_table_that_goes_takes_the_keys_to_it_along() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.migrate(&["generate", "-m", "create"]).success();
    let all = models("");
    let without = all.replace("#[column(references(T24))]", "");
    let (kept, _) = without.split_at(without.find("\n#[derive(Table)]\n#[table(name = \"t24\"").unwrap());
    case.bench.project.write("src/models.rs", kept);
    case.migrate(&["generate", "-m", "without the last", "--drop=t24"]).success();
    assert_eq!(case.wanted().len(), 1);
    case.migrate(&["generate", "--check"]).success();
    case.forget();
    case.migrate(&["generate", "--check"]).success();
    let script = case.bench.project.read("migrations/versions/V2__without_the_last.sql");
    assert!(script.contains("DROP TABLE public.t24") && script.contains("DROP CONSTRAINT"), "{script}");
}

#[test]
fn a_table_that_is_wrong_is_told_with_its_place() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.migrate(&["generate", "-m", "create"]).success();
    case.bench.project.write("src/models.rs", models("    #[column(check = \"nothing > 0\")]\n    pub n: i32,\n"));
    let refused = case.migrate(&["generate", "--check"]).ended(1);
    assert!(refused.stderr.contains("src/models.rs:") && refused.stderr.contains("nothing"), "{refused:?}");
    let left = format!("select 0::oid, count(*)::int::oid from pg_database where starts_with(datname, '{PREFIX}t_')");
    assert_eq!(case.row("postgres", &left), (0, 0));
}

/// Views of a team's files stand in what was built with them; who has no such files any more doesn't want them.
#[test]
fn what_was_built_with_files_beside_the_models_is_not_built_upon() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.bench.project.write("migrations/schema/views.sql", "create view names as select name from t6;\n");
    assert!(case.migrate(&["generate", "--check"]).ended(4).stdout.contains("VIEW public.names"));
    case.bench.project.remove("migrations/schema/views.sql");
    case.bench.project.write("src/models.rs", models("    pub note: Option<String>,\n"));
    let differs = case.migrate(&["generate", "--check"]).ended(4);
    assert!(differs.stdout.contains("CREATE TABLE public.t6") && !differs.stdout.contains("VIEW"), "{differs:?}");
}

/// What ends the transaction would leave its work in what is kept.
#[test]
fn an_attribute_that_is_more_than_one_statement_leaves_what_is_kept_alone() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.migrate(&["generate", "--check"]).ended(4);
    let [(kept, ..)] = case.wanted().try_into().unwrap();
    let extra = "    #[column(check = \"true)); COMMIT; CREATE TABLE more (id int CHECK (true\")]\n    pub n: i32,\n";
    case.bench.project.write("src/models.rs", models(extra));
    case.migrate(&["generate", "--check"]).ended(4);
    let tables = "select count(*)::int::oid, 'pg_class'::regclass::oid from pg_class where relname = 'more'";
    assert_eq!(case.row(&kept, tables).0, 0);
}

/// What a proof was tried on is what the next proof is tried on, and what the next replay goes on from: nothing is copied for them.
#[test]
fn what_a_proof_led_back_in_is_used_again() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.migrate(&["generate", "-m", "create"]).success();
    let [(_, spare)] = case.scratch("s_").try_into().unwrap();
    case.migrate(&["generate", "--check"]).success();
    assert!(case.scratch("s_").is_empty() && case.scratch("h_").iter().any(|(_, number)| *number == spare));
    case.bench.project.write("src/models.rs", models("    pub note: Option<String>,\n"));
    let first = case.migrate(&["generate", "--dry-run"]).success();
    let spares = case.scratch("s_");
    let second = case.migrate(&["generate", "--dry-run"]).success();
    assert_eq!((spares.len(), case.scratch("s_"), case.scratch("t_")), (1, spares, Vec::new()));
    case.forget();
    let third = case.migrate(&["generate", "--dry-run"]).success();
    assert!(first.stdout.contains("ADD COLUMN note"), "{first:?}");
    assert_eq!([&first.stdout, &second.stdout], [&third.stdout; 2]);
}

/// Only what fails on a fresh copy fails.
#[test]
fn a_spare_copy_that_is_not_what_it_was_is_replaced() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.migrate(&["generate", "-m", "create"]).success();
    case.migrate(&["generate", "--check"]).success();
    case.bench.project.write("src/models.rs", models("    pub note: Option<String>,\n"));
    case.migrate(&["generate", "--dry-run"]).success();
    let spoilt = |sql: &str| {
        let [(name, number)] = case.scratch("s_").try_into().unwrap();
        case.execute(&name, sql);
        number
    };
    let more = spoilt("create table more (id int)");
    case.migrate(&["generate", "--dry-run"]).success();
    let note = spoilt("alter table t5 add column note text");
    assert_ne!(note, more, "the way up led elsewhere there");
    case.migrate(&["generate", "-m", "note"]).success();
    let replayed = spoilt("alter table t5 add column note text");
    assert_ne!(replayed, note, "the way up failed there");
    case.migrate(&["generate", "--check"]).success();
    assert!(case.scratch("h_").iter().all(|(_, number)| *number != replayed), "the migration failed there");
    assert_eq!((case.scratch("s_"), case.scratch("t_")), (Vec::new(), Vec::new()));
}

/// A way up may change rows for good, and the next proof would not see the first ones.
#[test]
fn a_copy_with_rows_is_not_used_again() {
    let case = Case::new();
    case.bench.project.write("src/models.rs", models(""));
    case.migrate(&["generate", "-m", "create"]).success();
    case.bench
        .project
        .write("migrations/versions/V2__rows.sql", "--! parents = [1]\ninsert into t1 (name) values ('a');\n");
    case.bench.project.write("migrations/versions/V2__rows.down.sql", "delete from t1;\n");
    case.bench.project.write("src/models.rs", models("    pub note: Option<String>,\n"));
    case.migrate(&["generate", "--dry-run"]).success();
    assert_eq!((case.scratch("s_"), case.scratch("t_")), (Vec::new(), Vec::new()));
}
