//! What the derives make of models, in programs that are really compiled: what works, and word for word what the compiler says
//! where an attribute is wrong.
//!
//! Each file of `cases/derive` is a program that must not compile; what is said of it is beside it in `.stderr`. With `UPDATE_CASES`
//! set, a mismatch rewrites the expectation and still fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::environment::workspace;
use tests::postgres::Database;
use tests::project::Project;

const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
    migrate-build = { path = \"$MIGRATE_BUILD\", default-features = false, features = [\"derive\"] }\n\
    tokio-postgres = \"0.7\"\ntokio = { version = \"1\", features = [\"rt\"] }\n";

fn cases() -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/derive");
    fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect()
}

#[test]
fn the_compiler_says_what_is_wrong_and_where() {
    let cases = cases();
    let project = Project::empty();
    project.write_source("Cargo.toml", MANIFEST);
    for (name, file) in &cases {
        project.write(format!("src/bin/{name}.rs"), fs_err::read(file).unwrap());
    }
    // One cargo for all of them.
    let output = project.cargo(&["check", "--bins", "--keep-going", "--message-format=json", "--offline"]);
    let mut said: BTreeMap<String, String> = cases.keys().map(|name| (name.clone(), String::new())).collect();
    for line in output.ended(101).stdout.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let target = message["target"]["name"].as_str().unwrap_or_default();
        let level = message["message"]["level"].as_str().unwrap_or_default();
        if let Some(said) = said.get_mut(target).filter(|_| level == "error") {
            let rendered = message["message"]["rendered"].as_str().unwrap();
            if !rendered.starts_with("error: aborting") && !rendered.starts_with("error: could not compile") {
                said.push_str(rendered);
            }
        }
    }
    let mut failures = Vec::new();
    for (name, file) in &cases {
        let file = file.with_extension("stderr");
        let expected = fs_err::read_to_string(&file).unwrap_or_default();
        let found = &said[name];
        if expected != *found || found.is_empty() {
            if std::env::var_os("UPDATE_CASES").is_some() {
                fs_err::write(&file, found).unwrap();
            }
            failures.push(format!("{name}: expected\n{expected}found\n{found}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn the_models_of_the_guide_compile() {
    let guide = fs_err::read_to_string(workspace().join("docs/models.md")).unwrap();
    let models = guide.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let project = Project::empty();
    project.write_source("Cargo.toml", MANIFEST);
    project.write("src/main.rs", format!("{models}\nfn main() {{}}\n"));
    project.cargo(&["check", "--quiet", "--offline"]).success();
}

/// Rows, enums and domains go into a database and come out of it again.
#[test]
fn a_program_reads_rows_and_passes_values() {
    let database = Database::new();
    database.execute(
        "CREATE SCHEMA library; CREATE TYPE library.binding AS ENUM ('paperback', 'hard-cover'); CREATE TYPE cover AS ENUM ('paperback'); CREATE DOMAIN isbn AS text CHECK (VALUE <> '');
         CREATE TABLE library.\"Books\" (id bigint, \"the type\" text, tags text[], binding library.binding, isbn isbn NOT NULL,
             others library.binding[])",
    );
    let project = Project::empty();
    project.write_source("Cargo.toml", MANIFEST);
    project.write("src/main.rs", PROGRAM);
    let url = database.url();
    let output = project.cargo(&["run", "--quiet", "--offline", "--", url.expose()]).success();
    assert_eq!(
        output.stdout,
        "\"library\".\"Books\" [\"\\\"id\\\"\", \"\\\"the type\\\"\", \"\\\"tags\\\"\", \"\\\"binding\\\"\", \"\\\"isbn\\\"\", \"\\\"others\\\"\"]\n\
         1 novel [\"a\"] Some(HardCover) Isbn(\"9\") [Paperback, HardCover] false\n\
         hard-cover \"library\".\"binding\" \"isbn\"\n\
         1 novel\n\
         `linen` is no value of the enum `binding` that this program knows\n\
         cannot convert between the Rust type `shop::Binding` and the Postgres type `cover`\n"
    );
}

const PROGRAM: &str = r##"
use migrate_build::{Domain, PgEnum, PgLabel, PgType, Table};
use tokio_postgres::NoTls;

#[derive(Clone, Copy, Debug, PartialEq, PgEnum)]
#[pg_enum(schema = "library", rename_all = "kebab-case")]
enum Binding {
    Paperback,
    HardCover,
}

#[derive(Debug, Domain)]
struct Isbn(String);

#[derive(Table)]
#[table(name = "Books", schema = "library")]
struct Book {
    #[column(primary_key, references(Other, id))]
    id: i64,
    #[column(name = "the type")]
    r#type: String,
    tags: Vec<String>,
    binding: Option<Binding>,
    isbn: Isbn,
    others: Vec<Binding>,
    #[column(skip)]
    shown: bool,
}

#[derive(Table)]
#[table(name = "Books", schema = "library")]
struct Lent<'r> {
    id: i64,
    #[column(name = "the type")]
    kind: &'r str,
}

#[derive(Table)]
#[table(no_row)]
struct Other {
    #[column(primary_key)]
    #[allow(dead_code, reason = "its type is what is wrong")]
    id: std::num::NonZeroU128,
}

fn main() {
    let url = std::env::args().nth(1).unwrap();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        println!("{} {:?}", Book::TABLE, Book::COLUMNS);
        let insert = format!("INSERT INTO {} VALUES (1, 'novel', '{{a}}', $1, $2, $3)", Book::TABLE);
        let all = [Binding::Paperback, Binding::HardCover];
        client.execute(&insert, &[&Some(Binding::HardCover), &Isbn("9".to_owned()), &all.as_slice()]).await.unwrap();
        // In another order than the fields: each is found by its name.
        let columns: Vec<&str> = Book::COLUMNS.iter().rev().copied().collect();
        let query = format!("SELECT {} FROM {}", columns.join(", "), Book::TABLE);
        let row = client.query_one(&query, &[]).await.unwrap();
        let Book { id, r#type, tags, binding, isbn, others, shown } = Book::try_from(&row).unwrap();
        println!("{id} {type} {tags:?} {binding:?} {isbn:?} {others:?} {shown}");
        println!("{} {} {}", Binding::HardCover.label(), Binding::TYPE, Isbn::TYPE);
        let lent = Lent::try_from(&row).unwrap();
        println!("{} {}", lent.id, lent.kind);
        client.batch_execute("ALTER TYPE library.binding ADD VALUE 'linen'").await.unwrap();
        let row = client.query_one("SELECT 'linen'::library.binding", &[]).await.unwrap();
        let error = row.try_get::<_, Binding>(0).unwrap_err();
        println!("{}", std::error::Error::source(&error).unwrap());
        let row = client.query_one("SELECT 'paperback'::cover", &[]).await.unwrap();
        println!("{}", std::error::Error::source(&row.try_get::<_, Binding>(0).unwrap_err()).unwrap());
    });
}
"##;
