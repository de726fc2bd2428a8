//! Definitions taken apart, for generating SQL: what [`crate::schema::Definition::detail`] gives for each kind.
//!
//! Names are quoted where SQL needs it, but for labels of enums and names of columns of indexes. Letters are the catalogue's.

use serde::{Deserialize, Serialize};

/// A column of a table, a view or a materialized view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its number; some below it may be missing.
    pub position: u32,
    /// Its type with the modifier.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Whether it is declared NOT NULL.
    pub not_null: bool,
    /// The default, or what it is generated from.
    pub expression: Option<String>,
    /// `s` stored or `v` virtual, for a generated one.
    pub generated: Option<String>,
    /// `a` always or `d` by default, for an identity.
    pub identity: Option<String>,
    /// Its storage, where it is not the type's.
    pub storage: Option<String>,
    /// The type's storage.
    pub type_storage: String,
    /// `p` pglz or `l` lz4.
    pub compression: Option<String>,
    /// The statistics target.
    pub statistics: Option<i64>,
    /// Options such as `n_distinct=5`.
    #[serde(default)]
    pub options: Vec<String>,
    /// Whether a parent has it.
    pub inherited: bool,
    /// Whether it was declared here.
    pub local: bool,
}

/// A table or foreign table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// `r` plain, `p` partitioned, `f` foreign.
    pub kind: String,
    /// `p` permanent, `u` unlogged.
    pub persistence: String,
    /// The type that it is of.
    pub of_type: Option<String>,
    /// `RANGE (at)` and the like.
    pub partition_key: Option<String>,
    /// Whether it is a partition.
    pub partition: bool,
    /// `FOR VALUES …` or `DEFAULT`.
    pub bound: Option<String>,
    /// The tables that it inherits from, or is a partition of.
    #[serde(default)]
    pub parents: Vec<String>,
    /// The access method, where it is not `heap`.
    pub using: Option<String>,
    /// Storage parameters, sorted, with commas.
    pub options: Option<String>,
    /// Those of its TOAST table.
    pub toast_options: Option<String>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// Whether row level security is enabled.
    pub row_security: bool,
    /// Whether it is forced on the owner, too.
    pub force_row_security: bool,
    /// `d` default, `n` nothing, `f` full, `i` using an index.
    pub replica_identity: String,
}

/// A constraint of a table or a domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// `c` check, `f` foreign key, `p` primary key, `u` unique, `x` exclusion, `t` trigger, `n` not null.
    #[serde(rename = "type")]
    pub constraint_type: String,
    /// As the server prints it.
    pub definition: String,
    /// Whether a parent has it.
    pub inherited: bool,
    /// Whether it was declared here.
    pub local: bool,
    /// Whether all rows are known to keep it.
    pub validated: bool,
    /// What is wrong with the triggers that keep it.
    pub triggers: Option<String>,
}

/// An index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// As the server prints it.
    pub definition: String,
    /// Whether it is unique.
    pub unique: bool,
    /// Whether it is complete and in use.
    pub valid: bool,
    /// Whether its table is clustered on it.
    pub clustered: bool,
    /// Whether it is its table's replica identity.
    pub replica_identity: bool,
    /// Whether it is of a partitioned table.
    pub partitioned: bool,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// The index that it is a partition of.
    pub partition_of: Option<String>,
    /// The name of the constraint that it belongs to.
    pub constraint: Option<String>,
    /// Its own columns' names, unquoted.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Numbers of columns with their statistics targets.
    #[serde(default)]
    pub statistics: Vec<(i64, i64)>,
}

/// A sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// Whether it is unlogged.
    pub unlogged: bool,
    /// Its type.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Where it starts.
    pub start: i64,
    /// Its step.
    pub increment: i64,
    /// The least value.
    pub minimum: i64,
    /// The greatest value.
    pub maximum: i64,
    /// How many a session takes at once.
    pub cache: i64,
    /// Whether it begins anew after the last value.
    pub cycle: bool,
    /// Whether it belongs to an identity column.
    #[serde(default)]
    pub identity: bool,
    /// The table of the column that owns it.
    pub table: Option<String>,
    /// The column that owns it.
    pub column: Option<String>,
}

/// An enum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// The labels in order, unquoted.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// A domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The type that it is over.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Whether it is declared NOT NULL.
    pub not_null: bool,
    /// Its default.
    pub default: Option<String>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A composite type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Composite {
    /// Its attributes in order.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

/// A range type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The type of its bounds.
    pub subtype: String,
    /// The multirange type that comes with it.
    pub multirange: Option<String>,
    /// The operator class of its order.
    pub operator_class: Option<String>,
    /// Its collation.
    pub collation: Option<String>,
    /// The function that brings ranges into one form.
    pub canonical: Option<String>,
    /// The function that gives the difference of two values.
    pub difference: Option<String>,
}

/// A view or materialized view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The access method, where it is not `heap`.
    pub using: Option<String>,
    /// Options, sorted, with commas.
    pub options: Option<String>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// Whether it has been filled.
    pub populated: bool,
    /// As the server prints it.
    pub query: String,
    /// As of a table.
    pub replica_identity: String,
    /// Whether a column that it reads was renamed, so that its own columns' names don't follow from the query.
    #[serde(default)]
    pub renamed: bool,
}

/// A function or procedure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Modes, names, types and defaults.
    pub arguments: String,
    /// What it returns; a procedure returns nothing.
    pub result: Option<String>,
    /// Whether it is a window function.
    pub window: bool,
    /// Whether its body is SQL that the server has parsed.
    #[serde(default)]
    pub parsed: bool,
    /// Its language.
    pub language: String,
}

/// An aggregate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// Modes, names and types.
    pub arguments: String,
    /// `n` normal, `o` ordered set, `h` hypothetical set.
    pub kind: String,
    /// The state's type.
    pub state_type: String,
    /// The function that takes a value in.
    pub state: String,
    /// The state's size.
    pub space: Option<i64>,
    /// The first state.
    pub initial: Option<String>,
    /// The function that gives the result.
    #[serde(rename = "final")]
    pub final_function: Option<String>,
    /// Whether that takes the arguments as well.
    pub final_extra: bool,
    /// Whether that may change the state: `r`, `s`, `w`.
    pub final_modify: String,
    /// The function that puts two states together.
    pub combine: Option<String>,
    /// The function that writes a state.
    pub serialize: Option<String>,
    /// The function that reads one.
    pub deserialize: Option<String>,
    /// Whether it has a form for moving windows.
    pub moving: bool,
    /// The operator that it is the first or last by.
    pub sort_operator: Option<String>,
    /// `s` safe, `r` restricted, `u` unsafe.
    pub parallel: String,
}

/// A trigger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// As the server prints it.
    pub definition: String,
    /// `O` enabled, `D` disabled, `R` replica, `A` always.
    pub enabled: String,
    /// Whether it comes from a partitioned parent.
    pub inherited: bool,
}

/// A rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// As the server prints it.
    pub definition: String,
    /// As of a trigger.
    pub enabled: String,
}

/// A policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether it allows or restricts.
    pub permissive: bool,
    /// `r` select, `a` insert, `w` update, `d` delete, `*` all.
    pub command: String,
    /// Whom it is for.
    pub roles: String,
    /// Which rows are seen.
    pub using: Option<String>,
    /// Which rows may be written.
    pub check: Option<String>,
}

/// Extended statistics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// As the server prints it.
    pub definition: String,
    /// The statistics target.
    pub target: Option<i64>,
}

/// An extension.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Its version.
    pub version: String,
    /// The schema of its objects.
    pub schema: String,
}

/// A collation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collation {
    /// `c` libc, `i` icu, `b` builtin.
    pub provider: String,
    /// LC_COLLATE.
    pub collate: Option<String>,
    /// LC_CTYPE.
    pub ctype: Option<String>,
    /// The locale of other providers.
    pub locale: Option<String>,
    /// Rules of ICU.
    pub rules: Option<String>,
    /// Whether strings are equal only if their bytes are.
    pub deterministic: bool,
}

/// An event trigger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventTrigger {
    /// When it fires.
    pub event: String,
    /// For which commands.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What it calls.
    pub function: String,
    /// As of a trigger.
    pub enabled: String,
}

/// Default privileges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultPrivileges {
    /// Whose objects.
    pub role: String,
    /// In which schema.
    pub schema: Option<String>,
    /// `r` tables, `S` sequences, `f` functions, `T` types, `n` schemas.
    pub objects: String,
}
