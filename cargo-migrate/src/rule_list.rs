//! How a list of rules is written down: each is named once, with its level, its summary and its page, a Markdown file of its name.

macro_rules! rule_list {
    ($(#[$about:meta])* $list:ident in $folder:literal: $($constant:ident = $name:literal, $default:ident, $summary:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $summary, ".")]
            pub(super) const $constant: migrate_build::rules::Rule = migrate_build::rules::Rule {
                name: $name,
                default: migrate_build::Level::$default,
                summary: $summary,
                page: include_str!(concat!($folder, $name, ".md")),
            };
        )*

        $(#[$about])*
        pub const $list: &[migrate_build::rules::Rule] = &[$($constant),*];
    };
}

pub(crate) use rule_list;

/// What holds of every list, for the tests of each.
#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use migrate_build::Level;
    use migrate_build::rules::Rule;

    /// The rules are sorted, and their pages have these headings and say their level.
    #[track_caller]
    pub(crate) fn assert_written_down(rules: &[Rule], headings: &[&str]) {
        assert!(rules.is_sorted_by(|a, b| a.name < b.name));
        for rule in rules {
            let name = rule.name;
            let mut code = false;
            let mut found = rule.page.lines().filter(|line| {
                code ^= line.starts_with("```");
                !code && line.starts_with('#')
            });
            assert_eq!(found.next(), Some(format!("# {name}").as_str()));
            assert_eq!(found.collect::<Vec<_>>(), headings, "{name}");
            let level = if rule.default == Level::Deny { "deny" } else { "warn" };
            assert!(rule.page.contains(&format!("Default level: `{level}`.")), "{name}");
            assert!(rule.page.ends_with('\n') && !rule.page.ends_with("\n\n"), "{name}");
            assert!(rule.summary.starts_with(|c: char| c.is_lowercase()) && !rule.summary.ends_with('.'), "{name}");
        }
    }

    /// The page of each rule that `check` finds shows what it prints.
    #[track_caller]
    pub(crate) fn assert_examples(rules: &[Rule]) {
        for rule in rules {
            let shown = if rule.default == Level::Deny { "error" } else { "warning" };
            assert!(rule.page.contains(&format!("\n{shown}[{}]: ", rule.name)), "{}", rule.name);
        }
    }

    /// The pages lie in the crate so that its package carries them; this folder of the repository is where people read them.
    #[track_caller]
    pub(crate) fn assert_copied(rules: &[Rule], folder: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        for rule in rules {
            let copy = folder.join(format!("{}.md", rule.name));
            let text = fs_err::read_to_string(&copy).unwrap();
            assert!(text == rule.page, "{} and the page in cargo-migrate/src differ: copy one", copy.display());
        }
    }

    /// The names of the files in a folder of the repository, sorted.
    pub(crate) fn files_of(folder: &str) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let name = |entry: std::io::Result<fs_err::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<String> = fs_err::read_dir(folder).unwrap().map(name).collect();
        names.sort();
        names
    }

    /// The pages of these rules, as files.
    pub(crate) fn pages(rules: &[Rule]) -> impl Iterator<Item = String> {
        rules.iter().map(|rule| format!("{}.md", rule.name))
    }
}
