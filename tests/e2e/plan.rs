//! `plan`: what an upgrade would do, in its three forms, and upgrades that keep to one.

use serde_json::{Value, json};
use tests::bench::{Bench, LINE};
use tests::postgres::Database;
use tests::role::Role;
use tests::round_trips::RoundTrips;
use tests::running::Running;

use crate::fault_case::Case;

/// Three migrations behind a table with rows.
fn bench() -> Bench {
    let bench = Bench::new(LINE);
    bench.script("V4__shelves.sql", "--! parents = [3]\ncreate table shelves (id int8 primary key, book int8 references books);\ncreate index on shelves (book);\n");
    bench.script("V4__shelves.down.sql", "drop table shelves;\n");
    bench.script("V5__rewrite.sql", "--! parents = [4]\n--! irreversible = \"for good\"\nalter table books alter id type numeric;\ncreate index titles on books (title);\n");
    bench.migrate(&["upgrade", "2"]).success();
    bench.database.execute("insert into books select n, 'title' from generate_series(1, 20000) n; analyze books");
    bench
}

fn plan(bench: &Bench, args: &[&str]) -> Value {
    bench.migrate_unchanged(&[&["plan", "--format", "json"], args].concat()).success().json()
}

#[test]
fn each_statement_has_its_locks_on_what_is_there() {
    let bench = bench();
    let plan = plan(&bench, &[]);
    assert_eq!((&plan["version"], &plan["target"], &plan["at"]), (&json!(1), &json!("head"), &json!(["2 add_isbn"])));
    let migrations = plan["plan"].as_array().unwrap();
    let versions: Vec<_> = migrations.iter().map(|migration| migration["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [3, 4, 5]);
    let add = &migrations[0]["up"][0];
    assert_eq!(
        (&add["sql"], &add["class"], &add["line"]),
        (&json!("alter table books add price numeric"), &json!("instant"), &json!(2))
    );
    let lock = &add["locks"][0];
    assert_eq!(
        (&lock["mode"], &lock["on"], &lock["blocks"], &lock["rows"]),
        (&json!("ACCESS EXCLUSIVE"), &json!("public.books"), &json!("reads and writes"), &json!(20_000))
    );
    let pages = bench.database.value(
        "select sum(relpages) * 8192 from pg_class where oid = 'books'::regclass or oid = 'books_pkey'::regclass",
    );
    assert_eq!(lock["bytes"].to_string(), pages);
    assert_eq!(migrations[0]["down"][0]["sql"], "alter table books drop price");
    let [table, index] = [0, 1].map(|at| &migrations[1]["up"][at]);
    assert_eq!(table["locks"][0]["on"], "public.books");
    let state = |index: &Value| {
        (index["class"].clone(), index["locks"][0]["state"].clone(), index["locks"][0]["blocks"].clone())
    };
    assert_eq!(state(index), (json!("instant"), json!("new"), Value::Null));
    let [rewrite, titles] = [0, 1].map(|at| &migrations[2]["up"][at]);
    assert_eq!((&rewrite["class"], &titles["class"]), (&json!("rewrite"), &json!("scan")));
    let rules: Vec<_> = titles["hazards"].as_array().unwrap().iter().map(|hazard| hazard["rule"].clone()).collect();
    assert!(rules.contains(&json!("require-concurrent-index-creation")), "{rules:?}");
    assert_eq!(migrations[2]["irreversible"], "for good");
}

/// What would be applied onto something else than the files say is not planned.
#[test]
fn a_database_that_does_not_fit_has_no_plan() {
    let bench = bench();
    bench.project.replace("migrations/versions/V1__create_books.sql", "title", "name");
    let refused = bench.migrate(&["plan"]).ended(1);
    assert!(refused.stderr.contains("V1__create_books.sql") && refused.stderr.contains("repair"), "{refused:?}");
}

#[test]
fn of_two_locks_on_one_table_the_stronger_one_counts() {
    let bench = bench();
    bench.script("V6__parent.sql", "--! parents = [5]\nalter table books add parent int8 references books;\n");
    bench.script("V6__parent.down.sql", "alter table books drop parent;\n");
    let plan = plan(&bench, &[]);
    let locks = plan["plan"][3]["up"][0]["locks"].as_array().unwrap();
    let locks: Vec<_> = locks.iter().map(|lock| (&lock["mode"], &lock["on"])).collect();
    assert_eq!(locks, [(&json!("ACCESS EXCLUSIVE"), &json!("public.books"))]);
}

#[test]
fn people_and_pull_requests_read_the_same() {
    let bench = bench();
    let human = bench.migrate_unchanged(&["plan"]).success();
    for line in [
        "3  add_price  (one transaction)",
        "  alter table books add price numeric",
        "    ACCESS EXCLUSIVE on public.books (about 20000 rows, ",
        "): blocks reads and writes",
        "    SHARE on shelves (new)",
        "warning[require-concurrent-index-creation]",
        "  down: none, irreversible: for good",
    ] {
        assert!(human.stdout.contains(line), "{line}: {}", human.stdout);
    }
    assert!(human.stderr.contains("Planned 3 migrations of database"), "{}", human.stderr);
    let markdown = bench.migrate_unchanged(&["plan", "--markdown", "--to", "3"]).success().stdout;
    assert!(
        markdown.contains(
            "| 🟡 | 3 add_price | `alter table books add price numeric` | instant | ACCESS EXCLUSIVE on public.books"
        ),
        "{markdown}"
    );
    assert!(markdown.contains("The way back:\n\n```sql\nalter table books drop price;\n```"), "{markdown}");
    assert!(!markdown.contains("shelves"), "{markdown}");
}

#[test]
fn a_database_that_was_never_migrated_and_one_that_is_not_there() {
    let bench = Bench::new(LINE);
    let fresh = bench.migrate_unchanged(&["plan"]).success();
    assert!(fresh.stderr.contains("was never migrated: the plan begins at base"), "{}", fresh.stderr);
    assert!(
        fresh.stderr.contains("Planned 3 migrations") && fresh.stderr.contains("no statement holds up anybody"),
        "{}",
        fresh.stderr
    );
    bench.migrate(&["upgrade"]).success();
    let none = bench.migrate_unchanged(&["plan"]).success();
    assert_eq!(none.stdout, "");
    assert!(none.stderr.contains("is up to date"), "{}", none.stderr);
    let away =
        bench.invoke(&["plan"]).env("DATABASE_URL", "postgres://nobody:secret@127.0.0.1:1/nothing").output().ended(3);
    assert!(away.stderr.contains("127.0.0.1:1") && !away.stderr.contains("secret"), "{}", away.stderr);
    let both = bench.migrate(&["plan", "--sql", "--format", "json"]).ended(2);
    assert!(both.stderr.contains("two forms of one plan"), "{}", both.stderr);
}

/// Of thousands of relations only those are asked for that it speaks of, all at once, and a lock on them is not waited for.
#[test]
fn it_asks_seldom_waits_for_nobody_and_needs_no_more_than_to_read() {
    let bench = bench();
    bench.database.execute("do $$ begin for n in 1..3000 loop execute format('create table t%s (id int8)', n); if n % 500 = 0 then commit; end if; end loop; end $$");
    let all: String = (1..=3000).map(|n| format!("alter table t{n} add a int;\n")).collect();
    bench.script("V6__all.sql", format!("--! parents = [5]\n{all}"));
    let reader = Role::new(&bench.database, &["grant select on refinery_schema_history"]);
    let url = reader.url();
    let counted = RoundTrips::start(&url);
    let holder = Case::new(bench.database.url(), &[]).hold("begin; lock table books");
    let output = bench.invoke(&["plan", "--format", "json"]).env("DATABASE_URL", counted.url(&url).expose()).output();
    holder.release();
    let plan = output.success().json();
    assert_eq!(plan["plan"][3]["up"].as_array().unwrap().len(), 3000);
    assert_eq!(plan["plan"][3]["up"][2999]["locks"][0]["on"], "public.t3000");
    let counts = counted.counts();
    assert!(counts.len() == 1 && counts[0] <= 5, "{counts:?}");
}

/// Partitions, indexes that are named alone, the tables that a foreign key points to, the users of a type.
#[test]
fn what_only_the_database_knows_is_looked_up() {
    let bench = Bench::new(&[
        (
            "V1__a.sql",
            "create domain price as numeric; create table books (id int8 primary key, price price); create index prices on books (price); create index others on books (id, price);
             create table sales (day date, book int8 references books) partition by range (day);
             create table sales_a partition of sales for values from ('2026-01-01') to ('2027-01-01');
             create table sales_z partition of sales default;\n",
        ),
        (
            "V2__b.sql",
            "--! parents = [1]\nalter domain price add check (value > 0);\nalter index prices rename to costs;\nalter table sales add note text;
             create table sales_b partition of sales for values from ('2027-01-01') to ('2028-01-01');\ndrop index others;\n",
        ),
    ]);
    bench.script("V3__c.sql", "--! parents = [2]\n--! transaction = false\ncreate index concurrently titles on books (price);\ninsert into sales values ('2026-02-03');\n");
    bench.migrate(&["upgrade", "1"]).success();
    let plan = plan(&bench, &[]);
    let alone = [0, 1].map(|at| plan["plan"][1]["up"][at]["outside_transaction"].clone());
    assert_eq!(alone, [json!(true), json!(false)]);
    let locks = |at: usize| -> Vec<String> {
        let locks = plan["plan"][0]["up"][at]["locks"].as_array().unwrap();
        locks.iter().map(|lock| format!("{} {}", lock["on"].as_str().unwrap(), lock["partitions"])).collect()
    };
    assert!(locks(0).contains(&"public.books 0".to_owned()), "{:?}", locks(0));
    assert!(locks(1).iter().any(|lock| lock.starts_with("public.")), "{:?}", locks(1));
    assert_eq!(locks(2), ["public.sales 2"]);
    assert!(locks(3).contains(&"public.sales_z 0".to_owned()), "{:?}", locks(3));
    assert!(locks(4).contains(&"public.books 0".to_owned()), "{:?}", locks(4));
}

#[test]
fn an_upgrade_keeps_to_its_plan() {
    let bench = bench();
    bench.migrate(&["plan", "--to", "4", "--output", "plan.json"]).success();
    let written: Value = serde_json::from_str(&bench.project.read("plan.json")).unwrap();
    assert_eq!((&written["version"], &written["command"]), (&json!(1), &json!("plan")));
    let upgrade = || bench.migrate(&["upgrade", "--plan", "plan.json"]);
    let file = "migrations/versions/V4__shelves.sql";
    bench.project.replace(file, "create index on shelves (book);\n", "");
    let edited = bench.unchanged(upgrade).ended(1);
    assert!(
        edited.stderr.contains("the up script of 4 shelves was changed")
            && edited.stderr.contains("`plan.json` is out of date"),
        "{}",
        edited.stderr
    );
    bench.project.replace(file, "references books);\n", "references books);\ncreate index on shelves (book);\n");
    bench.project.replace("migrations/versions/V4__shelves.down.sql", "drop", "DROP");
    assert!(bench.unchanged(upgrade).ended(1).stderr.contains("the down script of 4 shelves was changed"));
    bench.project.replace("migrations/versions/V4__shelves.down.sql", "DROP", "drop");
    bench.migrate(&["upgrade", "3"]).success();
    let moved = bench.unchanged(upgrade).ended(1);
    assert!(moved.stderr.contains("3 add_price has been applied since"), "{}", moved.stderr);
    bench.migrate(&["downgrade", "--to", "2"]).success();
    upgrade().success();
    assert_eq!(bench.applied(), "1 2 3 4");
    assert!(bench.unchanged(upgrade).ended(1).stderr.contains("4 shelves has been applied since"));
}

/// A new file changes what `head` means.
#[test]
fn a_plan_for_the_head_is_for_that_head() {
    let bench = bench();
    bench.migrate(&["plan", "--output", "plan.json"]).success();
    bench.script("V6__more.sql", "--! parents = [5]\ncreate table more (id int8 primary key);\n");
    let new = bench.migrate_unchanged(&["upgrade", "--plan", "plan.json"]).ended(1);
    assert!(new.stderr.contains("6 more is pending, and not in the plan"), "{}", new.stderr);
    bench.project.write("plan.json", "{}");
    assert!(bench.migrate_unchanged(&["upgrade", "--plan", "plan.json"]).ended(2).stderr.contains("it is no plan"));
    bench.migrate_unchanged(&["upgrade", "--plan", "plan.json", "3"]).ended(2);
}

/// Whatever moved in the database or the files since the plan was made is named, and nothing is done.
#[test]
fn whatever_moved_since_is_named() {
    let bench = bench();
    bench.migrate(&["plan", "--output", "plan.json"]).success();
    let upgrade = || bench.migrate(&["upgrade", "--plan", "plan.json"]);
    let refused = |said: &str| {
        let output = bench.unchanged(upgrade).ended(1);
        assert!(output.stderr.contains(said), "{said}: {}", output.stderr);
    };
    let other = Database::new();
    let elsewhere =
        bench.invoke(&["upgrade", "--plan", "plan.json"]).env("DATABASE_URL", other.url().expose()).output();
    let stderr = elsewhere.ended(1).stderr;
    assert!(stderr.contains("the plan is for database `[DATABASE]`, and this one is `"), "{stderr}");
    let checksum = bench.database.value("select checksum from refinery_schema_history where version = 2");
    let set = |checksum: &str| {
        bench
            .database
            .execute(&format!("update refinery_schema_history set checksum = '{checksum}' where version = 2"));
    };
    set("7");
    refused("2 add_isbn has another checksum in the database since");
    set(&checksum);
    bench.project.remove("migrations/versions/V5__rewrite.sql");
    refused("5 rewrite is in the plan, and not pending");
    bench.migrate(&["downgrade", "--to", "1"]).success();
    refused("2 is not applied any more");
}

/// Between its first look and the lock somebody else may have been there.
#[test]
fn what_moves_while_it_waits_for_the_lock_is_seen() {
    let bench = bench();
    bench.migrate(&["plan", "--output", "plan.json"]).success();
    let url = bench.database.url();
    let holder = Case::new(url.clone(), &[]).lock(None, "another");
    let mut upgrade =
        Running::start(&bench.project, &["upgrade", "--plan", "plan.json", "--database-url", url.expose()]);
    upgrade.until_said("for the lock");
    bench.database.execute("delete from refinery_schema_history where version = 2");
    holder.release();
    let output = upgrade.wait().ended(1);
    assert!(output.stderr.contains("the database has moved since the plan was made"), "{}", output.stderr);
    assert_eq!(bench.applied(), "1");
}

/// What the plan leaves out its upgrade leaves out.
#[test]
fn a_plan_without_backfills_stays_without() {
    let bench = Bench::new(LINE);
    bench.script("V4__fill.sql", "--! parents = [3]\n--! backfill = { table = \"books\", key = \"id\" }\nupdate books set isbn = '' where id between $1 and $2;\n");
    bench.migrate(&["upgrade", "2"]).success();
    bench.migrate(&["plan", "--skip-backfills", "--output", "plan.json"]).success();
    bench.migrate(&["upgrade", "--plan", "plan.json"]).success();
    assert_eq!(bench.applied(), "1 2 3");
}
