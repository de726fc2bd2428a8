//! The service as it is run: its program, over HTTP, on a real server.
#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod app;
mod endpoints;
mod start;
