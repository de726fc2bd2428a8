//! The hashes that the build side, the runtime and the command line must agree on.

use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

/// How refinery hashed the version: by its feature `int8-versions`, which also decides the history table's column type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionWidth {
    /// `int4`: refinery without `int8-versions`.
    Int4,
    /// `int8`: refinery with `int8-versions`, and every table that this crate creates.
    Int8,
}

impl VersionWidth {
    /// Whether a history table of this width can hold `version`.
    pub fn holds(self, version: i64) -> bool {
        match self {
            Self::Int4 => i32::try_from(version).is_ok(),
            Self::Int8 => true,
        }
    }
}

/// Returns refinery's checksum of a migration: SipHash-1-3 with zero keys over name, version and SQL, as
/// `refinery_core::Migration::unapplied` computes it (refinery-core 0.10, `runner.rs`).
///
/// `sql` is the folded text (LF, no byte-order mark). A `version` that `Int4` can't hold is hashed by its low 32 bits;
/// callers check [`VersionWidth::holds`] first.
pub fn refinery_checksum(name: &str, version: i64, sql: &str, width: VersionWidth) -> u64 {
    let mut hasher = SipHasher13::new();
    name.hash(&mut hasher);
    match width {
        #[expect(clippy::cast_possible_truncation, reason = "documented: callers check the width first")]
        VersionWidth::Int4 => (version as i32).hash(&mut hasher),
        VersionWidth::Int8 => version.hash(&mut hasher),
    }
    sql.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INITIAL: &str = "CREATE TABLE persons (\n    id int,\n    name varchar(255),\n    city varchar(255)\n);\n";

    #[test]
    fn agrees_with_refinery() {
        let theirs = refinery_core::Migration::unapplied("V1__initial", INITIAL).unwrap();
        let ours = refinery_checksum("initial", 1, INITIAL, VersionWidth::Int4);
        assert_eq!(ours, theirs.checksum());
        assert_ne!(ours, refinery_checksum("initial", 1, INITIAL, VersionWidth::Int8));
    }
}
