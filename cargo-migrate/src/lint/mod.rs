//! Whether migrations are safe on a database that is in use: squawk's rules and ours, which know the history as well.
//!
//! [`lint`] takes the migrations that are picked and says what it found, at the levels that are configured. It talks to nobody: what is known
//! of the database comes with [`Known`].

mod allows;
mod baseline;
mod fix;
mod fresh;
mod github;
mod pick;
mod registry;
mod rules;
mod run;
mod sarif;
mod script;
mod squawk;
mod squawk_rules;
mod wording;

pub use baseline::branch_basis;
pub use fix::{Fixed, fix};
pub use github::to_github;
pub use pick::{Basis, Picked, pick};
pub use registry::LINTS;
pub use run::{Found, Known, Linted, lint, tables};
pub use sarif::to_sarif;
pub use squawk_rules::{SquawkRule, squawk_rule, squawk_rules};
