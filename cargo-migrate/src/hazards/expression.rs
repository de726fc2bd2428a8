//! Whether an expression gives the same value for every row of a statement.

use super::tokens::{Cursor, Kind};

/// Functions that PostgreSQL holds to be stable or immutable, and words that stand before a parenthesis without being functions. A function
/// that isn't here may be anybody's, and is taken to be volatile.
const STEADY: [&str; 96] = [
    "abs",
    "age",
    "all",
    "and",
    "any",
    "array",
    "array_to_string",
    "ascii",
    "as",
    "btrim",
    "cardinality",
    "case",
    "ceil",
    "ceiling",
    "char",
    "char_length",
    "character",
    "character_length",
    "check",
    "chr",
    "coalesce",
    "concat",
    "concat_ws",
    "current_date",
    "current_setting",
    "current_time",
    "current_timestamp",
    "date_part",
    "date_trunc",
    "decode",
    "div",
    "else",
    "encode",
    "exists",
    "exp",
    "extract",
    "floor",
    "format",
    "greatest",
    "hashtext",
    "in",
    "initcap",
    "int4range",
    "int8range",
    "interval",
    "json_build_array",
    "json_build_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "least",
    "left",
    "length",
    "ln",
    "localtime",
    "localtimestamp",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "make_interval",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "mod",
    "not",
    "now",
    "nullif",
    "numeric",
    "octet_length",
    "or",
    "overlay",
    "position",
    "power",
    "quote_ident",
    "quote_literal",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "row",
    "rpad",
    "rtrim",
    "sqrt",
    "split_part",
    "statement_timestamp",
    "substring",
    "then",
    "time",
    "timestamp",
    "to_char",
    "to_jsonb",
    "transaction_timestamp",
    "trim",
    "upper",
];

/// More of them, which are types and so take parentheses after a cast, or read by name alone.
const TYPES: [&str; 12] =
    ["bit", "bpchar", "bytea", "date", "dec", "decimal", "float", "int", "timestamptz", "timetz", "varbit", "varchar"];

/// Whether the expression at the cursor, up to the end, calls what may give another value each time.
pub(super) fn is_volatile(expression: &Cursor<'_>) -> bool {
    let rest = expression.rest();
    rest.iter().enumerate().any(|(at, token)| {
        let calls = rest.get(at + 1).is_some_and(|next| next.kind == Kind::Open && next.text == "(");
        let quoted = token.kind == Kind::Quoted;
        let word = token.kind == Kind::Word;
        let name = token.text.to_ascii_lowercase();
        let steady = word && (STEADY.contains(&name.as_str()) || TYPES.contains(&name.as_str()));
        calls && (word || quoted) && !steady
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_decides() {
        let volatile = |sql: &str| is_volatile(&Cursor::new(sql));
        for sql in
            ["0", "'random()'", "now()", "upper('a')", "(1 + 2)", "'1'::numeric(3,2)", "array['a']", "current_date"]
        {
            assert!(!volatile(sql), "{sql}");
        }
        for sql in ["random()", "gen_random_uuid()", "nextval('s')", "(1 + app.f(2))", "\"F\" (1)", "clock_timestamp()"]
        {
            assert!(volatile(sql), "{sql}");
        }
    }
}
