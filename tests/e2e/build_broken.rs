//! A history that must not compile: cargo's errors name the rule, the place and the cure, and nothing outdated is compiled.

use fs_err as fs;
use insta::{assert_snapshot, with_settings};
use tests::project::Project;

const VERSIONS: &str = "migrations/versions";
const V1: &str = "migrations/versions/V1__create_books.sql";
const V3: &str = "migrations/versions/V3__add_price.sql";

/// A case by its name, and what is done to a sound package.
type Case = (&'static str, fn(&Project));

/// Each of them, alone, stops the build.
const CASES: &[Case] = &[
    ("two_heads", |project| two_heads(project)),
    ("missing_parent", |project| project.replace(V3, "[2]", "[7]")),
    ("no_parent_named", |project| project.replace(V3, "--! parents = [2]\n", "")),
    ("younger_parent", |project| project.replace(V1, "create", "--! parents = [2]\ncreate")),
    ("no_sql", |project| project.replace(V3, "add price numeric", "add price, numeric")),
    ("unterminated", |project| project.replace(V1, "not null", "default 'none")),
    ("unknown_key", |project| project.replace(V3, "irreversible", "irreversable")),
    ("bad_toml", |project| project.replace(V3, "[2]", "[2")),
    ("not_utf8", |project| project.write(V1, b"create table books ();\n-- caf\xe9\n")),
    ("misnamed", |project| project.write(format!("{VERSIONS}/V4_add_year.sql"), "select 4;")),
    ("out_of_range", |project| project.write(format!("{VERSIONS}/V9223372036854775808__late.sql"), "select 4;")),
    ("equal_versions", |project| project.write(format!("{VERSIONS}/V3__add_weight.sql"), "select 3;")),
    ("down_without_up", |project| project.write(format!("{VERSIONS}/V4__add_year.down.sql"), "select 4;")),
    ("empty_folder", |project| {
        project.remove(VERSIONS);
        fs::create_dir(project.path(VERSIONS)).unwrap();
    }),
    ("missing_folder", |project| project.remove("migrations")),
    ("missing_versions", |project| {
        project.remove(VERSIONS);
        project.write("migrations/V1__create_books.sql", "select 1;");
    }),
    ("all_at_once", |project| {
        two_heads(project);
        project.replace(V1, "not null", "default 'none");
        project.write(format!("{VERSIONS}/V3__add_weight.sql"), "select 3;");
        project.write(format!("{VERSIONS}/V5_add_year.sql"), "select 5;");
        project.remove(format!("{VERSIONS}/V2__add_isbn.down.sql"));
    }),
    ("two_headers_at_once", |project| {
        project.replace(V3, "irreversible", "irreversable");
        project.write(format!("{VERSIONS}/V4__add_year.sql"), "--! parents = [9]\n--! transaktion = false\nselect 4;");
    }),
];

fn two_heads(project: &Project) {
    project.replace(V3, "[2]", "[1]");
}

/// The program of before is not what a later step finds: cargo has none to run, and the module refuses to compile.
#[test]
fn broken_histories_do_not_compile() {
    let project = Project::copy("shop");
    project.cargo(&["build", "--lib"]).success();
    let module = project.out_dir().join("migrate_build.rs");
    let good = fs::read_to_string(&module).unwrap();
    let kept = project.path("kept");
    fs::rename(project.path("migrations"), &kept).unwrap();
    for (name, break_it) in CASES {
        project.copy_folder(&kept, "migrations".as_ref());
        break_it(&project);
        let build = project.cargo(&["build", "--lib"]);
        with_settings!({ snapshot_suffix => *name }, { assert_snapshot!(build.messages()) });
        build.ended(101);
        let refused = fs::read_to_string(&module).unwrap();
        assert!(refused.contains("compile_error!") && !refused.contains("MIGRATIONS"), "{name}: {refused}");
        if project.path("migrations").exists() {
            project.remove("migrations");
        }
    }
    fs::rename(kept, project.path("migrations")).unwrap();
    assert_eq!(project.cargo(&["build", "--lib"]).success().messages(), "");
    assert_eq!(fs::read_to_string(&module).unwrap(), good);
}

/// The command that the error names is run as it stands there, and the build passes.
#[test]
fn the_command_that_is_named_cures() {
    let project = Project::copy("shop");
    two_heads(&project);
    let errors = project.cargo(&["build"]).ended(101).messages();
    let (_, command) = errors.split_once("help: join them: `cargo migrate ").unwrap();
    let (command, _) = command.split_once('`').unwrap();
    assert_eq!(command, "merge -m \"merge heads\"");
    project.migrate(&["merge", "-m", "merge heads"]).success();
    let program = project.cargo(&["run"]).success();
    assert_eq!(program.messages(), "");
    assert!(program.stdout.contains(" merge_heads on [2, 3]: "), "{}", program.stdout);

    // A wrong parent is cured by the version that the message names.
    project.replace(V3, "[1]", "[20]");
    let errors = project.cargo(&["build"]).ended(101).messages();
    assert!(errors.contains("[missing-parent]") && errors.contains(&format!("--> {V3}:1:16")), "{errors}");
    project.replace(V3, "[20]", "[2]");
    project.cargo(&["build", "--lib"]).success();
}
