//! A server in a container, through testcontainers.

use std::{
    thread,
    time::{Duration, Instant},
};

use testcontainers_modules::{
    postgres::Postgres,
    testcontainers::{
        ContainerAsync, ImageExt as _,
        bollard::models::{HostConfig, PortBinding},
        core::client::docker_client_instance,
        runners::AsyncRunner as _,
    },
};

use super::{
    address::{Address, SUPERUSER, random_password},
    engine,
    error::ScratchError,
    guard::Guard,
    options::{DEFAULT_IMAGE, ServerOptions},
    platform::Stop,
};
use crate::config::environment;

/// How long an engine may take to say that it is there.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a server may take to accept connections. It initialises first.
const START: Duration = Duration::from_secs(120);
/// How long the removal may take before it is left to the guard.
const REMOVE: Duration = Duration::from_secs(30);
/// PostgreSQL's port inside the container.
const PORT: u16 = 5432;

/// A server in a container. Dropping it removes the container and its volumes.
#[derive(Debug)]
pub(super) struct Container {
    image: String,
    address: Address,
    container: Option<ContainerAsync<Postgres>>,
    guard: Option<Guard>,
}

impl Container {
    /// Makes and starts a container.
    pub(super) async fn start(options: &ServerOptions) -> Result<Self, ScratchError> {
        let image = options.image.as_deref().unwrap_or(DEFAULT_IMAGE);
        let (name, tag) = split_image(image).ok_or_else(|| ScratchError::BadImage(image.to_owned()))?;
        answers().await?;

        let password = random_password();
        let suffix = random_password().split_off(20).to_lowercase();
        let container_name = format!("cargo-migrate-{suffix}");
        let guard = Guard::over_container(&container_name, &engine::removers()).map_err(ScratchError::Stop)?;
        // From here on an early end lets go of the guard, which then removes what there is.
        let mut started = Self {
            image: image.to_owned(),
            address: Address { host: String::new(), port: 0, socket: None, password: password.clone() },
            container: None,
            guard,
        };
        let settings = options.all_settings();
        let request = Postgres::default()
            .with_user(SUPERUSER)
            .with_password(&password)
            .with_name(name)
            .with_tag(tag)
            .with_container_name(container_name)
            .with_env_var("POSTGRES_INITDB_ARGS", "-E UTF8 --locale=C --no-sync")
            .with_cmd(settings.into_iter().flat_map(|it| ["-c".to_owned(), it]))
            .with_startup_timeout(START)
            .with_host_config_modifier(if engine::is_beside_us() { bind_to_loopback } else { |_| {} });
        let container = request.start().await.map_err(|error| started.failed(error))?;
        started.container = Some(container);
        started.wait_until_ready().await?;
        Ok(started)
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn image(&self) -> &str {
        &self.image
    }

    /// Stops the server and starts it again; its port may be another one then.
    pub(super) async fn restart(&mut self, how: Stop) -> Result<(), ScratchError> {
        if let Some(container) = &self.container {
            // An official image ends in order if it is asked, and without patience it is killed.
            let patience = match how {
                Stop::Fast => 20,
                Stop::Immediate => 0,
            };
            let stopped = container.stop_with_timeout(Some(patience)).await;
            stopped.map_err(|error| self.failed(error))?;
            container.start().await.map_err(|error| self.failed(error))?;
        }
        self.wait_until_ready().await
    }

    /// Finds out where the server listens and waits until it does.
    async fn wait_until_ready(&mut self) -> Result<(), ScratchError> {
        if let Some(container) = &self.container {
            let host = container.get_host().await;
            let port = container.get_host_port_ipv4(PORT).await;
            let host = host.map_err(|error| self.failed(error))?.to_string();
            // The port is published for IPv4, and the name may mean IPv6 first.
            let host = if host == "localhost" { "127.0.0.1".to_owned() } else { host };
            self.address.port = port.map_err(|error| self.failed(error))?;
            self.address.host = host;
        }
        let deadline = Instant::now() + START;
        while let Err(reason) = self.address.probe().await {
            if Instant::now() > deadline {
                let seconds = START.as_secs();
                return Err(ScratchError::NotReady { seconds, reason });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    fn failed(&self, error: impl ToString) -> ScratchError {
        ScratchError::Container {
            image: self.image.clone(),
            // Docker is told the password, and may quote what it was told.
            reason: error.to_string().replace(&self.address.password, "***"),
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let Some(container) = self.container.take() else {
            return;
        };
        // On a thread of its own: there may be no runtime here, or one that must not be blocked on.
        let removal = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.is_ok_and(|runtime| {
                runtime.block_on(async {
                    let removal = tokio::time::timeout(REMOVE, container.rm()).await;
                    matches!(removal, Ok(Ok(())))
                })
            })
        });
        if removal.join().unwrap_or(false)
            && let Some(guard) = self.guard.take()
        {
            guard.release();
        }
    }
}

/// Whether an engine is there.
async fn answers() -> Result<(), ScratchError> {
    let ask = async {
        let client = docker_client_instance().await.map_err(|e| e.to_string())?;
        client.ping().await.map_err(|e| e.to_string())
    };
    let answer = tokio::time::timeout(ANSWER, ask).await;
    match answer.unwrap_or_else(|_| Err("it took too long".to_owned())) {
        Ok(_) => Ok(()),
        Err(reason) => Err(ScratchError::NoContainerEngine { reason, podman: engine::podman_socket() }),
    }
}

/// Publishes the port to this machine alone.
fn bind_to_loopback(host: &mut HostConfig) {
    let binding = PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: None };
    host.publish_all_ports = Some(false);
    host.port_bindings = Some([(format!("{PORT}/tcp"), Some(vec![binding]))].into());
}

/// Splits `registry:5000/name:tag`; without a tag it is `latest`, as everywhere. The two are joined by a colon again, so the
/// hash of `name@sha256:hash` may pass for a tag.
fn split_image(image: &str) -> Option<(&str, &str)> {
    let usable = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    if !image.chars().all(usable) {
        return None;
    }
    let last = image.rfind('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match image.get(last..)?.rfind(':') {
        Some(at) => (image.get(..last + at)?, image.get(last + at + 1..)?),
        None => (image, "latest"),
    };
    (!name.is_empty() && !name.ends_with('/') && !tag.is_empty()).then_some((name, tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_split_at_the_tag() {
        for (image, parts) in [
            ("postgres:17", Some(("postgres", "17"))),
            ("postgres", Some(("postgres", "latest"))),
            ("host:5000/db/postgres:15", Some(("host:5000/db/postgres", "15"))),
            ("host:5000/postgres", Some(("host:5000/postgres", "latest"))),
            ("postgres@sha256:ab", Some(("postgres@sha256", "ab"))),
            ("postgres:", None),
            (":17", None),
            ("", None),
            ("a b:17", None),
        ] {
            assert_eq!(split_image(image), parts, "{image}");
        }
    }
}
