//! Sequences, alone and behind identity columns.

use crate::schema::detail::Sequence;
use crate::sql::ident;
use crate::sql::statement::Statement;

/// Returns the options that are not what a sequence of its type has without any.
pub(super) fn options(sequence: &Sequence, with_type: bool) -> String {
    let mut out = String::new();
    let mut add = |text: String| {
        out.push(' ');
        out.push_str(&text);
    };
    if with_type && sequence.data_type != "bigint" {
        add(format!("AS {}", sequence.data_type));
    }
    let standard = standard(&sequence.data_type, sequence.increment > 0);
    if sequence.increment != 1 {
        add(format!("INCREMENT BY {}", sequence.increment));
    }
    if sequence.minimum != standard.0 {
        add(format!("MINVALUE {}", sequence.minimum));
    }
    if sequence.maximum != standard.1 {
        add(format!("MAXVALUE {}", sequence.maximum));
    }
    let start = if sequence.increment > 0 { sequence.minimum } else { sequence.maximum };
    if sequence.start != start {
        add(format!("START WITH {}", sequence.start));
    }
    if sequence.cache != 1 {
        add(format!("CACHE {}", sequence.cache));
    }
    if sequence.cycle {
        add("CYCLE".to_owned());
    }
    out
}

/// The least and the greatest value of a sequence without options.
fn standard(data_type: &str, ascending: bool) -> (i64, i64) {
    let (least, greatest) = match data_type {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    if ascending { (1, greatest) } else { (least, -1) }
}

pub(super) fn create(identity: &str, sequence: &Sequence) -> Statement {
    let unlogged = if sequence.unlogged { "UNLOGGED " } else { "" };
    Statement::new(format!("CREATE {unlogged}SEQUENCE {identity}{}", options(sequence, true)))
}

/// Returns what makes the options the others. Where it stands stays.
pub(super) fn alter(identity: &str, before: &Sequence, after: &Sequence) -> Vec<Statement> {
    let mut out = Vec::new();
    if before.unlogged != after.unlogged {
        let word = if after.unlogged { "UNLOGGED" } else { "LOGGED" };
        out.push(Statement::new(format!("ALTER SEQUENCE {identity} SET {word}")));
    }
    let mut changes = Vec::new();
    if before.data_type != after.data_type {
        changes.push(format!("AS {}", after.data_type));
    }
    for (old, new, words) in [
        (before.increment, after.increment, "INCREMENT BY"),
        (before.minimum, after.minimum, "MINVALUE"),
        (before.maximum, after.maximum, "MAXVALUE"),
        (before.start, after.start, "START WITH"),
        (before.cache, after.cache, "CACHE"),
    ] {
        if old != new {
            changes.push(format!("{words} {new}"));
        }
    }
    if before.cycle != after.cycle {
        changes.push(if after.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    // A new one stands at its start, which may be outside of what is allowed now.
    if before.start < after.minimum || before.start > after.maximum {
        changes.push("RESTART".to_owned());
    }
    if !changes.is_empty() {
        out.push(Statement::new(format!("ALTER SEQUENCE {identity} {}", changes.join(" "))));
    }
    out
}

/// Returns what makes a column a sequence's owner, or nobody.
pub(super) fn own(identity: &str, sequence: &Sequence) -> Statement {
    let owner = match (&sequence.table, &sequence.column) {
        (Some(table), Some(column)) => format!("{table}.{column}"),
        _ => "NONE".to_owned(),
    };
    Statement::new(format!("ALTER SEQUENCE {identity} OWNED BY {owner}"))
}

/// Returns what moves a sequence behind the greatest value of its column.
pub(super) fn catch_up(identity: &str, sequence: &Sequence, column: &str, table: &str) -> Statement {
    let (extreme, start) = if sequence.increment > 0 { ("max", sequence.start) } else { ("min", sequence.start) };
    Statement::new(format!(
        "SELECT pg_catalog.setval({}::regclass, coalesce({extreme}({column}) + {}, {start}), false) FROM {table}",
        crate::schema::literal(identity),
        sequence.increment
    ))
    .with_comment("the new sequence goes on where the rows are")
}

/// Returns `GENERATED … AS IDENTITY`, with what is not as the server would have it by itself.
pub(super) fn identity(
    kind: &str,
    table: &str,
    column: &str,
    name: &str,
    sequence: &Sequence,
    type_of_column: &str,
) -> String {
    let when = if kind == "a" { "ALWAYS" } else { "BY DEFAULT" };
    let mut inner = Vec::new();
    let (schema, table) = ident::split(table);
    let made_up = ident::made_up(&ident::unquote(table), &ident::unquote(column), "seq");
    let (own_schema, own_name) = ident::split(name);
    if own_schema != schema || ident::unquote(own_name) != made_up {
        inner.push(format!("SEQUENCE NAME {name}"));
    }
    if sequence.data_type != type_of_column {
        inner.push(format!("AS {}", sequence.data_type));
    }
    let options = options(sequence, false);
    if !options.is_empty() {
        inner.push(options.trim_start().to_owned());
    }
    if inner.is_empty() {
        format!("GENERATED {when} AS IDENTITY")
    } else {
        format!("GENERATED {when} AS IDENTITY ({})", inner.join(" "))
    }
}
