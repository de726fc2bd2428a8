//! `references(…)` at a column and `foreign_key(…)` at the table.

use proc_macro2::{Ident, Span};
use syn::{Path, PathSegment};

use crate::constraint::{Timing, finish_key, set};
use crate::error::Error;
use crate::item::{Item, Text, Word};
use crate::options::Options;
use crate::table::{ColumnRef, Fields};

/// A foreign key.
#[derive(Clone)]
pub struct ForeignKey {
    /// Its name where it is given.
    pub name: Option<Text>,
    /// Its columns.
    pub columns: Vec<ColumnRef>,
    /// What it points to.
    pub target: Target,
    /// The columns there; none for the primary key.
    pub target_columns: Vec<TargetColumn>,
    /// What happens here when the row there is deleted.
    pub on_delete: Action,
    /// What happens here when the key there changes.
    pub on_update: Action,
    /// Whether some of several columns must not be NULL alone.
    pub match_full: bool,
    /// When it is checked.
    pub timing: Timing,
    /// Where it is written.
    pub span: Span,
}

/// What a foreign key points to.
#[derive(Clone)]
pub enum Target {
    /// A model, as code names it.
    Model(Path),
    /// A table, `table` or `schema.table`.
    Table(Text),
}

/// A column that a foreign key points to.
#[derive(Clone)]
pub enum TargetColumn {
    /// A field of the model.
    Field(Ident),
    /// A column's name.
    Column(Text),
}

/// What a foreign key does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Refuses at the end of the statement or transaction.
    #[default]
    NoAction,
    /// Refuses at once.
    Restrict,
    /// Does the same here.
    Cascade,
    /// Sets the columns to NULL.
    SetNull,
    /// Sets the columns to their defaults.
    SetDefault,
}

impl Action {
    const CHOICES: [(&'static str, Self); 5] = [
        ("no action", Self::NoAction),
        ("restrict", Self::Restrict),
        ("cascade", Self::Cascade),
        ("set null", Self::SetNull),
        ("set default", Self::SetDefault),
    ];

    /// The SQL of it.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}

const COLUMN_KEYS: &[&str] = &["deferrable", "initially_deferred", "match_full", "name", "on_delete", "on_update"];
const TABLE_KEYS: &[&str] =
    &["columns", "deferrable", "initially_deferred", "match_full", "name", "on_delete", "on_update", "references"];

/// The options that both forms have.
#[derive(Default)]
struct Common {
    name: Option<Text>,
    on_delete: Option<Action>,
    on_update: Option<Action>,
    match_full: bool,
    timing: Timing,
}

impl Common {
    fn take(&mut self, word: &Word, options: &mut Options<'_>) -> bool {
        if self.timing.take(word, options) {
            return true;
        }
        match word.name().as_str() {
            "name" if word.value.is_some() => set(options, &mut self.name, word),
            "match_full" => self.match_full = options.flag(word),
            "on_delete" => {
                let action = options.text(word).and_then(|text| options.choice(&text, "action", &Action::CHOICES));
                options.set(&mut self.on_delete, action, word);
            }
            "on_update" => {
                let action = options.text(word).and_then(|text| options.choice(&text, "action", &Action::CHOICES));
                options.set(&mut self.on_update, action, word);
            }
            _ => return false,
        }
        true
    }

    fn finish(
        self,
        columns: Vec<ColumnRef>,
        target: Option<(Target, Vec<TargetColumn>)>,
        span: Span,
        errors: &mut Vec<Error>,
    ) -> Option<ForeignKey> {
        finish_key(&self.name, &columns, span, "a foreign key", errors)?;
        let Some((target, target_columns)) = target else {
            let help = "write `references(Author)`, or `references(\"authors\", \"id\")`";
            errors.push(Error::new(span, "a foreign key doesn't say what it points to").help(help));
            return None;
        };
        if !target_columns.is_empty() && target_columns.len() != columns.len() {
            let (here, there) = (columns.len(), target_columns.len());
            let message = format!("a foreign key has {here} of its own columns and points to {there}");
            errors.push(Error::new(span, message).help("name as many columns there as here"));
            return None;
        }
        let Self { name, on_delete, on_update, match_full, timing } = self;
        Some(ForeignKey {
            name,
            columns,
            target,
            target_columns,
            on_delete: on_delete.unwrap_or_default(),
            on_update: on_update.unwrap_or_default(),
            match_full,
            timing,
            span,
        })
    }
}

/// Reads `references(Author, id, on_delete = "cascade")` at a column.
pub(crate) fn of_column(word: &Word, at: ColumnRef, errors: &mut Vec<Error>) -> Option<ForeignKey> {
    let mut options = Options::new(errors, "option of a reference", COLUMN_KEYS);
    let mut common = Common::default();
    let mut rest = Vec::new();
    for item in options.list(word) {
        match item {
            Item::Word(word) if common.take(word, &mut options) => {}
            item => rest.push(item),
        }
    }
    let target = target(&rest, &mut options);
    common.finish(vec![at], target, word.key.span(), errors)
}

impl ForeignKey {
    /// Reads `foreign_key(a, b, references(Other, x, y), on_delete = "cascade")` at the table.
    pub(crate) fn read(word: &Word, fields: &Fields, errors: &mut Vec<Error>) -> Option<Self> {
        let mut options = Options::new(errors, "option of a foreign key", TABLE_KEYS);
        let (mut common, mut columns, mut found) = (Common::default(), Vec::new(), None);
        for item in options.list(word) {
            match item {
                Item::Word(word) if common.take(word, &mut options) => {}
                Item::Word(word) => match word.name().as_str() {
                    "references" => {
                        let items: Vec<&Item> = options.list(word).iter().collect();
                        let target = target(&items, &mut options);
                        options.set(&mut found, target, word);
                    }
                    "columns" if word.items.is_some() => columns.extend(fields.list(word, &mut options)),
                    _ if word.is_bare() => columns.extend(fields.find(&word.key, options.errors)),
                    _ => options.unknown(word),
                },
                _ => options.no_word(item),
            }
        }
        common.finish(columns, found, word.key.span(), errors)
    }
}

/// Reads the target and its columns: `Author, id` or `"library.authors", "id"`.
fn target(items: &[&Item], options: &mut Options<'_>) -> Option<(Target, Vec<TargetColumn>)> {
    let (first, rest) = items.split_first()?;
    let target = match first {
        Item::Text(text) => Target::Table(text.clone()),
        Item::Path(path) => Target::Model(path.clone()),
        Item::Word(word) if word.is_bare() => Target::Model(Path::from(PathSegment::from(word.key.clone()))),
        Item::Word(word) => {
            options.unknown(word);
            return None;
        }
    };
    let mut columns = Vec::new();
    for item in rest {
        match (item, &target) {
            (Item::Text(text), _) => columns.push(TargetColumn::Column(text.clone())),
            (Item::Word(word), Target::Model(_)) if word.is_bare() => {
                columns.push(TargetColumn::Field(word.key.clone()));
            }
            (Item::Word(word), Target::Table(_)) if word.is_bare() => {
                let help = format!("write `\"{}\"`", word.name());
                options.error(word.key.span(), "columns of a table that is given by its name are strings", help);
            }
            (Item::Word(word), _) => options.unknown(word),
            (item @ Item::Path(_), _) => options.no_word(item),
        }
    }
    Some((target, columns))
}
