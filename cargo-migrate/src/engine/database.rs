//! A database and the migrations that a command compares it with: connected and read at the same time.

use std::collections::BTreeSet;

use migrate_build::check::check_only;
use migrate_build::codegen;
use migrate_build::runtime::{Comparison, Options, Resume, Set, State, compare, read_state};
use migrate_build::settings::is_seal;

use super::connect::{Connection, connect};
use crate::config::layers::Target;
use crate::context::Context;
use crate::error::CommandError;
use crate::findings;
use crate::git;
use crate::history::History;
use crate::sealing::origin;
use crate::ui::Ui;

/// What there is to know before a command acts.
#[derive(Debug)]
pub struct Database<'c> {
    /// Which database it is.
    pub target: &'c Target,
    /// The migrations folder.
    pub history: History,
    /// Its migrations with their texts.
    pub set: Set<'static>,
    /// The connection.
    pub connection: Connection,
    /// What the database says of its history.
    pub state: State,
    /// Both, compared.
    pub comparison: Comparison,
}

impl<'c> Database<'c> {
    /// Connects, and reads the folder meanwhile. Nothing is written.
    ///
    /// # Errors
    /// The configuration is wrong, the folder can't be read, or the database can't.
    pub async fn open(ui: &mut Ui, context: &'c Context) -> Result<Self, CommandError> {
        let target = context.target()?;
        let settings = context.settings()?;
        let (root, shown, shared) = (context.folder()?, settings.directory.clone(), settings.shared.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let history = History::read(&root, &shown)?;
            let embedded = codegen::load(&history.folder, &shared)?;
            Ok::<_, CommandError>((history, Set::new(embedded.migrations)))
        });
        ui.detail(format_args!("connecting to {} ({})", target.url, target.origin));
        let home = context.variables().home();
        let connecting = async {
            let connection = connect(&target.url, home.as_deref()).await?;
            let state = read_state(&connection.client, settings.shared.history.as_deref()).await?;
            Ok::<_, CommandError>((connection, state))
        };
        let (read, connected) = tokio::join!(reading, connecting);
        let (history, set) = read.map_err(CommandError::refused)??;
        let (connection, state) = connected?;
        let comparison = compare(&connection.client, &set, &state).await?;
        Ok(Self { target, history, set, connection, state, comparison })
    }

    /// Refuses to act on a folder whose history is unsound, or on scripts among `versions` that have flaws; prints the findings
    /// that say so. Flaws of other migrations, the applied ones above all, are no reason: only the compiler minds them.
    ///
    /// # Errors
    /// There are such findings, or a script can't be read.
    pub fn refuse_flaws(
        &self,
        ui: &mut Ui,
        context: &Context,
        versions: &BTreeSet<i64>,
        heads: Heads,
    ) -> Result<(), CommandError> {
        let settings = &context.settings()?.shared;
        let folder = &self.history.folder;
        let mut found = check_only(folder, settings, &|migration| versions.contains(&migration.version))?;
        let others: Vec<_> = folder
            .migrations
            .iter()
            .filter(|migration| !versions.contains(&migration.version))
            .flat_map(|migration| {
                [Some(migration.up.as_path()), migration.down.as_deref(), folder.rust_source(migration)]
            })
            .flatten()
            .map(|relative| folder.shown(relative))
            .collect();
        found.retain(|finding| {
            let is_graph = GRAPH_RULES.contains(&finding.rule) || is_seal(finding.rule);
            let elsewhere = finding.labels.first().is_some_and(|label| others.contains(&label.path));
            let chosen = finding.rule == "several-heads" && heads == Heads::Chosen;
            (is_graph || !elsewhere) && !chosen
        });
        let refusing = findings::refusing(&found);
        if refusing == 0 {
            return Ok(());
        }
        found.retain(|finding| finding.level == migrate_build::Level::Deny);
        origin::complete(&mut found, folder, &|path| context.shown(&folder.root.join(path)).to_string());
        findings::print(ui, &context.package()?.root, folder, &found);
        let message = match refusing {
            1 => "the migrations have an error".to_owned(),
            _ => format!("the migrations have {refusing} errors"),
        };
        Err(CommandError { findings: found.into(), ..CommandError::refused(message) }.note("nothing was changed"))
    }

    /// The options of a run that writes.
    ///
    /// # Errors
    /// A variable is wrong.
    pub fn options(&self, context: &Context, interrupted: Resume) -> Result<Options, CommandError> {
        let settings = context.settings()?;
        Ok(Options {
            history: settings.shared.history.clone(),
            lock_timeout: settings.lock_timeout,
            on_blocked: settings.on_blocked,
            retries: settings.retries,
            redact: false,
            statement_timeout: settings.statement_timeout,
            wait: context.wait()?,
            actor: Some(context.variables().actor()?),
            tool: concat!("cargo-migrate ", env!("CARGO_PKG_VERSION")).to_owned(),
            git_commit: git::head_commit(&context.package()?.root),
            interrupted,
            allowed: None,
            exactly: None,
            details: None,
            record_locks: false,
            skip_backfills: false,
        })
    }

    /// `VERSION NAME`, also of a migration whose file is gone.
    pub fn title(&self, version: i64) -> String {
        match self.comparison.orphans.iter().find(|orphan| orphan.version == version) {
            Some(orphan) => format!("{version} {}", orphan.name),
            None => self.history.title(version),
        }
    }
}

/// Whether it matters that a history has several heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    /// The head was asked for: there must be one.
    One,
    /// A version was named.
    Chosen,
}

/// The rules about the history as a whole, which no migration is exempt from; so are those about what is sealed.
const GRAPH_RULES: [&str; 5] =
    ["duplicate-version", "malformed-lock", "missing-parent", "parent-not-older", "several-heads"];
