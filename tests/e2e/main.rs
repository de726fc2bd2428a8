//! End-to-end tests: the real binary, real servers, real repositories and builds.
#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod interop;
mod runtime_apply;
mod runtime_lock;
mod runtime_outside;
mod schema;
mod scratch;
mod scratch_containers;

/// A file that nothing names is never compiled, and its tests pass by not being there.
#[test]
fn no_file_of_tests_is_forgotten() {
    let main = include_str!("main.rs");
    for entry in fs_err::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/e2e")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.strip_suffix(".rs").unwrap_or(&name);
        assert!(module == "main" || main.contains(&format!("\nmod {module};\n")), "`{name}` has no `mod` line");
    }
}
