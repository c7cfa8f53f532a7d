use super::Edges;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A simple reference for the lists: one map of pairs.
#[derive(Default)]
struct Plain {
    units: usize,
    edges: BTreeMap<(usize, usize), u32>,
}

fn pair(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

impl Plain {
    fn remove(&mut self, slot: usize) {
        self.units -= 1;
        let moved = |s: usize| if s == self.units { slot } else { s };
        let kept = std::mem::take(&mut self.edges).into_iter();
        self.edges = kept
            .filter(|((a, b), _)| *a != slot && *b != slot)
            .map(|((a, b), age)| (pair(moved(a), moved(b)), age))
            .collect();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn lists_and_a_plain_map_agree(steps in prop::collection::vec((0u8..6, any::<u16>(), any::<u16>()), 1..200)) {
        let (mut edges, mut plain) = (Edges::default(), Plain::default());
        for (what, a, b) in steps {
            if plain.units < 3 || what == 0 {
                edges.push();
                plain.units += 1;
                continue;
            }
            let (a, b) = (a as usize % plain.units, b as usize % plain.units);
            match what {
                1 => {
                    edges.swap_remove(a);
                    plain.remove(a);
                }
                2 => {
                    edges.age(a);
                    plain.edges.iter_mut().filter(|((x, y), _)| *x == a || *y == a).for_each(|(_, age)| *age += 1);
                }
                3 => {
                    let alone = edges.cut_older(a, 1);
                    plain.edges.retain(|(x, y), age| !(*age > 1 && (*x == a || *y == a)));
                    for slot in alone {
                        prop_assert!(plain.edges.keys().all(|(x, y)| *x != slot && *y != slot));
                    }
                }
                _ if a != b => {
                    edges.refresh(a, b);
                    plain.edges.insert(pair(a, b), 0);
                }
                _ => {}
            }
            let listed: BTreeMap<_, _> = edges.all().map(|(a, b, age)| ((a, b), age)).collect();
            prop_assert_eq!(&listed, &plain.edges);
            prop_assert_eq!(edges.count(), plain.edges.len());
        }
    }
}
