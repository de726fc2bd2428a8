//! Expand and contract: a change that would break running code as a series of migrations that each suit the code before and
//! after them.
//!
//! Pure: from a request and a schema's snapshot to scripts. Arrows: `series -> {pair, not_null, split} -> {table, carry, step} ->
//! {request, names}`.

mod carry;
mod error;
mod names;
mod not_null;
mod pair;
mod request;
mod series;
mod split;
mod step;
mod table;

pub use error::ExpandError;
pub use request::{Change, Request};
pub use series::{Series, series};
pub use step::{Phase, Step};
