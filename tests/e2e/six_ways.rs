//! Six ways to break a history, by somebody who copies the first command of the first message, again until there is none.

use tests::bench::{Bench, LINE};
use tests::output::Output;

use crate::repair_case::{agrees, commit};

const V2: &str = "migrations/versions/V2__add_isbn";
const V3: &str = "migrations/versions/V3__add_price";

/// What is done to the files.
/// A way to break a history, and its name.
type Way = (&'static str, fn(&Bench));

const WAYS: [Way; 6] = [
    ("edit", |bench| bench.project.replace(format!("{V2}.sql"), "text", "varchar(13)")),
    ("delete", |bench| both(V2, |file| bench.project.remove(file))),
    ("rename", |bench| both(V2, |file| bench.project.rename(file, &file.replace("add_isbn", "isbn")))),
    ("other parents", |bench| bench.project.replace(format!("{V3}.sql"), "[2]", "[1]")),
    ("two heads", |bench| {
        bench.script("V4__add_year.sql", "--! parents = [2]\nalter table books add year int;\n");
        bench.script("V4__add_year.down.sql", "alter table books drop year;\n");
    }),
    ("other order", |bench| {
        both(V2, |file| bench.project.rename(file, &file.replace("V2__add_isbn", "V9__x")));
        both(V3, |file| bench.project.rename(file, &file.replace('3', "2")));
        both("migrations/versions/V9__x", |file| bench.project.rename(file, &file.replace("V9__x", "V3__add_isbn")));
    }),
];

fn both(stem: &str, change: impl Fn(&str)) {
    change(&format!("{stem}.sql"));
    change(&format!("{stem}.down.sql"));
}

/// Three migrations, with their database in `.env`, so that what is copied finds it.
fn bench() -> Bench {
    let bench = Bench::new(LINE);
    bench.project.write(".env", format!("DATABASE_URL={}\n", bench.database.url().expose()));
    bench.project.write(".gitignore", ".env\n");
    bench
}

/// The first command that a message names.
#[track_caller]
fn first_command(output: &Output) -> String {
    let (_, rest) = output.stderr.split_once("help: ").unwrap_or_else(|| panic!("no help: {output:?}"));
    let line = rest.lines().next().unwrap();
    let is_command = |part: &&str| ["cargo ", "git ", "mv ", "rm "].iter().any(|program| part.starts_with(program));
    line.split('`').find(is_command).unwrap_or_else(|| panic!("no command: {line}")).to_owned()
}

/// Runs a command, and what its message says first, until it passes. Returns what was copied.
#[track_caller]
fn cured(bench: &Bench, command: &str) -> Vec<String> {
    let mut copied = Vec::new();
    loop {
        let output = bench.project.shell(command);
        if output.code == Some(0) {
            return copied;
        }
        // Two migrations that changed places are four scripts.
        assert!(copied.len() < 6, "{copied:#?}\n{output:?}");
        let next = first_command(&output);
        // Who copies it answers its question.
        let answer = if next.ends_with("cargo migrate repair --restore") { " --yes" } else { "" };
        bench.project.shell(&format!("{next}{answer}")).success();
        copied.push(next);
    }
}

#[test]
fn of_what_is_sealed_committed_and_applied() {
    for (way, break_it) in WAYS {
        for command in ["cargo migrate check", "cargo migrate upgrade"] {
            let bench = bench();
            bench.migrate(&["seal"]).success();
            bench.project.commit("sealed");
            bench.migrate(&["upgrade"]).success();
            break_it(&bench);
            commit(&bench, "broken");
            assert!(!cured(&bench, command).is_empty(), "{way} went unnoticed by {command}");
            bench.migrate(&["upgrade"]).success();
            agrees(&bench);
        }
    }
}

#[test]
fn of_what_is_committed() {
    for (way, break_it) in WAYS {
        for commits in [false, true] {
            let bench = bench();
            bench.project.commit("start");
            bench.project.git(&["switch", "--quiet", "--create", "topic"]).success();
            break_it(&bench);
            if commits {
                commit(&bench, "broken");
            }
            assert!(!cured(&bench, "cargo migrate check").is_empty(), "{way} went unnoticed");
            bench.migrate(&["upgrade"]).success();
            agrees(&bench);
        }
    }
}

/// Without git there are the files and what the database has of them.
#[test]
fn of_what_is_applied() {
    for (way, break_it) in WAYS {
        let bench = bench();
        bench.migrate(&["upgrade"]).success();
        break_it(&bench);
        assert!(!cured(&bench, "cargo migrate upgrade").is_empty(), "{way} went unnoticed");
        agrees(&bench);
    }
}
