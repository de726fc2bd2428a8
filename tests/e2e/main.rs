//! End-to-end tests: the real binary, real servers, real repositories and builds.
#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod bad_input;
mod build;
mod build_broken;
mod build_doors;
mod check;
mod config;
mod connect;
mod downgrade;
mod example;
mod fault_call;
mod fault_case;
mod fault_concurrent;
mod fault_interrupt;
mod fault_kill;
mod fault_lock;
mod fault_pooler;
mod fault_random;
mod fault_server;
mod graph;
mod init;
mod interop;
mod invariants;
mod json;
mod new;
mod promote;
mod promote_containers;
mod promote_environments;
mod readme;
mod render;
mod roles;
mod runtime_apply;
mod runtime_lock;
mod runtime_outside;
mod schema;
mod scratch;
mod scratch_containers;
mod status;
mod upgrade;
#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
