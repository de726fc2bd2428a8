//! What `#[derive(Table)]` becomes.

use migrate_build_model::{ForeignKey, Table, Target, TargetColumn};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{DeriveInput, GenericParam};

use crate::report::{qualified, quoted};

pub(crate) fn expand(table: &Table, input: &DeriveInput) -> TokenStream {
    let ident = &table.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let name = qualified(table.schema.as_ref().map(|schema| schema.value.as_str()), &table.name.value);
    let columns = table.columns.iter().map(|column| quoted(&column.name.value));
    let fields = table.columns.iter().map(|column| column.ident.unraw().to_string());
    let row = table.row.then(|| from_row(table, input));
    let references = table.foreign_keys.iter().filter_map(reference);
    quote! {
        #[automatically_derived]
        impl #generics ::migrate_build::table::Table for #ident #arguments #bounds {
            const TABLE: &'static str = #name;
            const COLUMNS: &'static [&'static str] = &[#(#columns),*];
            const FIELDS: &'static [&'static str] = &[#(#fields),*];
        }
        #row
        #(#references)*
    }
}

/// `TryFrom<&Row>`, column by column and by name, so that the order of a query's columns doesn't matter.
fn from_row(table: &Table, input: &DeriveInput) -> TokenStream {
    let ident = &table.ident;
    let (_, arguments, bounds) = input.generics.split_for_impl();
    let lifetime = input.generics.params.iter().find_map(|parameter| match parameter {
        GenericParam::Lifetime(lifetime) => Some(lifetime.lifetime.to_token_stream()),
        GenericParam::Type(_) | GenericParam::Const(_) => None,
    });
    let lifetime = lifetime.unwrap_or_else(|| quote!('row));
    let columns = table.columns.iter().map(|column| {
        let (field, name) = (&column.ident, &column.name.value);
        quote_spanned!(field.span()=> #field: row.try_get(#name)?)
    });
    let skipped = table.skipped.iter().map(|field| quote!(#field: ::core::default::Default::default()));
    quote! {
        #[automatically_derived]
        impl<#lifetime> ::core::convert::TryFrom<&#lifetime ::migrate_build::table::Row> for #ident #arguments #bounds {
            type Error = ::migrate_build::table::RowError;

            fn try_from(row: &#lifetime ::migrate_build::table::Row) -> ::core::result::Result<Self, Self::Error> {
                ::core::result::Result::Ok(Self { #(#columns,)* #(#skipped,)* })
            }
        }
    }
}

/// Makes the compiler look at what a foreign key points to: that it is a table, and has these fields.
fn reference(key: &ForeignKey) -> Option<TokenStream> {
    let Target::Model(path) = &key.target else { return None };
    let model = path.segments.last()?;
    let fields = key.target_columns.iter().filter_map(|column| match column {
        TargetColumn::Field(field) => {
            let name = field.unraw().to_string();
            let message = format!("`{}` has no column for a field `{name}`", model.ident);
            Some(quote_spanned! {field.span()=>
                ::core::assert!(::migrate_build::table::has(<#path as ::migrate_build::table::Table>::FIELDS, #name), #message);
            })
        }
        TargetColumn::Column(_) => None,
    });
    let is_table = quote_spanned!(model.ident.span()=> let _ = <#path as ::migrate_build::table::Table>::TABLE;);
    Some(quote! {
        const _: () = {
            #is_table
            #(#fields)*
        };
    })
}
