//! What differs between systems: accounts, folders that others can't enter, and signals.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use self::other::{
    Account, SOCKET_PATH_LIMIT, account, ask_to_stop, confine, fallback_folder, give, new_folder, usable_by,
};
#[cfg(unix)]
pub(super) use self::unix::{
    Account, SOCKET_PATH_LIMIT, account, ask_to_stop, confine, fallback_folder, give, new_folder, usable_by,
};

/// How a server is asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Disconnects everybody and writes a checkpoint.
    Fast,
    /// Ends at once; the next start recovers as after a crash.
    Immediate,
}
