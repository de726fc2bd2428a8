//! The rehearsal of a rollback: a database as an environment has it, and its last migration taken back.

use std::collections::BTreeSet;
use std::time::Instant;

use migrate_build::embedded::Migration;
use migrate_build::runtime::{Set, UpTarget};
use time::OffsetDateTime;

use super::args::RollbackArgs;
use super::branch::{self, Environment, Start, counted};
use super::database::{Database, scratch_failure};
use super::environment::{self, PRODUCTION, STAGING};
use super::gate::{Course, Failure, Stage, Tried};
use super::material::{Material, title};
use super::report::{self, Report, Server};
use super::seal::Seals;
use super::walk::{differs, no_way_back};
use crate::schema::Snapshot;
use crate::scratch::{self, ServerOptions};
use crate::ui::Ui;

/// The stage's name.
const NAME: &str = "rollback";

const ENVIRONMENT: &str = "environment";
const SERVER: &str = "server";
const START: &str = "start";
const LAST: &str = "last migration";
const SEEDS: &str = "seeds";
const DOWN: &str = "down";

/// So many gates there are.
const GATES: usize = 6;

/// Goes through the stage.
pub(super) async fn rehearse(material: &Material, args: &RollbackArgs, ui: &mut Ui) -> Report {
    let (started, began) = (OffsetDateTime::now_utc(), Instant::now());
    let progress = ui.progress();
    progress.set_total(GATES);
    let mut course = Course::begin(NAME, &progress);
    let mut servers = Vec::new();
    if let Some(set) = course.gate(ENVIRONMENT, environment_set(material, args)).await {
        let options = ServerOptions { engine: args.engine, image: args.image.clone(), settings: Vec::new() };
        let opened = async {
            let server = scratch::start(&options).await.map_err(scratch_failure)?;
            let description = server.describe();
            Ok(Tried::passed(Database::create(server, material.options()).await?).note(description))
        };
        match course.gate(SERVER, opened).await {
            Some(mut database) => {
                let server = database.server();
                let (version, description) = (server.version().to_owned(), server.describe());
                servers.push(Server { stage: NAME, version, description });
                roll_back(&mut course, &mut database, material, &set).await;
                progress.message("removing the server");
                database.remove().await;
            }
            None => skip(&mut course, &[START, LAST, SEEDS, DOWN], "there is no server"),
        }
    } else {
        skip(&mut course, &[SERVER, START, LAST, SEEDS, DOWN], "what the environment has is not known");
    }
    let stage: Stage = course.end();
    let verb = if stage.passed() { "Passed" } else { "Failed" };
    ui.status_above(&progress, verb, format_args!("{NAME} of {}", args.env));
    Report {
        package: material.package.clone(),
        commit: material.commit.clone(),
        started,
        duration: began.elapsed(),
        servers,
        migrations: report::migrations(material),
        stages: vec![stage],
        seals: Seals::Left("a rollback seals nothing".to_owned()),
    }
}

fn skip(course: &mut Course<'_>, gates: &[&'static str], reason: &str) {
    for &name in gates {
        course.skip(name, reason);
    }
}

/// What the environment has applied, as its branch has it, or up to a version that was named.
async fn environment_set(material: &Material, args: &RollbackArgs) -> Result<Tried<Set<'static>>, Failure> {
    let branches = match args.env.as_str() {
        name if name == STAGING.name => STAGING.branches,
        name if name == PRODUCTION.name => PRODUCTION.branches,
        _ => &[],
    };
    let environment = Environment { name: &args.env, branches, option: "--at" };
    let start = branch::start(material, environment, args.at.as_deref()).await?;
    let note = start.describe(&material.set);
    let set = match start {
        Start::Branch(_, set) if !set.migrations.is_empty() => set,
        Start::Version(version, _) => {
            let mut applied = material.set.graph.ancestors(version);
            applied.insert(version);
            let migrations = material.set.migrations.iter().filter(|it| applied.contains(&it.version));
            Set::new(migrations.cloned().collect())
        }
        Start::Base(_) | Start::Branch(..) => {
            return Err(Failure::new(format!("`{}` has nothing to roll back ({note})", args.env))
                .help("say what it is at: `--at VERSION`, for example `--at head`"));
        }
    };
    Ok(Tried::passed(set).note(note))
}

async fn roll_back(course: &mut Course<'_>, database: &mut Database, material: &Material, set: &Set<'static>) {
    let reached = match last(set) {
        Ok(last) => course.gate(START, before(database, set, last)).await.map(|before| (last, before)),
        Err(failure) => {
            course.gate::<(), _>(START, async { Err(failure) }).await;
            None
        }
    };
    let Some((last, before)) = reached else {
        return skip(course, &[LAST, SEEDS, DOWN], "the database is not where it should start");
    };
    let up = async {
        database.up(set, UpTarget::Version(last.version), &|_| ()).await?;
        Ok::<_, Failure>(Tried::passed(()).note(title(last)))
    };
    if course.gate(LAST, up).await.is_none() {
        return skip(course, &[SEEDS, DOWN], "the database is not where the environment is");
    }
    environment::seeds(course, database, material, false).await;
    course.gate(DOWN, down(database, set, last, &before)).await;
}

/// The migration that a rollback takes back.
fn last<'s>(set: &'s Set<'static>) -> Result<&'s Migration<'static>, Failure> {
    let heads = set.graph.heads();
    let last = match heads.as_slice() {
        [head] => set.get(*head),
        _ => None,
    };
    let Some(last) = last else {
        let titles: Vec<String> = heads.iter().filter_map(|&head| set.get(head)).map(title).collect();
        return Err(Failure::new(format!("it is not clear which migration is the last: {}", titles.join(", ")))
            .help("join them first: `cargo migrate merge -m \"merge heads\"`"));
    };
    match no_way_back(last) {
        Some(reason) => Err(Failure::new(format!("{} can't be reverted ({reason})", title(last)))
            .help("write a migration that goes on from there instead: `cargo migrate new NAME`")),
        None => Ok(last),
    }
}

/// Brings the database to what it was before the last migration, and reads its schema.
async fn before(database: &mut Database, set: &Set<'static>, last: &Migration<'_>) -> Result<Tried<Snapshot>, Failure> {
    let applied: BTreeSet<i64> = set.graph.versions().filter(|&version| version != last.version).collect();
    for head in set.graph.heads_of(&applied) {
        database.up(set, UpTarget::Version(head), &|_| ()).await?;
    }
    Ok(Tried::passed(database.snapshot().await?).note(format!("{} before it", counted(applied.len()))))
}

async fn down(
    database: &mut Database,
    set: &Set<'static>,
    last: &Migration<'_>,
    before: &Snapshot,
) -> Result<Tried<()>, Failure> {
    database.down(set, last.version).await?;
    let differences = database.differences(before, &database.snapshot().await?);
    if !differences.is_empty() {
        let message = format!("reverting {} leaves another schema than there was before it", title(last));
        let file = last.file.strip_suffix(".sql").unwrap_or(&last.file);
        return Err(differs(message, &differences)
            .help(format!("`{file}.down.sql` is sealed once an environment has it: mend what is left by hand, or go on by a new migration")));
    }
    Ok(Tried::passed(()).note("the schema is what it was before it"))
}
