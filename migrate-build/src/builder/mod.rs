//! What a build script calls: reads cargo's variables, writes into `OUT_DIR`, and tells cargo what was found.

mod embed;
mod kept;
mod report;

pub use embed::{Builder, Outcome, configure, embed};
