//! One statement, and a list of them as a script.

/// One statement, without its semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What is altered, where others that alter the same may join: `ALTER TABLE public.books`.
    subject: Option<String>,
    /// The rest, or all of it.
    actions: Vec<String>,
    /// What a reader should know, a line each.
    comments: Vec<String>,
}

impl Statement {
    /// Makes one that stands for itself.
    pub fn new(text: impl Into<String>) -> Self {
        Self { subject: None, actions: vec![text.into()], comments: Vec::new() }
    }

    /// Makes one that others with the same subject may join.
    pub fn alter(subject: impl Into<String>, action: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), actions: vec![action.into()], comments: Vec::new() }
    }

    /// Makes one that alters a table.
    pub fn alter_table(table: &str, action: impl Into<String>) -> Self {
        Self::alter(format!("ALTER TABLE {table}"), action)
    }

    /// Adds a comment in front.
    #[must_use]
    pub fn with_comment(mut self, comment: impl Into<String>) -> Self {
        self.comments.push(comment.into());
        self
    }

    /// Returns its text with comments and semicolon.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.comments.iter().flat_map(|comment| comment.lines()) {
            text.push_str("-- ");
            text.push_str(line);
            text.push('\n');
        }
        let actions = match (&self.subject, self.actions.as_slice()) {
            (None, actions) => actions.join(" "),
            (Some(subject), [action]) => format!("{subject} {action}"),
            (Some(subject), actions) => format!("{subject}\n    {}", actions.join(",\n    ")),
        };
        text.push_str(&actions);
        text.push(';');
        text
    }
}

/// Puts neighbours that alter the same into one statement.
pub fn merged(statements: Vec<Statement>) -> Vec<Statement> {
    let mut merged: Vec<Statement> = Vec::new();
    for statement in statements {
        match merged.last_mut() {
            Some(last) if last.subject.is_some() && last.subject == statement.subject => {
                last.actions.extend(statement.actions);
                last.comments.extend(statement.comments);
            }
            _ => merged.push(statement),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_merged() {
        let statements = merged(vec![
            Statement::alter_table("t", "ADD COLUMN a int"),
            Statement::alter_table("t", "DROP COLUMN b").with_comment("gone\nfor good"),
            Statement::new("DROP VIEW v"),
            Statement::alter_table("t", "DROP COLUMN c"),
            Statement::alter_table("u", "DROP COLUMN c"),
        ]);
        let texts: Vec<_> = statements.iter().map(Statement::text).collect();
        assert_eq!(
            texts,
            [
                "-- gone\n-- for good\nALTER TABLE t\n    ADD COLUMN a int,\n    DROP COLUMN b;",
                "DROP VIEW v;",
                "ALTER TABLE t DROP COLUMN c;",
                "ALTER TABLE u DROP COLUMN c;",
            ]
        );
    }
}
