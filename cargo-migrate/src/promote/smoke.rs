//! The package's own command, run against a rehearsal's database.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::gate::Failure;
use crate::config::database_url::DatabaseUrl;
use crate::config::environment::{DATABASE_URL, ENV};
use crate::process_group::ProcessGroup;

/// So much of the end of its output is shown.
const SHOWN: u64 = 16 * 1024;

/// Runs `command`, which messages call `name`, in `folder` by the system's shell, with the database's URL in `DATABASE_URL`. Returns what it printed.
///
/// Whatever it started ends with it: with its success, its failure, its time, and our own interrupt.
pub(super) async fn run(
    name: &str,
    command: &str,
    folder: &Path,
    url: &DatabaseUrl,
    timeout: Duration,
) -> Result<String, Failure> {
    // A file keeps the order of both streams, and nobody who holds it open can keep us waiting.
    let mut output = tempfile::tempfile()?;
    let mut shell = shell(command);
    // A named environment would win over the URL, and it is a real one.
    shell.current_dir(folder).env(DATABASE_URL, url.expose()).env_remove(ENV).stdin(Stdio::null());
    shell.stdout(output.try_clone()?).stderr(output.try_clone()?).kill_on_drop(true);
    let mut child = shell.spawn()?;
    let group = ProcessGroup::of(child.id());
    let ended = tokio::time::timeout(timeout, child.wait()).await;
    drop(group);
    let printed = masked(&tail(&mut output)?, url);
    let timed_out = ended.is_err();
    let message = match ended {
        Ok(Ok(status)) if status.success() => return Ok(printed),
        Ok(Ok(status)) => format!("the {name} command failed ({status}): `{command}`"),
        Ok(Err(error)) => format!("the {name} command can't be waited for ({error}): `{command}`"),
        Err(_) => format!("the {name} command took more than {} s and was ended: `{command}`", timeout.as_secs_f32()),
    };
    let mut failure = Failure::new(message).body(if printed.is_empty() { "(no output)\n".to_owned() } else { printed });
    if timed_out {
        failure =
            failure.help("give it more time: `smoke-timeout = \"20min\"` in `[package.metadata.migrate.promote]`");
    }
    Err(failure)
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]).process_group(0);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/C", command]);
    shell
}

fn tail(file: &mut File) -> std::io::Result<String> {
    let length = file.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(SHOWN);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let plain = anstream::adapter::strip_str(&text).to_string();
    if start == 0 {
        return Ok(plain);
    }
    let whole_lines = plain.split_once('\n').map_or(plain.as_str(), |(_, rest)| rest);
    Ok(format!("… ({start} bytes before)\n{whole_lines}"))
}

/// An application may print the URL that it was given.
fn masked(text: &str, url: &DatabaseUrl) -> String {
    let password = url.config().get_password().map(|password| String::from_utf8_lossy(password).into_owned());
    match password {
        Some(password) if !password.is_empty() => text.replace(&password, "********"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_masked_and_only_the_end_is_shown() {
        let url = DatabaseUrl::parse("postgres://u:geheim@localhost/x").unwrap();
        assert_eq!(masked("at postgres://u:geheim@localhost/x", &url), "at postgres://u:********@localhost/x");
        let mut file = tempfile::tempfile().unwrap();
        use std::io::Write;
        file.write_all(b"\x1b[31mred\x1b[0m\n").unwrap();
        assert_eq!(tail(&mut file).unwrap(), "red\n");
        let line = [b'a'; 99].as_slice();
        for _ in 0..200 {
            file.write_all(line).unwrap();
            file.write_all(b"\n").unwrap();
        }
        let text = tail(&mut file).unwrap();
        assert!(text.starts_with("… (") && text.len() < 17_000, "{text}");
        assert!(text.lines().skip(1).all(|line| line.len() == 99));
    }
}
