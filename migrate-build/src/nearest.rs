//! "Did you mean": the known word that looks most like a misspelt one.

/// Returns the candidate that `word` was most likely meant to be; `None` where none is close.
///
/// Of equally close ones the first wins, so the order of the candidates decides, never chance.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('_', "-");
    let close = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= close || (word.len() >= 4 && candidate.starts_with(&word)))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let keys = ["parents", "transaction", "lock-timeout", "statement-timeout"];
        assert_eq!(nearest("parent", keys), Some("parents"));
        assert_eq!(nearest("lock_timeout", keys), Some("lock-timeout"));
        assert_eq!(nearest("Tansaction", keys), Some("transaction"));
        assert_eq!(nearest("statement", keys), Some("statement-timeout"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("x", keys), None);
    }
}
