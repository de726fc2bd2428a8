//! Expressions that come back from the server as they were sent.

/// Returns an expression so that the server prints it again as it has printed it.
///
/// It prints `c IN ('a', 'b')` over a varchar as `ANY ((ARRAY['a'::character varying, …])::text[])`, and would read that cast as one of each
/// element. Behind a cast to what the array is already it stays a cast of the array.
pub(super) fn stable(expression: &str) -> String {
    expression.replace("::character varying])::text[]", "::character varying])::character varying[]::text[]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_of_an_array_stays_one() {
        assert_eq!(
            stable("ANY ((ARRAY['a'::character varying])::text[])"),
            "ANY ((ARRAY['a'::character varying])::character varying[]::text[])"
        );
    }
}
