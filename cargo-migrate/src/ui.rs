//! The only printer: data goes to stdout, everything else to stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use serde_json::{Map, Value, json};

use crate::error::CommandError;
use crate::findings;

mod ask;
pub mod progress;
pub mod style;
pub mod table;
pub mod text;

use progress::Progress;

/// The version of the JSON shapes, see `docs/formats.md`. A field that is added doesn't change it.
pub const JSON_VERSION: u32 = 1;

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// One JSON document on stdout.
    Json,
    /// Workflow commands of GitHub, of `lint` alone.
    Github,
    /// SARIF 2.1.0, of `lint` alone.
    Sarif,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a [`Ui`] prints.
#[derive(Clone, Copy, Debug)]
pub struct UiOptions {
    /// The format of data.
    pub format: Format,
    /// When to colour.
    pub color: Color,
    /// Whether only data and errors are printed.
    pub quiet: bool,
    /// Whether details are printed.
    pub verbose: bool,
}

/// The text of a command's JSON document: `fields`, an object, behind `version` and `command`.
pub fn document(command: &str, fields: Value) -> String {
    let mut document = Map::new();
    document.insert("version".to_owned(), json!(JSON_VERSION));
    document.insert("command".to_owned(), json!(command));
    match fields {
        Value::Object(fields) => document.extend(fields),
        other => drop(document.insert("data".to_owned(), other)),
    }
    format!("{:#}\n", Value::Object(document))
}

/// The printer of one command's run. A pipe that the reader closed is no error: what follows is dropped.
pub struct Ui {
    command: String,
    options: UiOptions,
    out: Stream,
    err: Stream,
    bars: bool,
    asks: bool,
}

struct Stream {
    writer: AutoStream<Box<dyn Write + Send>>,
    colored: bool,
    failed: Option<io::Error>,
}

impl Stream {
    fn new(writer: Box<dyn Write + Send>, colored: bool) -> Self {
        let choice = if colored { ColorChoice::Always } else { ColorChoice::Never };
        Self { writer: AutoStream::new(writer, choice), colored, failed: None }
    }

    fn write(&mut self, text: &str) {
        if self.failed.is_none()
            && let Err(error) = self.writer.write_all(text.as_bytes())
        {
            self.failed = Some(error);
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none()
            && let Err(error) = self.writer.flush()
        {
            self.failed = Some(error);
        }
    }
}

impl Ui {
    /// A printer to the process's stdout and stderr.
    pub fn terminal(options: UiOptions) -> Self {
        let color = |auto: ColorChoice| match options.color {
            Color::Auto => auto != ColorChoice::Never,
            Color::Always => true,
            Color::Never => false,
        };
        let out_colored = color(AutoStream::choice(&io::stdout()));
        let err_colored = color(AutoStream::choice(&io::stderr()));
        Self {
            command: String::new(),
            options,
            out: Stream::new(Box::new(io::BufWriter::new(io::stdout())), out_colored),
            err: Stream::new(Box::new(io::stderr()), err_colored),
            bars: io::stderr().is_terminal() && !options.quiet,
            asks: io::stderr().is_terminal(),
        }
    }

    /// A printer to writers of the caller's: for running commands inside a process.
    pub fn to_writers(options: UiOptions, out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Self {
        let colored = options.color == Color::Always;
        let (out, err) = (Stream::new(out, colored), Stream::new(err, colored));
        Self { command: String::new(), options, out, err, bars: false, asks: false }
    }

    /// Names the command that prints, for the envelope of its JSON.
    pub fn set_command(&mut self, name: impl Into<String>) {
        self.command = name.into();
    }

    /// Whether data is to be printed as JSON.
    pub fn is_json(&self) -> bool {
        self.options.format == Format::Json
    }

    /// How data is to be printed.
    pub fn format(&self) -> Format {
        self.options.format
    }

    /// Whether details are wanted.
    pub fn is_verbose(&self) -> bool {
        self.options.verbose
    }

    /// Whether stderr is coloured: what renderers of their own need to know.
    pub fn colors_stderr(&self) -> bool {
        self.err.colored
    }

    /// Whether stdout is coloured.
    pub fn colors_stdout(&self) -> bool {
        self.out.colored
    }

    /// Prints a line of data to stdout.
    pub fn data(&mut self, line: impl Display) {
        self.out.write(&format!("{line}\n"));
    }

    /// Prints data to stdout as it is, without a line end of ours.
    pub fn raw(&mut self, text: &str) {
        self.out.write(text);
    }

    /// Prints the command's JSON document to stdout: `fields`, an object, behind `version` and `command`.
    pub fn json(&mut self, fields: Value) {
        self.out.write(&document(&self.command, fields));
    }

    /// Prints what was done or is going on: a verb, then the rest. Not when quiet.
    pub fn status(&mut self, verb: &str, text: impl Display) {
        if !self.options.quiet {
            self.message(&format!("{0}{verb}{0:#} {text}\n", style::VERB));
        }
    }

    /// Prints a line to stderr, as it is. Not when quiet.
    pub fn info(&mut self, text: impl Display) {
        if !self.options.quiet {
            self.message(&format!("{text}\n"));
        }
    }

    /// Prints a detail to stderr, only when details are wanted.
    pub fn detail(&mut self, text: impl Display) {
        if self.options.verbose {
            self.message(&format!("{0}{text}{0:#}\n", style::DIM));
        }
    }

    /// Prints a hint. Not when quiet.
    pub fn help(&mut self, text: impl Display) {
        if !self.options.quiet {
            self.message(&format!("{0}help:{0:#} {text}\n", style::HELP));
        }
    }

    /// Prints context. Not when quiet.
    pub fn note(&mut self, text: impl Display) {
        if !self.options.quiet {
            self.message(&format!("{0}note:{0:#} {text}\n", style::NOTE));
        }
    }

    /// Prints a warning.
    pub fn warning(&mut self, text: impl Display) {
        self.message(&format!("{0}warning:{0:#} {text}\n", style::WARNING));
    }

    /// Prints a rendered finding or other text of several lines to stderr, also when quiet.
    pub fn block(&mut self, text: &str) {
        self.message(&format!("{}\n", text.trim_end_matches('\n')));
    }

    /// Prints the error that ends a command; as JSON, it is also the document on stdout.
    pub fn error(&mut self, error: &CommandError) {
        self.failure(error);
        if self.is_json() {
            self.json(json!({ "error": {
                "kind": error.kind.name(), "message": error.to_string(), "causes": error.causes(),
                "notes": error.notes, "helps": error.helps,
                "findings": error.findings.iter().map(findings::to_json).collect::<Vec<_>>(),
                "location": error.excerpt.as_ref().map(|excerpt| excerpt.location()),
            }}));
        }
    }

    /// Prints an error: what happened, its causes, the source it points into, what cures it.
    pub fn failure(&mut self, error: &CommandError) {
        let causes = error.causes();
        let mut text = format!("{0}error:{0:#} {1}\n", style::ERROR, text::printable_lines(&error.to_string()));
        for cause in &causes {
            text.push_str(&format!("  {0}caused by:{0:#} {1}\n", style::STRONG, text::printable_lines(cause)));
        }
        if let Some(excerpt) = &error.excerpt {
            text.push_str(&excerpt.render(self.err.colored));
        }
        if let Some(snippet) = &error.snippet {
            text.push_str(snippet.trim_end_matches('\n'));
            text.push('\n');
        }
        for (label, style, lines) in [("note", style::NOTE, &error.notes), ("help", style::HELP, &error.helps)] {
            for line in lines {
                text.push_str(&format!("{style}{label}:{style:#} {}\n", text::printable_lines(line)));
            }
        }
        self.message(&text);
    }

    /// Starts showing progress on stderr, where that is a terminal.
    pub fn progress(&self) -> Progress {
        Progress::new(self.bars)
    }

    /// As [`Ui::status`], above a bar that is being shown.
    pub fn status_above(&mut self, progress: &Progress, verb: &str, text: impl Display) {
        progress.suspend(|| self.status(verb, text));
    }

    fn message(&mut self, text: &str) {
        // What was printed as data before comes before, also where both are one terminal.
        self.out.flush();
        self.err.write(text);
        self.err.flush();
    }

    /// Flushes stdout.
    ///
    /// # Errors
    /// What went wrong in writing to stdout, except that its reader went away.
    pub fn finish(&mut self) -> io::Result<()> {
        self.out.flush();
        match self.out.failed.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Buffer {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn options(format: Format) -> UiOptions {
        UiOptions { format, color: Color::Never, quiet: false, verbose: false }
    }

    #[test]
    fn an_error_is_text_on_stderr_and_a_document_on_stdout() {
        let (out, err) = (Buffer::default(), Buffer::default());
        let mut ui = Ui::to_writers(options(Format::Json), Box::new(out.clone()), Box::new(err.clone()));
        ui.set_command("status");
        ui.error(&CommandError::usage("no `Cargo.toml`").help("run `cargo init`"));
        ui.finish().unwrap();
        assert_eq!(err.text(), "error: no `Cargo.toml`\nhelp: run `cargo init`\n");
        let document: Value = serde_json::from_str(&out.text()).unwrap();
        assert_eq!(document["version"], 1);
        assert_eq!(document["command"], "status");
        assert_eq!(document["error"]["kind"], "usage");
    }

    #[test]
    fn a_reader_that_went_away_is_no_error_and_a_full_disk_is() {
        for (kind, ok) in [(io::ErrorKind::BrokenPipe, true), (io::ErrorKind::StorageFull, false)] {
            let mut ui = Ui::to_writers(options(Format::Human), Box::new(Closed(kind)), Box::new(Buffer::default()));
            ui.data("a line");
            assert_eq!(ui.finish().is_ok(), ok, "{kind}");
        }
    }

    #[test]
    fn quiet_keeps_data_and_errors() {
        let (out, err) = (Buffer::default(), Buffer::default());
        let quiet = UiOptions { quiet: true, ..options(Format::Human) };
        let mut ui = Ui::to_writers(quiet, Box::new(out.clone()), Box::new(err.clone()));
        ui.data("data");
        ui.status("Applied", "1");
        ui.help("nothing");
        ui.error(&CommandError::refused("no"));
        ui.finish().unwrap();
        assert_eq!((out.text().as_str(), err.text().as_str()), ("data\n", "error: no\n"));
    }
}
