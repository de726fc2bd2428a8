//! Structs that derive `Table`, as a source.

use std::path::PathBuf;

use migrate_build::diagnostic::{self, Diagnostic, Level};

use crate::schema::{Kind, QualifiedName};

use super::error::{ModelsError, Refused};
use super::names::NamePatterns;
use super::schema::{Models, Said};
use super::source::Source;
use super::text::Sources;
use super::wanted::{Aspect, Coverage, Hint, Wanted};
use super::{build, check, create, modules, read};

/// The structs of a file and of the modules that it names.
#[derive(Clone, Debug)]
pub(super) struct Structs {
    pub(super) root: PathBuf,
    pub(super) path: PathBuf,
    pub(super) patterns: NamePatterns,
}

impl Source for Structs {
    fn kind(&self) -> &'static str {
        "models"
    }

    fn wanted(&self) -> Result<Wanted, ModelsError> {
        let mut tree = modules::load(&self.root, &self.path)?;
        let mut findings = std::mem::take(&mut tree.findings);
        let declarations = read::read(&mut tree, &mut findings);
        let models = build::models(&declarations, &self.patterns, &tree.sources, &mut findings);
        check::check(&models, &tree.sources, &mut findings);
        let findings = accepted(findings, &tree.sources)?;
        Ok(Wanted {
            statements: create::statements(&models),
            hints: hints(&models),
            coverage: coverage(),
            findings,
            sources: tree.sources,
        })
    }
}

/// The findings, sorted, unless one denies.
pub(super) fn accepted(mut findings: Vec<Diagnostic>, sources: &Sources) -> Result<Vec<Diagnostic>, ModelsError> {
    diagnostic::sort(&mut findings);
    if findings.iter().any(|finding| finding.level == Level::Deny) {
        return Err(ModelsError::Refused(Box::new(Refused { findings, sources: sources.clone() })));
    }
    Ok(findings)
}

/// Models say everything of their tables but how they are stored and who may do what; all other kinds of objects they leave alone.
fn coverage() -> Coverage {
    Coverage::new(
        &[
            Kind::Schema,
            Kind::Enum,
            Kind::Domain,
            Kind::Sequence,
            Kind::Table,
            Kind::Column,
            Kind::Constraint,
            Kind::Index,
        ],
        &[Aspect::Ownership, Aspect::ColumnOrder, Aspect::ColumnStorage, Aspect::TableOptions],
    )
}

fn hints(models: &Models) -> Vec<Hint> {
    let mut hints = Vec::new();
    let former = |said: &Said, to: &QualifiedName| QualifiedName::new(to.schema.clone(), said.value.clone());
    let enums = models.enums.iter().map(|it| (&it.name, &it.renamed_from));
    for (name, from) in enums.chain(models.domains.iter().map(|domain| (&domain.name, &domain.renamed_from))) {
        if let Some(from) = from {
            hints.push(Hint::Type { from: former(from, name), to: name.clone(), place: from.place.clone() });
        }
    }
    for it in &models.enums {
        for label in &it.labels {
            if let Some(from) = &label.renamed_from {
                hints.push(Hint::Label {
                    ty: it.name.clone(),
                    from: from.value.clone(),
                    to: label.name.value.clone(),
                    place: from.place.clone(),
                });
            }
        }
    }
    for table in &models.tables {
        if let Some(from) = &table.renamed_from {
            let place = from.place.clone();
            hints.push(Hint::Table { from: former(from, &table.name), to: table.name.clone(), place });
        }
        for column in &table.columns {
            if let Some(from) = &column.renamed_from {
                hints.push(Hint::Column {
                    table: table.name.clone(),
                    from: from.value.clone(),
                    to: column.name.value.clone(),
                    place: from.place.clone(),
                });
            }
        }
    }
    hints
}
