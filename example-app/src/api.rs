//! The HTTP interface: JSON in, JSON out.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use deadpool_postgres::Pool;
use serde::Deserialize;

use crate::error::Error;
use crate::health::health;
use crate::library::{self, Book, Loan, Member, NewBook, NewMember, Overdue, Reservation, Wish};

type Listed<T> = Result<Json<Vec<T>>, Error>;
type Created<T> = Result<(StatusCode, Json<T>), Error>;

/// Every path of the service.
pub(crate) fn router(pool: Pool) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/books", get(books).post(add_book))
        .route("/books/{id}", get(book))
        .route("/books/{id}/reservations", get(reservations))
        .route("/members", get(members).post(add_member))
        .route("/loans", get(loans).post(lend))
        .route("/loans/overdue", get(overdue))
        .route("/loans/{id}/return", post(take_back))
        .route("/reservations", post(reserve))
        .with_state(pool)
}

async fn books(State(pool): State<Pool>) -> Listed<Book> {
    Ok(Json(library::books(&**pool.get().await?).await?))
}

async fn book(State(pool): State<Pool>, Path(id): Path<i64>) -> Result<Json<Book>, Error> {
    Ok(Json(library::book(&**pool.get().await?, id).await?))
}

async fn add_book(State(pool): State<Pool>, Json(book): Json<NewBook>) -> Created<Book> {
    Ok((StatusCode::CREATED, Json(library::add_book(&**pool.get().await?, &book).await?)))
}

async fn members(State(pool): State<Pool>) -> Listed<Member> {
    Ok(Json(library::members(&**pool.get().await?).await?))
}

async fn add_member(State(pool): State<Pool>, Json(member): Json<NewMember>) -> Created<Member> {
    Ok((StatusCode::CREATED, Json(library::add_member(&**pool.get().await?, &member).await?)))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    open: bool,
}

async fn loans(State(pool): State<Pool>, Query(Which { open }): Query<Which>) -> Listed<Loan> {
    Ok(Json(library::loans(&**pool.get().await?, open).await?))
}

async fn lend(State(pool): State<Pool>, Json(wish): Json<Wish>) -> Created<Loan> {
    Ok((StatusCode::CREATED, Json(library::lend(&mut **pool.get().await?, wish).await?)))
}

async fn overdue(State(pool): State<Pool>) -> Listed<Overdue> {
    Ok(Json(library::overdue(&**pool.get().await?).await?))
}

async fn take_back(State(pool): State<Pool>, Path(id): Path<i64>) -> Result<Json<Loan>, Error> {
    Ok(Json(library::take_back(&**pool.get().await?, id).await?))
}

async fn reservations(State(pool): State<Pool>, Path(id): Path<i64>) -> Listed<Reservation> {
    Ok(Json(library::reservations(&**pool.get().await?, id).await?))
}

async fn reserve(State(pool): State<Pool>, Json(wish): Json<Wish>) -> Created<Reservation> {
    Ok((StatusCode::CREATED, Json(library::reserve(&**pool.get().await?, wish).await?)))
}
