//! The binary of cargo-migrate once more: cargo tells the tests of a package where that package's own binaries are, and
//! no other one's.

fn main() -> std::process::ExitCode {
    cargo_migrate::cli::main()
}
