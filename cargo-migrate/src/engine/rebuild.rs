//! A database taken down and made anew, with what it was as a database.
//!
//! The new one is made first, empty, under another name: what the role may not do, or the server doesn't have any more, is found
//! out while the old one is still there. Then the old one is dropped and the new one takes its name. If that is interrupted, the
//! next run finds the new one by its name and comment, and goes on with it.

use std::time::Duration;

use migrate_build::runtime::Holder;
use sha2::{Digest, Sha256};
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::connect::{Connection, connect};
use crate::config::database_url::DatabaseUrl;
use crate::error::CommandError;

/// Databases that belong to the server.
const MAINTENANCE: [&str; 3] = ["postgres", "template1", "template0"];

/// What a database is, besides what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its owner.
    pub owner: String,
    /// Its encoding.
    pub encoding: String,
    /// `LC_COLLATE`.
    pub collate: String,
    /// `LC_CTYPE`.
    pub ctype: String,
    /// Its tablespace.
    pub tablespace: String,
    /// `c`, `i` or `b`: the locale's provider.
    provider: Option<String>,
    /// The locale of ICU or of the server itself.
    locale: Option<String>,
    /// ICU's additional rules.
    rules: Option<String>,
    connection_limit: String,
    comment: Option<String>,
    /// `role`, or nothing for all, setting and value.
    settings: Vec<(Option<String>, String, String)>,
    /// What may be done, by whom, and whether they may hand it on; `None` is the server's default.
    grants: Option<Vec<(Option<String>, String, bool)>>,
}

/// Which of the two databases are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The one that is to be rebuilt.
    Whole(Box<Shape>),
    /// Only the new one: a rebuild was interrupted after it had dropped the old one.
    Interrupted,
    /// Neither.
    Nothing,
}

/// A database that is to be rebuilt, seen from another one of its server.
#[derive(Debug)]
pub struct Rebuild {
    connection: Connection,
    name: String,
    /// The new database's name before it takes the old one's.
    temporary: String,
    leftover: bool,
    /// What was found.
    pub found: Found,
    /// Other sessions that use it.
    pub sessions: Vec<Holder>,
}

impl Rebuild {
    /// Connects to the server's own database, and looks for what is there. Nothing is written.
    ///
    /// # Errors
    /// The URL names no database that may be rebuilt, the server can't be reached, or somebody else rebuilds it just now.
    pub async fn look(url: &DatabaseUrl, home: Option<&std::path::Path>) -> Result<Self, CommandError> {
        let name = url.database().unwrap_or_default().to_owned();
        if name.is_empty() || MAINTENANCE.contains(&name.as_str()) {
            return Err(CommandError::refused(format!("database `{name}` belongs to the server and is not rebuilt"))
                .help("name the application's database in the URL: `postgres://user@host/database`"));
        }
        let connection = maintenance(url, home).await?;
        let digest: String = Sha256::digest(name.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let temporary = format!("cargo_migrate_rebuild_{digest}");
        let mut rebuild =
            Self { connection, name, temporary, leftover: false, found: Found::Nothing, sessions: Vec::new() };
        rebuild.claim().await?;
        rebuild.leftover = rebuild.is_left_over().await?;
        let shape = shape(&rebuild.connection.client, &rebuild.name).await?;
        rebuild.found = match shape {
            Some(shape) => Found::Whole(Box::new(shape)),
            None if rebuild.leftover => Found::Interrupted,
            None => Found::Nothing,
        };
        rebuild.sessions = sessions(&rebuild.connection.client, &rebuild.name).await?;
        Ok(rebuild)
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One rebuild of a database at a time: the lock ends with the connection.
    async fn claim(&self) -> Result<(), CommandError> {
        let digest = Sha256::digest(self.temporary.as_bytes());
        let bytes: [u8; 8] = digest.iter().take(8).copied().collect::<Vec<_>>().try_into().unwrap_or_default();
        let sql = format!("SELECT pg_catalog.pg_try_advisory_lock({}) AS got", i64::from_be_bytes(bytes));
        let rows = select(&self.connection.client, &sql).await?;
        match rows.first().and_then(|row| text(row, "got")).as_deref() {
            Some("t") => Ok(()),
            _ => Err(CommandError::refused(format!("another process rebuilds database `{}` just now", self.name))
                .help("wait for it to finish")),
        }
    }

    /// The comment by which a new database is known for one of ours.
    fn mark(&self) -> String {
        format!("cargo-migrate rebuilds {} here", self.name)
    }

    async fn is_left_over(&self) -> Result<bool, CommandError> {
        let sql = format!(
            "SELECT pg_catalog.shobj_description(oid, 'pg_database') AS comment FROM pg_catalog.pg_database WHERE datname = {}",
            literal(&self.temporary)
        );
        match select(&self.connection.client, &sql).await?.first() {
            None => Ok(false),
            Some(row) => match text(row, "comment") {
                // Interrupted before it was marked: it was made a moment before, and is empty.
                None => Ok(true),
                Some(comment) if comment == self.mark() => Ok(true),
                Some(_) => {
                    Err(CommandError::refused(format!("there is a database `{}` of somebody else", self.temporary))
                        .help("rename or drop it"))
                }
            },
        }
    }

    /// Drops the database and makes an empty one of the same shape. `force` ends other sessions that use it.
    ///
    /// # Errors
    /// The server refuses; the error says what is there then.
    pub async fn anew(self, force: bool) -> Result<(), CommandError> {
        let (name, temporary) = (identifier(&self.name), identifier(&self.temporary));
        let client = &self.connection.client;
        if let Found::Whole(shape) = &self.found {
            let untouched = |error: CommandError| error.note(format!("database `{}` is as it was", self.name));
            if self.leftover {
                execute(client, &format!("DROP DATABASE {temporary}")).await.map_err(untouched)?;
            }
            execute(client, &shape.create(&temporary)).await.map_err(untouched)?;
            let dressed = self.dress(shape, &temporary).await;
            let force = if force { " WITH (FORCE)" } else { "" };
            let dropped = match dressed {
                Ok(()) => execute(client, &format!("DROP DATABASE {name}{force}")).await,
                Err(error) => Err(error),
            };
            if let Err(error) = dropped {
                // It is empty; where it can't be dropped now, the next rebuild does.
                drop(execute(client, &format!("DROP DATABASE {temporary}")).await);
                return Err(untouched(error));
            }
        }
        let comment = match &self.found {
            Found::Whole(shape) => shape.comment.clone(),
            _ => None,
        };
        let renamed = execute(client, &format!("ALTER DATABASE {temporary} RENAME TO {name}")).await;
        renamed.map_err(|error| {
            error
                .note(format!("database `{}` is dropped, and the new one is called `{}`", self.name, self.temporary))
                .help("run the same command again: it goes on from there")
        })?;
        let comment = comment.as_deref().map_or_else(|| "NULL".to_owned(), literal);
        execute(client, &format!("COMMENT ON DATABASE {name} IS {comment}")).await?;
        self.connection.close().await;
        Ok(())
    }

    /// Gives the new database the settings and privileges of the old one.
    async fn dress(&self, shape: &Shape, temporary: &str) -> Result<(), CommandError> {
        let client = &self.connection.client;
        execute(client, &format!("COMMENT ON DATABASE {temporary} IS {}", literal(&self.mark()))).await?;
        for statements in shape.dress(temporary) {
            execute(client, &statements).await?;
        }
        Ok(())
    }

    /// Says good-bye to the server.
    pub async fn close(self) {
        self.connection.close().await;
    }
}

impl Shape {
    fn create(&self, name: &str) -> String {
        let Self { owner, encoding, collate, ctype, tablespace, provider, locale, rules, connection_limit, .. } = self;
        let locale = locale.as_deref().map(literal);
        let provider = match (provider.as_deref(), &locale) {
            (Some("i"), Some(locale)) => format!(" LOCALE_PROVIDER icu ICU_LOCALE {locale}"),
            (Some("b"), Some(locale)) => format!(" LOCALE_PROVIDER builtin BUILTIN_LOCALE {locale}"),
            _ => String::new(),
        };
        let rules = rules.as_deref().map(|rules| format!(" ICU_RULES {}", literal(rules))).unwrap_or_default();
        format!(
            "CREATE DATABASE {name} TEMPLATE template0 OWNER {} ENCODING {} LC_COLLATE {} LC_CTYPE {}{provider}{rules} \
             TABLESPACE {} CONNECTION LIMIT {connection_limit}",
            identifier(owner),
            literal(encoding),
            literal(collate),
            literal(ctype),
            identifier(tablespace),
        )
    }

    /// Statements that set what `CREATE DATABASE` doesn't, each list a transaction.
    fn dress(&self, name: &str) -> Vec<String> {
        let mut all = Vec::new();
        for (role, setting, value) in &self.settings {
            let whose = match role {
                Some(role) => format!("ALTER ROLE {} IN DATABASE {name}", identifier(role)),
                None => format!("ALTER DATABASE {name}"),
            };
            // Taken from the session: lists such as `search_path` are stored as they are set, and can't be quoted as a whole.
            let words: Vec<String> = setting.split('.').map(identifier).collect();
            all.push(format!(
                "BEGIN; SELECT pg_catalog.set_config({}, {}, true); {whose} SET {} FROM CURRENT; COMMIT",
                literal(setting),
                literal(value),
                words.join(".")
            ));
        }
        if let Some(grants) = &self.grants {
            let mut sql = format!("BEGIN; REVOKE ALL ON DATABASE {name} FROM PUBLIC;");
            for (role, privilege, grantable) in grants {
                let role = role.as_deref().map_or_else(|| "PUBLIC".to_owned(), identifier);
                let option = if *grantable { " WITH GRANT OPTION" } else { "" };
                sql.push_str(&format!(" GRANT {privilege} ON DATABASE {name} TO {role}{option};"));
            }
            sql.push_str(" COMMIT");
            all.push(sql);
        }
        all
    }
}

/// Connects to the first of the server's own databases that lets the user in.
async fn maintenance(url: &DatabaseUrl, home: Option<&std::path::Path>) -> Result<Connection, CommandError> {
    let mut first: Option<CommandError> = None;
    for name in MAINTENANCE.iter().take(2) {
        let Some(url) = url.with_database(name) else { continue };
        match connect(&url, home).await {
            Ok(connection) => return Ok(connection),
            Err(error) => first = first.or(Some(error.into())),
        }
    }
    Err(first.unwrap_or_else(|| CommandError::usage("the database URL names no server")))
}

async fn shape(client: &Client, name: &str) -> Result<Option<Shape>, CommandError> {
    let sql = format!(
        "SELECT pg_catalog.pg_get_userbyid(d.datdba) AS owner, pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, \
         d.datcollate AS collate, d.datctype AS ctype, t.spcname AS tablespace, d.datconnlimit AS connection_limit, \
         pg_catalog.to_jsonb(d) ->> 'datlocprovider' AS provider, \
         coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale') AS locale, \
         pg_catalog.to_jsonb(d) ->> 'daticurules' AS rules, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment, \
         d.datacl IS NULL AS default_acl \
         FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = {}",
        literal(name)
    );
    let rows = select(client, &sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let settings = format!(
        "SELECT r.rolname AS role, pg_catalog.split_part(c, '=', 1) AS setting, \
         pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) AS value \
         FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase \
         LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS u(c, at) \
         WHERE d.datname = {} ORDER BY 1 NULLS FIRST, u.at",
        literal(name)
    );
    let grants = format!(
        "SELECT r.rolname AS role, a.privilege_type AS privilege, a.is_grantable AS grantable \
         FROM pg_catalog.pg_database d CROSS JOIN LATERAL pg_catalog.aclexplode(d.datacl) a \
         LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee WHERE d.datname = {} ORDER BY 1 NULLS FIRST, 2",
        literal(name)
    );
    let settings = select(client, &settings).await?;
    let grants = match text(row, "default_acl").as_deref() {
        Some("t") => None,
        _ => Some(select(client, &grants).await?),
    };
    let value = |column: &str| text(row, column).unwrap_or_default();
    Ok(Some(Shape {
        owner: value("owner"),
        encoding: value("encoding"),
        collate: value("collate"),
        ctype: value("ctype"),
        tablespace: value("tablespace"),
        provider: text(row, "provider"),
        locale: text(row, "locale"),
        rules: text(row, "rules"),
        connection_limit: value("connection_limit"),
        comment: text(row, "comment"),
        settings: settings
            .iter()
            .filter_map(|row| Some((text(row, "role"), text(row, "setting")?, text(row, "value")?)))
            .collect(),
        grants: grants.map(|rows| {
            let grant = |row: &SimpleQueryRow| {
                Some((text(row, "role"), text(row, "privilege")?, text(row, "grantable")? == "t"))
            };
            rows.iter().filter_map(grant).collect()
        }),
    }))
}

async fn sessions(client: &Client, name: &str) -> Result<Vec<Holder>, CommandError> {
    let sql = format!(
        "SELECT pid, coalesce(usename, '?') AS user, coalesce(nullif(application_name, ''), 'unnamed') AS application, \
         coalesce(pg_catalog.host(client_addr), 'local') AS address, \
         coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - backend_start), 0)::pg_catalog.int8 AS connected \
         FROM pg_catalog.pg_stat_activity WHERE datname = {} AND pid <> pg_catalog.pg_backend_pid() \
         AND backend_type = 'client backend' ORDER BY pid",
        literal(name)
    );
    let rows = select(client, &sql).await?;
    Ok(rows
        .iter()
        .map(|row| Holder {
            pid: text(row, "pid").and_then(|pid| pid.parse().ok()).unwrap_or_default(),
            user: text(row, "user").unwrap_or_default(),
            application: text(row, "application").unwrap_or_default(),
            address: text(row, "address").unwrap_or_default(),
            connected: Duration::from_secs(text(row, "connected").and_then(|s| s.parse().ok()).unwrap_or_default()),
        })
        .collect())
}

fn text(row: &SimpleQueryRow, column: &str) -> Option<String> {
    row.try_get(column).ok().flatten().map(str::to_owned)
}

async fn select(client: &Client, sql: &str) -> Result<Vec<SimpleQueryRow>, CommandError> {
    let messages = client.simple_query(sql).await.map_err(explained)?;
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    Ok(rows.collect())
}

async fn execute(client: &Client, sql: &str) -> Result<(), CommandError> {
    let result = client.simple_query(sql).await;
    if result.is_err() && sql.starts_with("BEGIN") {
        drop(client.simple_query("ROLLBACK").await);
    }
    result.map(drop).map_err(explained)
}

/// The server's words instead of the driver's.
fn explained(error: tokio_postgres::Error) -> CommandError {
    let Some(server) = error.as_db_error() else { return CommandError::database(error) };
    let message = format!("{} (SQLSTATE {})", server.message(), server.code().code());
    let detail = server.detail().map(|detail| format!("detail: {detail}"));
    let explained = CommandError::database(message).maybe_help(match server.code().code() {
        "42501" => Some("connect with a role that owns the database and may create databases"),
        _ => None,
    });
    detail.into_iter().fold(explained, CommandError::note)
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    let quotes = text.replace('\'', "''");
    if quotes.contains('\\') { format!(" E'{}'", quotes.replace('\\', "\\\\")) } else { format!("'{quotes}'") }
}
