//! The `cargo migrate` subcommand.

fn main() -> std::process::ExitCode {
    cargo_migrate::cli::main()
}
