//! The process's environment: every other module takes what it needs as arguments.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Reads a variable; one that is unset, empty or not Unicode reads as nothing.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The folders that programs are looked for in, in the order of `PATH`.
pub fn program_folders() -> Vec<PathBuf> {
    env::var_os("PATH")
        .map_or_else(Vec::new, |path| env::split_paths(&path).filter(|folder| folder.is_absolute()).collect())
}

/// Finds a program in `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let file_name = format!("{name}{}", env::consts::EXE_SUFFIX);
    program_folders().iter().map(|folder| folder.join(&file_name)).find(|file| file.is_file())
}

/// The folder for temporary files (`TMPDIR`, or the system's own).
pub fn temporary_folder() -> PathBuf {
    env::temp_dir()
}

/// Whether this process runs inside a Docker container, whose loopback is not that of the engine's machine.
pub fn in_container() -> bool {
    Path::new("/.dockerenv").exists()
}
