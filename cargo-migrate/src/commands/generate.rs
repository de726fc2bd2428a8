//! `generate`: the migrations that bring what the migrations make to what the models want.

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
use crate::diff::Plan;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes::{self, FileChange};
use crate::generate::{
    self, Answers, Between, Decided, Former, Generated, New, Place, Proof, Said, Scratch, decide, prove, replay, short,
};
use crate::history::History;
use crate::models::{self, ModelsError, Wanted};
use crate::schema::{Limits, render as render_differences};
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
    let history_table = settings.shared.history.as_deref();
    let (former, wanted) = tokio::join!(replay(place, &set, history_table), generate::wanted(place, source, &extras));
    let former = former?;
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(error) => {
            let style = Style { color: ui.colors_stderr(), width: None };
            if !error.findings.is_empty() {
                ui.block(&render(&error.findings, &|path| source.sources.text(path).map(str::to_owned), style));
            }
            return Err(error);
        }
    };
    let answers = Answers {
        rename: &args.rename,
        no_renames: args.no_renames,
        allow_drop: args.allow_drop.as_deref(),
        drop: args.drop.as_deref(),
        revive: args.revive.as_deref(),
        check: args.check,
    };
    let sides = Between { former: &former.snapshot, wanted: &wanted, source, history };
    let decided = decide(sides, answers, &mut |question| Ok(ui.ask(question)?))?;
    let work = Work { context, args, place, history, set, former };
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

impl Work<'_> {
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
        if !self.args.dry_run {
            for one in generated {
                ui.help(format_args!("read it, then say so: `cargo migrate review {}`", one.migration.version));
            }
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
        prove(self.place, &self.former, &set, versions, plan, history.as_deref()).await
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
