//! A package with models, on which `generate` is run.

use tests::bench::Bench;
use tests::output::Output;

pub(crate) const BOOKS: &str = r#"
use migrate_build::Table;

#[derive(Table)]
#[table(name = "books")]
pub struct Book {
    #[column(primary_key, identity)]
    pub id: i64,
    pub title: String,
    #[column(default = "1", check = "copies >= 0")]
    pub copies: i32,
}
"#;

pub(crate) fn bench(models: &str) -> Bench {
    let bench = Bench::new(&[]);
    bench.project.write("migrations/versions/.keep", "");
    bench.project.write("src/models.rs", models);
    bench
}

#[track_caller]
pub(crate) fn generate(bench: &Bench, message: &str, more: &[&str]) -> Output {
    bench.migrate(&[&["generate", "-m", message], more].concat()).success()
}

/// Nothing is left to do, and everything can be applied and reverted.
#[track_caller]
pub(crate) fn settled(bench: &Bench) {
    bench.migrate(&["generate", "--check"]).success();
    bench.migrate(&["upgrade"]).success();
}
