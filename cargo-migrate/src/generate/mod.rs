//! From models to migrations: both schemas built on scratch databases, their difference as files, and the proof that the files do what they
//! shall.
//!
//! `place` is where scratch databases are made, `replay` builds what the migrations make, `wanted` what the models want; `adopt` leaves out of the
//! comparison what the models have no words for. `answers` and `decide` settle what only a person knows, `files` writes a plan as migrations, `prove` tries them.

mod adopt;
mod again;
mod answers;
mod decide;
mod files;
mod place;
mod prove;
mod replay;
mod retired;
mod wanted;

pub use decide::{Answers, Ask, Between, Decided, decide};
pub use files::{Generated, New, Said, files};
pub use place::{Place, Scratch};
pub use prove::{Proof, prove};
pub use replay::{Former, replay, replay_of};
pub use retired::short;
pub use wanted::{extras, wanted};
