//! From models to migrations: both schemas built on scratch databases, their difference as files, and the proof that the files do what they
//! shall.
//!
//! `place` is where scratch databases are made, `replay` builds what the migrations make, `wanted` what the models want; `adopt` leaves out of the
//! comparison what the models have no words for. `answers` reads what a person says, `files` writes a plan as migrations, `prove` tries them.

mod adopt;
mod answers;
mod files;
mod place;
mod prove;
mod replay;
mod retired;
mod wanted;

pub use adopt::{Adopted, adopt};
pub use answers::{Unclear, column, declared, rename, rename_form, table};
pub use files::{Generated, New, Said, files};
pub use place::{Place, Scratch};
pub use prove::{Proof, prove};
pub use replay::{Former, chain, replay, replay_of};
pub use retired::{named, retired, short};
pub use wanted::{extras, wanted};
