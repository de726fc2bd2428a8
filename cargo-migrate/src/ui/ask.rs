//! Questions, for whoever sits at a terminal.

use std::io::{self, IsTerminal};

use super::{Ui, style};

impl Ui {
    /// Asks a question and returns the answer, without spaces around it; `None` where nobody is there to be asked.
    ///
    /// # Errors
    /// The answer can't be read.
    pub fn ask(&mut self, question: &str) -> io::Result<Option<String>> {
        if !self.asks || !io::stdin().is_terminal() {
            return Ok(None);
        }
        self.message(&format!("{0}{question}{0:#} ", style::STRONG));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(Some(answer.trim().to_owned()))
    }
}
