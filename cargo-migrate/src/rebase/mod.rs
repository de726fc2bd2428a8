//! Putting the migrations that only this branch has on top of those of another: which get which version, what changes in
//! their files, and what of both sides touches the same things. Pure.

mod conflicts;
mod plan;
mod touched;

pub use conflicts::{Conflict, Scripts, conflicts};
pub use plan::{Move, NotPossible, Plan, plan};
pub use touched::{Touched, touched};
