//! The colours and weights that output uses. What may not be coloured is stripped when it is written.

use anstyle::{AnsiColor, Style};

/// `error`.
pub const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
/// `warning`.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// `note`.
pub const NOTE: Style = AnsiColor::BrightGreen.on_default().bold();
/// `help`.
pub const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
/// What was done: the verb in front of a status line.
pub const VERB: Style = AnsiColor::BrightGreen.on_default().bold();
/// Headings and what shall stand out.
pub const STRONG: Style = Style::new().bold();
/// What stands back.
pub const DIM: Style = Style::new().dimmed();
/// Good: applied, clean.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// To be done: pending.
pub const TODO: Style = AnsiColor::Yellow.on_default();
/// Bad: divergent, orphaned, interrupted.
pub const BAD: Style = AnsiColor::Red.on_default();
/// A version number.
pub const VERSION: Style = AnsiColor::Cyan.on_default();
