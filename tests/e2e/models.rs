//! Models, Diesel's schema and SQL as sources: a folder a case under `cases/models`, each a package's root.
//!
//! What a source yields is `expected.sql` to the letter, and what a server makes of it is `expected.server.txt`. A source that is
//! refused has `expected.txt` with what is said of it. With `UPDATE_CASES` set, a mismatch rewrites the expectation and still fails.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cargo_migrate::models::{Hint, ModelsError, NamePatterns, Sources, Wanted, open};
use migrate_build::diagnostic::Diagnostic;
use migrate_build::render::{Style, render};
use tests::postgres::{Database, block_on};

/// What a server says of all columns, constraints, indexes, types and comments of the users'.
const READ_BACK: &str = r#"
WITH relation AS (
    SELECT c.oid, c.oid::regclass::text AS name, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
SELECT line FROM (
    SELECT 1 AS part, name, a.attnum::int AS number, format('column %s.%I %s', name, a.attname, format_type(a.atttypid, a.atttypmod))
        || CASE WHEN a.attcollation <> t.typcollation THEN ' collate ' || a.attcollation::regcollation::text ELSE '' END
        || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
        || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
        || coalesce(CASE a.attgenerated WHEN 's' THEN ' generated ' ELSE ' default ' END || pg_get_expr(f.adbin, f.adrelid), '') AS line
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum WHERE r.relkind = 'r'
    UNION ALL
    SELECT 2, name, 0, format('constraint %I on %s: %s', c.conname, name, pg_get_constraintdef(c.oid))
    FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
    UNION ALL
    SELECT 3, name, 0, 'index ' || pg_get_indexdef(i.indexrelid) FROM relation r JOIN pg_index i ON i.indrelid = r.oid
    WHERE r.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = r.oid)
    UNION ALL
    SELECT 4, t.oid::regtype::text, 0, format('type %s %s', t.oid::regtype,
        (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
        || CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) || coalesce(' default ' || t.typdefault, '')
            || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END
            || coalesce((SELECT string_agg(' ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid), '' ORDER BY conname) FROM pg_constraint WHERE contypid = t.oid), '')
            ELSE '' END
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 5, d.objoid::text, d.objsubid, format('comment on %s: %s',
        pg_describe_object(d.classoid, d.objoid, d.objsubid), quote_literal(d.description))
    FROM pg_description d WHERE d.objoid >= 16384
        AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.oid = d.objoid)
        AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = d.classoid AND p.objid = d.objoid AND p.deptype = 'e')
) AS lines ORDER BY part, CASE part WHEN 5 THEN '' ELSE name END COLLATE "C", number, line COLLATE "C"
"#;

struct Case {
    name: String,
    root: PathBuf,
    path: &'static str,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/models");
    let mut cases: Vec<Case> = fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let root = entry.path();
            let files = ["src/models.rs", "src/schema.rs", "schema.sql"];
            let path = files.into_iter().find(|file| root.join(file).exists()).unwrap();
            Case { name: entry.file_name().into_string().unwrap(), root, path }
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn wanted(root: &Path, path: &str) -> Result<Wanted, ModelsError> {
    open(root, Path::new(path), &NamePatterns::default())?.wanted()
}

fn rendered(findings: &[Diagnostic], sources: &Sources) -> String {
    render(findings, &|path| sources.text(path).map(str::to_owned), Style { color: false, width: None })
}

/// The statements, with what else is wanted in comments around.
fn text(wanted: &Wanted) -> String {
    let mut text = String::new();
    for hint in &wanted.hints {
        text.push_str(&match hint {
            Hint::Table { from, to, .. } => format!("-- table {from} is now {to}\n"),
            Hint::Column { table, from, to, .. } => format!("-- column {from} of {table} is now {to}\n"),
            Hint::Type { from, to, .. } => format!("-- type {from} is now {to}\n"),
            Hint::Label { ty, from, to, .. } => format!("-- value {from} of {ty} is now {to}\n"),
        });
    }
    for statement in &wanted.statements {
        text.push_str(&format!("{};\n", statement.sql));
    }
    for line in rendered(&wanted.findings, &wanted.sources).lines() {
        text.push_str(format!("-- {line}").trim_end());
        text.push('\n');
    }
    text
}

impl Case {
    /// Compares with a file of the case.
    fn compare(&self, file: &str, found: &str) -> Result<(), String> {
        let path = self.root.join(file);
        let expected = fs_err::read_to_string(&path).unwrap_or_default();
        if expected == found {
            return Ok(());
        }
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs_err::write(path, found).unwrap();
        }
        Err(format!("{}/{file}: expected\n{expected}found\n{found}", self.name))
    }

    fn check(&self) -> Result<(), String> {
        let refused = self.name.starts_with("refused_");
        let wanted = match wanted(&self.root, self.path) {
            Ok(_) if refused => return Err(format!("{}: it is not refused", self.name)),
            Ok(wanted) => wanted,
            Err(ModelsError::Refused(it)) if refused => {
                return self.compare("expected.txt", &rendered(&it.findings, &it.sources));
            }
            Err(ModelsError::Refused(it)) => {
                return Err(format!("{}: refused\n{}", self.name, rendered(&it.findings, &it.sources)));
            }
            Err(error) => return Err(format!("{}: {error}", self.name)),
        };
        let text = text(&wanted);
        let database = Database::new();
        let lines = block_on(async {
            let client = database.client().await;
            client.batch_execute("SET client_min_messages = error; SET search_path = public").await.unwrap();
            for statement in &wanted.statements {
                if let Err(error) = client.batch_execute(&statement.sql).await {
                    return Err(format!("{}: {error:?} in\n{}", self.name, statement.sql));
                }
            }
            let rows = client.query(READ_BACK, &[]).await.map_err(|error| format!("{error:?}"))?;
            Ok(rows.iter().map(|row| row.get::<_, Option<String>>(0).unwrap_or_default() + "\n").collect::<String>())
        })?;
        let (statements, server) = (self.compare("expected.sql", &text), self.compare("expected.server.txt", &lines));
        statements.and(server)
    }
}

#[test]
fn every_case_is_read_and_built() {
    let cases = cases();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    failures.lock().unwrap().extend(case.check().err());
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// An error of the server's points at the attribute that it comes from, and not at the statement alone.
#[test]
fn an_error_of_the_servers_has_its_place_in_the_models() {
    let folder = tempfile::tempdir().unwrap();
    let source = "use migrate_build::Table;\n\n#[derive(Table)]\nstruct Book {\n    #[column(check = \"prise > 0\")]\n    price: i32,\n}\n";
    fs_err::create_dir(folder.path().join("src")).unwrap();
    fs_err::write(folder.path().join("src/models.rs"), source.replace('\n', "\r\n")).unwrap();
    let wanted = wanted(folder.path(), "src/models.rs").unwrap();
    let [statement] = wanted.statements.as_slice() else { panic!("{:?}", wanted.statements) };
    let database = Database::new();
    let position = block_on(async {
        let error = database.client().await.batch_execute(&statement.sql).await.unwrap_err();
        match error.as_db_error().unwrap().position() {
            Some(tokio_postgres::error::ErrorPosition::Original(position)) => *position,
            position => panic!("{position:?}"),
        }
    });
    let place = statement.place_of_character(position as usize).unwrap();
    let label = wanted.sources.label(place, "");
    let span = label.span.unwrap();
    assert_eq!((label.path.as_path(), span.line, span.column), (Path::new("src/models.rs"), 5, 22));
}

#[test]
fn names_follow_the_patterns_that_are_configured() {
    let folder = tempfile::tempdir().unwrap();
    let source = "use migrate_build::Table;\n#[derive(Table)]\nstruct Book {\n    #[column(primary_key)]\n    id: i32,\n    #[column(unique, check = \"n > 0\", references(Book))]\n    n: i32,\n}\n";
    fs_err::create_dir(folder.path().join("src")).unwrap();
    fs_err::write(folder.path().join("src/models.rs"), source).unwrap();
    let patterns = [
        ("primary-key", "{table}_pkey"),
        ("unique", "{table}_{columns}_key"),
        ("check", "{table}_{columns}_check"),
        ("foreign-key", "{table}_{columns}_fkey"),
    ];
    let patterns = patterns.map(|(key, pattern)| (key.to_owned(), pattern.to_owned())).into();
    let patterns = NamePatterns::new(&patterns).unwrap();
    let wanted = open(folder.path(), Path::new("src/models.rs"), &patterns).unwrap().wanted().unwrap();
    let sql: String = wanted.statements.iter().map(|statement| statement.sql.as_str()).collect();
    for name in ["book_pkey", "book_n_key", "book_n_check", "book_n_fkey"] {
        assert!(sql.contains(&format!("\"{name}\"")), "{sql}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["src/models.rs", "schema.sql"] {
        let error = wanted(folder.path(), path).unwrap_err();
        assert_eq!(error.to_string(), format!("there is no file `{path}` to read models from"));
        assert!(error.help().unwrap().contains("`models = \"…\"`"));
    }
}
