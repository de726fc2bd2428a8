//! From changes to SQL: one kind of object a file, each with its way there and back.
//!
//! [`up`] and [`down`] give the statements of one change, [`merged`] puts neighbours together, and [`dump`] prints a whole schema. Nothing here talks to
//! a server.

mod column;
mod constraint;
mod describe;
mod dump;
pub(crate) mod ident;
mod index;
mod policy;
mod privileges;
mod render;
mod routine;
mod sequence;
mod space;
mod stable;
mod statement;
mod table;
mod trigger;
mod types;
mod using;
mod view;

pub(crate) use constraint::index_of;
pub use dump::dump;
pub(crate) use privileges::parse as parse_privileges;
pub use render::{Sides, down, up};
pub use statement::{Statement, merged};
pub(crate) use using::{always_fits, is_free};
