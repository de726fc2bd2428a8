//! The endpoints.

use serde_json::{Value, json};
use tests::postgres::Database;

use crate::app::App;

/// A service with a book of one copy and two members: their ids.
fn library(database: &Database) -> (App, Value, [Value; 2]) {
    let app = App::start(database, "upgrade");
    let (status, book) = app.post("/books", &json!({ "title": "The Summer Book", "author": "Tove Jansson" }));
    assert_eq!(status, 201, "{book}");
    let members = ["Grace", "Edsger"].map(|name| {
        let (status, member) = app.post("/members", &json!({ "name": name, "email": format!("{name}@Example.org") }));
        assert_eq!(status, 201, "{member}");
        member["id"].clone()
    });
    let book = book["id"].clone();
    (app, book, members)
}

#[test]
fn a_book_is_lent_and_returned() {
    let database = Database::new();
    let (app, book, [grace, edsger]) = library(&database);
    let available = || app.get(&format!("/books/{book}")).1["available"].clone();
    assert_eq!(available(), 1);

    let (status, loan) = app.post("/loans", &json!({ "book_id": book, "member_id": grace }));
    assert_eq!((status, &loan["returned_on"]), (201, &Value::Null));
    assert_eq!(available(), 0);
    assert_eq!(app.get("/loans?open=true").1.as_array().unwrap().len(), 1);

    let wish = json!({ "book_id": book, "member_id": edsger });
    assert_eq!(app.post("/loans", &wish), (409, json!({ "error": "every copy is lent" })));
    assert_eq!(app.post("/reservations", &wish).0, 201);
    assert_eq!(app.post("/reservations", &wish), (409, json!({ "error": "it is there already" })));
    assert_eq!(app.get(&format!("/books/{book}/reservations")).1[0]["member_id"], edsger);

    let back = format!("/loans/{}/return", loan["id"]);
    let (status, returned) = app.post(&back, &Value::Null);
    assert_eq!((status, returned["returned_on"].is_string()), (200, true));
    assert_eq!(app.post(&back, &Value::Null), (409, json!({ "error": "it was returned already" })));

    assert_eq!(app.post("/loans", &wish).0, 201);
    assert_eq!(app.get(&format!("/books/{book}/reservations")).1, json!([]));
    assert_eq!(app.get("/loans").1.as_array().unwrap().len(), 2);
}

#[test]
fn only_one_of_many_gets_the_last_copy() {
    let database = Database::new();
    let (app, book, members) = library(&database);
    let lend = |member: &Value| app.post("/loans", &json!({ "book_id": book, "member_id": member })).0;
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = members.iter().cycle().take(8).map(|member| scope.spawn(move || lend(member))).collect();
        tries.into_iter().map(|attempt| attempt.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[test]
fn overdue_loans_are_listed() {
    let database = Database::new();
    let (app, book, [grace, _]) = library(&database);
    app.post("/loans", &json!({ "book_id": book, "member_id": grace }));
    assert_eq!(app.get("/loans/overdue").1, json!([]));
    database.execute("UPDATE loans SET lent_on = lent_on - 60, due_on = due_on - 60");
    let overdue = app.get("/loans/overdue").1;
    assert_eq!(overdue[0]["email"], "grace@example.org");
    assert_eq!(overdue[0]["title"], "The Summer Book");
}

#[test]
fn what_is_wrong_with_a_request_is_said() {
    let database = Database::new();
    let (app, book, [grace, _]) = library(&database);
    assert_eq!(app.get("/books/0"), (404, json!({ "error": "there is no book 0" })));
    assert_eq!(app.post("/loans/0/return", &Value::Null), (404, json!({ "error": "there is no loan 0" })));
    let nobody = json!({ "book_id": book, "member_id": 0 });
    assert_eq!(app.post("/loans", &nobody), (422, json!({ "error": "it names something that is not there" })));
    let nameless = json!({ "title": "", "author": "Tove Jansson" });
    assert_eq!(app.post("/books", &nameless), (422, json!({ "error": "a value is not allowed" })));
    let twice = json!({ "name": "Grace", "email": "GRACE@example.org" });
    assert_eq!(app.post("/members", &twice), (409, json!({ "error": "it is there already" })));
    let no_address = json!({ "name": "Grace", "email": "grace" });
    assert_eq!(app.post("/members", &no_address), (422, json!({ "error": "an e-mail address has an `@`" })));
    assert_eq!(app.post("/loans", &json!({ "book": book, "member_id": grace })).0, 422);
    assert_eq!(app.get("/books").1.as_array().unwrap().len(), 1);
    assert_eq!(app.get("/members").1.as_array().unwrap().len(), 2);
}

#[test]
fn a_broken_connection_is_replaced() {
    let database = Database::new();
    let app = App::start(&database, "upgrade");
    assert_eq!(app.get("/books"), (200, json!([])));
    database.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    assert_eq!(app.get("/books"), (200, json!([])));
}
