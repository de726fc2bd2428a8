//! Looking at the databases of environments, all at the same time, in three round trips each.

use std::path::{Path, PathBuf};

use migrate_build::runtime::{Activity, Set, State, read_activity, read_state};
use tokio::task::JoinSet;

use super::connect::{Connection, connect};
use crate::config::ConfigError;
use crate::config::environment::DEVELOPMENT;
use crate::config::environments::in_order;
use crate::config::layers::{self, Target, TargetArgs};
use crate::context::Context;
use crate::environments::overview::Outline;
use crate::error::CommandError;

/// An environment, and how its database stands.
#[derive(Debug)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Whether it is protected.
    pub protected: bool,
    /// What it requires.
    pub requires: Option<String>,
    /// Its URL; `None` where that can't be found out.
    pub url: Option<String>,
    /// How it stands, or why nobody can tell.
    pub outline: Result<Outline, CommandError>,
}

/// Looks at every environment that is configured, and at `development` where `DATABASE_URL` names it.
///
/// # Errors
/// The settings are wrong. What can't be reached is a row.
pub async fn everything(context: &Context, set: &Set<'_>) -> Result<Vec<Row>, CommandError> {
    let (settings, package) = (context.settings()?, context.package()?);
    let mut names = in_order(&settings.environments);
    if !settings.environments.contains_key(DEVELOPMENT) {
        names.insert(0, DEVELOPMENT);
    }
    let home = context.variables().home();
    let mut rows = Vec::new();
    let mut looking = JoinSet::new();
    for name in names {
        let args = TargetArgs { env: Some(name), database_url: None };
        let target = match layers::target(settings, package, context.variables(), args) {
            // Nobody has said that there is one.
            Err(ConfigError::NoDatabase) if !settings.environments.contains_key(name) => continue,
            // What concerns this environment alone is said in its row.
            Err(
                error @ (ConfigError::MissingVariable { .. }
                | ConfigError::NoEnvironmentUrl { .. }
                | ConfigError::DatabaseUrl { .. }),
            ) => Err(error),
            Err(error) => return Err(error.into()),
            Ok(target) => Ok(target),
        };
        let rules = settings.environments.get(name);
        let number = rows.len();
        rows.push((
            name.to_owned(),
            rules.and_then(|rules| rules.protected).unwrap_or_default(),
            rules.and_then(|rules| rules.required()).map(str::to_owned),
            target.as_ref().ok().map(|target| target.url.to_string()),
        ));
        let (home, history) = (home.clone(), settings.shared.history.clone());
        looking.spawn(async move { (number, look_once(target, home, history).await) });
    }
    let mut looked = looking.join_all().await;
    looked.sort_by_key(|(number, _)| *number);
    let seen = looked.into_iter().map(|(_, seen)| seen);
    let outline = |seen: Result<(State, Activity), CommandError>| {
        seen.map(|(state, activity)| Outline::new(set, &state, activity))
    };
    Ok(rows
        .into_iter()
        .zip(seen)
        .map(|((name, protected, requires, url), seen)| Row { name, protected, requires, url, outline: outline(seen) })
        .collect())
}

async fn look_once(
    target: Result<Target, ConfigError>,
    home: Option<PathBuf>,
    history: Option<String>,
) -> Result<(State, Activity), CommandError> {
    let mut view = View::open(&target?, home.as_deref(), history).await?;
    let seen = view.look().await;
    view.close().await;
    seen
}

/// A connection for looking at a database.
#[derive(Debug)]
pub struct View {
    connection: Connection,
    history: Option<String>,
}

impl View {
    /// Connects.
    ///
    /// # Errors
    /// There is no connection.
    pub async fn open(target: &Target, home: Option<&Path>, history: Option<String>) -> Result<Self, CommandError> {
        Ok(Self { connection: connect(&target.url, home).await?, history })
    }

    /// Reads the history, who changes it now, and who did so last.
    ///
    /// # Errors
    /// The server fails, or what is there is no history.
    pub async fn look(&mut self) -> Result<(State, Activity), CommandError> {
        let client = &self.connection.client;
        let state = read_state(client, self.history.as_deref()).await?;
        let activity = read_activity(client, &state).await?;
        Ok((state, activity))
    }

    /// Says good-bye to the server.
    pub async fn close(self) {
        self.connection.close().await;
    }
}
