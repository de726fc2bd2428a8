//! PostgreSQL's table-level locks.

use std::fmt;

/// How a relation is locked, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockMode {
    /// What reading takes.
    AccessShare,
    /// What `SELECT … FOR UPDATE` takes.
    RowShare,
    /// What writing rows takes.
    RowExclusive,
    /// What `VACUUM`, `ANALYZE` and concurrent index builds take.
    ShareUpdateExclusive,
    /// What building an index takes: nobody writes.
    Share,
    /// What foreign keys and triggers take: nobody writes.
    ShareRowExclusive,
    /// Others may only read.
    Exclusive,
    /// Nobody else may do anything, not even read.
    AccessExclusive,
}

impl LockMode {
    /// All of them, weakest first.
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// Its name as SQL has it: `ACCESS EXCLUSIVE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// Its name as `pg_locks` has it: `AccessExclusiveLock`.
    pub fn pg_locks_name(self) -> &'static str {
        match self {
            Self::AccessShare => "AccessShareLock",
            Self::RowShare => "RowShareLock",
            Self::RowExclusive => "RowExclusiveLock",
            Self::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            Self::Share => "ShareLock",
            Self::ShareRowExclusive => "ShareRowExclusiveLock",
            Self::Exclusive => "ExclusiveLock",
            Self::AccessExclusive => "AccessExclusiveLock",
        }
    }

    /// The mode that `pg_locks` calls so.
    pub fn from_pg_locks(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.pg_locks_name() == name)
    }

    /// The mode that `LOCK TABLE … IN … MODE` calls so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Whether two sessions can't hold them on one relation at the same time.
    pub fn conflicts_with(self, other: Self) -> bool {
        let (weaker, stronger) = if self <= other { (self, other) } else { (other, self) };
        match stronger {
            Self::AccessExclusive => true,
            Self::Exclusive => weaker >= Self::RowShare,
            Self::ShareRowExclusive => weaker >= Self::RowExclusive,
            // A `SHARE` lock is the only strong one that several may hold.
            Self::Share => weaker == Self::RowExclusive || weaker == Self::ShareUpdateExclusive,
            Self::ShareUpdateExclusive => weaker == Self::ShareUpdateExclusive,
            Self::RowExclusive | Self::RowShare | Self::AccessShare => false,
        }
    }

    /// What waits for whoever holds it.
    pub fn blocks(self) -> Blocked {
        Blocked {
            reads: self.conflicts_with(Self::AccessShare),
            row_locks: self.conflicts_with(Self::RowShare),
            writes: self.conflicts_with(Self::RowExclusive),
            schema_changes: self.conflicts_with(Self::ShareUpdateExclusive),
        }
    }

    /// Whether the application can't go on with its work beside it.
    pub fn is_dangerous(self) -> bool {
        self.blocks().writes
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a lock makes others wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// `SELECT`.
    pub reads: bool,
    /// `SELECT … FOR UPDATE`, and the checks of foreign keys that point here.
    pub row_locks: bool,
    /// `INSERT`, `UPDATE`, `DELETE`.
    pub writes: bool,
    /// Other changes of the schema, `VACUUM` and `ANALYZE`.
    pub schema_changes: bool,
}

impl Blocked {
    /// In a few words: `reads and writes`, `writes`, `other schema changes`, `nothing`.
    pub fn describe(self) -> &'static str {
        match self {
            Self { reads: true, .. } => "reads and writes",
            Self { writes: true, row_locks: true, .. } => "writes and row locks",
            Self { writes: true, .. } => "writes",
            Self { schema_changes: true, .. } => "other schema changes",
            _ => "nothing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LockMode::*;
    use super::*;

    /// The table of PostgreSQL's manual, section "Table-Level Locks".
    #[test]
    fn conflicts_are_the_manuals() {
        let conflicts = |mode: LockMode| -> Vec<LockMode> {
            LockMode::ALL.into_iter().filter(|other| mode.conflicts_with(*other)).collect()
        };
        assert_eq!(conflicts(AccessShare), [AccessExclusive]);
        assert_eq!(conflicts(RowShare), [Exclusive, AccessExclusive]);
        assert_eq!(conflicts(RowExclusive), [Share, ShareRowExclusive, Exclusive, AccessExclusive]);
        assert_eq!(
            conflicts(ShareUpdateExclusive),
            [ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive]
        );
        assert_eq!(
            conflicts(Share),
            [RowExclusive, ShareUpdateExclusive, ShareRowExclusive, Exclusive, AccessExclusive]
        );
        assert_eq!(
            conflicts(ShareRowExclusive),
            [RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive]
        );
        assert_eq!(conflicts(Exclusive).len(), 7);
        assert_eq!(conflicts(AccessExclusive).len(), 8);
    }

    #[test]
    fn says_whom_it_holds_up() {
        assert_eq!(AccessExclusive.blocks().describe(), "reads and writes");
        assert_eq!(Exclusive.blocks().describe(), "writes and row locks");
        assert_eq!(Share.blocks().describe(), "writes");
        assert_eq!(ShareUpdateExclusive.blocks().describe(), "other schema changes");
        assert_eq!(RowExclusive.blocks().describe(), "nothing");
        assert_eq!(LockMode::from_pg_locks("ShareLock"), Some(Share));
        assert_eq!(LockMode::from_name("ACCESS EXCLUSIVE"), Some(AccessExclusive));
    }
}
