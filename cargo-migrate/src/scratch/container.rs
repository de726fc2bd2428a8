//! A server in a container, through testcontainers.

use std::{
    thread,
    time::{Duration, Instant},
};

use testcontainers_modules::{
    postgres::Postgres,
    testcontainers::{
        ContainerAsync, ImageExt as _,
        bollard::{
            models::{HostConfig, PortBinding},
            query_parameters::KillContainerOptionsBuilder,
        },
        core::client::docker_client_instance,
        runners::AsyncRunner as _,
    },
};

use super::{
    address::{Address, SUPERUSER, random_password},
    engine::{self, Reach},
    error::ScratchError,
    guard::Guard,
    options::{DEFAULT_IMAGE, ServerOptions},
    platform::Stop,
};

/// How long an engine may take to say that it is there.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a server may take to accept connections. It initialises first.
const START: Duration = Duration::from_secs(120);
/// How long a server may take to end for a restart.
const STOP: Duration = Duration::from_secs(20);
/// How long the removal may take before it is left to the guard.
const REMOVE: Duration = Duration::from_secs(30);
/// PostgreSQL's port inside the container.
const PORT: u16 = 5432;

/// A server in a container. Dropping it removes the container and its volumes.
#[derive(Debug)]
pub(super) struct Container {
    image: String,
    name: String,
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
            name: container_name.clone(),
            address: Address { host: String::new(), port: 0, socket: None, password: password.clone() },
            container: None,
            guard,
        };
        let settings = options.all_settings();
        let address = published_address().await;
        let request = Postgres::default()
            .with_user(SUPERUSER)
            .with_password(&password)
            .with_name(name)
            .with_tag(tag)
            .with_container_name(container_name)
            .with_env_var("POSTGRES_INITDB_ARGS", "-E UTF8 --locale=C --no-sync")
            .with_cmd(settings.into_iter().flat_map(|it| ["-c".to_owned(), it]))
            .with_startup_timeout(START)
            .with_host_config_modifier(move |host| {
                if let Some(address) = &address {
                    publish_at(host, address);
                }
            });
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

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Stops the server and starts it again; its port may be another one then.
    pub(super) async fn restart(&mut self, how: Stop) -> Result<(), ScratchError> {
        if let Some(container) = &self.container {
            let restart = async {
                signal(container.id(), how).await?;
                let deadline = Instant::now() + STOP;
                while container.is_running().await.map_err(text)? {
                    if Instant::now() > deadline {
                        return Err("the old server does not end".to_owned());
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                container.start().await.map_err(text)
            };
            restart.await.map_err(|reason| self.failed(reason))?;
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
        let client = docker_client_instance().await.map_err(text)?;
        client.ping().await.map_err(text)
    };
    let answer = tokio::time::timeout(ANSWER, ask).await;
    match answer.unwrap_or_else(|_| Err("it took too long".to_owned())) {
        Ok(_) => Ok(()),
        Err(reason) => Err(ScratchError::NoContainerEngine { reason, podman: engine::podman_socket() }),
    }
}

/// Sends the server, which is its container's first process, a signal: what the engine would send depends on the image.
async fn signal(container: &str, how: Stop) -> Result<(), String> {
    let signal = match how {
        Stop::Fast => "SIGINT",
        Stop::Immediate => "SIGQUIT",
    };
    let options = KillContainerOptionsBuilder::new().signal(signal).build();
    let client = docker_client_instance().await.map_err(text)?;
    let killed = client.kill_container(container, Some(options)).await;
    killed.map_err(text)
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

/// The address that the port is published at, so that no more can reach it than have to; nothing if that is the network.
async fn published_address() -> Option<String> {
    match engine::reach() {
        Reach::Network => None,
        Reach::Loopback => Some("127.0.0.1".to_owned()),
        Reach::Bridge => {
            let client = docker_client_instance().await.ok()?;
            let bridge = client.inspect_network("bridge", None).await.ok()?;
            let networks = bridge.ipam?.config?;
            networks.into_iter().find_map(|network| network.gateway)
        }
    }
}

/// Publishes PostgreSQL's port at one address, and no other port.
fn publish_at(host: &mut HostConfig, address: &str) {
    let binding = PortBinding { host_ip: Some(address.to_owned()), host_port: None };
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
