//! What `promote` and `rollback` can be told.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use crate::cli::GlobalArgs;
use crate::scratch::{DEFAULT_IMAGE, Engine};
use crate::ui::{Color, Format};

/// The options of `promote`.
#[derive(Args, Clone, Debug, Default)]
pub struct PromoteArgs {
    /// Where the throw-away servers come from
    #[arg(long, value_enum, default_value_t, value_name = "ENGINE")]
    pub engine: Engine,
    /// The image that containers are made from
    #[arg(long, value_name = "NAME:TAG", default_value = DEFAULT_IMAGE)]
    pub image: Option<String>,
    /// Write a report to FILE, which ends in `.json` or `.md`; may be given twice
    #[arg(long, value_name = "FILE", value_parser = report_file)]
    pub report: Vec<PathBuf>,
    /// Rehearse migrations that are not committed, too; they are not sealed
    #[arg(long)]
    pub allow_dirty: bool,
    /// Leave the lock file as it is; without this, migrations that pass are sealed
    #[arg(long)]
    pub no_seal: bool,
    /// What staging is at, instead of what its git branch holds: a version, a name, `head` or `base`
    #[arg(long, value_name = "VERSION")]
    pub staging_at: Option<String>,
    /// What production is at, likewise
    #[arg(long, value_name = "VERSION")]
    pub production_at: Option<String>,
    /// Package of the workspace whose migrations are meant
    #[arg(short, long, value_name = "NAME")]
    pub package: Option<String>,
    /// Path to the package's Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub manifest_path: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// When output is coloured
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    /// Print the result and errors only
    #[arg(short, long, action = ArgAction::SetTrue, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print details, the smoke command's output among them
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,
}

impl PromoteArgs {
    /// The same as the options that every command has.
    pub(super) fn global(&self) -> GlobalArgs {
        let Self { package, manifest_path, format, color, quiet, verbose, .. } = self.clone();
        GlobalArgs { package, manifest_path, format, color, quiet, verbose, ..GlobalArgs::default() }
    }
}

/// The options of `rollback`.
#[derive(Args, Clone, Debug, Default)]
pub struct RollbackArgs {
    /// The environment whose last migration is reverted
    #[arg(long, value_name = "NAME", default_value = "staging")]
    pub env: String,
    /// What it is at, instead of what its git branch holds: a version, a name or `head`
    #[arg(long, value_name = "VERSION")]
    pub at: Option<String>,
    /// Where the throw-away server comes from
    #[arg(long, value_enum, default_value_t, value_name = "ENGINE")]
    pub engine: Engine,
    /// The image that containers are made from
    #[arg(long, value_name = "NAME:TAG", default_value = DEFAULT_IMAGE)]
    pub image: Option<String>,
    /// Package of the workspace whose migrations are meant
    #[arg(short, long, value_name = "NAME")]
    pub package: Option<String>,
    /// Path to the package's Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub manifest_path: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// When output is coloured
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    /// Print the result and errors only
    #[arg(short, long, action = ArgAction::SetTrue, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print details
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,
}

impl RollbackArgs {
    /// The same as the options that every command has.
    pub(super) fn global(&self) -> GlobalArgs {
        let Self { env: _, at: _, engine: _, image: _, package, manifest_path, format, color, quiet, verbose } =
            self.clone();
        GlobalArgs { package, manifest_path, format, color, quiet, verbose, ..GlobalArgs::default() }
    }
}

/// The kind of a report's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReportKind {
    Json,
    Markdown,
}

impl ReportKind {
    pub(super) fn of(file: &std::path::Path) -> Option<Self> {
        match file.extension()?.to_str()? {
            "json" => Some(Self::Json),
            "md" => Some(Self::Markdown),
            _ => None,
        }
    }
}

fn report_file(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    match ReportKind::of(&file) {
        Some(_) => Ok(file),
        None => Err("the file's name must end in `.json` or `.md`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_of_a_known_kind() {
        assert!(report_file("out/report.json").is_ok());
        assert!(report_file("report.md").is_ok());
        for wrong in ["report", "report.html", ".md", "report.JSON"] {
            assert!(report_file(wrong).is_err(), "{wrong}");
        }
    }
}
