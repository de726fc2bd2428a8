//! The way from a script to what its statements do.

use std::ops::Range;

use migrate_build::statements;

use super::effect::{Analysis, Work};
use super::statement::{self, Does};
use super::tokens::Cursor;

/// Says what each statement of `script` does, in order. Where the script holds a quote or comment that is never closed, all of it is one unknown
/// statement.
pub fn analyse(script: &str) -> Vec<Analysis> {
    match statements::split(script) {
        Ok(statements) => statements.into_iter().map(|found| analyse_statement(script, found.range)).collect(),
        Err(_) => vec![Analysis::unknown(0..script.len(), "a script that does not end".to_owned())],
    }
}

/// Says what the statement at `range` of `script` does.
pub fn analyse_statement(script: &str, range: Range<usize>) -> Analysis {
    let text = script.get(range.clone()).unwrap_or_default();
    let mut cursor = Cursor::new(text);
    let Some(entry) = statement::find(&mut cursor) else {
        return Analysis::unknown(range, first_words(text));
    };
    let mut analysis = Analysis::new(range, entry.words.to_owned());
    analysis.nature = entry.nature;
    match entry.does {
        Does::Nothing => {}
        Does::Unknown => analysis.work = Work::Unknown,
        Does::Named(mode, work) => {
            cursor.skip_any(&["IF EXISTS", "TABLE", "CONCURRENTLY", "ONLY"]);
            for relation in cursor.relations() {
                analysis.push(relation, mode, work, entry.words);
            }
        }
        Does::OnTable(mode, work) => {
            if cursor.seek("ON") {
                cursor.eat("ONLY");
                if let Some(relation) = cursor.relation() {
                    analysis.push(relation, mode, work, entry.words);
                }
            }
        }
        Does::Special(read) => read(&mut cursor, &mut analysis),
    }
    let work = analysis.effects.iter().map(|effect| effect.work).max().unwrap_or_default();
    analysis.work = analysis.work.max(work);
    analysis
}

/// What a statement that is not known is called by.
fn first_words(text: &str) -> String {
    let cursor = Cursor::new(text);
    let words = cursor.rest().iter().take(2).take_while(|token| token.kind == super::tokens::Kind::Word);
    let words: Vec<String> = words.map(|token| token.text.to_ascii_uppercase()).collect();
    if words.is_empty() { "a statement that is not known".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::super::{LockMode, Nature, On, Relation};
    use super::*;

    /// `mode on what: work` for each effect.
    pub(super) fn effects(sql: &str) -> Vec<String> {
        let found = analyse(sql);
        assert_eq!(found.len(), 1, "{sql}");
        found[0].effects.iter().map(|effect| format!("{} on {}: {}", effect.mode, effect.on, effect.work)).collect()
    }

    #[test]
    fn each_statement_has_its_place() {
        let script = "--! x\ncreate table t (a int);\n\nalter table t add b int; do $$ begin end $$";
        let found = analyse(script);
        let texts: Vec<&str> = found.iter().map(|analysis| &script[analysis.range.clone()]).collect();
        assert_eq!(texts, ["create table t (a int)", "alter table t add b int", "do $$ begin end $$"]);
        assert_eq!(found[0].creates, [Relation::unqualified("t")]);
        assert_eq!(found[1].target(), Some(&On::Relation(Relation::unqualified("t"))));
        assert_eq!((found[2].work, found[2].nature), (Work::Unknown, Nature::Unknown));
    }

    #[test]
    fn what_is_not_known_is_said_to_be() {
        for sql in ["frobnicate t", "do $$ $$", "call p()", "select 'a", "create thing x", "(", "drop schema s cascade"]
        {
            let found = analyse(sql);
            assert_eq!(found.len(), 1, "{sql}");
            assert_eq!(found[0].work, Work::Unknown, "{sql}");
        }
        assert_eq!(analyse("frobnicate t")[0].kind, "FROBNICATE T");
    }

    #[test]
    fn an_alter_table_has_an_effect_for_each_action() {
        assert_eq!(
            effects("alter table only a.t add column b int default random(), validate constraint c, drop d"),
            [
                "ACCESS EXCLUSIVE on `a.t`: rewrite",
                "SHARE UPDATE EXCLUSIVE on `a.t`: scan",
                "ROW SHARE on the tables that `a.t` references: instant",
                "ACCESS EXCLUSIVE on `a.t`: instant",
            ]
        );
        let found = &analyse("alter table t validate constraint c, drop d")[0];
        let on = On::Relation(Relation::unqualified("t"));
        assert_eq!(found.locks()[0], (&on, LockMode::AccessExclusive));
    }

    #[test]
    fn a_statement_may_be_cut_off_anywhere() {
        let sql = "alter table if exists only a.\"b\" add constraint c foreign key (d) references e (f) not valid, \
                   add column if not exists g numeric(3,2) not null default (random() * 2) check (g > 1)";
        for end in (0..=sql.len()).filter(|end| sql.is_char_boundary(*end)) {
            drop(analyse(&sql[..end]));
        }
        for sql in ["create index", "create index on", "drop", "lock", "insert into", "with", "reindex (", "comment on"]
        {
            assert!(analyse(sql).len() <= 1, "{sql}");
        }
    }
}
