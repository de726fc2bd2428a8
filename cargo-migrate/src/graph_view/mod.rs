//! The revision graph as text: lanes for a terminal, Mermaid for a page.

pub mod lanes;
pub mod mermaid;
