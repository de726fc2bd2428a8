//! End-to-end tests: the real binary, real servers, real repositories and builds.
#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

#[cfg(unix)]
mod backfill;
mod bad_input;
mod build;
mod build_broken;
mod build_doors;
mod check;
mod config;
mod connect;
mod derive;
mod diff;
mod diff_random;
mod differs;
mod downgrade;
mod drift;
mod example;
#[cfg(unix)]
mod expand_contract;
#[cfg(unix)]
mod fault_call;
#[cfg(unix)]
mod fault_case;
#[cfg(unix)]
mod fault_concurrent;
#[cfg(unix)]
mod fault_interrupt;
#[cfg(unix)]
mod fault_kill;
#[cfg(unix)]
mod fault_lock;
#[cfg(unix)]
mod fault_pooler;
#[cfg(unix)]
mod fault_random;
#[cfg(unix)]
mod fault_repair;
#[cfg(unix)]
mod fault_server;
mod gates;
mod generate;
mod generate_again;
mod generate_beside;
mod generate_case;
mod generate_names;
mod generate_proof;
mod generate_scratch;
mod git_check;
mod git_rebase;
mod git_rollback;
mod giving_way;
mod graph;
mod hazards;
#[cfg(unix)]
mod hook;
mod init;
mod interop;
mod invariants;
mod json;
mod lint;
mod lint_cases;
mod locks_taken;
mod models;
mod new;
mod old_smoke;
mod plan;
mod plan_sql;
#[cfg(unix)]
mod promises;
mod promote;
mod promote_containers;
mod promote_environments;
mod readme;
mod rebuild;
mod render;
mod repair;
mod repair_case;
mod roles;
mod runtime_apply;
mod runtime_lock;
mod runtime_origin;
mod runtime_outside;
mod schema;
mod schemas;
mod scratch;
mod scratch_containers;
#[cfg(unix)]
mod seal;
mod seal_promote;
#[cfg(unix)]
mod six_ways;
mod stages;
mod status;
#[cfg(unix)]
mod status_all;
#[cfg(unix)]
mod status_wait;
mod switch;
mod upgrade;
