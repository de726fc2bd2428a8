//! How values of one type become values of another.

/// Returns the expression for USING, or nothing where the server converts by itself.
///
/// A cast is left to the server wherever it would do it in an assignment, since there it refuses what an explicit one cuts off.
pub(super) fn expression(column: &str, old: &str, new: &str) -> Option<String> {
    let (from, to) = (Family::of(old), Family::of(new));
    match (from, to) {
        _ if base(old) == base(new) => None,
        (_, Family::Text) => None,
        (Family::Number, Family::Number) | (Family::Time, Family::Time) | (Family::Json, Family::Json) => None,
        (Family::Net, Family::Net) => None,
        (Family::Text, _) => Some(format!("{column}::{new}")),
        (Family::Number, Family::Boolean) => Some(format!("{column} <> 0")),
        (Family::Boolean, Family::Number) => Some(format!("{column}::integer::{new}")),
        _ if old.ends_with("[]") && new.ends_with("[]") => Some(format!("{column}::text[]::{new}")),
        _ => Some(format!("{column}::text::{new}")),
    }
}

/// Returns whether a change of type leaves the rows as they are: neither written anew nor looked at.
pub(crate) fn is_free(old: &str, new: &str) -> bool {
    let (old_base, new_base) = (base(old), base(new));
    let (old_limits, new_limits) = (limits(old), limits(new));
    match (old_base.as_str(), new_base.as_str()) {
        ("character varying", "text") | ("text", "character varying") if new_limits.is_empty() => true,
        ("cidr", "inet") => true,
        (
            "character varying"
            | "bit varying"
            | "time without time zone"
            | "timestamp without time zone"
            | "time with time zone"
            | "timestamp with time zone"
            | "interval",
            other,
        ) if other == old_base => {
            match (old_limits.as_slice(), new_limits.as_slice()) {
                (_, []) => true,
                ([old], [new]) => old <= new,
                // Without a limit a time has six digits.
                ([], [6]) => !old_base.ends_with("varying"),
                _ => false,
            }
        }
        ("numeric", "numeric") => match (old_limits.as_slice(), new_limits.as_slice()) {
            (_, []) => true,
            ([old, old_scale], [new, new_scale]) => old <= new && old_scale == new_scale,
            _ => false,
        },
        _ => false,
    }
}

/// Returns whether a change of type can't meet a value that it has no place for.
pub(crate) fn always_fits(old: &str, new: &str) -> bool {
    const NUMBERS: [&str; 4] = ["smallint", "integer", "bigint", "numeric"];
    let rank = |name: &str| NUMBERS.iter().position(|number| *number == name);
    is_free(old, new)
        || matches!((rank(old), rank(new)), (Some(old), Some(new)) if old < new)
        || base(new) == "text"
        || (base(new) == "character varying" && limits(new).is_empty())
        || matches!(
            (old, new),
            ("json", "jsonb")
                | ("jsonb", "json")
                | ("real", "double precision")
                | ("date", "timestamp without time zone" | "timestamp with time zone")
        )
}

/// Types between which the server converts in an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Time,
    Json,
    Net,
    Boolean,
    Other,
}

impl Family {
    fn of(name: &str) -> Self {
        match base(name).as_str() {
            "text" | "character varying" | "character" | "bpchar" | "name" => Self::Text,
            "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Self::Number,
            "date" | "timestamp without time zone" | "timestamp with time zone" => Self::Time,
            "json" | "jsonb" => Self::Json,
            "inet" | "cidr" => Self::Net,
            "boolean" => Self::Boolean,
            _ => Self::Other,
        }
    }
}

/// A type's name without its modifier: `timestamp without time zone` of `timestamp(3) without time zone`.
fn base(name: &str) -> String {
    match (name.find('('), name.find(')')) {
        (Some(open), Some(close)) if open < close && !name.contains('"') => {
            let (before, after) = (name.get(..open).unwrap_or_default(), name.get(close + 1..).unwrap_or_default());
            format!("{before}{after}")
        }
        _ => name.to_owned(),
    }
}

/// The numbers of a type's modifier.
fn limits(name: &str) -> Vec<u32> {
    match (name.find('('), name.find(')')) {
        (Some(open), Some(close)) if open < close => name
            .get(open + 1..close)
            .unwrap_or_default()
            .split(',')
            .filter_map(|number| number.trim().parse().ok())
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_need_no_cast() {
        for (old, new) in [
            ("character varying(100)", "character varying(10)"),
            ("integer", "text"),
            ("bigint", "integer"),
            ("numeric(10,2)", "numeric(5,2)"),
            ("timestamp without time zone", "timestamp(3) with time zone"),
            ("json", "jsonb"),
        ] {
            assert_eq!(expression("c", old, new), None, "{old} to {new}");
        }
    }

    #[test]
    fn others_are_cast() {
        assert_eq!(expression("c", "text", "integer").as_deref(), Some("c::integer"));
        assert_eq!(expression("c", "integer", "date").as_deref(), Some("c::text::date"));
        assert_eq!(expression("c", "public.a", "public.b").as_deref(), Some("c::text::public.b"));
        assert_eq!(expression("c", "text[]", "integer[]").as_deref(), Some("c::text[]::integer[]"));
    }

    #[test]
    fn widening_is_free() {
        for (old, new, free) in [
            ("character varying(10)", "character varying(20)", true),
            ("character varying(20)", "character varying(10)", false),
            ("character varying(10)", "text", true),
            ("text", "character varying", true),
            ("text", "character varying(10)", false),
            ("numeric(5,2)", "numeric(10,2)", true),
            ("numeric(5,2)", "numeric(10,3)", false),
            ("numeric(5,2)", "numeric", true),
            ("timestamp(3) without time zone", "timestamp without time zone", true),
            ("timestamp without time zone", "timestamp(3) without time zone", false),
            ("integer", "bigint", false),
            ("cidr", "inet", true),
        ] {
            assert_eq!(is_free(old, new), free, "{old} to {new}");
        }
        assert!(always_fits("integer", "bigint") && !always_fits("bigint", "integer"));
    }
}
