//! What can go wrong while a difference is worked out.

use crate::schema::{Object, SchemaError};

/// A difference that could not be worked out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// A definition has no detail, or none that is understood: the snapshot was not read by this program.
    #[error("could not understand the definition of {object}")]
    Detail {
        /// Whose definition.
        object: Object,
        /// What is wrong with it.
        #[source]
        source: SchemaError,
    },
    /// A hint renames what the former schema does not have.
    #[error("there is no {0} to rename")]
    NothingToRename(Object),
    /// A hint renames to what the wanted schema does not have.
    #[error("{from} can't become {to}, which is not in the wanted schema")]
    RenamedToNothing {
        /// What is renamed.
        from: Object,
        /// What it should become.
        to: Object,
    },
    /// A hint renames to a name that is taken.
    #[error("{from} can't become {to}, since the former schema has that one already")]
    RenamedOverAnother {
        /// What is renamed.
        from: Object,
        /// What it should become.
        to: Object,
    },
    /// A hint renames what can't be renamed, or to where a rename doesn't reach.
    #[error("{from} can't become {to} by renaming")]
    NotByRenaming {
        /// What is renamed.
        from: Object,
        /// What it should become.
        to: Object,
    },
}
