//! The models as a value: what tables, keys, indexes and types there shall be, each with its place in the source.

use crate::schema::QualifiedName;

use super::text::Place;

/// Everything that the models say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// Enums, in the order of the source.
    pub enums: Vec<Enum>,
    /// Domains, in the order of the source.
    pub domains: Vec<Domain>,
    /// Tables, in the order of the source.
    pub tables: Vec<Table>,
    /// Extensions that types of columns come from, sorted.
    pub extensions: Vec<String>,
}

/// A text of the source with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it says.
    pub value: String,
    /// Where.
    pub place: Place,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its name.
    pub name: QualifiedName,
    /// Where it is named.
    pub place: Place,
    /// Its values in their order.
    pub labels: Vec<Label>,
    /// Its comment.
    pub comment: Option<Said>,
    /// What it was called before.
    pub renamed_from: Option<Said>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its text.
    pub name: Said,
    /// What it was called before.
    pub renamed_from: Option<Said>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its name.
    pub name: QualifiedName,
    /// Where it is named.
    pub place: Place,
    /// The type that it is over, as SQL.
    pub sql_type: Said,
    /// The domain or enum of the models that its type is made of.
    pub needs: Option<QualifiedName>,
    /// Whether it takes no NULL.
    pub not_null: bool,
    /// Its default, as SQL.
    pub default: Option<Said>,
    /// Its collation.
    pub collation: Option<Said>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// Its comment.
    pub comment: Option<Said>,
    /// What it was called before.
    pub renamed_from: Option<Said>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: QualifiedName,
    /// Where it is named: the attribute, or the struct.
    pub place: Place,
    /// The struct's name.
    pub model: String,
    /// Its comment.
    pub comment: Option<Said>,
    /// What it was called before.
    pub renamed_from: Option<Said>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<Key>,
    /// Its unique constraints.
    pub uniques: Vec<Key>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// Its exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// Its indexes that are no constraint's.
    pub indexes: Vec<Index>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Said,
    /// The field's name.
    pub field: String,
    /// Its type, as SQL; the place is that of the attribute or of the field's type.
    pub sql_type: Said,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Where its values come from, if not from whoever inserts.
    pub generation: Option<Generation>,
    /// Its collation.
    pub collation: Option<Said>,
    /// Its comment.
    pub comment: Option<Said>,
    /// What it was called before.
    pub renamed_from: Option<Said>,
}

/// Where a column's values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Generation {
    /// `DEFAULT`, with its expression.
    Default(Said),
    /// `GENERATED ALWAYS AS (…) STORED`, with its expression.
    Stored(Said),
    /// `GENERATED … AS IDENTITY`.
    Identity {
        /// Whether it refuses values of one's own.
        always: bool,
        /// The sequence's options.
        sequence: Option<Said>,
    },
}

/// When a constraint is checked.
pub use migrate_build_model::Timing;

/// A primary key or a unique constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// Its columns.
    pub columns: Vec<String>,
    /// What its index holds besides.
    pub include: Vec<String>,
    /// Whether two NULLs are the same.
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub timing: Timing,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// What must not be false.
    pub expression: Said,
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// What is compared, with the operator.
    pub elements: Vec<(KeyPart, Said)>,
    /// Its index's method.
    pub method: Option<Said>,
    /// Which rows it holds for.
    pub filter: Option<Said>,
    /// When it is checked.
    pub timing: Timing,
}

/// An index that is no constraint's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// What it is over.
    pub keys: Vec<KeyPart>,
    /// What it holds besides.
    pub include: Vec<String>,
    /// Whether no two rows may have the same key.
    pub unique: bool,
    /// Whether two NULLs are the same.
    pub nulls_not_distinct: bool,
    /// Its method.
    pub method: Option<Said>,
    /// Which rows are in it.
    pub filter: Option<Said>,
    /// Its storage parameters.
    pub with: Option<Said>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPart {
    /// The column's name, quoted, or the expression in parentheses.
    pub sql: Said,
    /// Its collation.
    pub collation: Option<Said>,
    /// Its operator class.
    pub opclass: Option<Said>,
    /// What stands behind: ` DESC NULLS LAST`.
    pub order: &'static str,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table that it points to.
    pub target: QualifiedName,
    /// The columns there.
    pub target_columns: Vec<String>,
    /// The SQL of what happens on a deletion; none for `NO ACTION`.
    pub on_delete: Option<&'static str>,
    /// The SQL of what happens on a change.
    pub on_update: Option<&'static str>,
    /// Whether some of several columns must not be NULL alone.
    pub match_full: bool,
    /// When it is checked.
    pub timing: Timing,
}
