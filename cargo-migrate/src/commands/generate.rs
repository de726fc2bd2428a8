//! `generate`: the migrations that bring what the migrations make to what the models want.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use migrate_build::codegen;
use migrate_build::render::{Style, render};
use migrate_build::runtime::Set;
use serde_json::json;
use time::OffsetDateTime;

use super::new;
use crate::authoring::name::normalize;
use crate::authoring::script::{Kind as ScriptKind, NewMigration};
use crate::authoring::version;

use crate::config::raw::Versions;
use crate::context::Context;
use crate::diff::{self, Hints, Permission, Plan, Question, Rename};
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes::{self, FileChange};
use crate::generate::{
    self, Adopted, Former, Generated, New, Place, Proof, Said, Scratch, Unclear, adopt, column, declared, prove,
    rename_form, replay, short, table,
};
use crate::history::History;
use crate::models::{self, ModelsError, Wanted};
use crate::schema::{Kind, Limits, Snapshot, render as render_differences};
use crate::ui::Ui;

/// Write the migrations that the models need
#[derive(Args, Debug)]
pub struct GenerateArgs {
    /// What it does, for example "add isbn"
    #[arg(short, long, value_name = "TEXT", required_unless_present_any = ["check", "dry_run"])]
    message: Option<String>,
    /// Only tell whether models and migrations differ; if so, exit with code 4
    #[arg(long, conflicts_with_all = ["empty", "dry_run"])]
    check: bool,
    /// Only show what would be written
    #[arg(long)]
    dry_run: bool,
    /// Write a migration without statements, whatever the models say
    #[arg(long, conflicts_with = "dry_run")]
    empty: bool,
    /// A table, column, type or value that has another name now: `books=volumes`, `books.title=name`
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// Take nothing else for renamed
    #[arg(long)]
    no_renames: bool,
    /// Drop columns that no model has any more, with their values: these, or all
    #[arg(long, value_name = "TABLE.COLUMN", num_args = 0.., require_equals = true, value_delimiter = ',')]
    allow_drop: Option<Vec<String>>,
    /// Drop tables that no model has any more, with their rows: these, or all; else they are retired
    #[arg(long, value_name = "TABLE", num_args = 0.., require_equals = true, value_delimiter = ',')]
    drop: Option<Vec<String>>,
    /// Take retired tables into use again, with their rows: these, or all that a model has
    #[arg(long, value_name = "TABLE", num_args = 0.., require_equals = true, value_delimiter = ',')]
    revive: Option<Vec<String>>,
    /// Write what can't be proved, too
    #[arg(long)]
    unproved: bool,
    /// Where both schemas are built to be compared
    #[arg(long, value_enum, default_value_t, value_name = "WHERE")]
    scratch: Scratch,
}

/// Compares, proves, and writes.
///
/// # Errors
/// Models or migrations are wrong, something has to be decided, the result can't be proved, or no server can be had.
pub async fn run(ui: &mut Ui, context: &Context, args: GenerateArgs) -> Result<ExitCode, CommandError> {
    let name = match args.message.as_deref() {
        Some(message) => normalize(message)
            .map_err(|error| CommandError::usage(error).help("say what it does: `-m \"add isbn\"`"))?,
        None => "generated".to_owned(),
    };
    let history = History::load(context)?;
    let parents = new::head(&history)?;
    if args.empty {
        let version = new::next_version(ui, context, &history)?;
        let migration = NewMigration { version, name, parents, irreversible: None, kind: ScriptKind::Sql };
        new::write(ui, context, &history, &migration)?;
        return Ok(ExitCode::Done);
    }
    let settings = context.settings()?;
    let package = context.package()?;
    let wanted = read_models(ui, &package.root, settings)?;
    let place = Place::find(args.scratch, context.target(), context.variables().home().as_deref()).await?;
    if let Some(why) = &place.instead {
        ui.detail(format_args!("on a throw-away server, since {why}"));
    }
    let result = on_place(ui, context, &args, &place, &history, &wanted, (&name, &parents)).await;
    place.end().await;
    result
}

/// Reads the models, and tells what is to be said of them.
fn read_models(ui: &mut Ui, root: &Path, settings: &crate::config::layers::Settings) -> Result<Wanted, CommandError> {
    let wanted = models::open(root, &settings.models, &settings.names).and_then(|source| source.wanted());
    let style = Style { color: ui.colors_stderr(), width: None };
    match wanted {
        Ok(wanted) => {
            if !wanted.findings.is_empty() {
                let text = render(&wanted.findings, &|path| wanted.sources.text(path).map(str::to_owned), style);
                ui.block(&text);
            }
            Ok(wanted)
        }
        Err(ModelsError::Refused(refused)) => {
            let text = render(&refused.findings, &|path| refused.sources.text(path).map(str::to_owned), style);
            ui.block(&text);
            let error = CommandError::refused("the models are not right");
            Err(CommandError { findings: refused.findings.into(), ..error })
        }
        Err(error) => {
            let help = error.help();
            Err(CommandError::refused(error).maybe_help(help))
        }
    }
}

/// What is worked on.
struct Work<'a> {
    context: &'a Context,
    args: &'a GenerateArgs,
    place: &'a Place,
    history: &'a History,
    set: Set<'static>,
    former: Former,
    wanted: Snapshot,
    source: &'a Wanted,
}

async fn on_place(
    ui: &mut Ui,
    context: &Context,
    args: &GenerateArgs,
    place: &Place,
    history: &History,
    source: &Wanted,
    (name, parents): (&str, &[i64]),
) -> Result<ExitCode, CommandError> {
    let settings = context.settings()?;
    let set = Set::new(codegen::load(&history.folder, &settings.shared)?.migrations);
    let extras = generate::extras(&context.folder()?, &settings.directory)?;
    let former = replay(place, &set, settings.shared.history.as_deref()).await?;
    let wanted = match generate::wanted(place, source, &extras).await {
        Ok(wanted) => wanted,
        Err(error) => {
            let style = Style { color: ui.colors_stderr(), width: None };
            if !error.findings.is_empty() {
                ui.block(&render(&error.findings, &|path| source.sources.text(path).map(str::to_owned), style));
            }
            return Err(error);
        }
    };
    let work = Work { context, args, place, history, set, former, wanted, source };
    let decided = work.decide(ui)?;
    let nothing = decided.plan.parts.is_empty()
        && decided.retires.is_empty()
        && decided.revives.is_empty()
        && decided.plan.unsupported.is_empty();
    if nothing {
        if ui.is_json() {
            ui.json(json!({ "differs": false, "migrations": [], "files": [], "kept": decided.plan.kept }));
        }
        ui.status("Nothing", format_args!("to do: the migrations make what {} wants", settings.models.display()));
        for column in &decided.plan.kept {
            ui.note(format_args!("column {} is in no model and stays", short(column)));
        }
        return Ok(ExitCode::Done);
    }
    work.write(ui, &decided, name, parents).await
}

/// What is to be done, everything decided.
struct Decided {
    plan: Plan,
    retires: Vec<String>,
    revives: Vec<String>,
}

impl Work<'_> {
    /// Works out the plan, and asks what two schemas don't tell.
    fn decide(&self, ui: &mut Ui) -> Result<Decided, CommandError> {
        let (former, args) = (&self.former.snapshot, self.args);
        let (mut renames, values) = declared(&self.source.hints, former, &self.wanted);
        let mut hints = Hints { values, ..Hints::default() };
        for text in &args.rename {
            generate::rename(text, former, &self.wanted, &mut renames, &mut hints.values).map_err(unclear)?;
        }
        hints.drop_columns = permission(args.allow_drop.as_deref(), |text| column(text, former))?;
        hints.drop_tables = permission(args.drop.as_deref(), |text| table(text, former))?;
        let retired = generate::retired(&self.history.folder, former);
        let mut declined: Vec<(String, String)> = Vec::new();
        let mut kept_by_answer: BTreeSet<String> = BTreeSet::new();
        let plan = loop {
            let Adopted { wanted, keep } =
                adopt(former, &self.wanted, &self.source.coverage, &renames).map_err(CommandError::refused)?;
            let hints = Hints { renames: renames.clone(), keep, ..hints.clone() };
            let plan = diff::plan(former, &wanted, &hints).map_err(CommandError::refused)?;
            let open: Vec<&Question> = plan
                .questions
                .iter()
                .filter(|question| !declined.iter().any(|(old, new)| *old == question.old && *new == question.new))
                // What was retired long ago is not what a new table was.
                .filter(|question| question.kind != Kind::Table || !retired.contains_key(&question.old))
                .collect();
            if args.no_renames || args.check || open.is_empty() {
                break plan;
            }
            let Some(question) = open.first() else { break plan };
            match yes_or_no(ui, &self.question(question))? {
                Some(true) => {
                    renames.push(Rename { kind: question.kind, old: question.old.clone(), new: question.new.clone() });
                }
                Some(false) => declined.push((question.old.clone(), question.new.clone())),
                None => return Err(undecided(&open)),
            }
        };
        let plan = if args.allow_drop.is_none() && !args.check && !plan.kept.is_empty() {
            for column in &plan.kept {
                let question =
                    format!("drop column {} with its values, which no model has any more? [y/N]", short(column));
                if yes_or_no(ui, &question)? == Some(true) {
                    kept_by_answer.insert(column.clone());
                }
            }
            if kept_by_answer.is_empty() {
                plan
            } else {
                hints.drop_columns = Permission::Only(kept_by_answer);
                let Adopted { wanted, keep } =
                    adopt(former, &self.wanted, &self.source.coverage, &renames).map_err(CommandError::refused)?;
                let hints = Hints { renames: renames.clone(), keep, ..hints };
                diff::plan(former, &wanted, &hints).map_err(CommandError::refused)?
            }
        } else {
            plan
        };
        let back: Vec<String> =
            retired.keys().filter(|table| self.wanted.get(Kind::Table, table).is_some()).cloned().collect();
        let revived = |table: &String| match args.revive.as_deref() {
            None => false,
            Some([]) => true,
            Some(named) => named.iter().any(|name| generate::named(former, Kind::Table, name).as_ref() == Some(table)),
        };
        if let Some(taken) = back.iter().find(|table| !revived(table))
            && !args.check
        {
            let by = retired.get(taken).map(|version| self.history.title(*version)).unwrap_or_default();
            let table = short(taken);
            return Err(CommandError::refused(format!("`{table}` is the name of a retired table"))
                .note(format!("retired by {by}; its rows are still there"))
                .help(format!("take it into use again, with its rows: `--revive={table}`"))
                .help("or give the new table another name"));
        }
        for name in args.revive.iter().flatten() {
            if !back.iter().any(|table| generate::named(former, Kind::Table, name).as_ref() == Some(table)) {
                return Err(CommandError::usage(format!("`{name}` is no retired table that a model has"))
                    .help("bring its model back first"));
            }
        }
        let retires = plan.retired.iter().filter(|table| !retired.contains_key(*table)).cloned().collect();
        Ok(Decided { plan, retires, revives: back })
    }

    fn question(&self, question: &Question) -> String {
        let Question { kind, old, old_type, new, new_type } = question;
        format!("is {kind} {} ({new_type}) what was {} ({old_type})? [y/N]", short(new), short(old))
    }

    async fn write(
        &self,
        ui: &mut Ui,
        decided: &Decided,
        name: &str,
        parents: &[i64],
    ) -> Result<ExitCode, CommandError> {
        let (settings, args) = (self.context.settings()?, self.args);
        let Decided { plan, retires, revives } = decided;
        let versions = self.versions(ui, plan.parts.len().max(1))?;
        let new = New { versions: &versions, name, parents, folder: &settings.directory };
        let mut generated = generate::files(plan, new, Said { models: &settings.models, retires, revives });
        if args.check {
            return Ok(self.checked(ui, decided, &generated));
        }
        let proof = self.proof(plan, &generated, &versions).await?;
        let proved = matches!(proof, Proof::Proved) && plan.unsupported.is_empty();
        if !proved {
            let error = unproved(proof, plan);
            if !args.unproved {
                return Err(error
                    .note("nothing was written")
                    .help("write it all the same, and mend it by hand: `--unproved`"));
            }
            ui.warning(error);
            for one in &mut generated {
                let up = one.migration.up.replacen("\n-- Generated", "\n-- NOT PROVED.\n-- Generated", 1);
                one.migration.up = up.into();
            }
        }
        let files: Vec<FileChange> = generated
            .iter()
            .flat_map(|one| {
                let root = &self.history.folder.root;
                let down = one.migration.down.as_deref().unwrap_or_default();
                [
                    FileChange::create(root.join(&one.up), one.migration.up.clone()),
                    FileChange::create(root.join(&one.down), down),
                ]
            })
            .collect();
        if !args.dry_run {
            file_changes::apply(&files)?;
        }
        let shown: Vec<String> = files.iter().map(|file| self.context.shown(&file.path).to_string()).collect();
        if ui.is_json() {
            let mut fields = self.fields(decided, &generated);
            if let Some(fields) = fields.as_object_mut() {
                fields.insert("files".to_owned(), json!(shown));
                fields.insert("proved".to_owned(), json!(proved));
                fields.insert("dry_run".to_owned(), json!(args.dry_run));
                let sql: Vec<_> = files
                    .iter()
                    .map(|file| json!({ "file": self.context.shown(&file.path).to_string(), "text": file.text }))
                    .collect();
                fields.insert("scripts".to_owned(), json!(sql));
            }
            ui.json(fields);
            return Ok(ExitCode::Done);
        }
        for (file, path) in files.iter().zip(&shown) {
            if args.dry_run {
                ui.data(format_args!("-- {path}"));
                ui.raw(&file.text);
            } else {
                ui.data(path);
            }
        }
        self.tell(ui, decided, &generated, proved);
        Ok(ExitCode::Done)
    }

    fn tell(&self, ui: &mut Ui, decided: &Decided, generated: &[Generated], proved: bool) {
        for one in generated {
            for hazard in &one.hazards {
                ui.warning(format_args!("{}: {}", hazard.object, hazard.message));
            }
        }
        for table in &decided.retires {
            ui.note(format_args!("table {0} is retired: it stays with its rows; `--drop={0}` drops it", short(table)));
        }
        for column in &decided.plan.kept {
            ui.note(format_args!("column {0} stays with its values; `--allow-drop={0}` drops it", short(column)));
        }
        for note in &decided.plan.notes {
            ui.note(note);
        }
        let how = if proved { "proved: up and down lead where they shall" } else { "not proved" };
        let verb = if self.args.dry_run { "Worked out" } else { "Generated" };
        let count = match generated.len() {
            1 => "1 migration".to_owned(),
            count => format!("{count} migrations"),
        };
        ui.status(verb, format_args!("{count}, {how}"));
        if !self.args.dry_run
            && let Some(first) = generated.first()
        {
            ui.help(format_args!("read it, then say so: `cargo migrate review {}`", first.migration.version));
        }
    }

    fn checked(&self, ui: &mut Ui, decided: &Decided, generated: &[Generated]) -> ExitCode {
        if ui.is_json() {
            let fields = self.fields(decided, generated);
            ui.json(fields);
            return ExitCode::Pending;
        }
        for one in generated {
            ui.raw(&one.migration.up);
        }
        ui.status("Differs:", "the migrations don't make what the models want");
        ui.help("write what is missing: `cargo migrate generate -m MESSAGE`");
        ExitCode::Pending
    }

    fn fields(&self, decided: &Decided, generated: &[Generated]) -> serde_json::Value {
        let migrations: Vec<_> = generated
            .iter()
            .map(|one| {
                let hazards: Vec<_> = one
                    .hazards
                    .iter()
                    .map(|hazard| json!({ "object": hazard.object.to_string(), "message": hazard.message }))
                    .collect();
                json!({
                    "version": one.migration.version, "name": one.migration.name, "parents": one.migration.parents,
                    "transaction": one.migration.transaction, "hazards": hazards,
                })
            })
            .collect();
        let Decided { plan, retires, revives } = decided;
        let names = |tables: &[String]| tables.iter().map(|table| short(table).to_owned()).collect::<Vec<_>>();
        json!({
            "differs": true, "migrations": migrations, "retires": names(retires), "revives": names(revives),
            "kept": names(&plan.kept), "notes": plan.notes,
        })
    }

    async fn proof(&self, plan: &Plan, generated: &[Generated], versions: &[i64]) -> Result<Proof, CommandError> {
        let history = self.context.settings()?.shared.history.clone();
        let all =
            self.set.migrations.iter().cloned().chain(generated.iter().map(|one| one.migration.clone())).collect();
        let set = Set::new(all);
        prove(self.place, &self.former, &set, versions, &plan.target, history.as_deref()).await
    }

    /// One version for each part.
    fn versions(&self, ui: &mut Ui, count: usize) -> Result<Vec<i64>, CommandError> {
        let mut versions = vec![new::next_version(ui, self.context, self.history)?];
        while let Some(&last) = versions.last().filter(|_| versions.len() < count) {
            let next = match self.context.settings()?.versions {
                Versions::Sequential => version::sequential(Some(last)),
                Versions::Timestamp => version::timestamp(OffsetDateTime::now_utc(), Some(last)),
            };
            versions.push(next.map_err(CommandError::refused)?);
        }
        Ok(versions)
    }
}

fn unclear(error: Unclear) -> CommandError {
    let help = error.help();
    CommandError::usage(error).help(help)
}

fn permission(
    given: Option<&[String]>,
    find: impl Fn(&str) -> Result<String, Unclear>,
) -> Result<Permission, CommandError> {
    Ok(match given {
        None => Permission::None,
        Some([]) => Permission::All,
        Some(names) => {
            let found: Result<BTreeSet<String>, Unclear> = names.iter().map(|name| find(name)).collect();
            Permission::Only(found.map_err(unclear)?)
        }
    })
}

fn yes_or_no(ui: &mut Ui, question: &str) -> Result<Option<bool>, CommandError> {
    Ok(ui.ask(question)?.map(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes")))
}

/// Nobody is there to be asked.
fn undecided(open: &[&Question]) -> CommandError {
    let message = match open.len() {
        1 => "something may have been renamed, and only you know".to_owned(),
        count => format!("{count} things may have been renamed, and only you know"),
    };
    let mut error = CommandError::refused(message);
    for question in open {
        let Question { kind, old, old_type, new, new_type } = question;
        error = error.note(format!("{kind} {} ({old_type}) is gone, {} ({new_type}) is new", short(old), short(new)));
    }
    for question in open {
        let form = rename_form(question.kind, &question.old, &question.new);
        error = error.help(format!("if it was renamed: `--rename {form}`"));
    }
    error.help("if nothing was: `--no-renames`")
}

/// Why there is no proof.
fn unproved(proof: Proof, plan: &Plan) -> CommandError {
    if let Some(first) = plan.unsupported.first() {
        let mut error =
            CommandError::refused(format!("{}: there is no statement for it: {}", first.object, first.what));
        for other in plan.unsupported.iter().skip(1) {
            error = error.note(format!("{}: {}", other.object, other.what));
        }
        return error;
    }
    let differs = |what: &str, differences: &[crate::schema::Difference]| {
        let mut error = CommandError::refused(what);
        error.snippet = Some(render_differences(differences, Limits::TERMINAL));
        error.note("`-` is what there should be, `+` what there is")
    };
    match proof {
        Proof::Up(left) => differs("the way up does not lead to what the models want", &left),
        Proof::Down(left) => differs("the way down does not lead back", &left),
        Proof::Fails(error) => error.note("while the new migrations were tried on a copy"),
        Proof::Proved => CommandError::refused("it is proved"),
    }
}
