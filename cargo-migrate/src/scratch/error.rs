//! Why a throw-away server could not be had.

use std::{io, path::PathBuf};

/// What went wrong with a throw-away server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScratchError {
    /// The machine has neither server binaries nor a container engine that answers.
    #[error("neither PostgreSQL server binaries nor a container engine were found ({containers})")]
    NoEngine {
        /// Why there are no containers.
        containers: String,
    },
    /// Local binaries were asked for and there are none.
    #[error("no PostgreSQL server binaries were found")]
    NoBinaries,
    /// Containers were asked for, and this build can't make them.
    #[error("this build has no support for containers")]
    NoContainerSupport,
    /// Containers were asked for, and no engine answers.
    #[error("no container engine answers: {reason}")]
    NoContainerEngine {
        /// What the engine's client said.
        reason: String,
        /// The socket of a Podman that was found, though the client does not look there.
        podman: Option<PathBuf>,
    },
    /// The image's name has no meaning.
    #[error("`{0}` is not the name of an image")]
    BadImage(String),
    /// The container could not be started, stopped or asked.
    #[error("the container of image `{image}` failed: {reason}")]
    Container {
        /// The image.
        image: String,
        /// What the engine's client said.
        reason: String,
    },
    /// Servers don't run as root, and there is no other account.
    #[error("a server refuses to run as root, and there is no account `postgres` or `nobody`")]
    NoAccount,
    /// A file or folder of the server.
    #[error("cannot prepare the server's folder")]
    Folder(#[source] io::Error),
    /// No folder gives a socket path that is short enough and that the server may enter.
    #[error("no folder for temporary files is usable for a server, tried {}", list(.0))]
    NoFolder(Vec<PathBuf>),
    /// A program could not be run.
    #[error("cannot run `{}`", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("`initdb` failed: {output}")]
    Initdb {
        /// The end of what it printed.
        output: String,
    },
    /// The server ended while it started.
    #[error("the server did not start: {log}")]
    Died {
        /// The end of its log.
        log: String,
    },
    /// The server took too long to accept connections, or to restart.
    #[error("the server did not accept connections within {seconds} s: {reason}")]
    NotReady {
        /// How long it had.
        seconds: u64,
        /// The last refusal.
        reason: String,
    },
    /// The server's process could not be reached by a signal.
    #[error("cannot stop the server")]
    Stop(#[source] io::Error),
    /// A statement of ours failed.
    #[error("`{statement}` failed on the throw-away server")]
    Statement {
        /// The statement.
        statement: String,
        /// What the server said.
        source: tokio_postgres::Error,
    },
    /// A database's name can't be one.
    #[error("`{}` cannot name a database", .0.escape_debug())]
    BadDatabaseName(String),
}

const INSTALL_BINARIES: &str = "install the server: `apt-get install postgresql` (Debian, Ubuntu), \
    `dnf install postgresql-server` (Fedora), `brew install postgresql@17` (macOS)";
const INSTALL_ENGINE: &str = "install and start Docker or Podman";

impl ScratchError {
    /// The cure, where one is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoEngine { .. } if cfg!(feature = "containers") => {
                Some(format!("{INSTALL_BINARIES}; or {INSTALL_ENGINE}"))
            }
            Self::NoEngine { .. } => {
                Some(format!("{INSTALL_BINARIES}; or {INSTALL_ENGINE} and build with `--features containers`"))
            }
            Self::NoBinaries => Some(format!("{INSTALL_BINARIES}, or add its `bin` to `PATH`")),
            Self::NoContainerSupport => Some("build with `--features containers`".to_owned()),
            Self::NoContainerEngine { podman: Some(socket), .. } => {
                Some(format!("a Podman socket is there: `export DOCKER_HOST=unix://{}`", socket.display()))
            }
            Self::NoContainerEngine { podman: None, .. } => Some(format!(
                "{INSTALL_ENGINE} (`systemctl start docker`, or `systemctl --user start podman.socket`), \
                 or use local server binaries: `--engine local`"
            )),
            Self::BadImage(_) => Some("write it as `name:tag`, for example `postgres:17`".to_owned()),
            Self::NoAccount => Some("run as an ordinary user".to_owned()),
            Self::NoFolder(_) => Some("set `TMPDIR` to a folder with a short path that everybody may enter".to_owned()),
            _ => None,
        }
    }
}

fn list(folders: &[PathBuf]) -> String {
    let names: Vec<_> = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_with_neither_learns_what_to_install() {
        let error = ScratchError::NoEngine { containers: "no socket".to_owned() };
        let help = error.help().unwrap();
        for cure in ["apt-get install postgresql", "dnf", "brew", "Docker or Podman"] {
            assert!(help.contains(cure), "{cure} in {help}");
        }
    }

    #[test]
    fn a_build_without_containers_names_the_feature() {
        let help = ScratchError::NoContainerSupport.help().unwrap();
        assert_eq!(help, "build with `--features containers`");
    }
}
