//! What can go wrong, for the operator and for who sent a request.

use std::error::Error as _;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use deadpool_postgres::{BuildError, PoolError};
use serde_json::json;
use tokio_postgres::error::SqlState;

/// An error of the service.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the database's URL is wrong")]
    Url(#[source] tokio_postgres::Error),
    #[error("can't connect to the database")]
    Connect(#[source] tokio_postgres::Error),
    #[error(transparent)]
    Migrate(#[from] migrate_build::runtime::Error),
    #[error("no connection to the database")]
    Pool(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("a query failed")]
    Query(#[from] tokio_postgres::Error),
    #[error("can't serve on {address}")]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    #[error("serving ended")]
    Serve(#[source] std::io::Error),
    #[error("there is no {what} {id}")]
    NotFound { what: &'static str, id: i64 },
    #[error("{0}")]
    Conflict(&'static str),
    #[error("{0}")]
    Invalid(&'static str),
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Self::Pool(error.into())
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self::Pool(error.into())
    }
}

impl Error {
    /// The error with its causes and its cure, as lines for the operator.
    pub(crate) fn report(&self) -> String {
        let mut text = format!("error: {self}");
        let mut next = self.source();
        while let Some(cause) = next {
            text.push_str(&format!("\n  caused by: {cause}"));
            next = cause.source();
        }
        if let Self::Migrate(error) = self
            && let Some(help) = error.help()
        {
            text.push_str(&format!("\n  help: {help}"));
        }
        text
    }

    /// The status, and what its sender is told: nothing of the database's own words.
    fn answer(&self) -> (StatusCode, String) {
        match self {
            Self::NotFound { .. } => (StatusCode::NOT_FOUND, self.to_string()),
            Self::Conflict(_) => (StatusCode::CONFLICT, self.to_string()),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, self.to_string()),
            Self::Query(error) => match error.code() {
                Some(&SqlState::UNIQUE_VIOLATION) => (StatusCode::CONFLICT, "it is there already".to_owned()),
                Some(&SqlState::FOREIGN_KEY_VIOLATION) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, "it names something that is not there".to_owned())
                }
                Some(&(SqlState::CHECK_VIOLATION | SqlState::CHARACTER_NOT_IN_REPERTOIRE)) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, "a value is not allowed".to_owned())
                }
                _ => (StatusCode::INTERNAL_SERVER_ERROR, "the database refused".to_owned()),
            },
            Self::Connect(_) | Self::Pool(_) | Self::Migrate(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "the database is not available".to_owned())
            }
            Self::Url(_) | Self::Listen { .. } | Self::Serve(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong".to_owned())
            }
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, message) = self.answer();
        if status.is_server_error() {
            crate::server::say(&self.report());
        }
        (status, Json(json!({ "error": message }))).into_response()
    }
}
