use super::*;
use crate::data::{DataEnv, DataRecipe, Digits};

#[test]
fn labels_beyond_what_is_declared_are_refused() {
    let digits = Digits {
        train: 20,
        test: 10,
        generator_seed: 1,
    };
    let mut data = digits.load(&DataEnv::default()).unwrap();
    assert_eq!(Counts::of(&data).unwrap().occurring().len(), 10);
    data.classes = 9;
    let text = Counts::of(&data).err().unwrap().to_string();
    assert!(text.contains("label 9") && text.contains("9 classes"), "{text}");
}
