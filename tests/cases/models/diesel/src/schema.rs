// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "mood"))]
    pub struct Mood;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "Odd Type", schema = "app"))]
    pub struct Odd;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Mood;

    /// Representation of the `posts` table.
    posts (id) {
        id -> Int8,
        #[max_length = 80]
        title -> Varchar,
        #[sql_name = "type"]
        type_ -> Nullable<Bpchar>,
        mood -> Nullable<Mood>,
        moods -> Array<Nullable<Mood>>,
        search -> Tsvector,
        author_id -> Nullable<Int4>,
        price -> Numeric,
        during -> Nullable<Range<Timestamptz>>,
    }
}

diesel::table! {
    app.users {
        id -> Int4,
        email -> Citext,
        odd -> Odd,
    }
}

table! {
    #[sql_name = "post-tags"]
    post_tags (post_id, tag) {
        post_id -> diesel::sql_types::BigInt,
        tag -> Text,
    }
}

pub mod app {
    diesel::table! {
        app.settings (name) {
            name -> Text,
            value -> Nullable<Jsonb>,
        }
    }
}

diesel::joinable!(posts -> users (author_id));
diesel::joinable!(post_tags -> posts (post_id));

diesel::allow_tables_to_appear_in_same_query!(posts, users, post_tags,);
