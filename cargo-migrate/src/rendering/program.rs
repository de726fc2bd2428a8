//! The small package that runs sources written in Rust.

use std::fmt::Write;
use std::path::Path;

/// One source to run.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its absolute path.
    pub path: &'a Path,
    /// Whether it has a `rollback`.
    pub rollback: bool,
}

/// The package's manifest. It is a workspace of its own, so that it may lie inside another one's target folder.
pub const MANIFEST: &str = "\
[package]
name = \"cargo-migrate-render\"
version = \"0.0.0\"
edition = \"2024\"
publish = false

[[bin]]
name = \"render\"
path = \"main.rs\"

[dependencies]
barrel = { version = \"0.7\", default-features = false, features = [\"pg\"] }

[profile.dev]
debug = false

[workspace]
";

/// Its program. `render N FOLDER` runs the source with that number, and writes what it returns to `up.sql` and `down.sql`
/// in the folder: whatever a source prints itself is never taken for SQL.
pub fn main(sources: &[Source<'_>]) -> String {
    let mut modules = String::new();
    let mut arms = String::new();
    for (number, source) in sources.iter().enumerate() {
        let path = source.path.to_string_lossy();
        let _ = writeln!(modules, "#[path = {path:?}]\nmod source_{number};");
        let rollback = if source.rollback { format!("Some(source_{number}::rollback())") } else { "None".to_owned() };
        let _ = writeln!(arms, "        Some(\"{number}\") => (source_{number}::migration(), {rollback}),");
    }
    format!(
        r#"#![allow(warnings)]

{modules}
fn main() -> std::io::Result<()> {{
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let (up, down): (String, Option<String>) = match arguments.first().and_then(|number| number.to_str()) {{
{arms}        _ => return Err(std::io::ErrorKind::InvalidInput.into()),
    }};
    let folder = std::path::PathBuf::from(arguments.get(1).cloned().unwrap_or_default());
    std::fs::write(folder.join("up.sql"), up)?;
    if let Some(down) = down {{
        std::fs::write(folder.join("down.sql"), down)?;
    }}
    Ok(())
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_source_once() {
        let sources = [
            Source { path: Path::new("/a \"b\"/V1__x.rs"), rollback: true },
            Source { path: Path::new("/c/V2__y.rs"), rollback: false },
        ];
        let text = main(&sources);
        assert!(text.contains("#[path = \"/a \\\"b\\\"/V1__x.rs\"]\nmod source_0;"), "{text}");
        assert!(text.contains("Some(\"0\") => (source_0::migration(), Some(source_0::rollback())),"), "{text}");
        assert!(text.contains("Some(\"1\") => (source_1::migration(), None),"), "{text}");
    }
}
