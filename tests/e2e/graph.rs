//! Commands that look at the files alone: `heads`, `branches`, `history`, `show`, `explain`, `completions`.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, TWO_HEADS};
use tests::output::Output;

/// They are offline: whatever names a database, none is asked.
fn run(bench: &Bench, args: &[&str]) -> Output {
    bench.unchanged(|| bench.invoke(args).env("DATABASE_URL", "no URL at all").output())
}

#[test]
fn a_line() {
    let bench = Bench::new(LINE);
    assert_snapshot!(run(&bench, &["heads"]).snapshot(), @"
    $ cargo-migrate heads
    3  add_price  (head)
    -- stderr
    -- exit 0
    ");
    assert_snapshot!(run(&bench, &["branches"]).snapshot(), @"
    $ cargo-migrate branches
    -- stderr
    the history is one line: it has no branches
    -- exit 0
    ");
    assert_snapshot!(run(&bench, &["history"]).snapshot(), @"
    $ cargo-migrate history
    ●  3  add_price  (head)
    ○  2  add_isbn
    ○  1  create_books  (base)
    -- stderr
    -- exit 0
    ");
}

fn branches() -> Bench {
    let bench = Bench::new(TWO_HEADS);
    bench.script("V4__merge.sql", "--! parents = [2, 3]\n");
    bench.script("V4__merge.down.sql", "");
    bench.script("V5__add_year.sql", "--! parents = [4]\n--! transaction = false\nalter table books add year int;\n");
    bench.script("V6__drop_isbn.sql", "--! parents = [4]\n--! irreversible = \"gone\"\nalter table books drop isbn;\n");
    bench
}

#[test]
fn branches_and_a_merge() {
    let bench = branches();
    assert_snapshot!(run(&bench, &["heads"]).snapshot(), @r#"
    $ cargo-migrate heads
    5  add_year  (head, no transaction)
    6  drop_isbn  (head, irreversible)
    -- stderr
    help: join them: `cargo migrate merge -m "merge heads"`
    -- exit 0
    "#);
    assert_snapshot!(run(&bench, &["branches"]).snapshot(), @"
    $ cargo-migrate branches
    1 create_books  (branch point of)
    ├─ 2 add_isbn
    ╰─ 3 add_price
    4 merge  (merge of)
    ├─ 2 add_isbn
    ╰─ 3 add_price
    4 merge  (branch point of)
    ├─ 5 add_year
    ╰─ 6 drop_isbn
    -- stderr
    -- exit 0
    ");
    assert_snapshot!(run(&bench, &["history"]).snapshot(), @"
    $ cargo-migrate history
    ●  6  drop_isbn  (head, irreversible)
    │ ●  5  add_year  (head, no transaction)
    ├─╯
    ○  4  merge  (merge, branch point)
    ├─╮
    │ ○  3  add_price
    ○ │  2  add_isbn
    ├─╯
    ○  1  create_books  (base, branch point)
    -- stderr
    -- exit 0
    ");
    assert_eq!(run(&bench, &["history", "--graph"]).stdout, run(&bench, &["history"]).stdout);
    assert_snapshot!(run(&bench, &["history", "--mermaid"]).snapshot(), @r#"
    $ cargo-migrate history --mermaid
    flowchart TD
        v1["1 create_books"]
        v2["2 add_isbn"]
        v3["3 add_price"]
        v4["4 merge"]
        v5(["5 add_year"])
        v6(["6 drop_isbn"])
        v1 --> v2
        v1 --> v3
        v2 --> v4
        v3 --> v4
        v4 --> v5
        v4 --> v6
    -- stderr
    -- exit 0
    "#);
    assert_snapshot!(run(&bench, &["history", "2..5"]).snapshot(), @"
    $ cargo-migrate history 2..5
    ●  5  add_year  (head, no transaction)
    ○  4  merge  (merge, branch point)
    ○  3  add_price
    -- stderr
    -- exit 0
    ");
    run(&bench, &["history", "2..nope"]).ended(2);
}

#[test]
fn one_migration_is_shown() {
    let bench = branches();
    assert_snapshot!(run(&bench, &["show", "add_year"]).snapshot(), @"
    $ cargo-migrate show add_year
    migration     5 add_year
                  head, no transaction
    parents       4 merge

    -- migrations/versions/V5__add_year.sql: 1 statement
    --! parents = [4]
    --! transaction = false
    alter table books add year int;
    -- stderr
    -- exit 0
    ");
    assert_snapshot!(run(&bench, &["show", "1"]).snapshot(), @"
    $ cargo-migrate show 1
    migration     1 create_books
                  base, branch point
    parents       none
    children      2 add_isbn, 3 add_price

    -- migrations/versions/V1__create_books.sql: 1 statement
    create table books (id int8 primary key, title text not null);

    -- migrations/versions/V1__create_books.down.sql: 1 statement
    drop table books;
    -- stderr
    -- exit 0
    ");
    assert_snapshot!(run(&bench, &["show"]).ended(2).snapshot(), @r#"
    $ cargo-migrate show
    -- stderr
    error: the history has 2 heads: 5, 6
    help: name one of them, or join them: `cargo migrate merge -m "merge heads"`
    -- exit 2
    "#);
    assert_snapshot!(run(&bench, &["show", "drop_isbm"]).ended(2).snapshot(), @"
    $ cargo-migrate show drop_isbm
    -- stderr
    error: no migration is called `drop_isbm`
    help: did you mean `drop_isbn`?
    -- exit 2
    ");
}

#[test]
fn a_broken_history_is_shown_as_far_as_it_goes() {
    let bench = Bench::new(LINE);
    bench.script("V3__add_price.sql", "--! parents = [9]\nalter table books add price numeric;\n");
    assert_snapshot!(run(&bench, &["history"]).snapshot(), @"
    $ cargo-migrate history
    ●  3  add_price  (head, base)

    ●  2  add_isbn  (head)
    ○  1  create_books  (base)
    -- stderr
    warning: the history has errors, so what follows may not be all of it
    help: `cargo migrate check` lists them
    -- exit 0
    ");
    assert_snapshot!(run(&bench, &["heads"]).snapshot(), @r#"
    $ cargo-migrate heads
    2  add_isbn  (head)
    3  add_price  (head, base)
    -- stderr
    warning: the history has errors, so what follows may not be all of it
    help: `cargo migrate check` lists them
    -- exit 0
    "#);
}

#[test]
fn rules_are_explained() {
    let bench = Bench::new(&[]);
    let all = run(&bench, &["explain"]).success();
    assert!(all.stdout.contains("several-heads"), "{all:?}");
    for line in all.stdout.lines() {
        let rule = line.split(' ').next().unwrap();
        let page = run(&bench, &["explain", rule]).success();
        assert!(page.stdout.starts_with(&format!("# {rule}\n")), "{page:?}");
    }
    let pasted = run(&bench, &["explain", "error[several-heads]"]).success();
    assert_eq!(pasted.stdout, run(&bench, &["explain", "several-heads"]).stdout);
    assert_snapshot!(run(&bench, &["explain", "several-head"]).ended(2).snapshot(), @"
    $ cargo-migrate explain several-head
    -- stderr
    error: there is no rule `several-head`
    help: did you mean `several-heads`?
    -- exit 2
    ");
}

/// Neither needs a package.
#[test]
fn a_shell_completes_and_help_is_printed() {
    let bench = Bench::new(&[]);
    bench.project.remove("Cargo.toml");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&bench, &["completions", shell]).success();
        assert!(script.stdout.contains("upgrade") && script.stdout.contains("cargo-migrate"), "{shell}: {script:?}");
        assert_eq!(script.stderr, "");
    }
    run(&bench, &["completions", "csh"]).ended(2);
    let help = run(&bench, &["--help"]).success();
    assert!(help.stdout.contains("Usage: cargo migrate") && help.stderr.is_empty(), "{help:?}");
    // As cargo calls it.
    assert_eq!(run(&bench, &["migrate", "--help"]).success().stdout, help.stdout);
    assert_snapshot!(run(&bench, &["upgrad"]).ended(2).snapshot(), @"
    $ cargo-migrate upgrad
    -- stderr
    error: unrecognized subcommand 'upgrad'

      tip: some similar subcommands exist: 'downgrade', 'upgrade'

    Usage: cargo migrate [OPTIONS] <COMMAND>

    For more information, try '--help'.
    -- exit 2
    ");
    run(&bench, &[]).ended(2);
}
