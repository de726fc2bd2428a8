//! Ending what a child process has started as well, however we come to an end with it.

#[cfg(unix)]
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, test_kill_process_group, waitpid};

/// How long the dead may take to be gone. Where nobody reaps them they never are, and do no harm.
#[cfg(unix)]
const GONE: Duration = Duration::from_millis(500);

/// A child that leads a process group. Dropping this kills whoever is left of the group, the child included, and waits for
/// their end. Outside of Unix there are no groups, and it does nothing.
#[derive(Debug)]
pub(crate) struct ProcessGroup {
    #[cfg(unix)]
    leader: Option<Pid>,
}

impl ProcessGroup {
    /// The group that `child` leads: the id of a process that was started with `process_group(0)`.
    pub(crate) fn of(child: Option<u32>) -> Self {
        #[cfg(not(unix))]
        let _ = child;
        Self {
            #[cfg(unix)]
            leader: child.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)),
        }
    }
}

#[cfg(unix)]
impl Drop for ProcessGroup {
    fn drop(&mut self) {
        let Some(leader) = self.leader else { return };
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
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

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
