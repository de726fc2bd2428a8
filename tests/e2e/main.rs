//! End-to-end tests: the real binary, real servers, real repositories and builds.
#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod scratch;
