//! Validates a package's PostgreSQL migrations at compile time, embeds them, and applies them at run time.
//!
//! The crate is used twice by one application, with other features each time:
//!
//! - as a build-dependency (features `build` and `syntax`, both on by default) a build script calls [`embed`], which
//!   reads the folder, checks the history and generates a module into `OUT_DIR`; a broken history is a compile error
//!   that names the file, the line and the command that cures it;
//! - as a dependency (feature `runtime`) the application includes that module by [`include_migrations!`] and brings
//!   its database to the embedded head.
//!
//! ```toml
//! [dependencies]
//! migrate-build = { version = "0.1", default-features = false, features = ["runtime"] }
//!
//! [build-dependencies]
//! migrate-build = "0.1"
//! ```
//!
//! The build script is three lines:
//!
//! ```no_run
//! fn main() {
//!     migrate_build::embed("migrations");
//! }
//! ```
//!
//! Findings come out as cargo's own errors and warnings, all of them at once:
//!
//! ```text
//! error: shop@0.1.0: [missing-parent] `V3__c.sql` names no parents
//! error: shop@0.1.0:   --> migrations/versions/V3__c.sql
//! error: shop@0.1.0:   help: add the line `--! parents = [2]` on top of it, if that is what it builds on
//! ```
//!
//! [`configure`] returns a builder for more than that. The levels of rules and the name of the history table are better
//! set in `[package.metadata.migrate]`, where `cargo migrate` reads them too.
#![warn(missing_docs)]
#![expect(clippy::needless_doctest_main, reason = "a build script is a main function")]

pub mod backfill;
pub mod checksum;
#[cfg(feature = "runtime")]
mod concurrent_index;
pub mod direction;
pub mod embedded;
pub mod graph;
pub mod history_name;
pub mod position;
pub mod statements;

#[cfg(feature = "build")]
mod builder;
#[cfg(feature = "build")]
mod cache;
#[cfg(feature = "build")]
pub mod check;
#[cfg(feature = "build")]
pub mod codegen;
#[cfg(feature = "build")]
pub mod diagnostic;
#[cfg(feature = "build")]
pub mod error;
#[cfg(feature = "build")]
pub mod lock;
#[cfg(feature = "build")]
pub mod migration;
#[cfg(feature = "build")]
pub mod nearest;
#[cfg(feature = "build")]
pub mod render;
#[cfg(feature = "build")]
pub mod rules;
#[cfg(feature = "build")]
pub mod settings;

#[cfg(feature = "runtime")]
pub mod runtime;

#[cfg(feature = "build")]
pub use builder::{Builder, Outcome, configure, embed};
#[cfg(feature = "build")]
pub use diagnostic::{Diagnostic, Level};
#[cfg(feature = "build")]
pub use error::Error;

/// Includes the module that [`embed`] generated into `OUT_DIR`: a `pub static MIGRATIONS`.
///
/// Call it in the module that shall own the migrations, for example `src/db.rs`:
///
/// ```ignore
/// migrate_build::include_migrations!();
/// ```
#[macro_export]
macro_rules! include_migrations {
    () => {
        include!(concat!(env!("OUT_DIR"), "/migrate_build.rs"));
    };
}

/// Fails the compilation unless the build side wrote the format that this runtime reads.
///
/// Called by the generated module in a `const`; `format` is the [`embedded::FORMAT`] of the build side.
pub const fn assert_format(format: u32) {
    assert!(
        format == embedded::FORMAT,
        "migrate-build in [build-dependencies] and in [dependencies] are of different versions: give both the same one"
    );
}
