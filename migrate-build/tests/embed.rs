//! What a build script leaves in `OUT_DIR`.
#![cfg(feature = "build")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use migrate_build::embedded::Embedded;
use migrate_build::{Builder, Error, Level, Outcome, configure};

/// A package with a migrations folder, and a place for what is generated.
struct Package {
    dir: tempfile::TempDir,
}

impl Package {
    fn new(files: &[(&str, &str)]) -> Self {
        let package = Self { dir: tempfile::tempdir().unwrap() };
        package.write("Cargo.toml", "[package]\nname = \"shop\"\n[workspace]\n");
        fs::create_dir_all(package.path("migrations/versions")).unwrap();
        fs::create_dir(package.path("out")).unwrap();
        for (file, text) in files {
            package.write(&format!("migrations/versions/{file}"), text);
        }
        package
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    fn builder(&self) -> Builder {
        configure().manifest_dir(self.dir.path()).out_dir(self.path("out"))
    }

    fn embed(&self) -> Outcome {
        self.builder().try_embed().unwrap()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path("out/migrate_build.sql")).unwrap()
    }

    fn module(&self) -> String {
        fs::read_to_string(self.path("out/migrate_build.rs")).unwrap()
    }

    /// Waits until whatever is written has another time than what was written before, and returns the times in `out`.
    fn times(&self) -> Vec<(PathBuf, SystemTime)> {
        let files = fs::read_dir(self.path("out")).unwrap().map(|entry| entry.unwrap());
        let times = files.map(|file| (file.path(), file.metadata().unwrap().modified().unwrap())).collect::<Vec<_>>();
        let probe = self.path("probe");
        loop {
            fs::write(&probe, "").unwrap();
            let now = fs::metadata(&probe).unwrap().modified().unwrap();
            if times.iter().all(|&(_, time)| time < now) {
                fs::remove_file(&probe).unwrap();
                return times;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn modified(&self, file: &str) -> SystemTime {
        fs::metadata(self.path("out").join(file)).unwrap().modified().unwrap()
    }
}

const UP: &str = "--! transaction = false\n--! lock-timeout = \"5s\"\nvacuum;\n";

fn rules(outcome: &Outcome) -> Vec<(&str, Level)> {
    outcome.diagnostics.iter().map(|finding| (finding.rule, finding.level)).collect()
}

#[test]
fn what_is_embedded_reads_back() {
    let package = Package::new(&[
        ("V1__a.sql", "create table a ();\n"),
        ("V1__a.down.sql", "drop table a;\n"),
        ("U2__b.sql", UP),
        ("U2__b.down.sql", "vacuum;"),
    ]);
    let outcome = package.builder().history("app.history").try_embed().unwrap();
    assert_eq!(rules(&outcome), []);
    assert_eq!(outcome.module, package.path("out/migrate_build.rs"));
    let text = package.text();
    let embedded = Embedded::parse(&text).unwrap();
    assert_eq!(embedded.history.as_deref(), Some("app.history"));
    let [a, b] = embedded.migrations.as_slice() else { panic!("{embedded:?}") };
    assert_eq!((a.version, a.parents.as_slice(), a.transaction, a.unversioned), (1, &[][..], true, false));
    assert_eq!((a.up.as_ref(), a.down.as_deref()), ("create table a ();\n", Some("drop table a;\n")));
    assert_eq!((b.version, b.parents.as_slice(), b.transaction, b.unversioned), (2, &[1][..], false, true));
    assert_eq!((b.file.as_ref(), b.up.as_ref()), ("migrations/versions/U2__b.sql", UP));
    assert_eq!(b.lock_timeout, Some(Duration::from_secs(5)));
    assert!(package.module().contains("pub static MIGRATIONS: ::migrate_build::runtime::Migrations"));
}

#[test]
fn line_ends_and_marks_make_no_difference() {
    let unix = Package::new(&[("V1__a.sql", UP), ("V1__a.down.sql", "vacuum;\n")]);
    let windows = Package::new(&[
        ("V1__a.sql", &format!("\u{feff}{}", UP.replace('\n', "\r\n"))),
        ("V1__a.down.sql", "\u{feff}vacuum;\r\n"),
    ]);
    assert_eq!(rules(&unix.embed()), []);
    assert_eq!(rules(&windows.embed()), []);
    assert_eq!(unix.text(), windows.text());
}

#[test]
fn files_are_written_only_where_they_change() {
    let package = Package::new(&[("V1__a.sql", "select 1;"), ("V1__a.down.sql", "select 1;")]);
    package.embed();
    let before = package.times();
    assert_eq!(before.len(), 3);
    package.embed();
    assert_eq!(package.times(), before);
    let then = package.modified("migrate_build.rs");
    package.write("migrations/versions/V1__a.sql", "select 2;");
    package.embed();
    assert_eq!(package.modified("migrate_build.rs"), then);
    assert!(package.modified("migrate_build.sql") > then);
    assert!(package.modified("migrate_build.cache") > then);
    assert!(package.text().ends_with("\n\nselect 2;select 1;"));
}

#[test]
fn findings_of_unchanged_scripts_are_taken_from_the_cache() {
    let package = Package::new(&[("V1__a.sql", "select 1;"), ("V2__b.sql", "select 1;")]);
    let first = package.embed();
    assert_eq!(rules(&first), [("missing-down", Level::Warn); 2]);
    // What the cache says is believed as long as the script stays as it is.
    let cache = fs::read_to_string(package.path("out/migrate_build.cache")).unwrap();
    let told = cache.replace("V1__a", "V1__told");
    assert_ne!(cache, told);
    package.write("out/migrate_build.cache", &told);
    let second = package.embed();
    assert!(second.diagnostics.iter().any(|finding| finding.location().contains("V1__told")), "{second:?}");
    package.write("migrations/versions/V1__a.sql", "select 2;");
    let third = package.embed();
    assert!(third.diagnostics.iter().all(|finding| !finding.location().contains("told")), "{third:?}");
    // Levels are applied to what the cache holds.
    let denied = package.builder().rule("missing-down", Level::Deny).try_embed().unwrap();
    assert_eq!(rules(&denied), [("missing-down", Level::Deny); 2]);
}

#[test]
fn an_edit_is_seen_whatever_the_files_time_says() {
    let package = Package::new(&[("V1__a.sql", "select 1;"), ("V1__a.down.sql", "select 1;")]);
    let up = package.path("migrations/versions/V1__a.sql");
    let then = fs::metadata(&up).unwrap().modified().unwrap();
    assert_eq!(rules(&package.embed()), []);
    for (file, text, expected) in [
        ("V1__a.sql", "select (;", vec![("syntax-error", Level::Deny)]),
        ("V1__a.sql", "select 2;", vec![]),
        ("V1__a.down.sql", "select (;", vec![("syntax-error", Level::Deny)]),
    ] {
        // As many bytes and the same time: what `git checkout`, `cp -p` and a coarse clock can make.
        package.write(&format!("migrations/versions/{file}"), text);
        fs::File::options()
            .append(true)
            .open(package.path("migrations/versions").join(file))
            .unwrap()
            .set_modified(then)
            .unwrap();
        assert_eq!(rules(&package.embed()), expected, "{file}: {text}");
        assert_eq!(rules(&package.embed()), expected, "{file}: {text}, from the cache");
    }
}

#[test]
fn findings_go_with_one_text_only() {
    let package = Package::new(&[("V1__a.sql", "select (;"), ("V1__a.down.sql", "select 1;")]);
    assert!(package.embed().refused());
    let (text, cache) = (package.path("out/migrate_build.sql"), package.path("out/migrate_build.cache"));
    let broken = fs::read(&text).unwrap();
    package.write("migrations/versions/V1__a.sql", "select 1;");
    assert_eq!(rules(&package.embed()), []);
    let clean = fs::read(&cache).unwrap();
    // As if a run had ended between the two, or somebody had put back one of them.
    package.times();
    fs::write(&text, broken).unwrap();
    package.write("migrations/versions/V1__a.sql", "select (;");
    assert_eq!(fs::read(&cache).unwrap(), clean);
    assert_eq!(rules(&package.embed()), [("syntax-error", Level::Deny)]);
}

#[test]
fn nothing_outdated_is_compiled_after_an_error() {
    let package = Package::new(&[("V1__a.sql", "select 1;"), ("V1__a.down.sql", "select 1;")]);
    assert!(!package.embed().refused());
    package.write("migrations/versions/V1__b.sql", "select 1;");
    package.write("migrations/versions/V3_c.sql", "select 1;");
    package.write("migrations/versions/V4__d.sql", "--! allow = [\"missing-down\"]\nselect (;");
    let outcome = package.embed();
    assert!(outcome.refused());
    let found: Vec<&str> = outcome.diagnostics.iter().map(|finding| finding.rule).collect();
    assert_eq!(found, ["duplicate-version", "unknown-file", "syntax-error"], "{outcome:#?}");
    assert!(package.module().contains("compile_error!"));
    fs::remove_file(package.path("migrations/versions/V1__b.sql")).unwrap();
    fs::remove_file(package.path("migrations/versions/V3_c.sql")).unwrap();
    fs::remove_file(package.path("migrations/versions/V4__d.sql")).unwrap();
    assert!(!package.embed().refused());
    assert!(package.module().contains("MIGRATIONS"));
}

#[test]
fn what_is_no_text_is_refused_whatever_the_level() {
    let package = Package::new(&[("V1__a.sql", "select 1;\0"), ("V1__a.down.sql", "select 1;")]);
    fs::write(package.path("migrations/versions/V2__b.sql"), b"select '\xff';").unwrap();
    let outcome = package.builder().rule("syntax-error", Level::Allow).try_embed().unwrap();
    let found: Vec<&str> = outcome.diagnostics.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        found,
        [
            "`migrations/versions/V1__a.sql` holds a NUL character: byte 9, in line 1",
            "`migrations/versions/V2__b.sql` is not UTF-8: byte 8, in line 1",
        ]
    );
    assert!(outcome.refused());
}

#[test]
fn the_manifest_configures_and_the_builder_overrides() {
    let package = Package::new(&[]);
    fs::create_dir_all(package.path("db/versions")).unwrap();
    package.write("db/versions/V1__a.sql", "select 1;");
    package.write(
        "Cargo.toml",
        "[package]\nname = \"shop\"\n[package.metadata.migrate]\ndir = \"db\"\nhistory = \"h\"\nrules.missing-down = \"deny\"\n[workspace]\n",
    );
    assert_eq!(rules(&package.embed()), [("missing-down", Level::Deny)]);
    let outcome = package.builder().rule("missing-down", Level::Allow).history("mine").try_embed().unwrap();
    assert_eq!(rules(&outcome), []);
    assert!(package.text().starts_with("migrate-build 2\tmine\n1\ta\tdb/versions/V1__a.sql\t"));
}

#[track_caller]
fn refused(builder: Builder, message: &str, help: &str) -> Error {
    let error = builder.try_embed().unwrap_err();
    assert_eq!((error.to_string().as_str(), error.help().as_deref()), (message, Some(help)));
    error
}

#[test]
fn misuse_is_an_error_with_its_cure() {
    let package = Package::new(&[]);
    refused(
        package.builder(),
        "there is no migration in `migrations/versions`",
        "run `cargo migrate new NAME`, which writes the first one",
    );
    assert!(package.module().contains("compile_error!"));
    refused(package.builder().dir("db"), "there is no folder `db`", "run `cargo migrate init`, which creates it");
    refused(
        package.builder().rule("missing-downs", Level::Warn),
        "option `rule`: unknown rule `missing-downs`",
        "did you mean `missing-down`?",
    );
    refused(
        package.builder().rule("duplicate-version", Level::Warn),
        "option `rule`: `duplicate-version` is always `deny`",
        "without what the rule demands there is no history to apply",
    );
    refused(
        package.builder().history("a.b.c"),
        "option `history`: `a.b.c` has more than a schema and a table",
        "write `.history(\"table\")` or `.history(\"schema.table\")`",
    );
    package.write("Cargo.toml", "[package.metadata.migrate]\nrule = {}\n[workspace]\n");
    refused(
        package.builder(),
        "Cargo.toml:2:1: unknown key `rule` in `[package.metadata.migrate]`",
        "did you mean `rules`?",
    );
}

#[test]
fn nothing_is_written_elsewhere() {
    let package = Package::new(&[("V1__a.sql", "select 1;")]);
    package.embed();
    let mut files = Vec::new();
    list(package.dir.path(), &mut files);
    files.sort();
    let files: Vec<_> = files.iter().map(|file| file.strip_prefix(package.dir.path()).unwrap()).collect();
    let expected = [
        "Cargo.toml",
        "migrations/versions/V1__a.sql",
        "out/migrate_build.cache",
        "out/migrate_build.rs",
        "out/migrate_build.sql",
    ];
    assert_eq!(files, expected.map(Path::new));
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

#[test]
fn many_scripts_are_all_checked_and_keep_their_order() {
    let package = Package::new(&[]);
    for version in 1..=100 {
        let up = if version % 10 == 0 { "select (;" } else { "select 1;" };
        package.write(&format!("migrations/versions/V{version:03}__a.sql"), up);
        package.write(&format!("migrations/versions/V{version:03}__a.down.sql"), "select 1;");
    }
    let located = |outcome: &Outcome| -> Vec<String> { outcome.diagnostics.iter().map(|f| f.location()).collect() };
    let first = located(&package.embed());
    let expected: Vec<String> = (1..=10).map(|tens| format!("migrations/versions/V{tens:02}0__a.sql:1:9")).collect();
    assert_eq!(first, expected);
    assert_eq!(located(&package.embed()), expected, "from the cache");
    for tens in 1..=10 {
        package.write(&format!("migrations/versions/V{tens:02}0__a.sql"), "select 2;");
    }
    assert_eq!(located(&package.embed()), Vec::<String>::new());
    let text = package.text();
    let embedded = Embedded::parse(&text).unwrap();
    assert_eq!(embedded.migrations.iter().map(|m| m.version).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
    assert_eq!(embedded.migrations[9].up, "select 2;");
}

/// What is kept of unchanged scripts from one build to the next does not outlive a change of their seals, and no build
/// writes the lock.
#[test]
fn a_seal_is_looked_at_though_its_script_did_not_change() {
    let package = Package::new(&[("V1__a.sql", "select 1;\n"), ("V1__a.down.sql", "select 2;\n")]);
    package.embed();
    assert_eq!(rules(&package.embed()), []);
    assert!(!package.path("migrations/migrate.lock").exists());
    let seal = |up: &str| {
        let mut lock = migrate_build::lock::Lock::default();
        let hash = migrate_build::lock::Hash::of;
        lock.seal(1, "V1__a".to_owned(), hash(up), Some(hash("select 2;\n")), vec![]);
        package.write("migrations/migrate.lock", &lock.to_text());
        package.embed()
    };
    assert_eq!(rules(&seal("select 3;\n")), [("sealed-edited", Level::Deny)]);
    assert_eq!(rules(&package.embed()), [("sealed-edited", Level::Deny)]);
    assert_eq!(rules(&seal("select 1;\n")), []);
}
