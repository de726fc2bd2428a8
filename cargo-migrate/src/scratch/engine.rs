//! The container engine at hand, as far as its client leaves that to us.

use std::path::{Path, PathBuf};

use crate::config::environment;

const DOCKER_SOCKET: &str = "/var/run/docker.sock";

/// A Podman's socket that the client does not find by itself, as it follows `DOCKER_HOST` and Docker's places only.
pub(super) fn podman_socket() -> Option<PathBuf> {
    if environment::variable("DOCKER_HOST").is_some() || Path::new(DOCKER_SOCKET).exists() {
        return None;
    }
    let own = environment::variable("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("podman/podman.sock"));
    own.into_iter().chain([PathBuf::from("/run/podman/podman.sock")]).find(|socket| socket.exists())
}

/// From where containers' ports have to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// From the engine's own machine.
    Loopback,
    /// From a container of the same engine: over its bridge.
    Bridge,
    /// From elsewhere.
    Network,
}

/// Where we are, as seen from the engine.
pub(super) fn reach() -> Reach {
    let host = environment::variable("DOCKER_HOST");
    if host.is_some_and(|host| !is_local(&host)) {
        Reach::Network
    } else if environment::in_container() {
        Reach::Bridge
    } else {
        Reach::Loopback
    }
}

fn is_local(host: &str) -> bool {
    host.starts_with("unix:") || host.starts_with("npipe:")
}

/// Commands that remove the container whose name comes after them, the best first.
pub(super) fn removers() -> Vec<Vec<String>> {
    let host = environment::variable("DOCKER_HOST")
        .or_else(|| Path::new(DOCKER_SOCKET).exists().then(|| format!("unix://{DOCKER_SOCKET}")));
    let mut removers = Vec::new();
    if let Some(docker) = environment::find_program("docker") {
        removers.push(remover(&docker, host.as_deref().map(|host| ("--host", host))));
    }
    if let Some(podman) = environment::find_program("podman") {
        removers.push(remover(&podman, host.as_deref().map(|host| ("--url", host))));
    }
    removers
}

fn remover(program: &Path, host: Option<(&str, &str)>) -> Vec<String> {
    let mut words = vec![program.to_string_lossy().into_owned()];
    if let Some((option, host)) = host {
        words.extend([option.to_owned(), host.to_owned()]);
    }
    words.extend(["rm", "--force", "--volumes"].map(str::to_owned));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_engine_is_not_local() {
        assert!(is_local("unix:///run/user/1000/podman/podman.sock"));
        assert!(!is_local("tcp://10.0.0.1:2376"));
        assert!(!is_local("ssh://build@host"));
    }

    #[test]
    fn the_remover_asks_the_same_engine() {
        let words = remover(Path::new("/usr/bin/docker"), Some(("--host", "unix:///s")));
        assert_eq!(words, ["/usr/bin/docker", "--host", "unix:///s", "rm", "--force", "--volumes"]);
    }
}
