//! Reads the text of a `Cargo.toml`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{KEYS, Settings, is_fixed, why_fixed};
use crate::diagnostic::Level;
use crate::error::Mistake;
use crate::history_name::HistoryName;
use crate::nearest::nearest;
use crate::position::Position;
use crate::rules;

/// Which of the two tables of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `[package.metadata.migrate]`
    Package,
    /// `[workspace.metadata.migrate]`
    Workspace,
}

impl Section {
    fn name(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Workspace => "workspace",
        }
    }
}

/// Reads one table of a manifest, which messages call `shown`; a manifest without it has the default settings. What can
/// be read is returned along with the mistakes in the rest.
pub fn parse(manifest: &str, shown: &Path, section: Section) -> (Settings, Vec<Mistake>) {
    let mut reader = Reader { manifest, shown, section, out: Vec::new() };
    let mut settings = Settings::default();
    match DeTable::parse(manifest) {
        Ok(table) => {
            let found = table
                .get_ref()
                .get(section.name())
                .and_then(|table| entry(table, "metadata"))
                .and_then(|table| entry(table, "migrate"));
            if let Some(found) = found {
                reader.table(&mut settings, found);
            }
        }
        Err(error) => {
            let message = format!("the manifest is not valid TOML: {}", error.message());
            reader.refuse(error.span().unwrap_or(0..0), message, "`cargo check` says more".to_owned());
        }
    }
    let mut mistakes = reader.out;
    mistakes.sort_by_key(|mistake| mistake.position);
    (settings, mistakes)
}

/// The value of `key`, where `value` is a table that has it.
pub(super) fn entry<'a, 'i>(value: &'a Spanned<DeValue<'i>>, key: &str) -> Option<&'a Spanned<DeValue<'i>>> {
    match value.get_ref() {
        DeValue::Table(table) => table.get(key),
        _ => None,
    }
}

struct Reader<'a> {
    manifest: &'a str,
    shown: &'a Path,
    section: Section,
    out: Vec<Mistake>,
}

impl Reader<'_> {
    fn refuse(&mut self, at: Range<usize>, message: String, help: String) {
        let position = Position::of(self.manifest, at.start);
        self.out.push(Mistake { path: self.shown.to_owned(), position, message, help });
    }

    fn table(&mut self, settings: &mut Settings, found: &Spanned<DeValue<'_>>) {
        let DeValue::Table(table) = found.get_ref() else {
            let header = format!("[{}.metadata.migrate]", self.section.name());
            self.refuse(found.span(), format!("`{header}` is not a table"), format!("start a table by `{header}`"));
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "dir" => settings.dir = self.string(key, value, "migrations").map(PathBuf::from),
                "history" => settings.history = self.history(key, value),
                "rules" => self.rules(settings, key, value),
                // The other ones are `cargo migrate`'s.
                known if KEYS.contains(&known) => {}
                unknown => {
                    let help = match nearest(unknown, KEYS) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None => format!("the keys are `{}`", KEYS.join("`, `")),
                    };
                    let table = self.section.name();
                    let message = format!("unknown key `{unknown}` in `[{table}.metadata.migrate]`");
                    self.refuse(key.span(), message, help);
                }
            }
        }
    }

    fn string(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>, example: &str) -> Option<String> {
        let key = key.get_ref();
        match value.get_ref() {
            DeValue::String(string) if !string.is_empty() => Some(string.to_string()),
            DeValue::String(_) => {
                self.refuse(value.span(), format!("`{key}` is empty"), format!("write `{key} = \"{example}\"`"));
                None
            }
            _ => {
                let help = format!("write `{key} = \"{example}\"`");
                self.refuse(value.span(), format!("`{key}` is not a string"), help);
                None
            }
        }
    }

    fn history(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let name = self.string(key, value, "refinery_schema_history")?;
        match HistoryName::parse(&name) {
            Ok(_) => Some(name),
            Err(reason) => {
                let help = "write `history = \"table\"` or `history = \"schema.table\"`".to_owned();
                self.refuse(value.span(), format!("`history`: {reason}"), help);
                None
            }
        }
    }

    fn rules(&mut self, settings: &mut Settings, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) {
        let DeValue::Table(table) = value.get_ref() else {
            let help = "write `rules = { missing-down = \"deny\" }`".to_owned();
            self.refuse(key.span(), "`rules` is not a table".to_owned(), help);
            return;
        };
        for (name, value) in table {
            let Some(rule) = rules::find(name.get_ref()) else {
                let help = match rules::nearest(name.get_ref()) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => "`cargo migrate explain` lists the rules".to_owned(),
                };
                self.refuse(name.span(), format!("unknown rule `{}`", name.get_ref()), help);
                continue;
            };
            let level = match value.get_ref() {
                DeValue::String(level) => level_of(level),
                _ => None,
            };
            match level {
                Some(level) if level != Level::Deny && is_fixed(rule.name) => {
                    let message = format!("`{}` is always `deny`", rule.name);
                    let help = format!("remove the line: {}", why_fixed(rule.name));
                    self.refuse(value.span(), message, help);
                }
                Some(level) => _ = settings.rules.insert(rule.name, level),
                None => {
                    let message = format!("`{}` has no level of this name", rule.name);
                    let help = "the levels are `\"allow\"`, `\"warn\"` and `\"deny\"`".to_owned();
                    self.refuse(value.span(), message, help);
                }
            }
        }
    }
}

fn level_of(name: &str) -> Option<Level> {
    match name {
        "allow" => Some(Level::Allow),
        "warn" => Some(Level::Warn),
        "deny" => Some(Level::Deny),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn package(table: &str) -> (Settings, Vec<String>) {
        let manifest = format!("[package]\nname = 'x'\n[package.metadata.migrate]\n{table}");
        let (settings, mistakes) = parse(&manifest, Path::new("Cargo.toml"), Section::Package);
        (settings, mistakes.iter().map(|m| format!("{} {} | {}", m.position, m.message, m.help)).collect())
    }

    #[track_caller]
    fn refused(table: &str, expected: &str) {
        assert_eq!(package(table).1, [expected]);
    }

    #[test]
    fn reads_what_is_shared() {
        let (settings, mistakes) = package(
            "dir = 'db'\nhistory = 'app.history'\nversion-format = 'sequential'\n\
             rules = { missing-down = 'deny', duplicate-version = 'deny' }\n[package.metadata.migrate.environments.staging]\nurl = 'x'",
        );
        assert_eq!(mistakes, Vec::<String>::new());
        assert_eq!(settings.dir, Some("db".into()));
        assert_eq!(settings.history.as_deref(), Some("app.history"));
        assert_eq!(settings.rules, BTreeMap::from([("duplicate-version", Level::Deny), ("missing-down", Level::Deny)]));
        let (settings, _) = parse("[package]\nname = 'x'", Path::new("Cargo.toml"), Section::Package);
        assert_eq!(settings, Settings::default());
        let workspace = "[workspace.metadata.migrate]\ndir = 'db'\n[package.metadata.migrate]\ndir = 'mine'";
        assert_eq!(parse(workspace, Path::new("Cargo.toml"), Section::Workspace).0.dir, Some("db".into()));
    }

    #[test]
    fn refuses_with_place_and_cure() {
        refused("rule = {}", "4:1 unknown key `rule` in `[package.metadata.migrate]` | did you mean `rules`?");
        refused(
            "colour = 1",
            "4:1 unknown key `colour` in `[package.metadata.migrate]` | the keys are `dir`, `environments`, `history`, \
             `lock-timeout`, `on-blocked`, `promote`, `retries`, `rules`, `statement-timeout`, `version-format`",
        );
        refused("dir = 1", "4:7 `dir` is not a string | write `dir = \"migrations\"`");
        refused("dir = ''", "4:7 `dir` is empty | write `dir = \"migrations\"`");
        refused(
            "history = 'a.b.c'",
            "4:11 `history`: `a.b.c` has more than a schema and a table | write `history = \"table\"` or `history = \"schema.table\"`",
        );
        refused("rules = 'deny'", "4:1 `rules` is not a table | write `rules = { missing-down = \"deny\" }`");
        refused("rules.missing-downs = 'deny'", "4:7 unknown rule `missing-downs` | did you mean `missing-down`?");
        refused(
            "rules.missing-down = 'error'",
            "4:22 `missing-down` has no level of this name | the levels are `\"allow\"`, `\"warn\"` and `\"deny\"`",
        );
        refused(
            "rules.duplicate-version = 'warn'",
            "4:27 `duplicate-version` is always `deny` | remove the line: without what the rule demands there is no history to apply",
        );
        refused(
            "rules.sealed-edited = 'warn'",
            "4:23 `sealed-edited` is always `deny` | remove the line: a sealed migration is changed by nobody unless its seal is \
             broken: `cargo migrate seal --break VERSION --reason TEXT`",
        );
        assert_eq!(package("dir = 1\nrules = 1").1.len(), 2);
    }

    #[test]
    fn a_manifest_that_is_no_toml() {
        let (_, mistakes) = parse("[package\n", Path::new("Cargo.toml"), Section::Package);
        assert_eq!(mistakes.len(), 1);
        assert!(mistakes[0].message.starts_with("the manifest is not valid TOML: "), "{mistakes:?}");
    }
}
