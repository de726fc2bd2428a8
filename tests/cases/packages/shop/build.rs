fn main() {
    migrate_build::embed("migrations");
}
