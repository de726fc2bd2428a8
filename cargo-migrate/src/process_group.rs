//! Ending what a child process has started as well, however we come to an end with it.

#[cfg(unix)]
use std::io::Write;
#[cfg(unix)]
use std::os::unix::process::CommandExt;
#[cfg(unix)]
use std::process::{Child, Command, Stdio};
#[cfg(unix)]
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, test_kill_process_group, waitpid};

/// How long the dead may take to be gone. Where nobody reaps them they never are, and do no harm.
#[cfg(unix)]
const GONE: Duration = Duration::from_millis(500);

/// Kills the group when its standard input ends without a word: then its owner has ended, and in whatever way.
#[cfg(unix)]
const GUARD: &str = "trap '' HUP INT QUIT TERM; read -r word || kill -s KILL -- \"-$1\"";

/// A child that leads a process group. Dropping this kills whoever is left of the group, the child included, and waits for
/// their end; where we are killed ourselves, a guard does it. Outside of Unix there are no groups, and it does nothing.
#[derive(Debug)]
pub(crate) struct ProcessGroup {
    #[cfg(unix)]
    leader: Option<Pid>,
    #[cfg(unix)]
    guard: Option<Child>,
}

impl ProcessGroup {
    /// The group that `child` leads: the id of a process that was started with `process_group(0)`.
    pub(crate) fn of(child: Option<u32>) -> Self {
        #[cfg(not(unix))]
        let _ = child;
        #[cfg(unix)]
        let leader = child.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        Self {
            #[cfg(unix)]
            leader,
            #[cfg(unix)]
            guard: leader.and_then(guard),
        }
    }
}

/// Starts the guard; without it only an end in order takes the group along.
#[cfg(unix)]
fn guard(leader: Pid) -> Option<Child> {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", GUARD, "sh", &leader.as_raw_nonzero().to_string()]).process_group(0);
    // Its folder is not held in use.
    shell.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}

#[cfg(unix)]
impl Drop for ProcessGroup {
    fn drop(&mut self) {
        let Some(leader) = self.leader else { return };
        self.kill(leader);
        // Not before: until here it may be needed.
        if let Some(mut guard) = self.guard.take() {
            let told = guard.stdin.take().is_some_and(|mut stdin| stdin.write_all(b"done\n").is_ok());
            if !told {
                drop(guard.kill());
            }
            drop(guard.wait());
        }
    }
}

#[cfg(unix)]
impl ProcessGroup {
    fn kill(&self, leader: Pid) {
        let began = Instant::now();
        // It fails when nobody is left, which is how it should be.
        while kill_process_group(leader, Signal::KILL).is_ok() && began.elapsed() < GONE {
            // A dead leader whom nobody waited for counts as one of the group. Whoever waits for it later learns that it is gone.
            let _: Result<_, _> = waitpid(Some(leader), WaitOptions::NOHANG);
            if test_kill_process_group(leader).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_grandchild_ends_too() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]).process_group(0).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = [0; 64];
        let count = child.stdout.take().unwrap().read(&mut line).unwrap();
        let grandchild: i32 = String::from_utf8_lossy(&line[..count]).trim().parse().unwrap();
        let grandchild = Pid::from_raw(grandchild).unwrap();
        assert!(rustix::process::test_kill_process(grandchild).is_ok());
        drop(ProcessGroup::of(Some(child.id())));
        let state = fs_err::read_to_string(format!("/proc/{}/stat", grandchild.as_raw_nonzero()));
        let is_gone = rustix::process::test_kill_process(grandchild).is_err();
        assert!(is_gone || state.is_ok_and(|state| state.contains(") Z ")));
        drop(child.wait());
    }
}
