//! Waiting until a database has what the files have.

use std::time::{Duration, Instant};

use migrate_build::runtime::Set;

use super::interrupt;
use super::overview::View;
use crate::config::layers::Target;
use crate::context::Context;
use crate::environments::overview::{Outline, Standing};
use crate::error::{CommandError, ErrorKind};
use crate::ui::Ui;

/// How long a database that was there may be away.
const AWAY: Duration = Duration::from_secs(60);

const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// Looks at the database again and again, until it is applied, failed or split, or the time is over, and tells what changes.
///
/// # Errors
/// It can't be reached, at first or for a minute, or the user interrupts it.
pub async fn until_settled(
    ui: &mut Ui,
    context: &Context,
    target: &Target,
    set: &Set<'_>,
    limit: Option<Duration>,
) -> Result<Outline, CommandError> {
    tokio::select! {
        biased;
        interrupted = interrupt::next() => {
            interrupted?;
            Err(CommandError::new(ErrorKind::Interrupted, "interrupted").note("waiting changes nothing"))
        }
        outline = settled(ui, context, target, set, limit) => outline,
    }
}

async fn settled(
    ui: &mut Ui,
    context: &Context,
    target: &Target,
    set: &Set<'_>,
    limit: Option<Duration>,
) -> Result<Outline, CommandError> {
    let (home, history) = (context.variables().home(), context.settings()?.shared.history.clone());
    let began = Instant::now();
    let progress = ui.progress();
    let mut view = Some(View::open(target, home.as_deref(), history.clone()).await?);
    let mut last: Option<Outline> = None;
    let mut told = String::new();
    let mut away_since: Option<Instant> = None;
    let mut pause = SHORTEST;
    loop {
        let seen = match &mut view {
            Some(view) => view.look().await,
            None => match View::open(target, home.as_deref(), history.clone()).await {
                Ok(mut opened) => {
                    let seen = opened.look().await;
                    view = Some(opened);
                    seen
                }
                Err(error) => Err(error),
            },
        };
        match seen {
            Ok((state, activity)) => {
                away_since = None;
                let outline = Outline::new(set, &state, activity);
                let said = said(&outline);
                if said != told {
                    ui.status_above(&progress, "Waiting", format_args!("for database {}: {said}", outline.database));
                    progress.message(said.clone());
                    told = said;
                    pause = SHORTEST;
                }
                // Rows and lock are read one after the other: what ended in between looks like what was left behind.
                let same = last.as_ref().is_some_and(|last| {
                    last.standing == outline.standing
                        && last.interrupted == outline.interrupted
                        && last.last == outline.last
                });
                match outline.standing {
                    Standing::Applied => return finish(view, outline).await,
                    Standing::Failed | Standing::Split if same => return finish(view, outline).await,
                    _ => last = Some(outline),
                }
            }
            Err(error) => {
                view = None;
                let since = *away_since.get_or_insert_with(Instant::now);
                if last.is_none() || error.kind != ErrorKind::Database || since.elapsed() >= AWAY {
                    return Err(error);
                }
                let said = "the database can't be reached now".to_owned();
                if said != told {
                    ui.status_above(&progress, "Waiting", format_args!("{said}: {error}"));
                    told = said;
                }
            }
        }
        let left = limit.map(|limit| limit.saturating_sub(began.elapsed()));
        if left == Some(Duration::ZERO) {
            return match (view, last) {
                (Some(view), Some(outline)) => finish(Some(view), outline).await,
                _ => Err(CommandError::database("the database can't be reached")),
            };
        }
        tokio::time::sleep(left.map_or(pause, |left| left.min(pause))).await;
        pause = (pause * 2).min(LONGEST);
    }
}

async fn finish(view: Option<View>, outline: Outline) -> Result<Outline, CommandError> {
    if let Some(view) = view {
        view.close().await;
    }
    Ok(outline)
}

fn said(outline: &Outline) -> String {
    let remark = outline.remark();
    let remark = if remark.is_empty() { remark } else { format!(" ({remark})") };
    format!("{}, {} pending{remark}", outline.standing.name(), outline.pending.len())
}
