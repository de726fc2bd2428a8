//! Goes on whatever was found: what is compiled must not depend on it.

use std::path::Path;
use std::{env, fs};

fn main() {
    let out = Path::new(&env::var_os("OUT_DIR").unwrap()).join("generated");
    fs::create_dir_all(&out).unwrap();
    let builder = kit::configure().dir("../sql").out_dir(out).history("ops.history").crate_path("::kit");
    match builder.rule("empty-migration", kit::Level::Deny).try_embed() {
        Ok(outcome) => {
            for finding in &outcome.diagnostics {
                println!("cargo::warning={:?} {}", finding.level, finding.rule);
            }
        }
        Err(error) => println!("cargo::warning={error}"),
    }
}
