//! Finds the server's binaries.

use std::{
    env::consts::EXE_SUFFIX,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::config::environment;

/// Folders of packagers that are not in `PATH`: parent, start of the version's folder, folder of the programs in it.
const PLACES: [(&str, &str, &str); 7] = [
    ("usr/lib/postgresql", "", "bin"),
    ("usr", "pgsql-", "bin"),
    ("usr/libexec", "postgresql", ""),
    ("opt/homebrew/opt", "postgresql", "bin"),
    ("usr/local/opt", "postgresql", "bin"),
    ("usr/local", "pgsql", "bin"),
    ("Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The folder with a whole server's programs: in `PATH`, where `pg_config` says, or where packagers put it (the highest version).
pub fn binaries() -> Option<PathBuf> {
    environment::program_folders()
        .iter()
        .find_map(|folder| server_folder(folder))
        .or_else(|| server_folder(&pg_config()?))
        .or_else(|| packaged(Path::new("/")))
}

/// The path of one of the programs.
pub(super) fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{EXE_SUFFIX}"))
}

/// Where the programs really are, if `folder` has a server: a lone link to `postgres` counts only if its target has company.
fn server_folder(folder: &Path) -> Option<PathBuf> {
    let real = fs_err::canonicalize(program(folder, "postgres")).ok()?;
    let beside = real.parent().map(Path::to_owned);
    beside
        .into_iter()
        .chain([folder.to_owned()])
        .find(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|name| program(folder, name).is_file()))
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new(environment::find_program("pg_config")?)
        .arg("--bindir")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim_end()))
}

fn packaged(root: &Path) -> Option<PathBuf> {
    let mut found: Vec<(Vec<u64>, PathBuf)> = Vec::new();
    for (parent, prefix, programs) in PLACES {
        // A place that does not exist holds no server.
        let Ok(entries) = fs_err::read_dir(root.join(parent)) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(version) = name.to_str().and_then(|name| name.strip_prefix(prefix)) else {
                continue;
            };
            if let Some(folder) = server_folder(&entry.path().join(programs)) {
                found.push((numbers(version), folder));
            }
        }
    }
    found.into_iter().max().map(|(_, folder)| folder)
}

/// The numbers in a version's text, so that 9.6 sorts before 15.
fn numbers(version: &str) -> Vec<u64> {
    version.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(folder: &Path, programs: &[&str]) {
        fs_err::create_dir_all(folder).unwrap();
        for name in programs {
            fs_err::write(program(folder, name), "").unwrap();
        }
    }

    const ALL: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

    #[test]
    fn the_highest_version_of_all_places_wins() {
        let root = tempfile::tempdir().unwrap();
        let root = fs_err::canonicalize(root.path()).unwrap();
        server(&root.join("usr/lib/postgresql/9.6/bin"), &ALL);
        server(&root.join("usr/lib/postgresql/15/bin"), &ALL);
        server(&root.join("usr/lib/postgresql/18/bin"), &["postgres"]);
        server(&root.join("opt/homebrew/opt/postgresql@16/bin"), &ALL);
        server(&root.join("usr/pgsql-14/bin"), &ALL);
        let best = root.join("opt/homebrew/opt/postgresql@16/bin");
        assert_eq!(packaged(&root), Some(best));
    }

    #[test]
    fn a_machine_without_servers_has_none() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(packaged(root.path()), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_lone_link_leads_to_the_real_folder() {
        let root = tempfile::tempdir().unwrap();
        let root = fs_err::canonicalize(root.path()).unwrap();
        let (real, links) = (root.join("15/bin"), root.join("bin"));
        server(&real, &ALL);
        server(&links, &[]);
        fs_err::os::unix::fs::symlink(real.join("postgres"), links.join("postgres")).unwrap();
        assert_eq!(server_folder(&links), Some(real.clone()));

        fs_err::remove_file(real.join("initdb")).unwrap();
        assert_eq!(server_folder(&links), None);
    }
}
