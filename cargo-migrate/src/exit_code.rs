//! The exit codes that every command keeps to.

use std::process;

/// How a command ended, as the caller's shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// 0: done.
    Done,
    /// 1: refused or failed, with findings or an error about the migrations.
    Refused,
    /// 2: wrong usage or configuration.
    Usage,
    /// 3: the database is unreachable or reported an error.
    Database,
    /// 4: nothing is wrong, and there is pending work (`check --database`, `status --exit-code`).
    Pending,
    /// 130: interrupted by the user.
    Interrupted,
}

impl ExitCode {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Database => 3,
            Self::Pending => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}
