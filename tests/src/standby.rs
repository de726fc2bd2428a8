//! A standby that streams from a server of a test's own.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;
use std::process::Command;

use cargo_migrate::scratch::{Restart, Server, binaries};
use fs_err as fs;

use crate::postgres::{block_on, own_server};

/// What a server needs to have a standby, or to be one. A commit is in the log at once: otherwise a standby's lag shows up to
/// three of `wal_writer_delay` later.
pub const REPLICATED: [(&str, &str); 4] =
    [("wal_level", "replica"), ("max_wal_senders", "4"), ("hot_standby", "on"), ("synchronous_commit", "on")];

/// Starts a standby of `primary`, which was started with [`REPLICATED`].
///
/// # Panics
///
/// The machine has no `pg_basebackup`, or it fails.
pub fn standby_of(primary: &Server) -> Server {
    let mut standby = own_server(&REPLICATED);
    let folder = standby.folder().expect("it is a local one").to_owned();
    let (data, copy) = (folder.join("data"), folder.join("copy"));
    let programs = binaries().expect("a server runs");
    let output = Command::new(programs.join("pg_basebackup"))
        .arg("-D")
        .arg(&copy)
        .args(["-d", primary.url("postgres").expose(), "-R", "-X", "stream", "--checkpoint=fast"])
        .output()
        .expect("pg_basebackup runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // It has the primary's roles and passwords, and is asked by its own.
    let rules = "local all all trust\nhost all all 127.0.0.1/32 trust\n";
    fs::write(copy.join("pg_hba.conf"), rules).expect("a file can be written");
    let owner = fs::metadata(&data).expect("it is there");
    give(&copy, owner.uid(), owner.gid());
    // It runs on in its own folder, whatever that is called, until it is stopped.
    fs::rename(&data, folder.join("former")).expect("a folder can be renamed");
    fs::rename(&copy, &data).expect("a folder can be renamed");
    block_on(standby.restart(Restart::Immediate)).expect("the standby starts");
    standby
}

fn give(path: &Path, user: u32, group: u32) {
    chown(path, Some(user), Some(group)).expect("who started the server owns its files");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("it is readable") {
            give(&entry.expect("it is readable").path(), user, group);
        }
    }
}
