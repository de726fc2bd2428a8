//! The migrations folder compared with what git has of it: whether a migration that others have was changed here, and
//! whether what is new here goes on from where they stand.
//!
//! `gather` asks git, `compare` decides, `answered` knows what the lock file says to it, `findings` puts it into words.

mod answered;
mod compare;
mod findings;
mod gather;
mod join;
mod rules;
mod seen;
mod side;

pub use answered::answered;
pub use compare::{Change, Comparison, What, compare};
pub use findings::{Seen, Words, findings};
pub use gather::{Gathered, gather};
pub use join::join;
pub use rules::{RULES, find};
pub use seen::on_branches;
pub use side::{Entry, Script, Side};
