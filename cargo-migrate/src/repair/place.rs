//! How commands and paths are written for whoever reads them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use migrate_build::migration::dir::Folder;

use super::script::{down_of, native};
use crate::config::layers::Target;
use crate::context::Context;

/// How commands and paths are to be written for whoever reads them.
#[derive(Clone, Debug)]
pub struct Place {
    environment: Option<String>,
    protected: bool,
    /// The migrations folder as seen from the working directory.
    folder: PathBuf,
    /// The down scripts there are, below the folder, with slashes.
    downs: BTreeSet<String>,
}

impl Place {
    /// As the context's user stands.
    pub fn new(target: &Target, context: &Context, folder: &Folder) -> Self {
        let downs = folder.migrations.iter().filter_map(|migration| migration.down.as_ref());
        Self {
            environment: target.environment.clone(),
            protected: target.protected,
            folder: PathBuf::from(context.shown(&folder.root).to_string()),
            downs: downs.map(|down| down.to_string_lossy().replace('\\', "/")).collect(),
        }
    }

    /// Whether the database may follow branches: development's, unless somebody protects it.
    pub fn may_switch(&self) -> bool {
        self.environment.as_deref().is_none_or(|name| name == "development") && !self.protected
    }

    /// A command of ours about the same database.
    pub fn command(&self, command: &str) -> String {
        match &self.environment {
            Some(environment) if environment != "development" => {
                format!("`cargo migrate {command} --env {environment}`")
            }
            _ => format!("`cargo migrate {command}`"),
        }
    }

    /// One of the folder's files.
    pub fn file(&self, file: &str) -> String {
        self.folder.join(native(file)).display().to_string()
    }

    /// The scripts of the migration with this up script.
    pub fn scripts(&self, up: &str) -> Vec<String> {
        let down = self.downs.get(&down_of(up)).map(|down| self.file(down));
        [self.file(up)].into_iter().chain(down).collect()
    }

    /// The command that gives a migration's scripts the name `then` back.
    pub fn rename(&self, up: &str, then: &str) -> String {
        let move_one = |from: &str, to: &str| format!("mv {} {}", self.file(from), self.file(to));
        let up_script = move_one(up, then);
        let down = self.downs.get(&down_of(up)).map(|down| move_one(down, &down_of(then)));
        match down {
            Some(down) => format!("`{up_script} && {down}`"),
            None => format!("`{up_script}`"),
        }
    }
}
