diesel::table! {
    posts (idd) {
        id -> Int8,
        mood -> Mood,
        many -> Nullable<Range<Text>>,
    }
}

diesel::table! {
    users (id) {
        id -> Int8
        name -> Text,
    }
}

diesel::table! {
    posts (id) {
        id -> Int8,
    }
}

diesel::joinable!(post -> posts (id));
diesel::joinable!(posts -> posts (iid));
