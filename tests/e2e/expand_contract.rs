//! `new --expand-contract`: series of migrations between which both the old code and the new one work.

use cargo_migrate::schema::{QualifiedName, Snapshot, take};
use insta::assert_snapshot;
use tests::bench::{Bench, VERSIONS};
use tests::postgres::{block_on, connect};

use crate::diff::remaining;

/// A table with rows, and what may hang on a column.
const BOOKS: &str = "\
create table authors (id bigint primary key);
create table books (
    id bigint primary key,
    title text not null default 'untitled' unique check (title <> ''),
    price integer not null default 0,
    author bigint references authors,
    isbn text,
    summary text not null default 'none',
    notes text
);
create unique index books_title_idx on books (lower(title)) where title <> 'x';
create unique index by_isbn on books (isbn);
comment on column books.title is 'it''s on the cover';
insert into authors values (1);
insert into books select i, 'book ' || i, i, 1, case when i % 3 > 0 then 'i' || i end, 's' || i, nullif('n' || i % 2, 'n0')
    from generate_series(1, 2500) i;
";

fn bench() -> Bench {
    let bench = Bench::new(&[
        ("V1__create_books.sql", BOOKS),
        ("V1__create_books.down.sql", "drop table books;\ndrop table authors;\n"),
    ]);
    bench.migrate(&["upgrade"]).success();
    bench
}

fn schema(bench: &Bench) -> Snapshot {
    let own = ["refinery_schema_history", "cargo_migrate_archive", "cargo_migrate_log", "cargo_migrate_progress"];
    let own = own.map(|table| QualifiedName::new("public", table));
    let url = bench.database.url();
    block_on(async { take(&connect(&url).await.unwrap(), &own).await.unwrap() })
}

/// Writes a series, applies it one migration at a time, goes back one at a time, and comes here again. `works` is called after
/// each with its version; what it writes it has to take away again. Returns the versions' number.
fn there_and_back(bench: &Bench, change: &str, spec: &str, works: impl Fn(usize)) -> usize {
    let json = bench.migrate(&["new", "--expand-contract", change, spec, "--format", "json"]).success().json();
    let versions: Vec<String> = json["migrations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|migration| migration["migration"]["version"].to_string())
        .collect();
    bench.migrate(&["check"]).success();
    let lint: Vec<&str> = ["lint"].into_iter().chain(versions.iter().map(String::as_str)).collect();
    let found = bench.migrate(&lint).success();
    assert!(!found.stderr.contains("warning") && !found.stdout.contains("warning"), "{found:?}");
    let mut schemas = vec![schema(bench)];
    works(1);
    for (index, version) in versions.iter().enumerate() {
        bench.migrate(&["upgrade", "--to", version]).success();
        schemas.push(schema(bench));
        works(index + 2);
    }
    for index in (0..versions.len()).rev() {
        bench.migrate(&["downgrade"]).success();
        remaining(&schemas[index], &schema(bench)).unwrap_or_else(|left| panic!("below {}: {left}", versions[index]));
        works(index + 1);
    }
    bench.migrate(&["upgrade"]).success();
    remaining(&schemas[versions.len()], &schema(bench)).unwrap();
    works(versions.len() + 1);
    versions.len() + 1
}

#[test]
fn a_column_gets_another_name() {
    let bench = bench();
    let one = |sql: &str| bench.database.value(sql);
    let do_it = |sql: &str| bench.database.execute(sql);
    let last = there_and_back(&bench, "rename-column", "books.title=name", |version| {
        let both = (2..7).contains(&version);
        if version < 7 {
            do_it("insert into books (id, title) values (9001, 'old')");
            do_it("update books set title = 'older' where id in (9001)");
            do_it("update books set price = 7 where id = 9001");
            assert_eq!(one("select title from books where id = 9001"), "older");
            do_it("insert into books (id) values (9002)");
            assert_eq!(one("select title from books where id = 9002"), "untitled");
            // A row that nobody has filled yet may be changed at any time.
            do_it("update books set title = title || '!' where id = 2400");
            do_it("update books set title = 'book 2400' where id = 2400");
        }
        if both {
            assert_eq!(one("select name from books where id = 9001"), "older");
            assert_eq!(one("select name from books where id = 9002"), "untitled");
            do_it("update books set name = 'new' where id = 9001");
            assert_eq!(one("select title from books where id = 9001"), "new");
            do_it("insert into books (id, name) values (9003, 'newer')");
            assert_eq!(one("select title from books where id = 9003"), "newer");
            assert_eq!(one("select count(*) from books where title is distinct from name and name is not null"), "0");
            // What other triggers make of a row counts.
            do_it(
                "create function trimmed() returns trigger language plpgsql as 'begin new.title := trim(new.title); return new; end';
                 create trigger books_trimmed before insert or update on books for each row execute function trimmed()",
            );
            do_it("update books set title = ' spaced ' where id = 9001");
            assert_eq!(one("select title || name from books where id = 9001"), "spacedspaced");
            do_it("drop trigger books_trimmed on books; drop function trimmed()");
        }
        if version == 7 {
            do_it("insert into books (id, name) values (9003, 'newest')");
            do_it("insert into books (id) values (9002)");
            assert_eq!(one("select name from books where id = 9002"), "untitled");
        }
        if (3..8).contains(&version) {
            assert_eq!(one("select count(*) from books where name = 'book ' || id"), "2500");
        }
        do_it("delete from books where id > 9000");
    });
    assert_eq!(last, 7);
    assert_eq!(bench.columns(), "id price author isbn summary notes name",);
    assert_eq!(one("select attnotnull from pg_attribute where attrelid = 'books'::regclass and attname = 'name'"), "t");
    let about = "select string_agg(indexdef, '; ' order by indexname) from pg_indexes where tablename = 'books' and indexdef like '%name)%'";
    assert_snapshot!(one(about), @"CREATE UNIQUE INDEX books_name_idx ON public.books USING btree (lower(name)) WHERE (name <> 'x'::text); CREATE UNIQUE INDEX books_name_key ON public.books USING btree (name)");
    assert_eq!(
        one(
            "select col_description('books'::regclass, attnum) from pg_attribute where attname = 'name' and attrelid = 'books'::regclass"
        ),
        "it's on the cover"
    );
}

#[test]
fn a_column_gets_another_type() {
    let bench = bench();
    let one = |sql: &str| bench.database.value(sql);
    let do_it = |sql: &str| bench.database.execute(sql);
    let last = there_and_back(&bench, "change-type", "books.price=amount:numeric(12, 2)", |version| {
        if version < 5 {
            do_it("insert into books (id, title, price) values (9001, 'old', 5)");
            do_it("update books set price = price + 1 where id = 9001");
            assert_eq!(one("select price from books where id = 9001"), "6");
        }
        if (2..5).contains(&version) {
            assert_eq!(one("select amount from books where id = 9001"), "6.00");
            do_it("update books set amount = 7.25 where id = 9001");
            assert_eq!(one("select price from books where id = 9001"), "7");
            // What the old code leaves alone keeps its fraction.
            do_it("update books set title = 'other' where id = 9001");
            assert_eq!(one("select amount from books where id = 9001"), "7.25");
        }
        if version > 1 {
            do_it("insert into books (id, title, amount) values (9002, 'new', 8.5)");
            assert_eq!(one("select amount from books where id = 9002"), "8.50");
        }
        if version == 5 {
            do_it("insert into books (id, title) values (9003, 'new default')");
            assert_eq!(one("select amount from books where id = 9003"), "0.00");
        }
        if version > 2 {
            assert_eq!(one("select count(*) from books where amount = id"), "2500");
        }
        do_it("delete from books where id > 9000");
    });
    assert_eq!(last, 5);
}

/// No assignment casts a number to text or back: default, triggers and batches say it.
#[test]
fn a_number_becomes_text() {
    let bench = bench();
    let one = |sql: &str| bench.database.value(sql);
    let last = there_and_back(&bench, "change-type", "books.price=amount:text", |version| {
        if version == 5 {
            bench.database.execute("insert into books (id) values (9001)");
            assert_eq!(one("select amount from books where id = 9001"), "0");
            bench.database.execute("delete from books where id = 9001");
        }
    });
    assert_eq!(last, 5);
    assert_eq!(one("select count(*) from books where amount = id::text"), "2500");
}

#[test]
fn a_reference_follows_its_column() {
    let bench = bench();
    // What is referred to has the same name, and keeps it.
    bench.database.execute("create index on books (author, price); alter table authors rename id to author");
    let one = |sql: &str| bench.database.value(sql);
    let last = there_and_back(&bench, "rename-column", "books.author=written_by", |version| {
        if version > 3 {
            assert_eq!(one("select count(*) from books where written_by = 1"), "2500");
        }
    });
    assert_eq!(last, 7);
    let about =
        "select string_agg(pg_get_constraintdef(oid), '; ') from pg_constraint where contype = 'f' and convalidated";
    assert_eq!(one(about), "FOREIGN KEY (written_by) REFERENCES authors(author)");
}

#[test]
fn a_column_may_not_be_null_any_more() {
    let bench = bench();
    let one = |sql: &str| bench.database.value(sql);
    let do_it = |sql: &str| bench.database.execute(sql);
    bench.database.execute("drop index by_isbn");
    let last = there_and_back(&bench, "not-null", "books.isbn='unknown'", |version| {
        if version < 5 {
            do_it("insert into books (id, title) values (9001, 'old')");
            do_it("update books set isbn = null where id = 9001");
        }
        if (2..5).contains(&version) {
            assert_eq!(one("select isbn from books where id = 9001"), "unknown");
        }
        do_it("insert into books (id, title, isbn) values (9002, 'new', '1')");
        assert_eq!(one("select isbn from books where id = 9002"), "1");
        if version > 2 {
            assert_eq!(one("select count(*) from books where isbn is null and id < 9000"), "0");
        }
        do_it("delete from books where id > 9000");
    });
    assert_eq!(last, 5);
    assert_eq!(one("select attnotnull from pg_attribute where attrelid = 'books'::regclass and attname = 'isbn'"), "t");
}

#[test]
fn columns_move_into_a_table_of_their_own() {
    let bench = bench();
    let one = |sql: &str| bench.database.value(sql);
    let do_it = |sql: &str| bench.database.execute(sql);
    let text = |id: u32| {
        one(&format!("select coalesce(max(summary || '/' || coalesce(notes, '')), '-') from texts where id = {id}"))
    };
    let last = there_and_back(&bench, "split-table", "books=texts:summary,notes", |version| {
        if version < 6 {
            do_it("insert into books (id, title, summary) values (9001, 'old', 'a')");
            do_it("update books set notes = 'b' where id = 9001");
            assert_eq!(one("select summary || '/' || notes from books where id = 9001"), "a/b");
        }
        if (3..6).contains(&version) {
            assert_eq!(text(9001), "a/b");
            do_it("update books set id = 9009 where id = 9001");
            assert_eq!((text(9001), text(9009)), ("-".to_owned(), "a/b".to_owned()));
        }
        // The next code writes the table by itself.
        if version >= 5 {
            assert_eq!(one("select count(*) from texts where summary = 's' || id"), "2500");
            assert_eq!(one("select count(*) from texts where notes is null"), "1250");
            do_it("insert into books (id, title) values (9002, 'new')");
            do_it(
                "insert into texts (id, summary, notes) values (9002, 'c', 'd')
                 on conflict (id) do update set summary = excluded.summary, notes = excluded.notes",
            );
            do_it("update texts set notes = 'e' where id = 9002");
            assert_eq!(text(9002), "c/e");
        }
        if version == 5 {
            assert_eq!(one("select summary || '/' || notes from books where id = 9002"), "c/e");
            do_it("delete from texts where id = 9002");
            assert_eq!(one("select num_nonnulls(summary, notes) from books where id = 9002"), "0");
        }
        do_it("delete from books where id > 9000");
        if version > 1 {
            assert_eq!(text(9002), "-");
        }
    });
    assert_eq!(last, 7);
    assert_eq!(bench.columns(), "id title price author isbn");
}

/// A row whose columns are all `NULL` has no row in the new table, whether it was there before or becomes one.
#[test]
fn a_row_without_values_has_none_in_the_new_table() {
    let bench = bench();
    bench.migrate(&["new", "--expand-contract", "split-table", "books=texts:notes", "--phase", "expand"]).success();
    bench.migrate(&["upgrade"]).success();
    let count = |of: &str| bench.database.value(&format!("select count(*) from texts where {of}"));
    assert_eq!(count("true"), "1250");
    bench.database.execute("update books set notes = null where id = 1; update books set notes = 'x' where id = 2");
    assert_eq!((count("id = 1"), count("id = 2")), ("0".to_owned(), "1".to_owned()));
}

/// Made at two times, the parts come to the same as made at once.
#[test]
fn the_parts_can_be_written_at_their_time() {
    for (change, spec) in [
        ("rename-column", "books.title=name"),
        ("change-type", "books.price=amount:text"),
        ("not-null", "public.books.isbn='unknown'"),
        ("split-table", "Books = texts : summary, \"notes\""),
    ] {
        let (whole, parts) = (bench(), bench());
        for bench in [&whole, &parts] {
            bench.database.execute("drop index by_isbn");
        }
        let new = ["new", "--expand-contract", change, spec];
        whole.migrate(&new).success();
        whole.migrate(&["upgrade"]).success();
        let early = parts.migrate_unchanged(&[new.as_slice(), &["--phase", "contract"]].concat()).ended(1);
        assert!(
            early.stderr.contains("is not there yet") && early.stderr.contains("--phase expand"),
            "{}",
            early.stderr
        );
        parts.migrate(&[new.as_slice(), &["--phase", "expand"]].concat()).success();
        parts.migrate(&["upgrade"]).success();
        parts.migrate_unchanged(&new).ended(1);
        let between = schema(&parts);
        parts.migrate(&[new.as_slice(), &["--phase", "contract"]].concat()).success();
        parts.migrate(&["upgrade"]).success();
        remaining(&schema(&whole), &schema(&parts)).unwrap();
        let contracted = if change == "split-table" { 2 } else { 1 };
        for _ in 0..contracted {
            parts.migrate(&["downgrade"]).success();
        }
        remaining(&between, &schema(&parts)).unwrap();
    }
}

#[test]
fn what_is_written() {
    let bench = Bench::new(&[
        ("V1__create_books.sql", "create table books (id bigint primary key, title text not null);\n"),
        ("V1__create_books.down.sql", "drop table books;\n"),
    ]);
    bench.migrate(&["upgrade"]).success();
    assert_snapshot!(bench.migrate(&["new", "--expand-contract", "rename-column", "books.title=name"]).snapshot());
    let files = [
        "V2__add_books_title_name",
        "V3__fill_books_title_name",
        "V4__keep_books_title_name",
        "V5__drop_books_title_name",
    ];
    let text = |file: String| format!("== {file}\n{}", bench.project.read(format!("{VERSIONS}/{file}")));
    let all: String =
        files.iter().flat_map(|file| [format!("{file}.sql"), format!("{file}.down.sql")]).map(text).collect();
    assert_snapshot!(all);
}

#[test]
fn what_the_series_cannot_see_to_is_said() {
    let bench = bench();
    bench.database.execute("create view titles as select title from books");
    let output = bench.migrate(&["new", "--expand-contract", "rename-column", "books.title=name"]).success();
    assert!(output.stderr.contains("the series does not see to view public.titles"), "{}", output.stderr);
    let contract = bench.project.read(format!("{VERSIONS}/V7__drop_books_title_name.sql"));
    assert!(contract.contains("it still needs title: view public.titles"), "{contract}");
    // So it is refused rather than torn away.
    let output = bench.migrate(&["upgrade"]).ended(1);
    assert!(output.stderr.contains("view titles depends on column title"), "{}", output.stderr);
    assert_eq!(bench.applied(), "1 2 3 4 5 6");
}

#[test]
fn what_cannot_be_done_is_refused() {
    let bench = bench();
    bench.database.execute(
        "create table keyless (a int); create table unkeyed (a int unique, b int);
         create table parted (id int, a int) partition by range (id);
         create table counted (id int primary key, a serial, b int generated always as identity, c int not null);
         create schema other; create table other.counted (id int primary key);
         create table ordered (a int not null, b text); create index on ordered (a)",
    );
    for (change, spec, code, said) in [
        ("rename-column", "books.title", 2, "is not of the form `TABLE.COLUMN=NAME`"),
        ("change-type", "books.price=amount", 2, "is not of the form `TABLE.COLUMN=NAME:TYPE`"),
        ("rename-column", "tomes.title=name", 1, "the database has no table `tomes`"),
        ("rename-column", "books.headline=name", 1, "`public.books` has no column `headline`"),
        ("rename-column", "books.title=isbn", 1, "`public.books.isbn` is there already"),
        ("rename-column", "books.id=number", 1, "`public.books.id` is in the primary key"),
        ("rename-column", "keyless.a=b", 1, "no single column orders the rows of `public.keyless`"),
        ("rename-column", "unkeyed.b=c", 1, "no single column orders the rows of `public.unkeyed`"),
        ("rename-column", "parted.a=b", 1, "`public.parted` is partitioned"),
        ("rename-column", "counted.a=b", 1, "several schemas have a table `counted`: other.counted, public.counted"),
        ("rename-column", "public.counted.a=d", 1, "`public.counted.a` is counted by a sequence of its own"),
        ("rename-column", "public.counted.b=d", 1, "`public.counted.b` is generated by the server"),
        ("not-null", "public.counted.c=1", 1, "`public.counted.c` is NOT NULL already"),
        ("split-table", "books=authors:notes", 1, "`public.authors` is there already"),
        ("split-table", "books=texts:notes,notes", 1, "`public.books.notes` is there already"),
    ] {
        let output = bench.migrate_unchanged(&["new", "--expand-contract", change, spec]).ended(code);
        assert!(output.stderr.contains(said), "{spec}: {}", output.stderr);
    }
    let by = ["new", "--expand-contract", "rename-column", "ordered.b=c", "--key", "a"];
    bench.migrate(&by).success();
    bench.migrate(&["upgrade"]).success();
    bench.migrate_unchanged(&["new", "x", "--phase", "expand"]).ended(2);
}
