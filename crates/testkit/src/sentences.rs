//! The messages of errors, kept in golden files.

/// One error of each variant, as lines of text: `sentences!(Error; value => pattern, …)`. A variant that no pattern names is a
/// compile error, so that none is forgotten; an error that is not one line is a panic.
#[macro_export]
macro_rules! sentences {
    ($type:ty; $($value:expr => $pattern:pat),+ $(,)?) => {{
        let errors: Vec<$type> = vec![$($value),+];
        let named = |error: &$type| match error { $($pattern => ()),+ };
        errors.iter().for_each(named);
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        for said in &words {
            assert!(!said.is_empty() && !said.contains('\n'), "{said:?} is not one sentence");
        }
        words.join("\n")
    }};
}
