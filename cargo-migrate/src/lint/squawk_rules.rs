//! What we say of squawk's rules: their default levels here, and when they don't hold.

use migrate_build::diagnostic::Level;

use super::squawk;

/// One of squawk's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SquawkRule {
    /// Its name, which is squawk's.
    pub name: &'static str,
    /// Its level where nothing is configured.
    pub default: Level,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Whether it is about a lock or what that lasts for.
    pub(super) about_locks: bool,
    /// Whether it doesn't hold for a table that nobody uses yet.
    pub(super) about_existing: bool,
    /// Whether its fix changes nothing but what it speaks of.
    pub(super) fix: Fixes,
}

/// When squawk's fix is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixes {
    /// It has none, or one that would change more than it says.
    Never,
    /// Always.
    Always,
    /// Outside of a transaction only: what it writes can't run in one.
    WithoutTransaction,
}

impl SquawkRule {
    /// Where squawk's own page is.
    pub fn url(&self) -> String {
        format!("https://squawkhq.com/docs/{}", self.name)
    }

    /// Its default level as documentation writes it.
    pub fn default_name(&self) -> &'static str {
        squawk::level_name(self.default)
    }

    /// The command that writes the same change in steps that running code survives.
    pub(super) fn series(&self) -> Option<&'static str> {
        Some(match self.name {
            "adding-not-nullable-field" => "new --expand-contract not-null TABLE.COLUMN=VALUE",
            "changing-column-type" => "new --expand-contract change-type TABLE.COLUMN=NAME:TYPE",
            "renaming-column" => "new --expand-contract rename-column TABLE.COLUMN=NAME",
            _ => return None,
        })
    }

    /// A page in place of one of ours.
    pub fn page(&self) -> String {
        let Self { name, summary, .. } = self;
        let url = self.url();
        let level = self.default_name();
        let on = if squawk::is_on(name) { "on" } else { "off" };
        format!(
            "# {name}\n\nA rule of squawk's, about {summary}.\n\nDefault level: {level}; squawk itself has it {on}. Its own page: {url}\n\n\
             ```toml\n[package.metadata.migrate.rules]\n{name} = \"deny\" # or \"warn\", \"allow\"\n```\n\n\
             For one migration, in its up script's header:\n\n\
             ```sql\n--! allow = [{{ rule = \"{name}\", reason = \"…\" }}]\n```\n"
        )
    }
}

/// All of squawk's rules, sorted by name.
pub fn squawk_rules() -> impl Iterator<Item = SquawkRule> {
    TABLE.iter().map(|&(name, default, marks, summary)| SquawkRule {
        name,
        default,
        summary,
        about_locks: marks.contains('l'),
        about_existing: marks.contains('e'),
        fix: match marks {
            _ if marks.contains('f') => Fixes::Always,
            _ if marks.contains('c') => Fixes::WithoutTransaction,
            _ => Fixes::Never,
        },
    })
}

/// The rule of squawk's that is called so.
pub fn squawk_rule(name: &str) -> Option<SquawkRule> {
    squawk_rules().find(|rule| rule.name == name)
}

/// Name, default level, marks and summary. The marks: `l` about a lock, `e` about what is there already, `f` fixed always, `c` fixed outside
/// of a transaction.
const TABLE: [(&str, Level, &str, &str); 76] = [
    ("adding-field-with-default", Level::Warn, "le", "a new column whose default is worked out for every row"),
    (
        "adding-foreign-key-constraint",
        Level::Warn,
        "le",
        "a foreign key that is checked while both tables can't be written",
    ),
    ("adding-not-nullable-field", Level::Warn, "le", "a column that is made NOT NULL while the table is locked"),
    ("adding-required-field", Level::Warn, "e", "a new column without a default that must not be null"),
    (
        "adding-serial-primary-key-field",
        Level::Warn,
        "le",
        "a primary key whose index is built while the table is locked",
    ),
    ("ban-add-column", Level::Allow, "e", "a column added to a table"),
    ("ban-add-composite-attribute", Level::Allow, "", "an attribute added to a composite type"),
    ("ban-add-enum-value", Level::Allow, "", "a value added to an enum"),
    ("ban-alter-database-options", Level::Allow, "", "options of a database"),
    (
        "ban-alter-domain-with-add-constraint",
        Level::Warn,
        "l",
        "a constraint that every column of the domain is checked for",
    ),
    ("ban-alter-extension", Level::Allow, "", "a changed extension"),
    ("ban-alter-function-options", Level::Allow, "", "options of a function"),
    ("ban-alter-generated-expression", Level::Allow, "le", "the expression of a generated column"),
    ("ban-alter-identity", Level::Warn, "e", "a column that becomes an identity, or another one"),
    ("ban-alter-policy-condition", Level::Allow, "", "the condition of a row security policy"),
    ("ban-alter-policy-roles", Level::Allow, "", "the roles of a row security policy"),
    ("ban-alter-role-options", Level::Allow, "", "options of a role"),
    ("ban-alter-row-level-security", Level::Allow, "e", "row level security switched on or off"),
    ("ban-alter-sequence-values", Level::Allow, "", "the values of a sequence"),
    ("ban-alter-system-options", Level::Allow, "", "options of the server"),
    ("ban-alter-view-options", Level::Allow, "", "options of a view"),
    ("ban-char-field", Level::Warn, "f", "`char(n)`, which pads with blanks"),
    (
        "ban-create-domain-with-constraint",
        Level::Warn,
        "",
        "a domain with a constraint, which can't be changed without checking every column of it",
    ),
    ("ban-create-policy", Level::Allow, "e", "a row security policy"),
    ("ban-detach-inheritance", Level::Allow, "e", "a table that inherits no more"),
    ("ban-disable-trigger", Level::Allow, "e", "a trigger that is switched off"),
    ("ban-drop-column", Level::Warn, "e", "a dropped column, which running code may still read"),
    ("ban-drop-constraint", Level::Warn, "e", "a dropped constraint"),
    ("ban-drop-database", Level::Warn, "", "a dropped database"),
    ("ban-drop-default", Level::Warn, "e", "a dropped default, which running code may rely on"),
    ("ban-drop-domain", Level::Warn, "", "a dropped domain"),
    ("ban-drop-extension", Level::Warn, "", "a dropped extension"),
    ("ban-drop-function", Level::Warn, "", "a dropped function, which running code may call"),
    ("ban-drop-generated-expression", Level::Warn, "e", "a generated column that is generated no more"),
    ("ban-drop-index", Level::Allow, "e", "a dropped index"),
    ("ban-drop-not-null", Level::Warn, "e", "a column that may be null from now on, which running code may not expect"),
    ("ban-drop-policy", Level::Allow, "e", "a dropped row security policy"),
    ("ban-drop-schema", Level::Warn, "", "a dropped schema"),
    ("ban-drop-sequence", Level::Warn, "e", "a dropped sequence"),
    ("ban-drop-table", Level::Warn, "e", "a dropped table, with its rows"),
    ("ban-drop-trigger", Level::Allow, "e", "a dropped trigger"),
    ("ban-drop-type", Level::Warn, "", "a dropped type"),
    ("ban-drop-view", Level::Warn, "e", "a dropped view, which running code may read"),
    ("ban-duplicate-column-assignments", Level::Warn, "", "a column that is assigned twice"),
    ("ban-new-write-restriction", Level::Allow, "e", "a restriction that writes of running code may not meet"),
    ("ban-replace-view-function", Level::Allow, "", "a replaced view or function"),
    ("ban-replica-identity", Level::Allow, "e", "a changed replica identity or publication"),
    ("ban-revoke", Level::Allow, "", "a privilege that is taken away"),
    ("ban-set-default", Level::Allow, "e", "a changed default"),
    ("ban-set-schema", Level::Warn, "e", "an object that moves to another schema"),
    ("ban-truncate-cascade", Level::Warn, "", "tables that are emptied without being named"),
    (
        "ban-uncommitted-transaction",
        Level::Allow,
        "",
        "a `BEGIN` without its `COMMIT`; `transaction-control` finds both",
    ),
    (
        "changing-column-type",
        Level::Warn,
        "le",
        "a column's type, for which the table is written anew and running code may break",
    ),
    ("constraint-missing-not-valid", Level::Warn, "le", "a constraint that is checked while the table is locked"),
    (
        "disallowed-unique-constraint",
        Level::Warn,
        "le",
        "a unique constraint whose index is built while the table is locked",
    ),
    ("identifier-too-long", Level::Warn, "", "a name that the server would cut"),
    ("prefer-bigint-over-int", Level::Allow, "f", "a column of 32 bits"),
    ("prefer-bigint-over-smallint", Level::Allow, "f", "a column of 16 bits"),
    ("prefer-identity", Level::Allow, "f", "`serial` instead of an identity"),
    ("prefer-repack", Level::Warn, "le", "`VACUUM FULL` and `CLUSTER`, from PostgreSQL 19 on"),
    (
        "prefer-robust-stmts",
        Level::Allow,
        "f",
        "no `IF EXISTS`; here a migration is resumed at the statement that failed",
    ),
    ("prefer-text-field", Level::Allow, "f", "`varchar(n)` instead of `text`"),
    ("prefer-timestamp-tz", Level::Warn, "f", "a `timestamp` without its time zone"),
    ("renaming-column", Level::Warn, "e", "a column's name, which running code still uses"),
    ("renaming-object", Level::Warn, "", "an object's name, which running code still uses"),
    ("renaming-table", Level::Warn, "e", "a table's name, which running code still uses"),
    ("require-concurrent-index-creation", Level::Warn, "lec", "an index that is built while nobody can write"),
    (
        "require-concurrent-index-deletion",
        Level::Warn,
        "lec",
        "an index whose table nobody can read while it is dropped",
    ),
    (
        "require-concurrent-partition-detach",
        Level::Warn,
        "lec",
        "a partition that is detached while nobody can read the table",
    ),
    ("require-concurrent-reindex", Level::Warn, "lec", "an index that is built again while nobody can write"),
    ("require-enum-value-ordering", Level::Allow, "", "an enum's value that is added at the end for want of a place"),
    (
        "require-lock-timeout",
        Level::Allow,
        "",
        "statements without a `lock_timeout`; the header's and the configured one count",
    ),
    (
        "require-statement-timeout",
        Level::Allow,
        "",
        "statements without a `statement_timeout`; the header's and the configured one count",
    ),
    ("require-table-schema", Level::Allow, "", "a table without its schema"),
    ("transaction-nesting", Level::Allow, "", "a transaction in a transaction; `transaction-control` finds it"),
    ("unused-ignore", Level::Warn, "", "a `squawk-ignore` of something that isn't found"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_squawks() {
        assert!(squawk_rules().map(|rule| rule.name).is_sorted());
        for rule in squawk_rules() {
            assert_eq!(squawk::rule(rule.name).map(|found| found.to_string()).as_deref(), Some(rule.name));
            // What squawk leaves off by itself is nobody's surprise here.
            assert!(squawk::is_on(rule.name) || rule.default == Level::Allow, "{}", rule.name);
            assert!(!rule.summary.ends_with('.'), "{}", rule.name);
        }
    }
}
