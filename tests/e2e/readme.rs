//! README shows the example's own files: what is copied from there works.

use std::path::Path;

use fs_err as fs;

/// A block of code that says where it is from: `<!-- FILE -->` on the line before it.
struct Block {
    file: String,
    code: String,
}

fn blocks(readme: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        let Some(file) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) else { continue };
        let fence = lines.next().unwrap_or_default();
        assert!(fence.starts_with("```"), "no code follows `{line}`");
        let code = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        blocks.push(Block { file: file.to_owned(), code });
    }
    blocks
}

#[test]
fn every_block_of_code_is_the_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = blocks(&readme);
    for Block { file, code } in &blocks {
        let text = fs::read_to_string(root.join(file)).unwrap();
        // Whole lines, in the order in which they stand there.
        assert!(
            format!("\n{text}").contains(&format!("\n{code}")),
            "README.md shows of {file} what is not in it:\n{code}"
        );
    }
    let marked = blocks.len();
    let all = readme.lines().filter(|line| *line == "```rust" || *line == "```sql").count();
    assert_eq!(marked, all, "a block of Rust or SQL in README.md does not say which file it is from");
}
