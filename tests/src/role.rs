//! A role of a test's own, with no right but to log in.

use std::thread;

use cargo_migrate::config::database_url::DatabaseUrl;

use crate::postgres::{Database, unique_name};

/// A role, dropped with all its rights in the database when the test ends.
#[derive(Debug)]
pub struct Role<'d> {
    database: &'d Database,
    name: String,
    password: String,
}

impl<'d> Role<'d> {
    /// Makes one on the shared server, and grants it these rights, each `GRANT …` without the role.
    ///
    /// # Panics
    ///
    /// The server refuses.
    pub fn new(database: &'d Database, rights: &[&str]) -> Self {
        let (name, password) = (unique_name("role"), "its own secret".to_owned());
        database.execute(&format!("create role {name} login password '{password}'"));
        let role = Self { database, name, password };
        for right in rights {
            database.execute(&format!("{right} to {}", role.name));
        }
        role
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its way to the database.
    pub fn url(&self) -> DatabaseUrl {
        self.database.url_as(&self.name, &self.password.replace(' ', "%20"))
    }
}

impl Drop for Role<'_> {
    fn drop(&mut self) {
        // A test that fails may have left it in use; its server is thrown away anyhow.
        if thread::panicking() {
            return;
        }
        let Self { database, name, .. } = self;
        database.execute(&format!("reassign owned by {name} to current_user; drop owned by {name}; drop role {name}"));
    }
}
