//! The statement that reads a whole schema, for one server's version.
//!
//! The files under `queries/` are plain SQL with three marks: `--@ since N` and `--@ until N` at the end of a line keep that line
//! for the servers from or up to that major version, `{options:EXPR}` reads an array of foreign options without its secrets, and
//! `{objects}` and `{ignored}` in `snapshot.sql` are where the queries and the ignored relations go in.

use crate::schema::name::QualifiedName;

/// The oldest major version whose catalogues the queries know.
pub(super) const OLDEST: u32 = 13;

const FRAME: &str = include_str!("queries/snapshot.sql");
const LINKS: &str = include_str!("queries/links.sql");

const QUERIES: &[&str] = &[
    include_str!("queries/access_method.sql"),
    include_str!("queries/aggregate.sql"),
    include_str!("queries/base_type.sql"),
    include_str!("queries/cast.sql"),
    include_str!("queries/collation.sql"),
    include_str!("queries/column.sql"),
    include_str!("queries/column_order.sql"),
    include_str!("queries/composite_type.sql"),
    include_str!("queries/constraint.sql"),
    include_str!("queries/conversion.sql"),
    include_str!("queries/database.sql"),
    include_str!("queries/default_privileges.sql"),
    include_str!("queries/domain.sql"),
    include_str!("queries/enum.sql"),
    include_str!("queries/event_trigger.sql"),
    include_str!("queries/extension.sql"),
    include_str!("queries/foreign_data_wrapper.sql"),
    include_str!("queries/function.sql"),
    include_str!("queries/index.sql"),
    include_str!("queries/language.sql"),
    include_str!("queries/operator.sql"),
    include_str!("queries/operator_class.sql"),
    include_str!("queries/operator_family.sql"),
    include_str!("queries/policy.sql"),
    include_str!("queries/publication.sql"),
    include_str!("queries/range_type.sql"),
    include_str!("queries/rule.sql"),
    include_str!("queries/schema.sql"),
    include_str!("queries/sequence.sql"),
    include_str!("queries/server.sql"),
    include_str!("queries/statistics.sql"),
    include_str!("queries/subscription.sql"),
    include_str!("queries/table.sql"),
    include_str!("queries/text_search_configuration.sql"),
    include_str!("queries/text_search_dictionary.sql"),
    include_str!("queries/text_search_parser.sql"),
    include_str!("queries/text_search_template.sql"),
    include_str!("queries/transform.sql"),
    include_str!("queries/trigger.sql"),
    include_str!("queries/user_mapping.sql"),
    include_str!("queries/view.sql"),
];

/// Whatever changes how the server prints a definition, or slows one big catalogue query down.
const SETTINGS: &str = "\
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL quote_all_identifiers = off;
SET LOCAL \"DateStyle\" = 'ISO, YMD';
SET LOCAL \"IntervalStyle\" = 'postgres';
SET LOCAL \"TimeZone\" = 'UTC';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL standard_conforming_strings = on;
SET LOCAL statement_timeout = 0;
SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0;
";

/// Returns one message: a read-only transaction of its own round the query of all objects and the one of who needs whom.
pub(super) fn snapshot(major: u32, ignore: &[QualifiedName]) -> String {
    transaction(&queries(major, ignore))
}

/// Returns the same for a transaction that is there already.
pub(super) fn within(major: u32, ignore: &[QualifiedName]) -> String {
    format!("{SETTINGS}{}", queries(major, ignore))
}

fn queries(major: u32, ignore: &[QualifiedName]) -> String {
    format!("{};\n{}", query(major, ignore), for_server(LINKS, major))
}

/// Returns the message that prepares the same queries under a name, which must not need quotes.
pub(super) fn prepare(name: &str, major: u32, ignore: &[QualifiedName]) -> String {
    let (objects, links) = (query(major, ignore), for_server(LINKS, major));
    transaction(&format!("PREPARE {name} AS {objects};\nPREPARE {name}_links AS {links}"))
}

/// Returns the message that runs what [`prepare`] has prepared. The settings are the same, so that the plan stays good.
pub(super) fn execute(name: &str) -> String {
    transaction(&format!("EXECUTE {name};\nEXECUTE {name}_links"))
}

fn transaction(statement: &str) -> String {
    format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n{SETTINGS}{statement};\nCOMMIT")
}

/// Returns the query that has a row if a table has one: its file isn't empty then.
pub(super) fn rows(ignore: &[QualifiedName]) -> String {
    format!(
        "SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
         AND NOT EXISTS (SELECT FROM (VALUES {}) i (space, name) WHERE i.space = n.nspname AND i.name = c.relname) \
         AND pg_catalog.pg_relation_size(c.oid) > 0 LIMIT 1",
        ignored(ignore)
    )
}

fn query(major: u32, ignore: &[QualifiedName]) -> String {
    let objects: Vec<String> = QUERIES.iter().map(|sql| with_options(&for_server(sql, major))).collect();
    // In this order, so that a name that looks like a mark is not taken for one.
    for_server(FRAME, major).replace("{objects}", &objects.join("UNION ALL\n")).replace("{ignored}", &ignored(ignore))
}

/// The rows of a VALUES list of names.
fn ignored(names: &[QualifiedName]) -> String {
    // The first row gives the columns their types, and matches nothing.
    let mut rows = "(NULL::text, NULL::text)".to_owned();
    for name in names {
        rows.push_str(", ");
        rows.push_str(&name.literals());
    }
    rows
}

/// Keeps the lines that a server of this version understands, and drops comments.
fn for_server(sql: &str, major: u32) -> String {
    let mut kept = String::with_capacity(sql.len());
    for line in sql.lines() {
        let code = match line.split_once("--@") {
            Some((_, condition)) if !holds(condition, major) => continue,
            Some((code, _)) => code,
            None => line,
        };
        if !code.trim_start().starts_with("--") {
            kept.push_str(code.trim_end());
            kept.push('\n');
        }
    }
    kept
}

fn holds(condition: &str, major: u32) -> bool {
    let mut words = condition.split_whitespace();
    while let Some(word) = words.next() {
        let bound = words.next().and_then(|number| number.parse::<u32>().ok());
        match (word, bound) {
            ("since", Some(bound)) if major < bound => return false,
            ("until", Some(bound)) if major > bound => return false,
            _ => {}
        }
    }
    true
}

/// Writes out `{options:EXPR}`: names and values, but for values that are or may hold a password.
fn with_options(sql: &str) -> String {
    const MARK: &str = "{options:";
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once(MARK) {
        let Some((expression, tail)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str(
            "SELECT string_agg(quote_ident(option_name) || ' ' || CASE \
             WHEN option_name ~* 'pass|pwd|secret|token|key|credential|conn|ur[il]|dsn' \
             OR option_value ~* 'pass|pwd|secret|token|://[^/]*@' \
             THEN '***' ELSE quote_literal(option_value) END, ', ' ORDER BY option_name COLLATE \"C\") FROM pg_options_to_table(",
        );
        out.push_str(expression);
        out.push(')');
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_by_version() {
        let sql = "a\nb --@ since 14\nc --@ until 13\nd --@ since 15 until 16\n-- talk\n";
        assert_eq!(for_server(sql, 13), "a\nc\n");
        assert_eq!(for_server(sql, 14), "a\nb\n");
        assert_eq!(for_server(sql, 16), "a\nb\nd\n");
        assert_eq!(for_server(sql, 17), "a\nb\n");
    }

    #[test]
    fn every_condition_is_well_formed() {
        for sql in QUERIES.iter().chain([&FRAME, &LINKS]) {
            for condition in sql.lines().filter_map(|line| line.split_once("--@")).map(|(_, condition)| condition) {
                let words: Vec<_> = condition.split_whitespace().collect();
                assert!(
                    !words.is_empty() && words.chunks(2).all(|pair| {
                        matches!(pair, ["since" | "until", number] if number.parse::<u32>().is_ok_and(|n| n >= OLDEST))
                    }),
                    "{condition}"
                );
            }
        }
    }

    #[test]
    fn no_mark_is_left_and_a_name_is_not_one() {
        let sql = query(17, &[QualifiedName::new("public", "{objects}")]);
        assert!(sql.contains("('public', '{objects}')"));
        assert!(!sql.contains("{options:") && !sql.contains("{ignored}") && !sql.contains("--"));
    }

    #[test]
    fn every_query_file_is_used() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema/queries");
        // The frame and the links are not in the list.
        assert_eq!(fs_err::read_dir(folder).unwrap().count(), QUERIES.len() + 2);
    }
}
