//! What git knows of the migrations: the commit that is checked out, what is not committed, what a commit holds, who changed
//! what, and which commit is the newest without a migration.

mod command;
mod earlier;
mod head_commit;
mod hooks;
mod log;
mod now;
mod past;
mod reference;
mod repository;
mod standing;
mod traces;
mod tree;
mod worktree;

pub use command::GitError;
pub use earlier::{Wanted, earlier};
pub use head_commit::head_commit;
pub use hooks::{Hooks, hooks};
pub use log::{Author, Authors, slashed};
pub use past::{Past, Without};
pub use reference::{Reference, ReferenceError};
pub use repository::{Branch, Repository};
pub use standing::Standing;
pub use traces::{Commit, Fate, Trace};
pub use tree::{Object, Tree};
pub use worktree::Worktree;
