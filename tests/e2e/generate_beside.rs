//! What models do not speak of: `generate` leaves it alone, and whatever else lies in the database with it.

use crate::generate_case::{BOOKS, bench, generate, settled};

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
