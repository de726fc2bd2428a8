//! Types of Rust as types of PostgreSQL: as tokio-postgres and the crates that it knows take them.

use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type, TypePath};

use crate::schema::QualifiedName;

use super::scope::{Resolved, Scopes};

/// What a type of Rust is in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mapped {
    /// The type, as SQL.
    pub(super) sql: String,
    /// Whether it is an `Option`.
    pub(super) nullable: bool,
    /// The type of the models that it is or holds.
    pub(super) needs: Option<QualifiedName>,
    /// The extension that has the type.
    pub(super) extension: Option<&'static str>,
}

impl Mapped {
    fn of(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), nullable: false, needs: None, extension: None }
    }
}

/// Why a type is none of a column's.
#[derive(Debug)]
pub(super) struct Unmapped {
    pub(super) message: String,
    pub(super) help: String,
    /// Whether another finding has said what is wrong.
    pub(super) silent: bool,
}

/// What an item of the models is to a column.
pub(super) enum Local<'a> {
    /// A type of the database.
    Type(&'a QualifiedName),
    /// Another name of a type, in a module.
    Alias(&'a Type, usize),
    /// A struct or enum that derives nothing of ours.
    Plain,
    /// A table.
    Table,
    /// An item that has mistakes of its own.
    Broken,
}

/// What there is to know about the models while types are mapped.
pub(super) trait World {
    fn scopes(&self) -> &Scopes;
    fn local(&self, item: usize) -> Local<'_>;
}

/// Types of other crates, by crate and name.
const KNOWN: &[(&str, &str, &str)] = &[
    ("bigdecimal", "BigDecimal", "numeric"),
    ("bit_vec", "BitVec", "bit varying"),
    ("chrono", "DateTime", "timestamp with time zone"),
    ("chrono", "NaiveDate", "date"),
    ("chrono", "NaiveDateTime", "timestamp without time zone"),
    ("chrono", "NaiveTime", "time without time zone"),
    ("cidr", "IpCidr", "cidr"),
    ("cidr", "IpInet", "inet"),
    ("eui48", "MacAddress", "macaddr"),
    ("geo_types", "LineString", "path"),
    ("geo_types", "Point", "point"),
    ("geo_types", "Rect", "box"),
    ("jiff", "Date", "date"),
    ("jiff", "DateTime", "timestamp without time zone"),
    ("jiff", "Time", "time without time zone"),
    ("jiff", "Timestamp", "timestamp with time zone"),
    ("postgres_types", "Json", "jsonb"),
    ("postgres_types", "Oid", "oid"),
    ("postgres_types", "PgLsn", "pg_lsn"),
    ("rust_decimal", "Decimal", "numeric"),
    ("serde_json", "Value", "jsonb"),
    ("smol_str", "SmolStr", "text"),
    ("std", "IpAddr", "inet"),
    ("std", "String", "text"),
    ("std", "SystemTime", "timestamp with time zone"),
    ("time", "Date", "date"),
    ("time", "OffsetDateTime", "timestamp with time zone"),
    ("time", "PrimitiveDateTime", "timestamp without time zone"),
    ("time", "Time", "time without time zone"),
    ("uuid", "Uuid", "uuid"),
];

const PRIMITIVES: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("f32", "real"),
    ("f64", "double precision"),
    ("i16", "smallint"),
    ("i32", "integer"),
    ("i64", "bigint"),
    ("i8", "\"char\""),
    ("str", "text"),
    ("u32", "oid"),
];

/// What PostgreSQL has no type for, and what takes its values.
const WITHOUT: &[(&str, &str)] = &[
    ("char", "`String`"),
    ("i128", "`rust_decimal::Decimal`"),
    ("isize", "`i64`"),
    ("u128", "`rust_decimal::Decimal`"),
    ("u16", "`i32`"),
    ("u64", "`i64`"),
    ("u8", "`i16`"),
    ("usize", "`i64`"),
];

/// Ranges by what they are over.
const RANGES: &[(&str, &str)] = &[
    ("bigint", "int8range"),
    ("date", "daterange"),
    ("integer", "int4range"),
    ("numeric", "numrange"),
    ("timestamp with time zone", "tstzrange"),
    ("timestamp without time zone", "tsrange"),
];

/// Containers of the standard library that a value goes through unchanged.
const TRANSPARENT: [&str; 4] = ["Arc", "Box", "Cow", "Rc"];

/// Maps a type that is written in a module.
pub(super) fn map(ty: &Type, module: usize, world: &dyn World, depth: usize) -> Result<Mapped, Unmapped> {
    if depth > 32 {
        return Err(unknown(ty));
    }
    match ty {
        Type::Group(group) => map(&group.elem, module, world, depth + 1),
        Type::Paren(paren) => map(&paren.elem, module, world, depth + 1),
        Type::Reference(reference) => map(&reference.elem, module, world, depth + 1),
        Type::Slice(slice) => list(&slice.elem, ty, module, world, depth),
        Type::Array(array) => list(&array.elem, ty, module, world, depth),
        Type::Path(path) if path.qself.is_none() => named(path, ty, module, world, depth),
        _ => Err(unknown(ty)),
    }
}

fn named(path: &TypePath, ty: &Type, module: usize, world: &dyn World, depth: usize) -> Result<Mapped, Unmapped> {
    match world.scopes().resolve(module, &path.path) {
        Resolved::Item(item) => match world.local(item) {
            Local::Type(name) => Ok(Mapped { needs: Some(name.clone()), ..Mapped::of(name.to_string()) }),
            Local::Alias(ty, module) => map(ty, module, world, depth + 1),
            Local::Plain => Err(Unmapped {
                message: format!("`{}` is no type of the database", last(path)),
                help: format!("derive `PgEnum` or `Domain` for it, or {SETTLES}"),
                silent: false,
            }),
            Local::Table => Err(Unmapped {
                message: format!("`{}` is a table, and no type of a column", last(path)),
                help: format!("make a column of its key with `#[column(references({}))]`", last(path)),
                silent: false,
            }),
            Local::Broken => Err(Unmapped { silent: true, ..unknown(ty) }),
        },
        Resolved::External(krate, name) => {
            external(&krate, &name, path, ty, module, world, depth).unwrap_or_else(|| Err(unknown(ty)))
        }
        Resolved::Bare(name, globs) => {
            if let Some((_, sql)) = PRIMITIVES.iter().find(|(rust, _)| *rust == name) {
                return Ok(Mapped::of(*sql));
            }
            if let Some((_, instead)) = WITHOUT.iter().find(|(rust, _)| *rust == name) {
                return Err(Unmapped {
                    message: format!("PostgreSQL has no type for `{name}`"),
                    help: format!("use {instead}, or {SETTLES}"),
                    silent: false,
                });
            }
            // The prelude first, then what is imported whole.
            let mut crates = vec!["std".to_owned()];
            crates.extend(globs);
            let prelude = ["Box", "Option", "String", "Vec"].contains(&name.as_str());
            crates
                .iter()
                .filter(|krate| prelude || *krate != "std")
                .find_map(|krate| external(krate, &name, path, ty, module, world, depth))
                .unwrap_or_else(|| Err(unknown(ty)))
        }
        Resolved::Module(_) | Resolved::Unknown => Err(unknown(ty)),
    }
}

/// A type of another crate; `None` where it is not known.
fn external(
    krate: &str,
    name: &str,
    path: &TypePath,
    ty: &Type,
    module: usize,
    world: &dyn World,
    depth: usize,
) -> Option<Result<Mapped, Unmapped>> {
    let krate = match krate {
        "alloc" | "core" => "std",
        "tokio_postgres" | "postgres" => "postgres_types",
        krate => krate,
    };
    let arguments = arguments(path);
    let inner = || arguments.last().map(|inner| map(inner, module, world, depth + 1));
    match (krate, name) {
        ("std", "Option") => inner().map(|inner| match inner {
            Ok(Mapped { nullable: true, .. }) => Err(unknown(ty)),
            Ok(inner) => Ok(Mapped { nullable: true, ..inner }),
            Err(error) => Err(error),
        }),
        ("std", "Vec") => arguments.last().map(|element| list(element, ty, module, world, depth)),
        ("std", name) if TRANSPARENT.contains(&name) => inner(),
        ("std", "HashMap") => Some(hstore(&arguments, ty, module, world, depth)),
        // Values that may be infinite.
        ("postgres_types", "Date" | "Timestamp") => inner(),
        ("postgres_range", "Range") => inner().map(|inner| {
            let inner = inner?;
            let range = RANGES.iter().find(|(over, _)| *over == inner.sql).map(|(_, range)| *range);
            range.map(Mapped::of).ok_or_else(|| unknown(ty))
        }),
        _ => {
            let known = KNOWN.iter().find(|(of, known, _)| *of == krate && *known == name);
            known.map(|(_, _, sql)| Ok(Mapped::of(*sql)))
        }
    }
}

/// `Vec`, slices and arrays: bytes, or an array of the database.
fn list(element: &Type, whole: &Type, module: usize, world: &dyn World, depth: usize) -> Result<Mapped, Unmapped> {
    if is_byte(element) {
        return Ok(Mapped::of("bytea"));
    }
    let element = map(element, module, world, depth + 1)?;
    if element.sql.ends_with("[]") {
        return Err(Unmapped {
            message: format!("`{}` is an array of arrays", words(whole)),
            help: format!("PostgreSQL's arrays of several dimensions are one type: {SETTLES}"),
            silent: false,
        });
    }
    // Elements may be NULL, whatever Rust makes of them.
    Ok(Mapped { sql: format!("{}[]", element.sql), nullable: false, ..element })
}

fn is_byte(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("u8"))
}

/// `HashMap<String, Option<String>>`.
fn hstore(arguments: &[&Type], ty: &Type, module: usize, world: &dyn World, depth: usize) -> Result<Mapped, Unmapped> {
    let [key, value, ..] = arguments else { return Err(unknown(ty)) };
    let (key, value) = (map(key, module, world, depth + 1)?, map(value, module, world, depth + 1)?);
    let texts = key.sql == "text" && !key.nullable && value.sql == "text" && value.nullable;
    if texts { Ok(Mapped { extension: Some("hstore"), ..Mapped::of("hstore") }) } else { Err(unknown(ty)) }
}

fn arguments(path: &TypePath) -> Vec<&Type> {
    let Some(PathArguments::AngleBracketed(arguments)) = path.path.segments.last().map(|last| &last.arguments) else {
        return Vec::new();
    };
    arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect()
}

const SETTLES: &str = "say what the column is by `#[column(sql_type = \"…\")]`";

fn unknown(ty: &Type) -> Unmapped {
    Unmapped {
        message: format!("nothing says what `{}` is in the database", words(ty)),
        help: SETTLES.to_owned(),
        silent: false,
    }
}

/// The type as it is written.
fn words(ty: &Type) -> String {
    let text = ty.span().source_text().unwrap_or_default();
    if text.is_empty() { "this".to_owned() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

fn last(path: &TypePath) -> String {
    path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(KNOWN.is_sorted() && PRIMITIVES.is_sorted() && WITHOUT.is_sorted() && RANGES.is_sorted());
    }
}
