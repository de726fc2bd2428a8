//! What a person says of names: `renamed_from` in the models, `--rename` on the command line.

use crate::diff::{Rename, RenamedValue};
use crate::models::Hint;
use crate::schema::detail::Enum;
use crate::schema::{Kind, QualifiedName, Snapshot};
use crate::sql::ident;

use super::retired::{named, short};

/// A `--rename` or a name that fits nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unclear {
    /// It isn't `old=new`.
    #[error("`--rename {0}` is not `OLD=NEW`")]
    Form(String),
    /// The migrations make nothing of that name that could be renamed.
    #[error("the migrations make no table, column, type or value `{0}`")]
    NoOld(String),
    /// The models want nothing of that name.
    #[error("the models want no `{new}` that `{old}` could become")]
    NoNew {
        /// The former name.
        old: String,
        /// The new one.
        new: String,
    },
    /// The migrations make no such table.
    #[error("the migrations make no table `{0}`")]
    NoTable(String),
    /// The migrations make no such column.
    #[error("the migrations make no column `{0}`")]
    NoColumn(String),
}

impl Unclear {
    /// What cures it.
    pub(super) fn help(&self) -> String {
        match self {
            Self::NoTable(_) | Self::NoColumn(_) => "`cargo migrate schema` shows what they make".to_owned(),
            _ => {
                "write `--rename books=volumes`, `--rename books.title=name`, or `--rename mood.sad=unhappy`".to_owned()
            }
        }
    }
}

fn object(snapshot: &Snapshot, kind: Kind, name: &QualifiedName) -> Option<String> {
    named(snapshot, kind, &format!("{}.{}", ident::quote(&name.schema), ident::quote(&name.name)))
}

fn column_of(snapshot: &Snapshot, table: &str, name: &str) -> Option<String> {
    let found = snapshot.iter().find(|(object, definition)| {
        object.kind == Kind::Column
            && definition.part_of.as_deref() == Some(table)
            && ident::unquote(ident::name_within(object, table)) == name
    });
    found.map(|(object, _)| object.identity.clone())
}

fn labels(snapshot: &Snapshot, identity: &str) -> Vec<String> {
    let found = snapshot.get(Kind::Enum, identity).and_then(|definition| definition.detail::<Enum>().ok());
    found.map(|found| found.labels).unwrap_or_default()
}

/// The renames that the models declare and that are not done yet.
pub(super) fn declared(hints: &[Hint], former: &Snapshot, wanted: &Snapshot) -> (Vec<Rename>, Vec<RenamedValue>) {
    let (mut renames, mut values) = (Vec::new(), Vec::new());
    for hint in hints {
        match hint {
            Hint::Table { from, to, place: _ } => push(&mut renames, &[Kind::Table], from, to, former, wanted),
            Hint::Type { from, to, place: _ } => {
                push(&mut renames, &[Kind::Enum, Kind::Domain], from, to, former, wanted);
            }
            Hint::Column { .. } | Hint::Label { .. } => {}
        }
    }
    for hint in hints {
        match hint {
            Hint::Column { table, from, to, place: _ } => {
                let Some(new_table) = object(wanted, Kind::Table, table) else { continue };
                let old_table = before(&renames, Kind::Table, &new_table);
                let (old, new) = (column_of(former, &old_table, from), column_of(wanted, &new_table, to));
                if let (Some(old), Some(new)) = (old, new)
                    && column_of(former, &old_table, to).is_none()
                {
                    renames.push(Rename { kind: Kind::Column, old, new });
                }
            }
            Hint::Label { ty, from, to, place: _ } => {
                let Some(of) = object(wanted, Kind::Enum, ty) else { continue };
                let had = labels(former, &before(&renames, Kind::Enum, &of));
                if had.contains(from) && !had.contains(to) {
                    values.push(RenamedValue { of, old: from.clone(), new: to.clone() });
                }
            }
            Hint::Table { .. } | Hint::Type { .. } => {}
        }
    }
    (renames, values)
}

fn push(
    renames: &mut Vec<Rename>,
    kinds: &[Kind],
    from: &QualifiedName,
    to: &QualifiedName,
    former: &Snapshot,
    wanted: &Snapshot,
) {
    for &kind in kinds {
        let (old, new) = (object(former, kind, from), object(wanted, kind, to));
        if let (Some(old), Some(new)) = (old, new)
            && former.get(kind, &new).is_none()
        {
            renames.push(Rename { kind, old, new });
        }
    }
}

/// What something of the wanted schema was called.
fn before(renames: &[Rename], kind: Kind, new: &str) -> String {
    let found = renames.iter().find(|rename| rename.kind == kind && rename.new == new);
    found.map_or_else(|| new.to_owned(), |rename| rename.old.clone())
}

fn after(renames: &[Rename], kind: Kind, old: &str) -> String {
    let found = renames.iter().find(|rename| rename.kind == kind && rename.old == old);
    found.map_or_else(|| old.to_owned(), |rename| rename.new.clone())
}

/// Reads a `--rename OLD=NEW` and adds it.
///
/// # Errors
/// It fits nothing.
pub(super) fn rename(
    text: &str,
    former: &Snapshot,
    wanted: &Snapshot,
    renames: &mut Vec<Rename>,
    values: &mut Vec<RenamedValue>,
) -> Result<(), Unclear> {
    let Some((old, new)) = text.split_once('=').filter(|(old, new)| !old.trim().is_empty() && !new.trim().is_empty())
    else {
        return Err(Unclear::Form(text.to_owned()));
    };
    let missing = || Unclear::NoNew { old: old.to_owned(), new: new.to_owned() };
    for kind in [Kind::Table, Kind::Enum, Kind::Domain] {
        let Some(was) = named(former, kind, old) else { continue };
        let (schema, _) = ident::split(&was);
        let whole = if ident::split(new).0.is_empty() { format!("{schema}.{new}") } else { new.to_owned() };
        let becomes = named(wanted, kind, &whole).ok_or_else(missing)?;
        renames.push(Rename { kind, old: was, new: becomes });
        return Ok(());
    }
    let (whole, part) = last(old).ok_or_else(|| Unclear::NoOld(old.to_owned()))?;
    let becomes = last(new).map_or(new.trim(), |(_, part)| part);
    let (part, becomes) = (ident::unquote(part), ident::unquote(becomes));
    if let Some(table) = named(former, Kind::Table, whole) {
        let was = column_of(former, &table, &part).ok_or_else(|| Unclear::NoOld(old.to_owned()))?;
        let table = after(renames, Kind::Table, &table);
        let is = column_of(wanted, &table, &becomes).ok_or_else(missing)?;
        renames.push(Rename { kind: Kind::Column, old: was, new: is });
        return Ok(());
    }
    let of = named(former, Kind::Enum, whole).ok_or_else(|| Unclear::NoOld(old.to_owned()))?;
    if !labels(former, &of).contains(&part) {
        return Err(Unclear::NoOld(old.to_owned()));
    }
    let of = after(renames, Kind::Enum, &of);
    if !labels(wanted, &of).contains(&becomes) {
        return Err(missing());
    }
    values.push(RenamedValue { of, old: part, new: becomes });
    Ok(())
}

/// What stands behind the last dot outside of quotes, and before it.
fn last(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let mut at = None;
    for (offset, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '.' if !quoted => at = Some(offset),
            _ => {}
        }
    }
    let at = at?;
    Some((text.get(..at)?.trim(), text.get(at + 1..)?.trim()))
}

/// The identity of a table that the migrations make.
///
/// # Errors
/// There is none.
pub(super) fn table(text: &str, former: &Snapshot) -> Result<String, Unclear> {
    named(former, Kind::Table, text).ok_or_else(|| Unclear::NoTable(text.to_owned()))
}

/// The identity of a column that the migrations make, `books.title` or `app.books.title`.
///
/// # Errors
/// There is none.
pub(super) fn column(text: &str, former: &Snapshot) -> Result<String, Unclear> {
    let found = last(text)
        .and_then(|(whole, part)| column_of(former, &named(former, Kind::Table, whole)?, &ident::unquote(part)));
    found.ok_or_else(|| Unclear::NoColumn(text.to_owned()))
}

/// The `--rename` that answers a question with yes.
pub(super) fn rename_form(kind: Kind, old: &str, new: &str) -> String {
    let new = match kind {
        Kind::Column => last(new).map_or(new, |(_, part)| part),
        _ => short(new),
    };
    migrate_build::rules::shell_word(&format!("{}={new}", short(old))).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_outside_of_quotes() {
        assert_eq!(last("app.books.title"), Some(("app.books", "title")));
        assert_eq!(last(r#"books."a.b""#), Some(("books", r#""a.b""#)));
        assert_eq!(last("books"), None);
        assert_eq!(rename_form(Kind::Column, "public.books.title", "public.books.name"), "books.title=name");
        assert_eq!(rename_form(Kind::Table, "public.books", "public.\"Volumes\""), "'books=\"Volumes\"'");
    }
}
