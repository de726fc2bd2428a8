//! One step from the former schema to the wanted one, and the step back.

use crate::schema::{Kind, Object};

/// One step. What exactly it does follows from the two definitions of its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is done to.
    pub object: Object,
    /// What is done.
    pub action: Action,
    /// Whether the object goes along with another one, so that dropping it takes no statement.
    pub silent_drop: bool,
}

/// What is done to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// It is made, with all that belongs to it, and for a table with these constraints.
    Create(Vec<Object>),
    /// A column is made, and rows that are there get the value of this expression.
    CreateFilled(String),
    /// It is dropped, as the reverse of making it.
    Drop(Vec<Object>),
    /// It is made anew over what is there.
    Replace,
    /// Its own properties are changed in place.
    Alter,
    /// Its owner, privileges, comment or labels are changed.
    Describe,
    /// It gets another name.
    Rename(Object),
    /// A label of an enum gets another name.
    RenameValue(String, String),
    /// Labels are added to an enum.
    AddValues,
    /// A type is made anew under its name, and these columns are taken over from the old one.
    Swap(Vec<Object>),
    /// A column's default is taken away while what it uses is made anew.
    DropDefault,
    /// The default comes back.
    SetDefault,
    /// A column that is null nowhere is declared so, in one step.
    SetNotNull,
    /// A column may be null again.
    DropNotNull,
    /// New rows must have a value in a column, by a check that no old row is held against. What is null is filled by the expression.
    Guard(Option<String>),
    /// The check goes.
    DropGuard,
    /// The old rows are held against the check, the column is declared NOT NULL, and the check goes.
    GuardToNotNull,
    /// The way back from that.
    NotNullToGuard,
    /// A constraint is made for new rows alone.
    CreateUnvalidated,
    /// The old rows are held against a constraint.
    Validate,
    /// The same, for a constraint that was there for new rows alone.
    ValidateKnown,
    /// The way back from that.
    Invalidate,
    /// An index is built, or goes, while others write.
    CreateConcurrently,
    /// The way back from that.
    DropConcurrently,
    /// An index is built beside the old one while others write, and takes its place.
    Rebuild,
    /// An index becomes a part of its table's parent's.
    AttachIndex,
    /// The way back from that, which takes nothing: the index goes.
    DetachIndex,
    /// A constraint is made from an index that is built while others write.
    CreateByIndex,
    /// A column gets or gives up a sequence.
    Own,
    /// The same on the way back alone.
    OwnBack,
    /// A column's new sequence goes on where the rows are.
    CatchUp,
    /// The same for the sequence that the way back makes.
    CatchUpBack,
    /// A table becomes a partition.
    Attach,
    /// The way back from that.
    Detach,
}

impl Change {
    /// Returns the step back, or nothing where there is nothing to do.
    pub fn inverse(&self) -> Option<Self> {
        let mut object = self.object.clone();
        let action = match &self.action {
            Action::Create(with) => Action::Drop(with.clone()),
            Action::Drop(with) => Action::Create(with.clone()),
            Action::Rename(to) => {
                object = to.clone();
                Action::Rename(self.object.clone())
            }
            Action::RenameValue(old, new) => Action::RenameValue(new.clone(), old.clone()),
            Action::DropDefault => Action::SetDefault,
            Action::SetDefault => Action::DropDefault,
            Action::SetNotNull => Action::DropNotNull,
            Action::DropNotNull => Action::SetNotNull,
            Action::Guard(_) => Action::DropGuard,
            Action::DropGuard => Action::Guard(None),
            Action::GuardToNotNull => Action::NotNullToGuard,
            Action::NotNullToGuard => Action::GuardToNotNull,
            Action::CreateUnvalidated | Action::CreateByIndex | Action::CreateFilled(_) => Action::Drop(Vec::new()),
            Action::CreateConcurrently => Action::DropConcurrently,
            Action::DropConcurrently => Action::CreateConcurrently,
            Action::Validate | Action::AddValues => return None,
            Action::ValidateKnown => Action::Invalidate,
            Action::Invalidate => Action::ValidateKnown,
            Action::AttachIndex => Action::DetachIndex,
            Action::DetachIndex => Action::AttachIndex,
            same @ (Action::Replace | Action::Alter | Action::Describe | Action::Swap(_) | Action::Rebuild) => {
                same.clone()
            }
            Action::Own => Action::OwnBack,
            Action::OwnBack => Action::Own,
            Action::CatchUp => Action::CatchUpBack,
            Action::CatchUpBack => Action::CatchUp,
            Action::Attach => Action::Detach,
            Action::Detach => Action::Attach,
        };
        Some(Self { object, action, silent_drop: self.silent_drop })
    }
}

/// What may go wrong when a step runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hazard {
    /// What sort of thing.
    pub kind: HazardKind,
    /// What it is about.
    pub object: Object,
    /// One sentence, lower case, without a full stop.
    pub message: String,
}

/// Sorts of hazards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HazardKind {
    /// Rows or values are lost.
    DataLoss,
    /// It depends on the rows whether it works.
    MayFail,
    /// A table is written anew, and nobody gets at it meanwhile.
    Rewrite,
    /// Writers have to wait for as long as it takes.
    Blocks,
}

/// What can't be generated for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsupported {
    /// What it is.
    pub object: Object,
    /// What would have to be done, lower case, without a full stop.
    pub what: String,
}

/// What may be a rename; without an answer it is not taken for one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// What both are.
    pub kind: Kind,
    /// What is gone, by its identity in the former schema.
    pub old: String,
    /// The type of a column, or the columns of a table.
    pub old_type: String,
    /// What is new, by its identity in the wanted schema.
    pub new: String,
    /// Of the new one.
    pub new_type: String,
}
