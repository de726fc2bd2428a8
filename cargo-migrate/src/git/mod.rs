//! What git knows: the commit that is checked out, what is not committed, what a branch holds.

mod command;
mod earlier;
mod head_commit;
mod hooks;
mod now;
mod repository;

pub use command::GitError;
pub use earlier::{Wanted, earlier};
pub use head_commit::head_commit;
pub use hooks::{Hooks, hooks};
pub use repository::{Branch, Repository};
