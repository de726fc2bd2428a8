//! What `#[derive(Domain)]` becomes.

use migrate_build_model::Domain;
use proc_macro2::TokenStream;
use quote::quote;

use crate::report::qualified;

pub(crate) fn expand(domain: &Domain) -> TokenStream {
    let ident = &domain.ident;
    let inner = &domain.ty;
    let name = &domain.name.value;
    let sql_name = qualified(domain.schema.as_ref().map(|schema| schema.value.as_str()), name);
    quote! {
        #[automatically_derived]
        impl ::migrate_build::table::PgType for #ident {
            const TYPE: &'static str = #sql_name;
        }

        #[automatically_derived]
        impl<'a> ::migrate_build::table::FromSql<'a> for #ident {
            fn from_sql(
                ty: &::migrate_build::table::Type,
                raw: &'a [u8],
            ) -> ::core::result::Result<Self, ::migrate_build::table::SqlError> {
                let ty = ::migrate_build::table::base_type(ty, #name);
                <#inner as ::migrate_build::table::FromSql>::from_sql(ty, raw).map(Self)
            }

            fn accepts(ty: &::migrate_build::table::Type) -> bool {
                <#inner as ::migrate_build::table::FromSql>::accepts(::migrate_build::table::base_type(ty, #name))
            }
        }

        #[automatically_derived]
        impl ::migrate_build::table::ToSql for #ident {
            fn to_sql(
                &self,
                ty: &::migrate_build::table::Type,
                out: &mut ::migrate_build::table::BytesMut,
            ) -> ::core::result::Result<::migrate_build::table::IsNull, ::migrate_build::table::SqlError> {
                ::migrate_build::table::ToSql::to_sql(&self.0, ::migrate_build::table::base_type(ty, #name), out)
            }

            fn accepts(ty: &::migrate_build::table::Type) -> bool {
                <#inner as ::migrate_build::table::ToSql>::accepts(::migrate_build::table::base_type(ty, #name))
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
