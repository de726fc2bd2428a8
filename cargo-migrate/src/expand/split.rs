//! Columns that move into a table of their own.

use super::carry::carry;
use super::error::ExpandError;
use super::names::{joined, sql_name};
use super::step::{Phase, Run, Step};
use super::table::{Part, Table, read, type_of};
use crate::schema::Definition;
use crate::schema::detail::Constraint;

/// A table, the one that takes some of its columns, and these.
struct Split<'s> {
    table: Table<'s>,
    /// The new table.
    new: String,
    /// Its own name.
    new_name: String,
    key: Part<'s>,
    columns: Vec<Part<'s>>,
    /// What brings back what goes with the columns.
    restore: Vec<String>,
    by_hand: Vec<String>,
}

/// The steps, and what is left to the author.
pub(super) fn steps(table: Table<'_>, new: &str, columns: &[String]) -> Result<(Vec<Step>, Vec<String>), ExpandError> {
    let Some(key) = table.key_of("p")? else { return Err(ExpandError::NoKey { table: table.identity }) };
    let key = table.column(&key)?;
    let (mut parts, mut restore, mut by_hand) = (Vec::<Part<'_>>::new(), Vec::new(), Vec::new());
    for name in columns {
        let column = table.movable(name)?;
        if parts.iter().any(|part| part.object == column.object) {
            return Err(ExpandError::Exists { what: column.object.identity });
        }
        let carried = carry(&table, &column, &column.name)?;
        // A primary key and NOT NULL go with the new table's own columns.
        let others = table.dependents(&column).into_iter().filter(|(_, definition)| !is_not_null(definition));
        by_hand.extend(others.map(|(object, _)| format!("{object}, which is about {}", column.name)));
        restore
            .extend(carried.restore.into_iter().filter(|statement| !restore.contains(statement)).collect::<Vec<_>>());
        parts.push(column);
    }
    let new_name = sql_name(new);
    let split = Split { new: table.beside(&new_name), new_name, table, key, columns: parts, restore, by_hand };
    let steps = vec![split.create(), split.sync(), split.answer(), split.fill(), split.hush(), split.drop()];
    Ok((steps, split.by_hand))
}

impl Split<'_> {
    fn title(&self, what: &str) -> String {
        format!("{what} {} {}", self.table.name, self.new_name)
    }

    /// The columns' names, each with something before it.
    fn list(&self, before: &str) -> String {
        self.columns.iter().map(|column| format!("{before}{}", column.name)).collect::<Vec<_>>().join(", ")
    }

    fn sets(&self, from: &str) -> String {
        let set = |column: &Part<'_>| format!("{0} = {from}{0}", column.name);
        self.columns.iter().map(set).collect::<Vec<_>>().join(", ")
    }

    fn there(&self) -> (String, String) {
        let function = joined(&[&self.table.name, &self.new_name], "_there");
        (self.table.beside(&function), function)
    }

    fn back(&self) -> (String, String) {
        let function = joined(&[&self.table.name, &self.new_name], "_back");
        (self.table.beside(&function), function)
    }

    fn create(&self) -> Step {
        let key = format!(
            "    {} {} PRIMARY KEY REFERENCES {} ON UPDATE CASCADE ON DELETE CASCADE",
            self.key.name,
            type_of(&self.key.detail),
            self.table.identity
        );
        let columns = self.columns.iter().map(|column| {
            let not_null = if column.detail.not_null { " NOT NULL" } else { "" };
            format!("    {} {}{not_null}", column.name, type_of(&column.detail))
        });
        let lines: Vec<String> = std::iter::once(key).chain(columns).collect();
        let up = format!("CREATE TABLE {} (\n{}\n);\n", self.new, lines.join(",\n"));
        Step::new(self.title("create"), Phase::Expand, up, format!("DROP TABLE {};\n", self.new))
            .about(format!(
                "Creates {}: one row at most for each of {}, none where all columns are NULL.",
                self.new, self.table.identity
            ))
            .about("Suits the code that runs now, which doesn't know it.")
    }

    /// From the old columns to the new table.
    fn on_there(&self) -> String {
        let ((function, trigger), key, new) = (self.there(), &self.key.name, &self.new);
        let (own, table) = (&self.new_name, &self.table.identity);
        let (bare, of_new, of_old, excluded) =
            (self.list(""), self.list("NEW."), self.list("OLD."), self.list("EXCLUDED."));
        let (sets, there) = (self.sets("EXCLUDED."), self.list(&format!("{own}.")));
        format!(
            "\
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $sync$
BEGIN
    IF TG_OP = 'UPDATE' AND ROW({of_new})::record *= ROW({of_old})::record THEN
        RETURN NULL;
    END IF;
    IF num_nonnulls({of_new}) = 0 THEN
        DELETE FROM {new} WHERE {key} = NEW.{key};
    ELSE
        INSERT INTO {new} ({key}, {bare}) VALUES (NEW.{key}, {of_new})
        ON CONFLICT ({key}) DO UPDATE SET {sets}
        WHERE ROW({there})::record *<> ROW({excluded})::record;
    END IF;
    RETURN NULL;
END
$sync$;

CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}();
"
        )
    }

    fn off_there(&self) -> String {
        let (function, trigger) = self.there();
        format!("DROP TRIGGER {trigger} ON {};\nDROP FUNCTION {function}();\n", self.table.identity)
    }

    /// From the new table to the old columns.
    fn on_back(&self) -> String {
        let ((function, trigger), key, new, table) = (self.back(), &self.key.name, &self.new, &self.table.identity);
        let (bare, of_new, sets) = (self.list(""), self.list("NEW."), self.sets("NEW."));
        let nulls = self.columns.iter().map(|column| format!("{} = NULL", column.name)).collect::<Vec<_>>().join(", ");
        format!(
            "\
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $sync$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE {table} SET {nulls} WHERE {key} = OLD.{key} AND num_nonnulls({bare}) > 0;
    ELSE
        UPDATE {table} SET {sets} WHERE {key} = NEW.{key} AND ROW({bare})::record *<> ROW({of_new})::record;
    END IF;
    RETURN NULL;
END
$sync$;

CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {new}
    FOR EACH ROW EXECUTE FUNCTION {function}();
"
        )
    }

    fn off_back(&self) -> String {
        let (function, trigger) = self.back();
        format!("DROP TRIGGER {trigger} ON {};\nDROP FUNCTION {function}();\n", self.new)
    }

    /// The new code inserts a row before it has the texts.
    fn loosened(&self, action: &str) -> String {
        let strict = self.columns.iter().filter(|column| column.detail.not_null);
        strict
            .map(|column| {
                format!("ALTER TABLE {} ALTER COLUMN {} {action} NOT NULL;\n", self.table.identity, column.name)
            })
            .collect()
    }

    fn sync(&self) -> Step {
        let loosened = self.loosened("DROP");
        let gap = if loosened.is_empty() { "" } else { "\n" };
        let up = format!("{loosened}{gap}{}", self.on_there());
        let down = format!("{}{}", self.off_there(), self.loosened("SET"));
        let mut step = Step::new(self.title("sync"), Phase::Expand, up, down)
            .about(format!("What the running code writes to {} goes to {}, too.", self.table.identity, self.new));
        if !loosened.is_empty() {
            step = step.about("The next code inserts rows without these columns, so here they may be NULL.");
            step.allow.push(("ban-drop-not-null", "the new table's columns are NOT NULL instead"));
        }
        step
    }

    fn answer(&self) -> Step {
        Step::new(self.title("answer"), Phase::Expand, self.on_back(), self.off_back())
            .about(format!("What the next code writes to {} goes to {}, too.", self.new, self.table.identity))
    }

    fn fill(&self) -> Step {
        let (key, table, bare) = (&self.key.name, &self.table.identity, self.list(""));
        let up = format!(
            "INSERT INTO {} ({key}, {bare})\nSELECT {key}, {bare} FROM {table}\n\
             WHERE {key} BETWEEN $1 AND $2 AND num_nonnulls({bare}) > 0\nFOR KEY SHARE\n\
             ON CONFLICT ({key}) DO NOTHING;\n",
            self.new
        );
        let down = "-- Nothing to undo: the rows go with their table.\n".to_owned();
        let mut step = Step::new(self.title("fill"), Phase::Expand, up, down)
            .about("Copies the rows that were there before, in batches, each a transaction of its own.")
            .about("After this: release code that reads and writes the new table alone. It writes by")
            .about(format!("INSERT … ON CONFLICT ({key}) DO UPDATE, and reads by LEFT JOIN."));
        let key = crate::sql::ident::unquote(key);
        step.run = Run::Backfill { table: table.clone(), key };
        step
    }

    /// Two tables, so two migrations: neither waits for the other.
    fn hush(&self) -> Step {
        let (table, key, new) = (&self.table.identity, &self.key.name, &self.new);
        let caught_up = format!(
            "UPDATE {table} SET {} FROM {new}\nWHERE {new}.{key} = {table}.{key} AND ROW({})::record *<> ROW({})::record;\n",
            self.sets(&format!("{new}.")),
            self.list(&format!("{table}.")),
            self.list(&format!("{new}."))
        );
        let mut step =
            Step::new(self.title("hush"), Phase::Contract, self.off_back(), format!("{}\n{caught_up}", self.on_back()))
                .about(format!(
                    "Nothing goes from {new} to {table} any more: code that reads the columns there sees old values."
                ))
                .about(format!(
                    "Before this: release code that uses {new} alone, and wait until nothing older runs anywhere."
                ));
        step.allow.push(("ban-drop-function", "nothing but its trigger calls it"));
        step
    }

    fn drop(&self) -> Step {
        let (table, key, new) = (&self.table.identity, &self.key.name, &self.new);
        let drops: String =
            self.columns.iter().map(|column| format!("ALTER TABLE {table} DROP COLUMN {};\n", column.name)).collect();
        let up = format!("{}\n{drops}", self.off_there());
        let adds: String = self
            .columns
            .iter()
            .map(|column| format!("ALTER TABLE {table} ADD COLUMN {} {};\n", column.name, type_of(&column.detail)))
            .collect();
        let defaults: String = self
            .columns
            .iter()
            .filter_map(|column| {
                let default = column.detail.expression.as_ref()?;
                Some(format!("ALTER TABLE {table} ALTER COLUMN {} SET DEFAULT {default};\n", column.name))
            })
            .collect();
        let down = format!(
            "{adds}UPDATE {table} SET {} FROM {new} WHERE {new}.{key} = {table}.{key};\n{defaults}{}\n{}",
            self.sets(&format!("{new}.")),
            self.restore.concat(),
            self.on_there()
        );
        let mut step = Step::new(self.title("drop"), Phase::Contract, up, down).about(format!(
            "Takes the columns away from {table}. Code that reads or writes them there fails from here on."
        ));
        for what in &self.by_hand {
            step = step.about(format!("See to this first: {what}"));
        }
        step.allow.push(("ban-drop-function", "nothing but its trigger calls it"));
        step.allow.push(("ban-drop-column", "the code that used them was replaced before this is applied"));
        step
    }
}

fn is_not_null(definition: &Definition) -> bool {
    read::<Constraint>(definition).is_ok_and(|constraint| constraint.constraint_type == "n")
}
