//! The other ways in: the builder, a workspace, a crate under another name, refinery's folder; and two versions of the crate
//! that don't go together.

use fs_err as fs;
use insta::assert_snapshot;
use migrate_build::codegen;
use migrate_build::migration::dir;
use migrate_build::settings::Settings;
use tests::environment::workspace;
use tests::project::Project;

/// A member of a workspace that knows migrate-build by another name, writes to a folder of its own, and goes on after findings.
#[test]
fn a_member_builds_by_the_builder() {
    let project = Project::copy("workspace");
    assert_eq!(project.cargo(&["build", "-p", "shop_db"]).ended(101).code, Some(101));
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
