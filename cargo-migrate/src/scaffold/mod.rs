//! What `init` changes in a package.

pub mod build_script;
