//! What `#[derive(PgEnum)]` becomes.

use migrate_build_model::PgEnum;
use proc_macro2::TokenStream;
use quote::quote;

use crate::report::qualified;

pub(crate) fn expand(pg_enum: &PgEnum) -> TokenStream {
    let ident = &pg_enum.ident;
    let name = &pg_enum.name.value;
    let sql_name = qualified(pg_enum.schema.as_ref().map(|schema| schema.value.as_str()), name);
    let variants: Vec<_> = pg_enum.labels.iter().map(|label| &label.ident).collect();
    let labels: Vec<_> = pg_enum.labels.iter().map(|label| &label.name.value).collect();
    quote! {
        #[automatically_derived]
        impl ::migrate_build::table::PgType for #ident {
            const TYPE: &'static str = #sql_name;
        }

        #[automatically_derived]
        impl ::migrate_build::table::PgLabel for #ident {
            fn label(&self) -> &'static str {
                match *self { #(Self::#variants => #labels,)* }
            }
        }

        #[automatically_derived]
        impl<'a> ::migrate_build::table::FromSql<'a> for #ident {
            fn from_sql(
                ty: &::migrate_build::table::Type,
                raw: &'a [u8],
            ) -> ::core::result::Result<Self, ::migrate_build::table::SqlError> {
                match <&str as ::migrate_build::table::FromSql>::from_sql(ty, raw)? {
                    #(#labels => ::core::result::Result::Ok(Self::#variants),)*
                    other => ::core::result::Result::Err(::migrate_build::table::unknown_label(#name, other)),
                }
            }

            fn accepts(ty: &::migrate_build::table::Type) -> bool {
                ::migrate_build::table::is_enum(ty, #name)
            }
        }

        #[automatically_derived]
        impl ::migrate_build::table::ToSql for #ident {
            fn to_sql(
                &self,
                ty: &::migrate_build::table::Type,
                out: &mut ::migrate_build::table::BytesMut,
            ) -> ::core::result::Result<::migrate_build::table::IsNull, ::migrate_build::table::SqlError> {
                let label = ::migrate_build::table::PgLabel::label(self);
                ::migrate_build::table::ToSql::to_sql(&label, ty, out)
            }

            fn accepts(ty: &::migrate_build::table::Type) -> bool {
                ::migrate_build::table::is_enum(ty, #name)
            }

            fn to_sql_checked(
                &self,
                ty: &::migrate_build::table::Type,
                out: &mut ::migrate_build::table::BytesMut,
            ) -> ::core::result::Result<::migrate_build::table::IsNull, ::migrate_build::table::SqlError> {
                ::migrate_build::table::checked(self, ty, out)
            }
        }
    }
}
