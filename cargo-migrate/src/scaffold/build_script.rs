//! The build script: a new one, or one line in an existing one.

use crate::rust_text::{mask, tokens};

/// What to do with a build script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// It names `migrate_build` already.
    AlreadyThere,
    /// It becomes this.
    Write {
        /// The whole new text.
        text: String,
        /// Whether the old script relied on cargo's default of running it for every change of the package: it printed no
        /// `rerun-if-…` line, and `embed` prints some.
        narrows_reruns: bool,
    },
}

/// Why a build script can't be extended safely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildScriptError {
    /// No `fn main` at the top level.
    #[error("no `fn main()` found at its top level")]
    NoMain,
    /// More than one, usually under `cfg`.
    #[error("more than one `fn main()` found")]
    SeveralMains,
    /// The body starts with `#![…]`, which must stay first.
    #[error("the body of `main` starts with an inner attribute")]
    InnerAttribute,
}

/// The statement that a build script of a package with this migrations folder needs.
pub fn call(folder: &str) -> String {
    format!("migrate_build::embed({folder:?});")
}

/// A whole build script.
pub fn create(folder: &str) -> String {
    format!("fn main() {{\n    {}\n}}\n", call(folder))
}

/// Adds the call as the first statement of `main` and keeps the rest byte by byte.
///
/// # Errors
/// The place can't be found for sure; then the user adds [`call`] by hand.
pub fn extend(script: &str, folder: &str) -> Result<Edit, BuildScriptError> {
    let code = mask(script);
    if tokens(&code).any(|(_, token)| token == "migrate_build") {
        return Ok(Edit::AlreadyThere);
    }
    let body = body_of_main(&code)?;
    let newline = if script.contains("\r\n") { "\r\n" } else { "\n" };
    let indent = indentation(script);
    let (before, after) = script.split_at_checked(body).ok_or(BuildScriptError::NoMain)?;
    let mut text = format!("{before}{newline}{indent}{}", call(folder));
    if after.starts_with(['\n', '\r']) {
        text.push_str(after);
    } else {
        // `fn main() { … }` on one line: what follows gets a line of its own.
        let rest = after.trim_start_matches([' ', '\t']);
        text.push_str(newline);
        if !rest.starts_with('}') {
            text.push_str(indent);
        }
        text.push_str(rest);
    }
    Ok(Edit::Write { text, narrows_reruns: !script.contains("rerun-if-") })
}

/// The offset after the opening brace of the only top-level `fn main`.
fn body_of_main(code: &str) -> Result<usize, BuildScriptError> {
    let mut found = None;
    let mut depth = 0_usize;
    let mut previous = "";
    // Set from `fn main` up to its brace.
    let mut signature = false;
    let mut all = tokens(code).peekable();
    while let Some((at, token)) = all.next() {
        match token {
            "{" => {
                if signature && depth == 0 {
                    signature = false;
                    if found.replace(at + 1).is_some() {
                        return Err(BuildScriptError::SeveralMains);
                    }
                    if all.peek().is_some_and(|(_, next)| *next == "#")
                        && code.get(at + 1..).is_some_and(|rest| rest.trim_start().starts_with("#!"))
                    {
                        return Err(BuildScriptError::InnerAttribute);
                    }
                }
                depth += 1;
            }
            "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            "main" if previous == "fn" && depth == 0 => signature = true,
            ";" if depth == 0 => signature = false,
            _ => {}
        }
        previous = token;
    }
    found.ok_or(BuildScriptError::NoMain)
}

/// The first indentation that the script uses.
fn indentation(script: &str) -> &str {
    script
        .lines()
        .filter_map(|line| {
            let text = line.trim_start_matches([' ', '\t']);
            let indent = line.get(..line.len() - text.len())?;
            // A ` * ` line is the inside of a block comment.
            (!indent.is_empty() && !text.is_empty() && !text.starts_with('*')).then_some(indent)
        })
        .next()
        .filter(|indent| indent.len() <= 8)
        .unwrap_or("    ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extended(script: &str) -> String {
        match extend(script, "migrations").unwrap() {
            Edit::Write { text, .. } => text,
            Edit::AlreadyThere => "already there".to_owned(),
        }
    }

    const CALL: &str = "migrate_build::embed(\"migrations\");";

    #[test]
    fn inserts_first_and_keeps_the_rest() {
        for (before, after) in [
            ("fn main() {}\n", format!("fn main() {{\n    {CALL}\n}}\n")),
            ("fn main() { a(); }\n", format!("fn main() {{\n    {CALL}\n    a(); }}\n")),
            (
                "// fn main() {\n/* fn main() { */\nfn main() -> Result<(), Box<dyn Error>> {\n\tfoo(\"{\")?;\n\tOk(())\n}\n",
                format!(
                    "// fn main() {{\n/* fn main() {{ */\nfn main() -> Result<(), Box<dyn Error>> {{\n\t{CALL}\n\tfoo(\"{{\")?;\n\tOk(())\n}}\n"
                ),
            ),
            (
                "mod a { fn main() {} }\r\nfn main() {\r\n  b();\r\n}\r\n",
                format!("mod a {{ fn main() {{}} }}\r\nfn main() {{\r\n  {CALL}\r\n  b();\r\n}}\r\n"),
            ),
            ("fn main() { // why\n    a();\n}\n", format!("fn main() {{\n    {CALL}\n    // why\n    a();\n}}\n")),
        ] {
            assert_eq!(extended(before), after);
            assert_eq!(extended(&after), "already there");
        }
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for (script, error) in [
            ("", BuildScriptError::NoMain),
            ("use other::run as main;\n", BuildScriptError::NoMain),
            ("generate! { fn main() {} }", BuildScriptError::NoMain),
            ("#[cfg(unix)] fn main() {}\n#[cfg(windows)] fn main() {}", BuildScriptError::SeveralMains),
            ("fn main() { #![allow(unused)] a(); }", BuildScriptError::InnerAttribute),
        ] {
            assert_eq!(extend(script, "migrations"), Err(error), "{script}");
        }
    }

    #[test]
    fn tells_when_cargo_will_run_the_script_less_often() {
        for (script, narrows) in
            [("fn main() {}", true), ("fn main() { println!(\"cargo::rerun-if-changed=a\") }", false)]
        {
            let Ok(Edit::Write { narrows_reruns, .. }) = extend(script, "migrations") else { panic!("{script}") };
            assert_eq!(narrows_reruns, narrows);
        }
    }

    #[test]
    fn a_folder_name_is_always_a_string_literal() {
        assert_eq!(create("a\"b"), "fn main() {\n    migrate_build::embed(\"a\\\"b\");\n}\n");
    }
}
