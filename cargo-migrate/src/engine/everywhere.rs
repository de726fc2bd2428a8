//! Every database that is configured, looked at at once.

use std::collections::BTreeSet;

use migrate_build::runtime::{State, read_state};
use tokio::task::JoinSet;

use super::connect::connect;
use crate::config::ConfigError;
use crate::config::environment::DEVELOPMENT;
use crate::config::layers::{self, Target, TargetArgs};
use crate::context::Context;
use crate::error::CommandError;

/// A database that was looked at.
#[derive(Debug)]
pub struct Looked {
    /// The environment; `None` where only a URL names the database.
    pub environment: Option<String>,
    /// What it holds, or why nobody can tell.
    pub state: Result<State, CommandError>,
}

impl Looked {
    /// What messages call it.
    pub fn name(&self) -> String {
        match (&self.environment, &self.state) {
            (Some(environment), _) => format!("environment `{environment}`"),
            (None, Ok(state)) => format!("database {}", state.database),
            (None, Err(_)) => "the database".to_owned(),
        }
    }

    /// Whether it is one's own: not an environment that others use.
    pub fn is_own(&self) -> bool {
        self.environment.as_deref().is_none_or(|name| name == DEVELOPMENT)
    }
}

/// Reads the history of the database that a command would talk to, and of every environment. Nothing is written.
///
/// # Errors
/// The settings are wrong. What can't be reached is no error.
pub async fn everywhere(context: &Context) -> Result<Vec<Looked>, CommandError> {
    let settings = context.settings()?;
    let package = context.package()?;
    let mut targets: Vec<(Option<String>, Result<Target, CommandError>)> = Vec::new();
    match layers::target(settings, package, context.variables(), context.target_args()) {
        Ok(target) => targets.push((target.environment.clone(), Ok(target))),
        // No database of one's own: there is nothing to look at.
        Err(ConfigError::NoDatabase) => {}
        Err(error) => return Err(error.into()),
    }
    for name in settings.environments.keys() {
        if targets.iter().any(|(environment, _)| environment.as_ref() == Some(name)) {
            continue;
        }
        let args = TargetArgs { env: Some(name), database_url: None };
        match layers::target(settings, package, context.variables(), args) {
            Err(ConfigError::NoEnvironmentUrl { .. }) => {}
            target => targets.push((Some(name.clone()), target.map_err(CommandError::from))),
        }
    }
    let mut known = BTreeSet::new();
    targets.retain(|(_, target)| target.as_ref().map_or(true, |target| known.insert(target.url.expose().to_owned())));
    let home = context.variables().home();
    let mut looking = JoinSet::new();
    for (number, (environment, target)) in targets.into_iter().enumerate() {
        let (home, history) = (home.clone(), settings.shared.history.clone());
        looking.spawn(async move {
            let state = async {
                let connection = connect(&target?.url, home.as_deref()).await?;
                let state = read_state(&connection.client, history.as_deref()).await;
                connection.close().await;
                Ok::<_, CommandError>(state?)
            };
            (number, Looked { environment, state: state.await })
        });
    }
    let mut looked = looking.join_all().await;
    looked.sort_by_key(|(number, _)| *number);
    Ok(looked.into_iter().map(|(_, looked)| looked).collect())
}
