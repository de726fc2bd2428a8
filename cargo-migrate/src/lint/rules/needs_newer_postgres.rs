//! A statement that the servers are too old for.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::says;
use crate::lint::registry::NEEDS_NEWER_POSTGRES;
use crate::lint::script::{Around, Script};

/// What a statement begins with, what it says besides, the first version that takes it, and what it is called.
const FEATURES: [(&str, &str, u32, &str); 22] = [
    ("ALTER TABLE", "DETACH PARTITION", 14, "DETACH PARTITION … CONCURRENTLY"),
    ("ALTER TABLE", "SET COMPRESSION", 14, "SET COMPRESSION"),
    ("CREATE OR REPLACE TRIGGER", "", 14, "CREATE OR REPLACE TRIGGER"),
    ("CREATE FUNCTION", "BEGIN ATOMIC", 14, "BEGIN ATOMIC"),
    ("CREATE OR REPLACE FUNCTION", "BEGIN ATOMIC", 14, "BEGIN ATOMIC"),
    ("MERGE", "", 15, "MERGE"),
    ("CREATE", "NULLS NOT DISTINCT", 15, "NULLS NOT DISTINCT"),
    ("ALTER TABLE", "NULLS NOT DISTINCT", 15, "NULLS NOT DISTINCT"),
    ("CREATE", "SECURITY_INVOKER", 15, "security_invoker"),
    ("ALTER TABLE", "SET ACCESS METHOD", 15, "SET ACCESS METHOD"),
    ("CREATE PUBLICATION", "TABLES IN SCHEMA", 15, "TABLES IN SCHEMA"),
    ("ALTER TABLE", "SET STORAGE DEFAULT", 16, "SET STORAGE DEFAULT"),
    ("MERGE", "RETURNING", 17, "MERGE … RETURNING"),
    ("ALTER TABLE", "SET EXPRESSION", 17, "SET EXPRESSION"),
    ("COPY", "ON_ERROR", 17, "COPY … ON_ERROR"),
    ("ALTER TABLE", "ADD NOT NULL", 18, "ADD NOT NULL"),
    ("CREATE TABLE", "VIRTUAL", 18, "virtual generated columns"),
    ("ALTER TABLE", "VIRTUAL", 18, "virtual generated columns"),
    ("CREATE TABLE", "NOT ENFORCED", 18, "NOT ENFORCED"),
    ("ALTER TABLE", "NOT ENFORCED", 18, "NOT ENFORCED"),
    ("CREATE TABLE", "WITHOUT OVERLAPS", 18, "WITHOUT OVERLAPS"),
    ("ALTER TABLE", "WITHOUT OVERLAPS", 18, "WITHOUT OVERLAPS"),
];

pub(super) fn check(script: &Script, around: &Around, out: &mut Vec<Diagnostic>) {
    let Some(postgres) = around.postgres else { return };
    for part in &script.statements {
        let text = script.text_of(part);
        let starts = |words: &str| {
            let mut first = words.split(' ');
            let mut there = text.split_whitespace();
            first.all(|word| there.next().is_some_and(|there| there.eq_ignore_ascii_case(word)))
        };
        let newer = FEATURES.iter().filter(|(start, clause, since, name)| {
            // Detaching itself is older than doing so concurrently.
            let concurrent = !name.ends_with("CONCURRENTLY") || says(text, "CONCURRENTLY");
            *since > postgres && starts(start) && concurrent && (clause.is_empty() || says(text, clause))
        });
        if let Some((_, _, since, name)) = newer.max_by_key(|(_, _, since, _)| *since) {
            out.push(Diagnostic {
                labels: vec![script.first_line(part, format!("comes with PostgreSQL {since}"))],
                notes: vec![format!("the migrations are for PostgreSQL {postgres}")],
                helps: vec![format!(
                    "write it without, or, where the servers are newer, set `postgres = \"{since}\"` in `[package.metadata.migrate]`"
                )],
                ..NEEDS_NEWER_POSTGRES.finding(format!("{name} needs PostgreSQL {since}"))
            });
        }
    }
}
