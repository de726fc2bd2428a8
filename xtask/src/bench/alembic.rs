//! Alembic on the same tables, where it is installed: `alembic` in `PATH`, or what `CARGO_MIGRATE_BENCH_ALEMBIC` names.

use std::path::PathBuf;

use super::measure::Job;
use super::peers::installed;
use super::{BenchResult, tables::Tables};

const INI: &str = "[alembic]\nscript_location = .\nprepend_sys_path = .\npath_separator = os\n";

const ENV: &str = "import os

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from models import metadata

with create_engine(os.environ[\"BENCH_URL\"], poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
";

const TEMPLATE: &str = "from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else \"pass\"}


def downgrade():
    ${downgrades if downgrades else \"pass\"}
";

/// A folder of Alembic's with models of its own, and the database that they are compared with.
pub(crate) struct Alembic {
    program: PathBuf,
    folder: PathBuf,
    url: String,
}

impl Alembic {
    pub(crate) fn program() -> Option<PathBuf> {
        let named = std::env::var_os("CARGO_MIGRATE_BENCH_ALEMBIC").filter(|name| !name.is_empty());
        installed(named.map_or_else(|| PathBuf::from("alembic"), PathBuf::from))
    }

    pub(crate) fn new(program: PathBuf, folder: PathBuf, tables: Tables, url: &str) -> BenchResult<Self> {
        fs_err::create_dir_all(folder.join("versions"))?;
        for (file, text) in [("alembic.ini", INI), ("env.py", ENV), ("script.py.mako", TEMPLATE)] {
            fs_err::write(folder.join(file), text)?;
        }
        fs_err::write(folder.join("models.py"), tables.python())?;
        let (_, address) = url.split_once("://").ok_or("the server's URL has no scheme")?;
        Ok(Self { program, folder, url: format!("postgresql+psycopg://{address}") })
    }

    pub(crate) fn revision(&self) -> Job {
        self.job(&["revision", "--autogenerate", "--message", "more"])
    }

    pub(crate) fn check(&self) -> Job {
        self.job(&["check"])
    }

    fn job(&self, args: &[&str]) -> Job {
        Job::new(&self.program, args).folder(&self.folder).env("BENCH_URL", &self.url)
    }

    /// What its last revisions say.
    pub(crate) fn written(&self) -> BenchResult<String> {
        let mut text = String::new();
        for path in self.revisions()? {
            text += &fs_err::read_to_string(path)?;
        }
        Ok(text)
    }

    /// Forgets them, since it makes no second one before the first one is applied.
    pub(crate) fn forget(&self) -> BenchResult<()> {
        for path in self.revisions()? {
            fs_err::remove_file(path)?;
        }
        Ok(())
    }

    fn revisions(&self) -> BenchResult<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs_err::read_dir(self.folder.join("versions"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "py") {
                paths.push(path);
            }
        }
        Ok(paths)
    }
}
