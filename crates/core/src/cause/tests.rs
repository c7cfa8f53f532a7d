use super::Cause;

/// A name makes a strategy's own cause, even if the framework has a cause of that name.
#[test]
fn no_word_is_taken_for_a_cause_of_the_framework() {
    for cause in [Cause::Initial, Cause::Head, Cause::Phase, Cause::Ageing] {
        let word = cause.to_string();
        let (own, other) = (Cause::from(word.as_str()), Cause::from(word.clone()));
        assert_eq!((own.word(), &own), (word.as_str(), &other));
        assert_ne!(own, cause);
        let bytes = crate::state::to_bytes(&own).unwrap();
        assert_eq!(crate::state::from_bytes::<Cause>(&bytes).unwrap(), own);
    }
}
