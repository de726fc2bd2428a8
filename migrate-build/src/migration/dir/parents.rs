//! What each migration builds on, where its header does not say.

use super::folder::Folder;
use super::scan::file_of;
use crate::diagnostic::{Diagnostic, Label};
use crate::rules;

impl Folder {
    /// Gives every migration its parents: those of its header, or the next lower version. From the first header with
    /// `parents` on every migration must have one, because a branch could hide behind the rule otherwise.
    pub(super) fn resolve_parents(&mut self, malformed: &[i64]) {
        let mut findings = Vec::new();
        let mut first: Option<&str> = None;
        let mut previous: Option<i64> = None;
        let mut resolved = Vec::with_capacity(self.migrations.len());
        for migration in &self.migrations {
            let implied: Vec<i64> = previous.into_iter().collect();
            resolved.push(match (&migration.header.parents, first) {
                (Some(parents), _) => parents.clone(),
                (None, Some(first)) if !malformed.contains(&migration.version) => {
                    let line = previous.map_or_else(String::new, |previous| previous.to_string());
                    findings.push(Diagnostic {
                        labels: vec![Label { path: self.shown(&migration.up), span: None, text: String::new() }],
                        notes: vec![format!(
                            "`{first}` has a header with `parents`, and from there on every migration needs one"
                        )],
                        helps: vec![format!(
                            "add the line `--! parents = [{line}]` on top of it, if that is what it builds on"
                        )],
                        ..rules::MISSING_PARENT.finding(format!("`{}` names no parents", file_of(&migration.up)))
                    });
                    implied
                }
                (None, _) => implied,
            });
            if migration.header.parents.is_some() {
                first = first.or(migration.up.file_name().and_then(|file| file.to_str()));
            }
            previous = Some(migration.version);
        }
        for (migration, parents) in self.migrations.iter_mut().zip(resolved) {
            migration.parents = parents;
        }
        self.findings.extend(findings);
    }
}

#[cfg(test)]
mod tests {
    use crate::migration::dir::scan::tests::{found, scanned};

    #[test]
    fn after_the_first_parents_each_names_its_own() {
        let (_dir, folder) = scanned(&[
            ("versions/V1__a.sql", ""),
            ("versions/V2__b.sql", "--! parents = [1]\n"),
            ("versions/V3__c.sql", "select 1;"),
            ("versions/V4__d.sql", "--! parents = []\n"),
            ("versions/V5__e.sql", "--! parnts = [4]\n"),
        ]);
        found(
            &folder,
            &[
                "migrations/versions/V3__c.sql missing-parent: `V3__c.sql` names no parents | \
                 add the line `--! parents = [2]` on top of it, if that is what it builds on",
                "migrations/versions/V5__e.sql:1:5 malformed-header: unknown key `parnts` in the header | did you mean `parents`?",
            ],
        );
        assert_eq!(
            folder.findings[0].notes,
            ["`V2__b.sql` has a header with `parents`, and from there on every migration needs one"]
        );
        let parents: Vec<_> = folder.migrations.iter().map(|m| m.parents.as_slice()).collect();
        assert_eq!(parents, [&[][..], &[1], &[2], &[], &[4]]);
    }
}
