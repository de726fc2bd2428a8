//! A generated migration that nobody has reviewed.

use crate::diagnostic::{Diagnostic, Label, Span};
use crate::migration::Direction;

use super::{Script, UNREVIEWED, naming};

pub(super) fn check(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    let migration = script.migration;
    if script.direction == Direction::Down || !migration.header.unreviewed {
        return;
    }
    let name = naming::stem(migration);
    let mut span = None;
    let mut start = 0;
    for line in script.text.split_inclusive('\n') {
        if line.starts_with("--!") && line.contains("reviewed") {
            span = Some(Span::new(script.text, start, start + line.trim_end().len()));
            break;
        }
        start += line.len();
    }
    out.push(Diagnostic {
        labels: vec![Label { path: script.path.to_owned(), span, text: String::new() }],
        helps: vec![format!("read it, then say so: `cargo migrate review {}`", migration.version)],
        ..UNREVIEWED.finding(format!("nobody has reviewed `{name}`"))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::naming::tests::{migration, script};

    #[test]
    fn the_mark_alone_counts() {
        let mut migration = migration(2, &[1]);
        let text = "--! parents = [1]\n--! reviewed = false\nselect 1;\n";
        let found = |script: &Script<'_>| {
            let mut out = Vec::new();
            check(script, &mut out);
            out
        };
        assert_eq!(found(&script(&migration, text)), []);
        migration.header.unreviewed = true;
        let line = found(&script(&migration, text))[0].labels[0].span.map(|span| span.line);
        assert_eq!(line, Some(2));
        assert_eq!(found(&Script { direction: Direction::Down, ..script(&migration, text) }), []);
    }
}
