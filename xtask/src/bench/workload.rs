//! Packages with many migrations, and the same as one file for psql.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::BenchResult;

/// What a migration does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// A table of six columns, an index, and a change of an earlier table.
    Table,
    /// `SELECT i`: the tool's own cost.
    Select,
}

impl Body {
    pub(crate) fn up(self, i: usize) -> String {
        match self {
            Self::Select => format!("SELECT {i};\n"),
            Self::Table => {
                let mut sql = format!(
                    "CREATE TABLE t{i} (\n    id bigint PRIMARY KEY,\n    name text NOT NULL,\n    note text,\n    \
                     price numeric(12, 2) NOT NULL DEFAULT 0,\n    made timestamptz NOT NULL DEFAULT now(),\n    kind integer\n);\n\
                     CREATE INDEX ix_t{i}_name ON t{i} (name);\n"
                );
                if i > 1 {
                    let _ = writeln!(sql, "ALTER TABLE t{} ADD COLUMN more{i} integer;", i - 1);
                }
                sql
            }
        }
    }

    fn down(self, i: usize) -> String {
        match self {
            Self::Select => String::from("SELECT 0;\n"),
            Self::Table if i > 1 => format!("ALTER TABLE t{} DROP COLUMN more{i};\nDROP TABLE t{i};\n", i - 1),
            Self::Table => format!("DROP TABLE t{i};\n"),
        }
    }
}

/// Writes a package without migrations, and returns the folder for them.
pub(crate) fn empty_package(folder: &Path) -> BenchResult<PathBuf> {
    let versions = folder.join("migrations/versions");
    fs_err::create_dir_all(&versions)?;
    fs_err::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"bench\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[workspace]\n",
    )?;
    fs_err::write(folder.join("lib.rs"), "")?;
    Ok(versions)
}

/// Writes a package with `count` migrations into `folder`; without `build.rs` it is for the command line only.
pub(crate) fn package(folder: &Path, count: usize, body: Body) -> BenchResult<PathBuf> {
    let versions = empty_package(folder)?;
    for i in 1..=count {
        let parents = if i == 1 { String::new() } else { format!("--! parents = [{}]\n", i - 1) };
        fs_err::write(versions.join(format!("V{i}__step_{i}.sql")), parents + &body.up(i))?;
        fs_err::write(versions.join(format!("V{i}__step_{i}.down.sql")), body.down(i))?;
    }
    Ok(folder.to_owned())
}

/// The same for psql: each migration with its history row is one transaction and one simple query (psql joins statements
/// by `\;`).
pub(crate) fn psql_file(path: &Path, count: usize, body: Body) -> BenchResult<()> {
    let mut text = String::from(
        "CREATE TABLE history (version bigint PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));\n",
    );
    for i in 1..=count {
        let sql = body.up(i);
        let statements: Vec<&str> = sql.trim_end().trim_end_matches(';').split(";\n").collect();
        let _ = writeln!(
            text,
            "BEGIN\\; {}\\; INSERT INTO history VALUES ({i}, 'step_{i}', '2026-01-01T00:00:00Z', '1234567890')\\; COMMIT;",
            statements.join("\\; ")
        );
    }
    fs_err::write(path, text)?;
    Ok(())
}
