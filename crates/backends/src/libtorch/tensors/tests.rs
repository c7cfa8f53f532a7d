use super::*;

#[test]
fn what_is_subnormal_is_0_and_nothing_else_changes() {
    let least = f32::MIN_POSITIVE;
    let largest = f32::from_bits(least.to_bits() - 1);
    let kept = [least, -least, 1.0, -3e38, -0.0, f32::INFINITY, f32::NEG_INFINITY];
    // All lengths, to cover whole vectors and their remainders.
    for len in 1..40 {
        let value = |i: usize| match i % 10 {
            7 => largest,
            8 => -f32::from_bits(1),
            9 => f32::NAN,
            k => kept[k],
        };
        let values: Vec<f32> = (0..len).map(value).collect();
        let tensor = Tensor::from_slice(&values);
        let apart = settled(&tensor);
        settle(&tensor);
        for (signed, found) in [(true, apart), (false, tensor)] {
            let found = Vec::<f32>::try_from(&found).unwrap();
            for (i, (found, value)) in found.iter().zip(&values).enumerate() {
                match i % 10 {
                    7 | 8 => assert_eq!(*found, 0.0),
                    4 if signed => assert_eq!(found.to_bits(), value.to_bits()),
                    9 => assert!(found.is_nan()),
                    _ => assert_eq!(found, value),
                }
            }
        }
    }
}
