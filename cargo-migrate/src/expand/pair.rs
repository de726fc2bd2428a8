//! Two columns that hold the same: a column's new name, or one of another type in its place.

use super::carry::{Carry, Follower, carry};
use super::error::ExpandError;
use super::names::{joined, sql_name};
use super::step::{Phase, Run, Step};
use super::table::{Part, Table, type_of};
use crate::schema::literal;

/// An old column, and what takes its place.
struct Pair<'s> {
    table: Table<'s>,
    old: Part<'s>,
    /// The new one's name, as SQL has it.
    new: String,
    /// Its type with the collation.
    data_type: String,
    /// Whether values have to be cast.
    cast: bool,
    carry: Carry,
}

/// The steps, and what is left to the author. `data_type` is `None` where the type stays.
pub(super) fn steps(
    table: Table<'_>,
    old: &str,
    new: &str,
    data_type: Option<&str>,
    key: Option<&str>,
) -> Result<(Vec<Step>, Vec<String>), ExpandError> {
    let old = table.movable(old)?;
    let new = sql_name(new);
    let carry = carry(&table, &old, &new)?;
    let stays = type_of(&old.detail);
    let pair =
        Pair { data_type: data_type.map_or(stays, str::to_owned), cast: data_type.is_some(), table, old, new, carry };
    let key = pair.table.key(key)?;
    let mut steps = vec![pair.add(), pair.fill(key)];
    steps.extend(pair.build());
    steps.extend(pair.refer());
    steps.extend(pair.keep());
    steps.push(pair.drop());
    Ok((steps, pair.carry.by_hand))
}

impl Pair<'_> {
    fn name(&self, what: &str) -> String {
        let (old, new) = (&self.old.name, &self.new);
        format!("{what} {} {old} {new}", self.table.name)
    }

    fn to_new(&self, value: &str) -> String {
        if self.cast { format!("CAST({value} AS {})", plain_type(&self.data_type)) } else { value.to_owned() }
    }

    fn to_old(&self, value: &str) -> String {
        if self.cast { format!("CAST({value} AS {})", self.old.detail.data_type) } else { value.to_owned() }
    }

    fn function(&self) -> String {
        self.table.beside(&joined(&[&self.table.name, &self.old.name, &self.new], "_sync"))
    }

    /// Triggers fire in the order of their names, and this one has to see what all others made of the row.
    fn trigger(&self) -> String {
        joined(&["zz", &self.table.name, &self.old.name, &self.new], "_sync")
    }

    fn not_null(&self) -> Option<String> {
        self.old.detail.not_null.then(|| joined(&[&self.table.name, &self.new], "_not_null"))
    }

    /// What keeps both columns the same, whoever writes which.
    fn sync(&self) -> String {
        let Self { table, old, new, .. } = self;
        let (function, trigger, table, old) = (self.function(), self.trigger(), &table.identity, &old.name);
        let (to_new, to_old) = (self.to_new(&format!("NEW.{old}")), self.to_old(&format!("NEW.{new}")));
        format!(
            "\
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $sync$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.{new} IS NULL THEN
            NEW.{new} := {to_new};
        ELSE
            NEW.{old} := {to_old};
        END IF;
    ELSIF ROW(NEW.{new})::record *<> ROW(OLD.{new})::record THEN
        NEW.{old} := {to_old};
    ELSIF ROW(NEW.{old})::record *<> ROW(OLD.{old})::record OR NEW.{new} IS NULL THEN
        NEW.{new} := {to_new};
    END IF;
    RETURN NEW;
END
$sync$;

CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}();
"
        )
    }

    fn unsync(&self) -> String {
        format!("DROP TRIGGER {} ON {};\nDROP FUNCTION {}();\n", self.trigger(), self.table.identity, self.function())
    }

    fn add(&self) -> Step {
        let Self { table, old, new, data_type, carry, .. } = self;
        let (table, old_name) = (&table.identity, &old.name);
        let mut up = format!("ALTER TABLE {table} ADD COLUMN {new} {data_type};\n");
        if let Some(check) = self.not_null() {
            up.push_str(&format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({new} IS NOT NULL) NOT VALID;\n"));
        }
        for Follower { name, definition, .. } in &carry.checks {
            up.push_str(&format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;\n"));
        }
        if let Some(comment) = &old.definition.comment {
            up.push_str(&format!("COMMENT ON COLUMN {table}.{new} IS {};\n", literal(comment)));
        }
        up.push('\n');
        up.push_str(&self.sync());
        let down = format!("{}\nALTER TABLE {table} DROP COLUMN {new};\n", self.unsync());
        let mut step = Step::new(self.name("add"), Phase::Expand, up, down)
            .about(format!("Adds {new} beside {old_name}; a trigger keeps both the same, whichever is written."))
            .about("Suits the code that runs now, which doesn't know the new column.");
        if self.cast {
            step = step
                .about("Where a cast is not what the values need, write your own expression in its place, both ways.")
                .about("What is written until the last part has to fit both types.");
        }
        step
    }

    fn fill(&self, key: String) -> Step {
        let Self { table, old, new, .. } = self;
        let (table, old) = (&table.identity, &old.name);
        let key_name = sql_name(&key);
        let up = format!(
            "UPDATE {table} SET {old} = {old}\nWHERE {new} IS NULL AND {old} IS NOT NULL AND {key_name} BETWEEN $1 AND $2;\n"
        );
        let down = format!("-- Nothing to undo: {new} goes with its column.\n");
        let mut step = Step::new(self.name("fill"), Phase::Expand, up, down)
            .about(format!(
                "Fills {new} in the rows that were there before: the trigger does it when a row is written."
            ))
            .about("In batches, each a transaction of its own.");
        step.run = Run::Backfill { table: table.clone(), key };
        step
    }

    /// Indexes, each in a migration of its own.
    fn build(&self) -> Vec<Step> {
        let Carry { indexes, uniques, .. } = &self.carry;
        let step = |Follower { name, definition, unique }: &Follower| {
            let unique = if *unique { "UNIQUE " } else { "" };
            let up = format!("CREATE {unique}INDEX CONCURRENTLY {name} {definition};\n");
            let down = format!("DROP INDEX CONCURRENTLY {};\n", self.table.beside(name));
            let mut step = Step::new(format!("build {name}"), Phase::Expand, up, down)
                .about(format!("Does for {} what is there for {}.", self.new, self.old.name));
            step.run = Run::Outside;
            step
        };
        indexes.iter().chain(uniques).map(step).collect()
    }

    /// Foreign keys lock two tables, so each has a migration of its own.
    fn refer(&self) -> Vec<Step> {
        let table = &self.table.identity;
        let step = |Follower { name, definition, .. }: &Follower| {
            let up = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;\n");
            let down = format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n");
            Step::new(format!("add {name}"), Phase::Expand, up, down).about(format!(
                "Does for {} what is there for {}; the next part looks at the rows.",
                self.new, self.old.name
            ))
        };
        self.carry.foreign_keys.iter().map(step).collect()
    }

    /// What has to hold for all rows, now that they are filled.
    fn keep(&self) -> Option<Step> {
        let Self { table, new, carry, .. } = self;
        let table = &table.identity;
        let check = self.not_null();
        let names = || carry.checks.iter().chain(&carry.foreign_keys).map(|Follower { name, .. }| name);
        let (mut up, mut down) = (String::new(), String::new());
        for name in names().chain(&check) {
            up.push_str(&format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};\n"));
        }
        if let Some(check) = &check {
            up.push_str(&format!(
                "ALTER TABLE {table} ALTER COLUMN {new} SET NOT NULL;\nALTER TABLE {table} DROP CONSTRAINT {check};\n"
            ));
            down.push_str(&format!(
                "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({new} IS NOT NULL) NOT VALID;\n\
                 ALTER TABLE {table} ALTER COLUMN {new} DROP NOT NULL;\n"
            ));
        }
        for Follower { name, definition, .. } in carry.checks.iter().chain(&carry.foreign_keys) {
            down.push_str(&format!(
                "ALTER TABLE {table} DROP CONSTRAINT {name};\n\
                 ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;\n"
            ));
        }
        for Follower { name, definition, .. } in &carry.uniques {
            up.push_str(&format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};\n"));
            down.push_str(&format!(
                "ALTER TABLE {table} DROP CONSTRAINT {name};\nCREATE UNIQUE INDEX {name} {definition};\n"
            ));
        }
        if up.is_empty() {
            return None;
        }
        let mut step = Step::new(self.name("keep"), Phase::Expand, up, down).about(format!(
            "Looks at all rows once, without stopping anybody, and then says of {new} for good what it proved."
        ));
        if check.is_some() {
            step.allow.push(("ban-drop-constraint", "NOT NULL takes its place"));
        }
        Some(step)
    }

    fn drop(&self) -> Step {
        let Self { table, old, new, carry, .. } = self;
        let (table, old_name, detail) = (&table.identity, &old.name, &old.detail);
        let mut up = format!("{}\nALTER TABLE {table} DROP COLUMN {old_name};\n", self.unsync());
        let mut down = format!(
            "ALTER TABLE {table} ADD COLUMN {old_name} {};\nUPDATE {table} SET {old_name} = {};\n",
            type_of(detail),
            self.to_old(new)
        );
        if let Some(default) = &detail.expression {
            let of_new = self.to_new(default);
            up.push_str(&format!("ALTER TABLE {table} ALTER COLUMN {new} SET DEFAULT {of_new};\n"));
            down.push_str(&format!(
                "ALTER TABLE {table} ALTER COLUMN {new} DROP DEFAULT;\n\
                 ALTER TABLE {table} ALTER COLUMN {old_name} SET DEFAULT {default};\n"
            ));
        }
        if detail.not_null {
            down.push_str(&format!("ALTER TABLE {table} ALTER COLUMN {old_name} SET NOT NULL;\n"));
        }
        for statement in &carry.restore {
            down.push_str(statement);
        }
        down.push('\n');
        down.push_str(&self.sync());
        let mut step = Step::new(self.name("drop"), Phase::Contract, up, down)
            .about(format!("Takes {old_name} away. Code that reads or writes it fails from here on."))
            .about(format!(
                "Before this: release code that uses {new} alone, and wait until nothing older runs anywhere."
            ));
        for what in &carry.by_hand {
            step = step.about(format!("See to this first, it still needs {old_name}: {what}"));
        }
        step.allow.push(("ban-drop-function", "nothing but its trigger calls it"));
        step.allow.push(("ban-drop-column", "the code that used it was replaced before this is applied"));
        step
    }
}

/// A type without its collation: what a cast takes.
fn plain_type(data_type: &str) -> &str {
    data_type.split_once(" COLLATE ").map_or(data_type, |(plain, _)| plain)
}
