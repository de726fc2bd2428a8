//! What git knows: the commit that is checked out, what is not committed, what a branch holds.

mod command;
mod head_commit;
mod repository;
mod standing;
mod traces;

pub use command::GitError;
pub use head_commit::head_commit;
pub use repository::{Branch, Repository};
pub use standing::Standing;
pub use traces::{Commit, Fate, Trace};
