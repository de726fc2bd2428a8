//! A database and files that don't fit each other: what is wrong, where it comes from, and what brings them together.

pub mod cure;
pub mod diagnosis;
pub mod evidence;
pub mod interrupted;
pub mod place;
pub mod restore;
pub mod script;
pub mod switch;
pub mod view;
