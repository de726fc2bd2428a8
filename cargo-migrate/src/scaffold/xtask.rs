//! The `xtask` crate that `init --xtask` writes: `cargo xtask promote` rehearses a promotion with our library.

use super::manifest::Source;

/// The name of the package, and of its folder in the workspace.
pub const NAME: &str = "xtask";

/// Its `Cargo.toml`.
pub fn manifest(source: &Source) -> String {
    format!(
        r#"[package]
name = "{NAME}"
version = "0.0.0"
edition = "2024"
publish = false

[features]
# Servers in containers, for machines without PostgreSQL's own programs; some 270 crates more:
# `cargo run --package xtask --features containers -- promote`
containers = ["cargo-migrate/containers"]

[dependencies]
cargo-migrate = {}
"#,
        source.to_toml("cargo-migrate")
    )
}

/// Its `src/main.rs`.
pub const MAIN: &str = "\
//! Tasks of this workspace's development.
//!
//! `cargo xtask promote` rehearses the way from development through staging to production on throw-away servers.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_migrate::promote::cli()
}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_toml() {
        for source in [Source::Version("0.1.0".to_owned()), Source::Path("../a \"b\"".to_owned())] {
            let text = manifest(&source);
            text.parse::<toml_edit::DocumentMut>().unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
    }
}
