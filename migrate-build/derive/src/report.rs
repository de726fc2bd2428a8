//! Mistakes as errors of the compiler, each at its place; and names as SQL takes them.

use migrate_build_model::Error;
use proc_macro2::TokenStream;

/// The code that makes the compiler say all of them.
pub(crate) fn expand(errors: &[Error]) -> TokenStream {
    errors
        .iter()
        .map(|Error { span, message, help }| {
            let text = match help {
                Some(help) => format!("{message}\nhelp: {help}"),
                None => message.clone(),
            };
            syn::Error::new(*span, text).to_compile_error()
        })
        .collect()
}

/// A name in double quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `"schema"."name"`, or `"name"` alone.
pub(crate) fn qualified(schema: Option<&str>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(name)),
        None => quoted(name),
    }
}
