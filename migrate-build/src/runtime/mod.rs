//! What an application links: reading the history, comparing it with the embedded migrations, and applying them.
//!
//! Arrows: `locked -> run -> {apply, outside, backfill, lock, plan, provenance} -> {blocked, correction} -> {sql, state, compare} ->
//! {set, options, event, table, error, refusal, script_error}`.

mod activity;
mod apply;
mod backfill;
mod blocked;
mod compare;
mod correction;
mod error;
mod event;
mod lock;
mod locked;
mod options;
mod outside;
mod plan;
mod provenance;
mod recorded;
mod refusal;
mod rows;
mod run;
mod script;
mod script_error;
mod set;
mod sql;
mod state;
mod table;
mod throttle;

pub use activity::{Activity, Change, read_activity};
pub use blocked::{Blocker, LOCK_TIMEOUT, OnBlocked, RETRIES};
pub use compare::{Comparison, agrees};
pub use correction::Correction;
pub use error::{Error, ErrorKind, Holder};
pub use event::{Event, OnEvent, Report};
pub use locked::Locked;
pub use options::{Options, Resume};
pub use plan::{DownTarget, UpTarget, plan_downgrade, plan_revert, plan_upgrade, without_backfills};
pub use provenance::{Origin, compare};
pub use recorded::{Taken, TakenLock};
pub use refusal::Refusal;
pub use run::{downgrade, stamp, upgrade, upgrade_from};
pub use script::script;
pub use script_error::ScriptError;
pub use set::{Migrations, Set};
pub use state::{Applied, Interrupted, Progress, ProgressState, State, read_state};
pub use table::{DEFAULT_HISTORY, Table, advisory_key};
