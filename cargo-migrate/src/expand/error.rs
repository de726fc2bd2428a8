//! Why no series can be written.

/// Why no series can be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// The request has another form.
    #[error("`{text}` is not of the form `{form}`")]
    Form {
        /// What was given.
        text: String,
        /// What it should look like.
        form: &'static str,
    },
    /// There is no such table.
    #[error("the database has no table `{table}`")]
    NoTable {
        /// As it was given.
        table: String,
    },
    /// Several schemas have one of that name.
    #[error("several schemas have a table `{table}`: {found}")]
    SeveralTables {
        /// As it was given.
        table: String,
        /// Those there are.
        found: String,
    },
    /// The table has no such column.
    #[error("`{table}` has no column `{column}`")]
    NoColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// What would be made is there already.
    #[error("`{what}` is there already")]
    Exists {
        /// The table or column.
        what: String,
    },
    /// What a later part builds on is not there.
    #[error("`{what}` is not there yet")]
    NotExpanded {
        /// The table or column.
        what: String,
    },
    /// No column orders the rows.
    #[error("no single column orders the rows of `{table}`")]
    NoKey {
        /// The table.
        table: String,
    },
    /// The column may not be `NULL` already.
    #[error("`{column}` is NOT NULL already")]
    NotNull {
        /// The column.
        column: String,
    },
    /// Such a table or column can't be changed in these steps.
    #[error("`{what}` {why}")]
    Unfit {
        /// The table or column.
        what: String,
        /// What is in the way.
        why: &'static str,
    },
    /// The snapshot is not understood.
    #[error("{0}")]
    Snapshot(String),
}

impl ExpandError {
    /// What cures it, where that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Form { form, .. } => Some(format!("for example `{}`", super::request::example(form))),
            Self::NoTable { .. } | Self::NoColumn { .. } => {
                Some("bring the database to the migrations first: `cargo migrate upgrade`".to_owned())
            }
            Self::SeveralTables { .. } => Some("name the schema, too: `schema.table`".to_owned()),
            Self::Exists { .. } => Some(
                "choose another name; or, if it was made by the first part of this series, write the second one: `--phase contract`"
                    .to_owned(),
            ),
            Self::NotExpanded { .. } => {
                Some("write and apply the first part before: `--phase expand`, `cargo migrate upgrade`".to_owned())
            }
            Self::NoKey { .. } => Some(
                "name a column that is NOT NULL and that an index begins with: `--key COLUMN`".to_owned(),
            ),
            Self::NotNull { .. } | Self::Snapshot(_) => None,
            Self::Unfit { .. } => Some("write the steps by hand: `cargo migrate new NAME`".to_owned()),
        }
    }
}
