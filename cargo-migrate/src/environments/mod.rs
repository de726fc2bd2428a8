//! The rules between environments: which migrations one may receive, and how several compare. Pure, over facts that `engine` and
//! `git` have read.

pub mod evidence;
pub mod facts;
pub mod gates;
pub mod overview;
pub mod report;
pub mod verdict;
