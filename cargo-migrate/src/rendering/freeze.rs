//! The `.sql` files that a Rust source is frozen into.

use migrate_build::statements;

/// The header key that names the source's hash.
const KEY: &str = "rendered-from";

/// Returns the up script: the header lines of the folded script that it replaces, or `parents`, the source's hash,
/// then `sql`.
pub fn up_script(existing: Option<&str>, parents: &[i64], hash: &str, sql: &str) -> String {
    let rendered_from = format!("--! {KEY} = \"{hash}\"");
    let mut header: Vec<String> = match existing {
        Some(text) => header_lines(text).filter(|line| !is_key(line, KEY)).map(str::to_owned).collect(),
        None => vec![parents_line(parents)],
    };
    header.push(rendered_from);
    format!("{}\n\n{}", header.join("\n"), by_lines(sql))
}

/// The header line that names `parents`.
pub fn parents_line(parents: &[i64]) -> String {
    let parents: Vec<String> = parents.iter().map(i64::to_string).collect();
    format!("--! parents = [{}]", parents.join(", "))
}

/// Returns `sql` with every statement on lines of its own: barrel writes all of them on one. Where a quote is left open,
/// the text stays as it is, and the rule `syntax-error` will say so.
pub fn by_lines(sql: &str) -> String {
    let sql = sql.trim();
    if sql.is_empty() {
        return String::new();
    }
    let Ok(all) = statements::split(sql) else { return format!("{sql}\n") };
    let mut out = String::with_capacity(sql.len() + all.len() + 1);
    let mut from = 0;
    for statement in all {
        let end = statement.range.end;
        // From the end of the one before, so that comments between the two are kept.
        out.push_str(sql.get(from..end).unwrap_or_default().trim());
        out.push_str(";\n");
        let rest = sql.get(end..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        from = if rest.trim_start().starts_with(';') { end + blank + 1 } else { end };
    }
    let rest = sql.get(from..).unwrap_or_default().trim_matches(|c: char| c.is_whitespace() || c == ';');
    if !rest.is_empty() {
        out.push_str(rest);
        out.push('\n');
    }
    out
}

fn header_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().skip_while(|line| line.trim().is_empty()).take_while(|line| line.starts_with("--!"))
}

fn is_key(line: &str, key: &str) -> bool {
    line.strip_prefix("--!")
        .and_then(|line| line.trim_start().strip_prefix(key))
        .is_some_and(|rest| rest.trim_start().starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_statements_on_lines() {
        for (sql, lines) in [
            ("", ""),
            (" ;", ""),
            ("CREATE TABLE a (b int);DROP TABLE c", "CREATE TABLE a (b int);\nDROP TABLE c;\n"),
            ("SELECT ';' ; /* why */ SELECT $$;$$; -- end", "SELECT ';';\n/* why */ SELECT $$;$$;\n-- end\n"),
            ("SELECT 'open", "SELECT 'open\n"),
        ] {
            assert_eq!(by_lines(sql), lines, "{sql}");
            assert_eq!(by_lines(lines), lines, "{sql} again");
        }
    }

    #[test]
    fn keeps_the_header_but_for_the_hash() {
        let new = up_script(None, &[1, 2], "sha256:a", "SELECT 1");
        assert_eq!(new, "--! parents = [1, 2]\n--! rendered-from = \"sha256:a\"\n\nSELECT 1;\n");
        let old =
            "--! parents = [\n--!   1,\n--! ]\n--!rendered-from=\"sha256:a\"\n--! lock-timeout = \"5s\"\n\nSELECT 1;\n";
        assert_eq!(
            up_script(Some(old), &[9], "sha256:b", "SELECT 2;"),
            "--! parents = [\n--!   1,\n--! ]\n--! lock-timeout = \"5s\"\n--! rendered-from = \"sha256:b\"\n\nSELECT 2;\n"
        );
    }
}
