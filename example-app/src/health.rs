//! What the service says about itself.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use deadpool_postgres::Pool;
use migrate_build::runtime::{Comparison, read_state};
use serde::Serialize;
use tokio_postgres::Client;

use crate::db::MIGRATIONS;
use crate::error::Error;

/// The schema's version, here and in the database.
#[derive(Debug, Serialize)]
pub(crate) struct Schema {
    /// The head that this program was built with.
    embedded: Option<i64>,
    /// The applied heads: one, unless the database stands on branches.
    database: Vec<i64>,
    /// What the database lacks.
    pending: Vec<i64>,
}

#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
    schema: Schema,
    /// How the database differs, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// `GET /health`: 200 where the database is as this program needs it, else 503.
pub(crate) async fn health(State(pool): State<Pool>) -> Result<Response, Error> {
    let client = pool.get().await?;
    let schema = schema(&client).await?;
    let (status, word, reason) = match MIGRATIONS.verify(&client).await {
        Ok(()) => (StatusCode::OK, "ok", None),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, "wrong schema", Some(error.to_string())),
    };
    Ok((status, Json(Health { status: word, schema, reason })).into_response())
}

/// Reads which migrations the database has.
pub(crate) async fn schema(client: &Client) -> Result<Schema, Error> {
    let options = MIGRATIONS.options()?;
    let state = read_state(client, options.history.as_deref()).await?;
    let Comparison { heads, pending, .. } = Comparison::new(MIGRATIONS.set()?, &state);
    Ok(Schema { embedded: MIGRATIONS.head(), database: heads, pending })
}
