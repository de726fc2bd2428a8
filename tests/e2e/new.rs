//! `new` and `merge`: the files that they write.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, TWO_HEADS, VERSIONS};

#[test]
fn a_migration_builds_on_the_head() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate(&["new", "add year"]).snapshot(), @"
    $ cargo-migrate new add year
    migrations/versions/V4__add_year.sql
    migrations/versions/V4__add_year.down.sql
    -- stderr
    Created 4 add_year, builds on 3 add_price
    -- exit 0
    ");
    assert_snapshot!(bench.project.read("migrations/versions/V4__add_year.sql"), @"
    --! parents = [3]

    -- Write the statements here, each ended by a semicolon.
    ");
    assert_snapshot!(bench.project.read("migrations/versions/V4__add_year.down.sql"), @"-- Write the statements here that undo V4__add_year.sql.");
    // Empty as it is, it can be checked and applied.
    bench.migrate(&["check"]).success();
    bench.migrate(&["upgrade"]).success();
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.applied(), "1 2 3");
}

#[test]
fn versions_are_times_unless_they_are_numbers() {
    let bench = Bench::new(&[]);
    bench.project.replace("Cargo.toml", "sequential", "timestamp");
    fs_err::create_dir_all(bench.project.path(VERSIONS)).unwrap();
    assert_snapshot!(bench.migrate(&["new", "init"]).snapshot(), @"
    $ cargo-migrate new init
    migrations/versions/V[VERSION]__init.sql
    migrations/versions/V[VERSION]__init.down.sql
    -- stderr
    Created [VERSION] init, the first migration
    -- exit 0
    ");
    // Within one second, too, the second is younger than the first.
    let version = |name: &str| {
        let json = bench.migrate(&["new", name, "--format", "json"]).success().json();
        (json["migration"]["version"].as_i64().unwrap(), json["migration"]["parents"].clone())
    };
    let (first, _) = version("a");
    let (second, parents) = version("b");
    assert!(second > first && first.to_string().len() == 14, "{first} {second}");
    assert_eq!(parents, serde_json::json!([first]));
    bench.migrate(&["check"]).success();
}

/// Whatever is in a name, it is a name and nothing else.
#[test]
fn names_are_never_code() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    let name = "a'; drop table books; --\"$(touch owned)`touch owned`";
    assert_snapshot!(bench.migrate(&["new", name]).snapshot(), @r#"
    $ cargo-migrate new a'; drop table books; --"$(touch owned)`touch owned`
    migrations/versions/V4__a_drop_table_books_touch_owned_touch_owned.sql
    migrations/versions/V4__a_drop_table_books_touch_owned_touch_owned.down.sql
    -- stderr
    Created 4 a_drop_table_books_touch_owned_touch_owned, builds on 3 add_price
    -- exit 0
    "#);
    bench.migrate(&["upgrade"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3 4", "id title isbn price"));
    assert!(!bench.project.path("owned").exists());
    for wrong in ["", "';--", "../..", "…"] {
        bench.migrate_unchanged(&["new", wrong]).ended(2);
    }
    assert_snapshot!(bench.migrate_unchanged(&["new", "';\u{1b}[--"]).ended(2).snapshot(), @r"
    $ cargo-migrate new ';[--
    -- stderr
    error: `\';\u{1b}[--` holds no letter or digit to make a name of
    help: give it a name like `create_books`
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["new", &"x".repeat(200)]).ended(2).snapshot(), @"
    $ cargo-migrate new xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    -- stderr
    error: the name would be 200 bytes long, and 120 is the most
    help: give it a name like `create_books`
    -- exit 2
    ");
    bench.migrate(&["new", "--", "-m año/../2"]).success();
    assert!(bench.project.path("migrations/versions/V5__m_año_2.sql").exists());
}

#[test]
fn a_reason_is_kept_word_for_word() {
    let bench = Bench::new(LINE);
    let reason = "it's \"gone\"; drop table books\n--! transaction = false";
    assert_snapshot!(bench.migrate(&["new", "drop_isbn", "--irreversible", reason]).snapshot(), @r#"
    $ cargo-migrate new drop_isbn --irreversible it's "gone"; drop table books
    --! transaction = false
    migrations/versions/V4__drop_isbn.sql
    -- stderr
    Created 4 drop_isbn, builds on 3 add_price
    -- exit 0
    "#);
    assert_snapshot!(bench.project.read("migrations/versions/V4__drop_isbn.sql"), @r#"
    --! parents = [3]
    --! irreversible = "it's \"gone\"; drop table books\u000A--! transaction = false"

    -- Write the statements here, each ended by a semicolon.
    "#);
    bench.migrate(&["check"]).success();
    bench.migrate(&["upgrade"]).success();
    let refused = bench.migrate_unchanged(&["downgrade"]).ended(1);
    assert!(refused.stderr.contains("it's \"gone\""), "{refused:?}");
    bench.migrate_unchanged(&["new", "x", "--irreversible", " "]).ended(2);
}

#[test]
fn with_two_heads_a_parent_is_asked_for() {
    let bench = Bench::new(TWO_HEADS);
    assert_snapshot!(bench.migrate_unchanged(&["new", "add_year"]).ended(1).snapshot(), @r#"
    $ cargo-migrate new add_year
    -- stderr
    error: the history has 2 heads: `2 add_isbn`, `3 add_price`
    help: join them first: `cargo migrate merge -m "merge heads"`
    help: or say which one to build on: `--parent 2`
    -- exit 1
    "#);
    bench.migrate(&["new", "add_year", "--parent", "add_isbn"]).success();
    assert!(bench.project.read("migrations/versions/V4__add_year.sql").starts_with("--! parents = [2]\n"));
    bench.migrate_unchanged(&["new", "x", "--parent", "9"]).ended(2);
}

#[test]
fn a_broken_history_is_not_built_on() {
    let bench = Bench::new(LINE);
    bench.script("V3__add_price.sql", "--! parents = [9]\n");
    assert_snapshot!(bench.migrate_unchanged(&["new", "x"]).ended(1).snapshot(), @"
    $ cargo-migrate new x
    -- stderr
    error: the history has errors, so what it ends in is not certain
    help: `cargo migrate check` lists them
    -- exit 1
    ");
    bench.migrate_unchanged(&["merge"]).ended(1);
}

#[test]
fn a_merge_joins_all_heads() {
    let bench = Bench::new(TWO_HEADS);
    bench.script("V4__add_year.sql", "--! parents = [1]\nalter table books add year int;\n");
    bench.script("V4__add_year.down.sql", "alter table books drop year;\n");
    bench.migrate(&["check"]).ended(1);
    assert_snapshot!(bench.migrate(&["merge", "-m", "Join 'em; all"]).snapshot(), @"
    $ cargo-migrate merge -m Join 'em; all
    migrations/versions/V5__join_em_all.sql
    migrations/versions/V5__join_em_all.down.sql
    -- stderr
    Created 5 join_em_all, builds on 2 add_isbn, 3 add_price, 4 add_year
    -- exit 0
    ");
    assert_snapshot!(bench.project.read("migrations/versions/V5__join_em_all.sql"), @"
    --! parents = [2, 3, 4]

    -- Joins its parents; there is nothing to do.
    ");
    bench.migrate(&["check"]).success();
    bench.migrate(&["upgrade"]).success();
    assert_eq!(bench.columns(), "id title isbn price year");
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.applied(), "1 2 3 4");
    assert_snapshot!(bench.migrate_unchanged(&["merge"]).success().snapshot(), @"
    $ cargo-migrate merge
    -- stderr
    nothing to merge: 5 join_em_all is the only head
    -- exit 0
    ");
}

#[test]
fn a_merge_may_leave_a_head() {
    let bench = Bench::new(TWO_HEADS);
    bench.script("V4__add_year.sql", "--! parents = [1]\nalter table books add year int;\n");
    assert_snapshot!(bench.migrate(&["merge", "2", "add_price"]).snapshot(), @"
    $ cargo-migrate merge 2 add_price
    migrations/versions/V5__merge_heads.sql
    migrations/versions/V5__merge_heads.down.sql
    -- stderr
    Created 5 merge_heads, builds on 2 add_isbn, 3 add_price
    note: other heads are left: 4 add_year
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["merge", "2", "5"]).ended(1).snapshot(), @"
    $ cargo-migrate merge 2 5
    -- stderr
    error: 5 merge_heads builds on 2 add_isbn already
    help: leave 2 out
    -- exit 1
    ");
    bench.migrate_unchanged(&["merge", "4"]).ended(2);
    bench.migrate(&["merge"]).success();
    assert_eq!(bench.migrate(&["heads"]).stdout, "6  merge_heads  (head, merge)\n");
}
