//! `.gitattributes` of a migrations folder: scripts have the same bytes on every system, and the lock merges by lines.

/// The lines that the folder needs.
const LINES: [(&str, &str); 2] = [("*.sql", "text eol=lf"), ("migrate.lock", "merge=union")];

/// Returns `text` with the lines that it lacks; `None` where it lacks none. A line about the same pattern counts,
/// whatever it says: its author knows better.
pub fn extend(text: &str) -> Option<String> {
    let missing: Vec<String> = LINES
        .iter()
        .filter(|(pattern, _)| !text.lines().any(|line| line.split_whitespace().next() == Some(pattern)))
        .map(|(pattern, attributes)| format!("{pattern} {attributes}\n"))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    Some(format!("{text}{gap}{}", missing.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_what_is_missing() {
        assert_eq!(extend("").unwrap(), "*.sql text eol=lf\nmigrate.lock merge=union\n");
        assert_eq!(extend("*.sql text").unwrap(), "*.sql text\nmigrate.lock merge=union\n");
        assert_eq!(extend(&extend("# ours\n").unwrap()), None);
    }
}
