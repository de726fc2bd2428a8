//! The service as it is run: its program, over HTTP, on a real server.

mod app;
mod endpoints;
mod start;
