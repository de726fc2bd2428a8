//! End-to-end tests: the real binary, real servers, real repositories and builds.
#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod build;
mod build_broken;
mod build_doors;
mod example;
mod interop;
mod invariants;
mod promote;
mod promote_containers;
mod promote_environments;
mod readme;
mod runtime_apply;
mod runtime_lock;
mod runtime_outside;
mod schema;
mod scratch;
mod scratch_containers;
