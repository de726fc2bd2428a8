//! The rehearsal itself: servers, stages, and the report of them.

use std::sync::Arc;
use std::time::Instant;

use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::args::PromoteArgs;
use super::database::{Database, scratch_failure};
use super::environment::{self, Before, PRODUCTION, STAGING};
use super::gate::{Course, Failure, Outcome, Stage, Tried};
use super::material::Material;
use super::report::{self, Report, Server};
use super::seal::Seals;
use super::{checks, development};
use crate::scratch::{self, Cluster, ScratchError, ServerOptions};
use crate::ui::Ui;
use crate::ui::progress::Progress;

const SERVER: &str = "server";

/// So many gates there are without `old-smoke`: what a bar shows as its whole.
const GATES: usize = 22;

/// Servers that are starting, one a stage: roles and tablespaces belong to a whole server, and so a stage can't share it.
struct Servers {
    starting: JoinSet<(usize, Result<scratch::Server, ScratchError>)>,
    ready: [Option<Result<scratch::Server, ScratchError>>; 3],
}

impl Servers {
    fn start(options: &ServerOptions) -> Self {
        let mut starting = JoinSet::new();
        // One after the other, in the order in which they are needed: the later ones start while the first is in use.
        let cluster: Arc<Mutex<Option<Cluster>>> = Arc::default();
        for number in 0..3 {
            let (options, cluster) = (options.clone(), Arc::clone(&cluster));
            starting.spawn(async move {
                let mut cluster = cluster.lock().await;
                let server = async {
                    let cluster = match &mut *cluster {
                        Some(cluster) => cluster,
                        none => none.insert(Cluster::new(options.engine).await?),
                    };
                    cluster.start(&options).await
                };
                (number, server.await)
            });
        }
        Self { starting, ready: [None, None, None] }
    }

    async fn take(&mut self, number: usize) -> Option<Result<scratch::Server, ScratchError>> {
        loop {
            if let Some(server) = self.ready.get_mut(number).and_then(Option::take) {
                return Some(server);
            }
            let (which, server) = self.starting.join_next().await?.ok()?;
            if let Some(place) = self.ready.get_mut(which) {
                *place = Some(server);
            }
        }
    }
}

/// Goes through all stages.
pub(super) async fn rehearse(material: &Material, args: &PromoteArgs, ui: &mut Ui) -> Report {
    let (started, began) = (OffsetDateTime::now_utc(), Instant::now());
    let progress = ui.progress();
    progress.set_total(if material.old_smoke().is_some() { GATES + 2 } else { GATES });
    let options = ServerOptions { engine: args.engine, image: args.image.clone(), settings: Vec::new() };
    let mut servers = Servers::start(&options);
    let mut rehearsal = Rehearsal { material, progress: &progress, ui, servers: Vec::new(), stages: Vec::new() };

    let mut course = rehearsal.begin(checks::NAME);
    checks::run(&mut course, material, args.allow_dirty).await;
    rehearsal.end(course);

    let mut databases = Vec::new();
    let mut staging = None;
    for number in 0..3 {
        let name = [development::NAME, STAGING.name, PRODUCTION.name].get(number).copied().unwrap_or_default();
        let mut course = rehearsal.begin(name);
        let mut database = rehearsal.database(&mut course, name, &mut servers, number).await;
        let place = database.as_mut();
        match number {
            0 => development::run(&mut course, place, &material.set).await,
            1 => {
                let at = args.staging_at.as_deref();
                staging = environment::run(&mut course, place, material, STAGING, at, Before::First).await;
            }
            _ => {
                let (at, before) = (args.production_at.as_deref(), Before::Staging(staging.as_deref()));
                environment::run(&mut course, place, material, PRODUCTION, at, before).await;
            }
        }
        rehearsal.end(course);
        databases.extend(database);
    }
    let Rehearsal { servers, stages, .. } = rehearsal;
    progress.message("removing the servers");
    let mut removing: JoinSet<()> = databases.into_iter().map(Database::remove).collect();
    while removing.join_next().await.is_some() {}
    Report {
        package: material.package.clone(),
        commit: material.commit.clone(),
        started,
        duration: began.elapsed(),
        servers,
        migrations: report::migrations(material),
        stages,
        seals: Seals::Left("the rehearsal goes on".to_owned()),
    }
}

struct Rehearsal<'a> {
    material: &'a Material,
    progress: &'a Progress,
    ui: &'a mut Ui,
    servers: Vec<Server>,
    stages: Vec<Stage>,
}

impl<'a> Rehearsal<'a> {
    fn begin(&mut self, name: &'static str) -> Course<'a> {
        Course::begin(name, self.progress)
    }

    fn end(&mut self, course: Course<'a>) {
        let stage = course.end();
        let verb = match stage.passed() {
            false => "Failed",
            true if stage.gates.iter().all(|gate| matches!(gate.outcome, Outcome::Skipped(_))) => "Skipped",
            true => "Passed",
        };
        let failed: Vec<&str> = stage
            .gates
            .iter()
            .filter(|gate| matches!(gate.outcome, Outcome::Failed(_)))
            .map(|gate| gate.name)
            .collect();
        let at = if failed.is_empty() { String::new() } else { format!(" at {}", failed.join(", ")) };
        self.ui.status_above(self.progress, verb, format_args!("{}{at}", stage.name));
        self.stages.push(stage);
    }

    async fn database(
        &mut self,
        course: &mut Course<'_>,
        stage: &'static str,
        servers: &mut Servers,
        number: usize,
    ) -> Option<Database> {
        let options = self.material.options();
        course.doing("starting a server");
        let waited = Instant::now();
        let started = match servers.take(number).await {
            Some(started) => started.map_err(scratch_failure),
            None => Err(Failure::new("the task that starts the server ended")),
        };
        if let Err(failure) = &started
            && self.is_known(failure)
        {
            course.skip(SERVER, format!("none can be started, as for {}", development::NAME));
            return None;
        }
        let opened = async {
            let server = started?;
            let description = server.describe();
            Ok(Tried::passed(Database::create(server, options).await?).note(description))
        };
        let database = course.gate_since(SERVER, waited, opened).await?;
        let server = database.server();
        let (version, description) = (server.version().to_owned(), server.describe());
        if self.servers.is_empty() {
            self.ui.status_above(self.progress, "Using", &description);
        }
        self.servers.push(Server { stage, version, description });
        Some(database)
    }

    /// Whether an earlier stage has this failure already: a machine without any server is told so once.
    fn is_known(&self, failure: &Failure) -> bool {
        let gates = self.stages.iter().flat_map(|stage| &stage.gates);
        gates.into_iter().any(|gate| matches!(&gate.outcome, Outcome::Failed(failures) if failures.contains(failure)))
    }
}
