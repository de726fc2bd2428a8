//! What a database says of the relations that a plan speaks of.

use std::collections::BTreeMap;

use crate::hazards::On;

/// A relation as it is in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its name with its schema, quoted where SQL needs it.
    pub name: String,
    /// About how many rows it holds, its partitions included.
    pub rows: u64,
    /// About how much it takes on disk, with indexes and partitions; `None` where it was never analysed.
    pub bytes: Option<u64>,
    /// How many partitions or children are locked with it.
    pub partitions: u64,
}

/// The relations that are there, by what a statement says of them. What isn't in it isn't there.
pub type Facts = BTreeMap<On, Vec<Standing>>;
