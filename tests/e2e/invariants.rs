//! The invariants of `docs/architecture.md` that are about the text of the code: who may do what, and who may know whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use fs_err as fs;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The code of every Rust file below a folder, by its path from the repository's root, without comments and unit tests.
fn code_below(folder: &str) -> BTreeMap<String, Vec<(usize, String)>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.ends_with(".rs") {
                let text = fs::read_to_string(entry.path()).unwrap();
                files.insert(path, code_of(&text));
            }
        }
    }
    assert!(!files.is_empty(), "no code in {folder}");
    files
}

/// The numbered lines of code. Unit tests stand below it.
fn code_of(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let end = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod "));
    let code = lines.iter().take(end.unwrap_or(lines.len())).enumerate();
    code.filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(at, line)| (at + 1, (*line).to_owned()))
        .collect()
}

/// Fails where a file of `folder` that is in none of the `allowed` places says one of the `words`.
#[track_caller]
fn only(why: &str, folder: &str, words: &[&str], allowed: &[&str]) {
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, code) in code_below(folder) {
        let place =
            allowed.iter().find(|place| path.strip_prefix(folder).is_some_and(|rest| rest[1..].starts_with(**place)));
        for (number, line) in code {
            let Some(word) = words.iter().find(|word| says(&line, word)) else { continue };
            match place {
                Some(place) => _ = used.insert(*place),
                None => wrong.push(format!("{path}:{number}: `{word}` in `{}`", line.trim())),
            }
        }
    }
    assert!(wrong.is_empty(), "{why}, and here it is elsewhere:\n{}", wrong.join("\n"));
    // A list that allows what nobody does any more would let it come back unseen.
    let idle: Vec<_> = allowed.iter().filter(|place| !used.contains(*place)).collect();
    assert!(idle.is_empty(), "{why}: nothing of it is left in {idle:?}, take it off the list");
}

/// Fails where a file of `folder` says one of the `words`.
#[track_caller]
fn never(why: &str, folder: &str, words: &[&str]) {
    only(why, folder, words, &[]);
}

/// Whether a line has a word that is no part of a longer one.
fn says(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !(word.starts_with(part) && before.ends_with(part) || word.ends_with(part) && after.starts_with(part))
    })
}

#[test]
fn words_are_found_whole() {
    assert!(says("use crate::engine::git;", "crate::engine") && says("(env::var(name))", "env::var"));
    assert!(!says("use crate::engines;", "crate::engine") && !says("std::eprintln!()", "println!"));
    assert_eq!(code_of("a\n  // b\n#[cfg(test)]\nmod tests {\n"), [(1, "a".to_owned())]);
}

#[test]
fn the_folder_is_read_in_one_place() {
    only(
        "`migration::dir` reads the migrations folder, `settings::read` the manifests, `builder` what it wrote, and the rest is pure",
        "migrate-build/src",
        &["fs::", "read_dir", "File::"],
        &["builder/", "migration/dir/", "settings/read.rs"],
    );
}

#[test]
fn cargo_is_spoken_to_in_one_place() {
    only(
        "`builder` reads `OUT_DIR`, which the macro of `lib.rs` includes from",
        "migrate-build/src",
        &["\"OUT_DIR\""],
        &["builder/embed.rs", "lib.rs"],
    );
    only("`builder::report` prints `cargo::` lines", "migrate-build/src", &["\"cargo::"], &["builder/report.rs"]);
    only(
        "`builder::report` prints, and nothing else of migrate-build",
        "migrate-build/src",
        &["println!", "eprintln!", "print!", "eprint!", "stdout()", "stderr()"],
        &["builder/report.rs"],
    );
    only(
        "`builder` reads the environment",
        "migrate-build/src",
        &["env::var", "env::var_os", "env::vars", "env::vars_os"],
        &["builder/embed.rs"],
    );
}

#[test]
fn only_ui_prints() {
    only(
        "`ui` prints, and nothing else of cargo-migrate",
        "cargo-migrate/src",
        &["println!", "eprintln!", "print!", "eprint!", "stdout()", "stderr()"],
        &["ui"],
    );
}

#[test]
fn only_config_reads_the_environment() {
    only(
        "`config::environment` reads the environment",
        "cargo-migrate/src",
        &["env::var", "env::var_os", "env::vars", "env::vars_os", "dotenvy::"],
        &["config/environment.rs"],
    );
}

#[test]
fn only_three_talk_to_a_server() {
    only(
        "`engine`, `schema` and `scratch` talk to a server",
        "cargo-migrate/src",
        &[
            "simple_query",
            "simple_query_raw",
            "batch_execute",
            ".query(",
            ".query_one(",
            ".query_opt(",
            ".execute(",
            "tokio_postgres::connect",
            "config.connect(",
            "cancel_query",
        ],
        &["engine/", "schema/introspect.rs", "scratch/"],
    );
}

#[test]
fn commands_are_on_top() {
    only(
        "nothing but the command line knows the commands",
        "cargo-migrate/src",
        &["crate::commands", "commands::"],
        &["cli.rs"],
    );
}

#[test]
fn layers_know_only_those_below_them() {
    let above = |layers: &[&str]| layers.iter().map(|layer| format!("crate::{layer}")).collect::<Vec<_>>();
    for (layer, never_known) in [
        ("schema", above(&["engine", "scratch", "promote", "ui", "context", "cli"])),
        ("diff", above(&["engine", "scratch", "promote", "ui", "context", "cli", "config"])),
        ("sql", above(&["engine", "scratch", "promote", "ui", "context", "cli", "config"])),
        ("scratch", above(&["engine", "schema", "promote", "ui", "context", "cli"])),
        ("config", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli"])),
        ("authoring", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli"])),
        ("expand", above(&["engine", "scratch", "promote", "ui", "context", "cli", "config"])),
        ("scaffold", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli"])),
        ("rendering", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli"])),
        ("environments", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli", "git"])),
        ("graph_view", above(&["engine", "schema", "scratch", "promote", "context", "cli"])),
        ("sealing", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli", "config"])),
        ("git", above(&["engine", "schema", "scratch", "promote", "repair", "ui", "context", "cli", "config"])),
        ("committed", above(&["engine", "schema", "scratch", "promote", "rebase", "ui", "context", "cli"])),
        ("rebase", above(&["engine", "schema", "scratch", "promote", "git", "config", "ui", "context", "cli"])),
        ("repair", above(&["schema", "scratch", "promote", "cli"])),
        ("generate", above(&["ui", "context", "cli", "promote"])),
        ("models", above(&["engine", "scratch", "promote", "ui", "context", "cli", "config"])),
        ("hazards", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli", "config", "lint"])),
        ("plan", above(&["engine", "schema", "scratch", "promote", "context", "cli", "config"])),
        ("lint", above(&["engine", "schema", "scratch", "promote", "ui", "context", "cli"])),
        ("ui", above(&["engine", "schema", "scratch", "promote", "context", "cli"])),
        ("engine", above(&["schema", "scratch", "promote", "repair", "cli"])),
    ] {
        let words: Vec<&str> = never_known.iter().map(String::as_str).collect();
        never(&format!("`{layer}` knows nothing of what is above it"), &format!("cargo-migrate/src/{layer}"), &words);
    }
}

#[test]
fn the_runtime_needs_nothing_of_the_build_side() {
    let build = [
        "builder",
        "cache",
        "check",
        "codegen",
        "diagnostic",
        "error",
        "lock",
        "migration",
        "render",
        "rules",
        "settings",
    ];
    let words: Vec<String> = build.iter().map(|module| format!("crate::{module}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    never("what applications link does without the build side", "migrate-build/src/runtime", &words);
}

#[test]
fn crates_that_may_be_replaced_have_one_importer() {
    only("squawk's parser", "migrate-build/src", &["squawk_parser"], &["rules/squawk.rs"]);
    only("squawk's linter", "cargo-migrate/src", &["squawk_linter", "squawk_syntax"], &["lint/squawk.rs"]);
    only("annotate-snippets", "migrate-build/src", &["annotate_snippets"], &["render.rs"]);
    only("refinery", "migrate-build/src", &["refinery_core"], &["runtime/set.rs"]);
    only("testcontainers", "cargo-migrate/src", &["testcontainers"], &["scratch/"]);
    only("syn", "cargo-migrate/src", &["syn::"], &["models/"]);
    only("rustls", "cargo-migrate/src", &["rustls::", "rustls_native_certs::"], &["engine/"]);
}

#[test]
fn packages_know_only_those_below_them() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    let known: BTreeMap<&str, BTreeSet<&str>> = packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            // What tests use is in nobody's program.
            let dependencies = dependencies.filter(|dependency| dependency["kind"] != "dev");
            let names = dependencies.map(|dependency| dependency["name"].as_str().unwrap());
            (package["name"].as_str().unwrap(), names.filter(|name| ours.contains(name)).collect())
        })
        .collect();
    let expected = BTreeMap::from([
        ("cargo-migrate", BTreeSet::from(["migrate-build", "migrate-build-model"])),
        ("example-app", BTreeSet::from(["migrate-build"])),
        ("migrate-build", BTreeSet::from(["migrate-build-derive"])),
        ("migrate-build-derive", BTreeSet::from(["migrate-build-model"])),
        ("migrate-build-model", BTreeSet::new()),
        ("tests", BTreeSet::from(["cargo-migrate", "migrate-build"])),
        ("xtask", BTreeSet::from(["cargo-migrate", "migrate-build"])),
    ]);
    for (package, known) in &known {
        let allowed = expected.get(package).unwrap_or_else(|| panic!("`{package}` is not in docs/architecture.md"));
        assert!(known.is_subset(allowed), "`{package}` may depend on {allowed:?} of ours, and depends on {known:?}");
    }
    assert_eq!(known.len(), expected.len());
}

#[test]
fn code_is_in_five_folders() {
    let mut folders = BTreeSet::new();
    for entry in fs::read_dir(root()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() && !name.starts_with('.') && name != "target" {
            folders.insert(name);
        }
    }
    let expected = ["cargo-migrate", "docs", "example-app", "migrate-build", "tests", "xtask"];
    assert_eq!(folders, expected.map(str::to_owned).into());
}

#[test]
fn no_test_file_is_forgotten() {
    for folder in ["tests/e2e", "example-app/tests/service"] {
        let main = fs::read_to_string(root().join(folder).join("main.rs")).unwrap();
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") else { continue };
            assert!(main.lines().any(|line| line == format!("mod {module};")), "{folder}/main.rs does not name {name}");
        }
    }
}
