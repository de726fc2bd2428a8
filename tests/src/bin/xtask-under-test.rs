//! The `xtask` that `cargo migrate init --xtask` gives a workspace.

fn main() -> std::process::ExitCode {
    cargo_migrate::promote::cli()
}
