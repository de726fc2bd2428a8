//! Telling the user of a run as it goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use migrate_build::embedded::Migration;
use migrate_build::runtime::{Blocker, Event};

use super::watch::Building;
use crate::taken_view;
use crate::ui::Ui;
use crate::ui::progress::Progress;

/// Prints what a run reports.
pub struct Follower<'u> {
    ui: &'u mut Ui,
    progress: Progress,
    verb: &'static str,
    /// Finished, and not known to be committed until the next one begins.
    finished: Option<(String, Duration)>,
    idle: Arc<AtomicBool>,
    building: Building,
    /// The migration that builds an index, and what was said of it last.
    build: (String, String),
    /// When the backfill began, and at which row.
    filling: Option<(Instant, u64)>,
    /// When a line was last printed of it.
    told: Option<Instant>,
}

/// Without a terminal a backfill is told of so often.
const TELL: Duration = Duration::from_secs(10);

impl<'u> Follower<'u> {
    /// `verb` is what happens to a migration: `Applied`, `Reverted`.
    pub fn new(ui: &'u mut Ui, verb: &'static str) -> Self {
        let progress = ui.progress();
        Self {
            ui,
            progress,
            verb,
            finished: None,
            idle: Arc::new(AtomicBool::new(true)),
            building: Building::default(),
            build: Default::default(),
            filling: None,
            told: None,
        }
    }

    /// Whether the run is only waiting now.
    pub fn idle(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.idle)
    }

    /// The index that is being built, for whoever watches it; none where nobody would see what is told of it.
    pub fn building(&self) -> Option<Building> {
        (self.progress.is_shown() || self.ui.is_verbose()).then(|| self.building.clone())
    }

    /// Takes how far the building of an index has come.
    pub fn build(&mut self, text: &str) {
        let (title, said) = &mut self.build;
        self.progress.message(format!("{title}: {text}"));
        if !self.progress.is_shown() && said != text {
            self.ui.status_above(&self.progress, "Building", format_args!("{title}: {text}"));
        }
        text.clone_into(said);
    }

    /// Takes what happens.
    pub fn event(&mut self, event: &Event<'_>) {
        self.building.set(None);
        self.idle.store(matches!(event, Event::Waiting { .. } | Event::Blocked { .. }), Ordering::Relaxed);
        match event {
            Event::Waiting { holders } => {
                let holders: Vec<String> = holders.iter().map(ToString::to_string).collect();
                let by = if holders.is_empty() { "another process".to_owned() } else { holders.join(", ") };
                self.ui.status_above(&self.progress, "Waiting", format_args!("for the lock, held by {by}"));
                self.progress.message("waiting for the lock");
            }
            Event::Planned { total } => self.progress.set_total(*total),
            Event::Started { migration } => {
                self.flush();
                (self.filling, self.told) = (None, None);
                self.progress.message(title(migration));
            }
            Event::Blocked { migration, reason, blockers, attempt, retries, pause } => {
                self.flush();
                let title = title(migration);
                let text = format!("{title}: {reason}; attempt {} of {} in {}", attempt + 1, retries + 1, time(*pause));
                self.ui.status_above(&self.progress, "Blocked", text);
                self.name(blockers);
                self.progress.message(format!("{title}: giving way"));
            }
            Event::Behind { migration, blockers } => {
                let text = format!("{}: the index waits for older transactions to end", title(migration));
                self.ui.status_above(&self.progress, "Waiting", text);
                self.name(blockers);
            }
            Event::Batch { migration, rows, of } => {
                let of = of.map(|of| format!(" of about {of}")).unwrap_or_default();
                let (begun, first) = *self.filling.get_or_insert((Instant::now(), *rows));
                let seconds = begun.elapsed().as_secs_f64();
                let rate = if seconds < 0.5 {
                    String::new()
                } else {
                    format!(", {:.0} rows a second", (rows - first) as f64 / seconds)
                };
                let text = format!("{}: {rows}{of} rows{rate}", title(migration));
                let told = self.told.is_some_and(|told| told.elapsed() < TELL);
                if !self.progress.is_shown() && !told {
                    self.ui.status_above(&self.progress, "Filling", &text);
                    self.told = Some(Instant::now());
                }
                self.progress.message(text);
            }
            Event::Throttled { migration, lag } => {
                let text = format!("{}: a standby is {} behind", title(migration), time(*lag));
                if !self.progress.is_shown() && self.told.is_none_or(|told| told.elapsed() >= TELL) {
                    self.ui.status_above(&self.progress, "Waiting", &text);
                    self.told = Some(Instant::now());
                }
                self.progress.message(text);
            }
            Event::Statement { migration, number, of, words, pid } => {
                if words.contains("INDEX") && words.contains("CONCURRENTLY") {
                    self.build = (title(migration), String::new());
                    self.building.set(Some(*pid));
                }
                self.progress.message(format!("{} ({number}/{of}: {words})", title(migration)));
                if self.ui.is_verbose() {
                    let text = format!("{}: statement {number} of {of}, {words}", title(migration));
                    self.ui.status_above(&self.progress, "Running", text);
                }
            }
            Event::Taken { taken } => {
                self.flush();
                for line in taken_view::lines(taken) {
                    self.ui.status_above(&self.progress, "Took", line);
                }
            }
            Event::Finished { migration, duration } => self.finished = Some((title(migration), *duration)),
        }
    }

    /// From now on another thing happens to migrations; what finished before is committed.
    pub fn now(&mut self, verb: &'static str) {
        self.flush();
        self.verb = verb;
    }

    /// Names those who are in the way.
    fn name(&mut self, blockers: &[Blocker]) {
        for blocker in blockers {
            self.ui.status_above(&self.progress, "", blocker);
        }
    }

    /// The user has interrupted it.
    pub fn interrupted(&mut self) {
        let text = "the run; what is under way is cancelled (again: don't wait for it)";
        self.ui.status_above(&self.progress, "Interrupting", text);
    }

    /// The run has ended well: what finished last is committed too.
    pub fn done(mut self) {
        self.flush();
    }

    fn flush(&mut self) {
        if let Some((title, duration)) = self.finished.take() {
            self.progress.step();
            self.ui.status_above(&self.progress, self.verb, format_args!("{title} ({})", time(duration)));
        }
    }
}

fn title(migration: &Migration<'_>) -> String {
    format!("{} {}", migration.version, migration.name)
}

/// A duration as people read it.
pub fn time(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        seconds if seconds < 60 => format!("{:.1} s", duration.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_for_people() {
        let shown = |ms| time(Duration::from_millis(ms));
        assert_eq!([shown(7), shown(1_500), shown(61_000)], ["7 ms", "1.5 s", "1 min 1 s"]);
    }
}
