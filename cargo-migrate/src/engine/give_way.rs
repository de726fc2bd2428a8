//! What a command line says of a migration that can't get a lock.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use migrate_build::runtime::{OnBlocked, Options};

/// Options of the commands that run migrations.
#[derive(Args, Clone, Debug, Default)]
pub struct GiveWayArgs {
    /// What a migration does that can't get a lock: `retry` rolls it back and tries again later, `fail` gives up, `wait` queues for as
    /// long as it takes, and everybody who wants the table queues behind it [env: CARGO_MIGRATE_ON_BLOCKED] [default: retry]
    #[arg(long, value_name = "WHAT", value_parser = choices())]
    on_blocked: Option<OnBlocked>,
    /// How often a migration is tried again that was blocked, or the victim of a deadlock [default: 10]
    #[arg(long, value_name = "N")]
    retries: Option<u32>,
    /// Show the queries of others that are in the way without their literals
    #[arg(long)]
    redact: bool,
}

fn choices() -> impl TypedValueParser<Value = OnBlocked> {
    PossibleValuesParser::new(OnBlocked::ALL.map(OnBlocked::name)).map(|name| name.parse().unwrap_or_default())
}

impl GiveWayArgs {
    /// `options`, with what was said here.
    pub fn over(self, options: Options) -> Options {
        let Self { on_blocked, retries, redact } = self;
        Options {
            on_blocked: on_blocked.unwrap_or(options.on_blocked),
            retries: retries.unwrap_or(options.retries),
            redact,
            ..options
        }
    }
}
