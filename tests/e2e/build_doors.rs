//! The other ways in: the builder, a workspace, a crate under another name, refinery's folder; and two versions of the crate
//! that don't go together.

use fs_err as fs;
use migrate_build::embedded::FORMAT;
use tests::environment::workspace;
use tests::project::Project;

/// A member of a workspace that knows migrate-build by another name, writes to a folder of its own, and tells cargo nothing
/// of what was found: the module itself refuses to compile.
#[test]
fn a_member_builds_by_the_builder() {
    let project = Project::copy("workspace");
    let run = || project.cargo(&["run"]);
    let printed = |version| format!("head Some({version}), history Some(\"ops.history\")\n");
    let refused = "error: the migrations were not embedded: the build script's output says why\n";
    assert_eq!(run().success().stdout, printed(1));
    assert!(!project.out_dir().join("migrate_build.rs").exists());

    // A level of the workspace, and its manifest changed.
    project.write("sql/versions/V2__b.sql", "create table b ();\n");
    let errors = run().ended(101).messages();
    assert!(errors.contains("Deny missing-down\n") && errors.contains(refused), "{errors}");
    project.replace("Cargo.toml", "\"deny\"", "\"warn\"");
    let output = run().success();
    assert_eq!(output.messages(), "warning: shop@0.1.0: Warn missing-down\n");
    assert_eq!(output.stdout, printed(2));

    // A level of the builder.
    project.write("sql/versions/V2__b.sql", "-- nothing\n");
    let errors = run().ended(101).messages();
    assert!(errors.contains("Deny empty-migration\n") && errors.contains(refused), "{errors}");

    // An error, which is no finding.
    project.remove("sql");
    let errors = run().ended(101).messages();
    assert!(errors.contains("warning: shop@0.1.0: there is no folder `../sql`\n"), "{errors}");
    assert!(errors.contains(refused), "{errors}");
}

/// What one version of the crate wrote is not what another one reads.
#[test]
fn another_format_does_not_compile() {
    let project = Project::copy("shop");
    let crate_dir = workspace().join("migrate-build");
    project.copy_folder(&crate_dir.join("src"), "other/src".as_ref());
    let constant = |format: u32| format!("pub const FORMAT: u32 = {format};");
    project.replace("other/src/embedded.rs", &constant(FORMAT), &constant(FORMAT + 1));
    // One manifest of the two that the crate has, under a name that cargo can tell from the real one's.
    let package = fs::read_to_string(crate_dir.join("Cargo.toml")).unwrap();
    let package = package.replace("name = \"migrate-build\"", "name = \"shop_format\"");
    let (package, _) = package.split_once("[dev-dependencies]").unwrap();
    let workspace = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let (_, workspace) = workspace.split_once("[workspace.package]").unwrap();
    let (workspace, _) = workspace.split_once("[profile.dev]").unwrap();
    // The copy has another folder to start from.
    let derive = crate_dir.join("derive");
    let workspace =
        workspace.replace("path = \"migrate-build/derive\"", &format!("path = {:?}", derive.to_str().unwrap()));
    project.write_source(
        "other/Cargo.toml",
        &format!("{package}\n[lints]\nworkspace = true\n\n[workspace]\n\n[workspace.package]{workspace}"),
    );
    let manifest = project.read("Cargo.toml");
    let (manifest, _) = manifest.split_once("[build-dependencies]").unwrap();
    let package = format!("{}_format", project.name());
    project.write(
        "Cargo.toml",
        format!("{manifest}[build-dependencies]\nother = {{ package = \"{package}\", path = \"other\" }}\n"),
    );
    project.replace("build.rs", "migrate_build::", "other::");
    let errors = project.cargo(&["build", "--lib"]).ended(101).messages();
    let message = "migrate-build in [build-dependencies] and in [dependencies] are of different versions: give both the \
                   same one";
    assert!(errors.contains(message), "{errors}");
}

/// The folder that refinery's own tools work on is the same list here, with the same checksums.
#[test]
fn a_plain_refinery_folder_works() {
    let project = Project::copy("shop");
    let folder = project.path("migrations/versions");
    project.remove("migrations");
    for (file, sql) in [
        ("V1__initial.sql", "CREATE TABLE persons (id int, name varchar(255));"),
        ("V2__add_cars_and_motos_table.sql", "create table cars (id int);\n\ncreate table motos (id int)\n"),
        ("U3__add_brand.sql", "alter table cars add brand varchar(255);\n"),
        ("V10__grüße.sql", "-- ünïcode\nselect 'ä';"),
    ] {
        project.write(folder.join(file), sql);
    }
    let printed = || {
        let printed = project.cargo(&["run", "--quiet"]).success().stdout;
        let lines = printed.lines().filter_map(|line| line.strip_prefix("refinery: "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let expected = || {
        let mut migrations = refinery::load_sql_migrations(&folder).unwrap();
        migrations.sort();
        let lines = migrations.iter().map(|m| format!("{:?} {m} {}", m.prefix(), m.checksum()));
        lines.collect::<Vec<_>>()
    };
    let before = expected();
    assert_eq!(before.len(), 4);
    assert_eq!(printed(), before);
    // Refinery passes over down scripts.
    project.write(folder.join("V1__initial.down.sql"), "drop table persons;");
    project.write(folder.join("U3__add_brand.down.sql"), "alter table cars drop brand;");
    assert_eq!(expected(), before);
    assert_eq!(printed(), before);
}
