//! Privileges: lines of a snapshot, and GRANT and REVOKE.

use std::collections::{BTreeMap, BTreeSet};

use crate::sql::statement::Statement;

/// One privilege that is given to a role, or taken from it, against what it has without any GRANT.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Privilege {
    revoked: bool,
    role: String,
    grantable: bool,
    name: String,
    /// Who gave it, where that is not the owner.
    pub(crate) by: Option<String>,
}

/// Takes a line of a definition's privileges apart. The role that built the database goes by `CURRENT_USER`.
pub(crate) fn parse(line: &str, builder: Option<&str>) -> Vec<Privilege> {
    let (revoked, preposition, rest) = match (line.strip_prefix("grant "), line.strip_prefix("revoke ")) {
        (Some(rest), _) => (false, " to ", rest),
        (_, Some(rest)) => (true, " from ", rest),
        _ => return Vec::new(),
    };
    let Some((names, rest)) = rest.split_once(preposition) else { return Vec::new() };
    let (role, rest) = role(rest);
    let (grantable, rest) = match rest.strip_prefix(" with grant option") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let by = rest.strip_prefix(" by ").map(str::to_owned);
    let role = if Some(role) == builder { "CURRENT_USER" } else { role };
    names
        .split(", ")
        .map(|name| Privilege { revoked, role: role.to_owned(), grantable, name: name.to_owned(), by: by.clone() })
        .collect()
}

/// Splits a role's name, quoted or not, from what follows.
fn role(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => return text.split_at(at),
            _ => {}
        }
    }
    (text, "")
}

/// Returns what makes one set of privileges the other. `write` gets the verb with an option to take back, the preposition, the
/// privileges, the role, and an option to give.
pub(crate) fn statements(
    old: &BTreeSet<Privilege>,
    new: &BTreeSet<Privilege>,
    column: Option<&str>,
    write: impl Fn(&str, &str, &str, &str, &str) -> String,
) -> Vec<Statement> {
    let mut groups: BTreeMap<(bool, &str, bool), Vec<&str>> = BTreeMap::new();
    for gone in old.difference(new) {
        // What only gets or loses the option to pass it on is granted anew below.
        groups.entry((!gone.revoked, &gone.role, gone.grantable && gone.revoked)).or_default().push(&gone.name);
    }
    let mut out = lines(&groups, column, &write);
    groups.clear();
    for come in new.difference(old) {
        groups.entry((come.revoked, &come.role, come.grantable && !come.revoked)).or_default().push(&come.name);
    }
    out.extend(lines(&groups, column, &write));
    out
}

fn lines(
    groups: &BTreeMap<(bool, &str, bool), Vec<&str>>,
    column: Option<&str>,
    write: &impl Fn(&str, &str, &str, &str, &str) -> String,
) -> Vec<Statement> {
    let mut out = Vec::new();
    for (&(revoke, role, grantable), names) in groups {
        let names: Vec<String> = names
            .iter()
            .map(|name| column.map_or_else(|| (*name).to_owned(), |column| format!("{name} ({column})")))
            .collect();
        let (verb, preposition) = if revoke { ("REVOKE ", "FROM") } else { ("GRANT ", "TO") };
        let option = if grantable && !revoke { " WITH GRANT OPTION" } else { "" };
        out.push(Statement::new(write(verb, preposition, &names.join(", "), role, option)));
    }
    // What is taken comes first: what is given may be a part of it.
    out.sort_by_key(|statement| !statement.text().starts_with("REVOKE"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(lines: &[&str]) -> BTreeSet<Privilege> {
        lines.iter().flat_map(|line| parse(line, Some("me"))).collect()
    }

    fn between(old: &[&str], new: &[&str]) -> Vec<String> {
        statements(&set(old), &set(new), None, |verb, preposition, names, role, option| {
            format!("{verb}{names} ON t {preposition} {role}{option}")
        })
        .iter()
        .map(Statement::text)
        .collect()
    }

    #[test]
    fn what_differs_is_granted_and_revoked() {
        assert_eq!(
            between(
                &["grant INSERT, SELECT to bob", "revoke DELETE from me"],
                &["grant SELECT, UPDATE to bob", "grant SELECT to \"x with grant option\" with grant option"],
            ),
            [
                "REVOKE INSERT ON t FROM bob;",
                "GRANT DELETE ON t TO CURRENT_USER;",
                "GRANT SELECT ON t TO \"x with grant option\" WITH GRANT OPTION;",
                "GRANT UPDATE ON t TO bob;",
            ]
        );
    }

    #[test]
    fn the_option_to_pass_it_on_is_taken_with_it() {
        assert_eq!(
            between(&["grant SELECT to bob with grant option"], &["grant SELECT to bob"]),
            ["REVOKE SELECT ON t FROM bob;", "GRANT SELECT ON t TO bob;"]
        );
    }

    #[test]
    fn who_gave_it_is_seen() {
        let set = set(&["grant SELECT to bob by \"A by B\""]);
        assert_eq!(set.first().unwrap().by.as_deref(), Some("\"A by B\""));
    }
}
