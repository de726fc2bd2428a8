//! Tables that nobody can miss for a while, as they come and go from script to script.

use std::collections::BTreeMap;

use crate::hazards::Relation;

/// Tables by their bare name, each with the scripts before which it counts as new or empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Fresh {
    by_name: BTreeMap<String, Vec<Span>>,
}

#[derive(Clone, Debug)]
struct Span {
    table: Relation,
    /// The first script for which it does, and the first one for which it doesn't any more.
    from: usize,
    until: Option<usize>,
}

impl Fresh {
    /// From script number `from` on this table counts.
    pub(super) fn begin(&mut self, table: Relation, from: usize) {
        self.by_name.entry(table.name.clone()).or_default().push(Span { table, from, until: None });
    }

    /// From script number `until` on it doesn't.
    pub(super) fn end(&mut self, table: &Relation, until: usize) {
        for span in self.by_name.get_mut(&table.name).into_iter().flatten() {
            if span.until.is_none() && span.table.may_be(table) {
                span.until = Some(until);
            }
        }
    }

    /// Whether it counts for script number `at`.
    pub(super) fn holds(&self, table: &Relation, at: usize) -> bool {
        let spans = self.by_name.get(&table.name).into_iter().flatten();
        spans
            .into_iter()
            .any(|span| span.from <= at && span.until.is_none_or(|until| at < until) && span.table.may_be(table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_one_script_to_another() {
        let mut fresh = Fresh::default();
        let table = Relation { schema: Some("app".into()), name: "books".into() };
        fresh.begin(table.clone(), 2);
        fresh.end(&Relation::unqualified("books"), 4);
        fresh.begin(table.clone(), 6);
        let holds = |at| fresh.holds(&Relation::unqualified("books"), at);
        assert_eq!([1, 2, 3, 4, 5, 6].map(holds), [false, true, true, false, false, true]);
        assert!(!fresh.holds(&Relation { schema: Some("other".into()), name: "books".into() }, 2));
    }
}
