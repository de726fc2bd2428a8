//! What has to be done to get from one schema to another, and back.
//!
//! [`plan`] takes two snapshots and answers in parts of SQL; nothing here talks to a server. `rename` and `keep` settle what is the same and what
//! stays, `work` gathers the steps, one kind of object a file, `closure` finds what has to be made anew for them, and `graph` orders them.

mod catalog;
mod change;
mod closure;
mod column;
mod constraint;
mod error;
mod graph;
mod hints;
mod index;
mod inline;
mod keep;
mod plan;
mod question;
mod rename;
mod rewrite;
mod sequence;
mod table;
mod verdict;
mod work;

pub use catalog::{Catalog, Column};
pub use change::{Action, Change, Hazard, HazardKind, Question, Unsupported};
pub use error::DiffError;
pub use hints::{Hints, Permission, Rename, RenamedValue};
pub use plan::{Part, Plan, plan};
pub(crate) use rewrite::Rewrite;
