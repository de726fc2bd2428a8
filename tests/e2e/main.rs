//! End-to-end tests: the real binary, real servers, real repositories and builds.

mod schema;
