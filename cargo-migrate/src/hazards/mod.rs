//! What a statement does to a database that is in use: which relations it locks and how strongly, whom that holds up, and whether it reads
//! or rewrites what they hold. Known from the text alone; what the text doesn't tell is said to be unknown.
//!
//! [`analyse`] takes a script, [`analyse_statement`] one statement of it. The tables are in `statement` and `alter_table`.

mod alter_table;
mod analyse;
mod column;
mod create;
mod data;
mod drop;
mod effect;
mod expression;
mod lock_mode;
mod names;
mod objects;
mod other;
mod statement;
mod tokens;

pub use analyse::{analyse, analyse_statement};
pub use effect::{Analysis, Effect, Nature, On, Work};
pub use lock_mode::{Blocked, LockMode};
pub use names::Relation;
pub use objects::{Change, Verb, changes, has_string, says};
