//! Starting, serving, and stopping once the requests that are under way have their answers.

use std::io::Write;

use tokio::net::TcpListener;

use crate::args::Args;
use crate::error::Error;
use crate::{api, db};

/// Serves until it is told to stop.
pub(crate) async fn run(args: &Args) -> Result<(), Error> {
    let database = args.database()?;
    for version in db::migrate(&database, args.migrate).await? {
        say(&format!("applied {version}"));
    }
    let pool = db::pool(&database)?;
    let listen = |source| Error::Listen { address: args.listen, source };
    let listener = TcpListener::bind(args.listen).await.map_err(listen)?;
    say(&format!("listening on http://{}", listener.local_addr().map_err(listen)?));
    axum::serve(listener, api::router(pool)).with_graceful_shutdown(told_to_stop()).await.map_err(Error::Serve)?;
    say("stopped");
    Ok(())
}

/// Says something to the operator; nobody is left to be told where that fails.
pub(crate) fn say(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Waits for Ctrl-C or, as service managers send it, SIGTERM.
async fn told_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        return;
    }
    drop(tokio::signal::ctrl_c().await);
}
