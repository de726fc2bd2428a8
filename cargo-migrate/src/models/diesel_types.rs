//! Diesel's SQL types, as PostgreSQL's.

use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type};

/// Diesel's names without parameters, sorted.
const TYPES: &[(&str, &str)] = &[
    ("BigInt", "bigint"),
    ("BigSerial", "bigint"),
    ("Bigint", "bigint"),
    ("Binary", "bytea"),
    ("Bool", "boolean"),
    ("Bpchar", "character"),
    ("Bytea", "bytea"),
    ("CChar", "\"char\""),
    ("Char", "character"),
    ("Cidr", "cidr"),
    ("Citext", "citext"),
    ("Date", "date"),
    ("Datemultirange", "datemultirange"),
    ("Daterange", "daterange"),
    ("Decimal", "numeric"),
    ("Double", "double precision"),
    ("Float", "real"),
    ("Float4", "real"),
    ("Float8", "double precision"),
    ("Inet", "inet"),
    ("Int2", "smallint"),
    ("Int4", "integer"),
    ("Int4multirange", "int4multirange"),
    ("Int4range", "int4range"),
    ("Int8", "bigint"),
    ("Int8multirange", "int8multirange"),
    ("Int8range", "int8range"),
    ("Integer", "integer"),
    ("Interval", "interval"),
    ("Json", "json"),
    ("Jsonb", "jsonb"),
    ("Macaddr", "macaddr"),
    ("Macaddr8", "macaddr8"),
    ("MacAddr", "macaddr"),
    ("MacAddr8", "macaddr8"),
    ("Money", "money"),
    ("Name", "name"),
    ("Numeric", "numeric"),
    ("Nummultirange", "nummultirange"),
    ("Numrange", "numrange"),
    ("Oid", "oid"),
    ("PgLsn", "pg_lsn"),
    ("Serial", "integer"),
    ("SmallInt", "smallint"),
    ("SmallSerial", "smallint"),
    ("Smallint", "smallint"),
    ("Text", "text"),
    ("Time", "time without time zone"),
    ("Timestamp", "timestamp without time zone"),
    ("Timestamptz", "timestamp with time zone"),
    ("Timetz", "time with time zone"),
    ("Tsmultirange", "tsmultirange"),
    ("Tsrange", "tsrange"),
    ("Tstzmultirange", "tstzmultirange"),
    ("Tstzrange", "tstzrange"),
    ("Uuid", "uuid"),
    ("VarChar", "character varying"),
    ("Varchar", "character varying"),
];

/// Ranges and multiranges by what they are over.
const RANGES: &[(&str, &str, &str)] = &[
    ("bigint", "int8range", "int8multirange"),
    ("date", "daterange", "datemultirange"),
    ("integer", "int4range", "int4multirange"),
    ("numeric", "numrange", "nummultirange"),
    ("timestamp with time zone", "tstzrange", "tstzmultirange"),
    ("timestamp without time zone", "tsrange", "tsmultirange"),
];

/// A column's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DieselType {
    /// As SQL.
    pub(super) sql: String,
    /// Whether it is `Nullable`.
    pub(super) nullable: bool,
    /// The struct of a custom type that it is or holds.
    pub(super) custom: Option<String>,
}

/// Maps a type; `custom` gives the SQL of the structs that stand for types of the user's own. `Err` is the name that nothing knows.
pub(super) fn map(ty: &Type, custom: &dyn Fn(&str) -> Option<String>) -> Result<DieselType, String> {
    let written = || ty.span().source_text().unwrap_or_else(|| "this".to_owned());
    let Type::Path(path) = ty else { return Err(written()) };
    let Some(last) = path.path.segments.last() else { return Err(written()) };
    let name = last.ident.to_string();
    let argument = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        PathArguments::None | PathArguments::Parenthesized(_) => None,
    };
    let Some(inner) = argument else {
        // A type of the user's own goes first: it may have the name of one of Diesel's.
        if let Some(sql) = custom(&name) {
            return Ok(DieselType { sql, nullable: false, custom: Some(name) });
        }
        let known = TYPES.iter().find(|(diesel, _)| *diesel == name);
        return match known {
            Some((_, sql)) => Ok(DieselType { sql: (*sql).to_owned(), nullable: false, custom: None }),
            None => Err(name),
        };
    };
    let inner = map(inner, custom)?;
    let range = RANGES.iter().find(|(over, ..)| *over == inner.sql);
    match (name.as_str(), range) {
        ("Nullable", _) => Ok(DieselType { nullable: true, ..inner }),
        // PostgreSQL has one type for arrays of any dimension, and says nothing of NULLs in them.
        ("Array", _) if inner.sql.ends_with("[]") => Ok(DieselType { nullable: false, ..inner }),
        ("Array", _) => Ok(DieselType { sql: format!("{}[]", inner.sql), nullable: false, ..inner }),
        ("Range", Some((_, range, _))) => Ok(DieselType { sql: (*range).to_owned(), nullable: false, custom: None }),
        ("Multirange", Some((_, _, range))) => {
            Ok(DieselType { sql: (*range).to_owned(), nullable: false, custom: None })
        }
        _ => Err(written()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_parameters_and_of_ones_own() {
        let custom = |name: &str| (name == "Mood").then(|| "\"mood\"".to_owned());
        let mapped = |text: &str| map(&syn::parse_str(text).unwrap(), &custom).map(|ty| (ty.sql, ty.nullable));
        for (diesel, sql, nullable) in [
            ("Int4", "integer", false),
            ("Nullable<Text>", "text", true),
            ("diesel::sql_types::Timestamptz", "timestamp with time zone", false),
            ("Array<Nullable<Text>>", "text[]", false),
            ("Nullable<Array<Array<Int8>>>", "bigint[]", true),
            ("Range<Timestamp>", "tsrange", false),
            ("Multirange<Int4>", "int4multirange", false),
            ("Nullable<Mood>", "\"mood\"", true),
        ] {
            assert_eq!(mapped(diesel), Ok((sql.to_owned(), nullable)), "{diesel}");
        }
        assert_eq!(mapped("Strange"), Err("Strange".to_owned()));
        assert!(mapped("Range<Text>").is_err());
    }
}
