//! The entry `backfill`: a table, its key, and how fast.

use std::time::Duration;

use toml::de::DeValue;

use super::value::{Reader, Value};
use crate::backfill::{BATCH, Backfill, MAX_LAG};
use crate::nearest::nearest;

impl Reader<'_> {
    pub(super) fn backfill(&mut self, value: &Value<'_>) -> Option<Backfill> {
        const EXAMPLE: &str = "write `backfill = { table = \"books\", key = \"id\", batch = 1000 }`";
        const PARTS: [&str; 5] = ["table", "key", "batch", "pause", "max-lag"];
        let DeValue::Table(table) = value.value else {
            self.wrong_type(&value.at, "`backfill` takes a table and its key", value.value, EXAMPLE);
            return None;
        };
        let (mut of, mut key) = (None, None);
        let (mut batch, mut pause, mut max_lag) = (BATCH, Duration::ZERO, MAX_LAG);
        for (name, part) in table {
            let part_value = Value { key: name.get_ref(), at: part.span(), value: part.get_ref() };
            match part_value.key {
                "table" => of = self.name(&part_value, "books"),
                "key" => key = self.name(&part_value, "id"),
                "batch" => batch = self.rows(&part_value).unwrap_or(batch),
                "pause" => pause = self.duration(&part_value).unwrap_or(pause),
                "max-lag" => max_lag = self.duration(&part_value).unwrap_or(max_lag),
                unknown => {
                    let help = match nearest(unknown, PARTS) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None => format!("the keys of a backfill are `{}`", PARTS.join("`, `")),
                    };
                    self.refuse(name.span(), format!("unknown key `{unknown}` in `backfill`"), help);
                }
            }
        }
        for (name, missing) in [("table", !table.contains_key("table")), ("key", !table.contains_key("key"))] {
            if missing {
                self.refuse(value.at.clone(), format!("`backfill` has no `{name}`"), EXAMPLE);
            }
        }
        Some(Backfill { table: of?, key: key?, batch, pause, max_lag })
    }

    /// The name of a table or of one column.
    fn name(&mut self, value: &Value<'_>, example: &str) -> Option<String> {
        if value.key == "key"
            && (matches!(value.value, DeValue::Array(_)) || value.value.as_str().is_some_and(|key| key.contains(',')))
        {
            let help = "name one column that an index begins with; rows of equal keys are in one batch";
            self.refuse(value.at.clone(), "a backfill goes by one column, not by several", help);
            return None;
        }
        let name = self.string(value, example)?;
        if name.trim().is_empty() {
            let help = format!("write `{} = \"{example}\"`", value.key);
            self.refuse(value.at.clone(), format!("`{}` is empty", value.key), help);
            return None;
        }
        Some(name.to_owned())
    }

    fn rows(&mut self, value: &Value<'_>) -> Option<u32> {
        let number = match value.value {
            DeValue::Integer(number) => {
                u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|rows| *rows > 0)
            }
            _ => None,
        };
        if number.is_none() {
            self.refuse(value.at.clone(), format!("`{}` is no number of rows", value.key), "write `batch = 1000`");
        }
        number
    }
}
