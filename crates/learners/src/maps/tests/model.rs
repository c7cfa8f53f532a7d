//! Growing neural gas, slow and obvious: every error multiplied every time, edges in one map of pairs.

use super::*;
use std::collections::BTreeMap;

struct Unit {
    place: Vec<f64>,
    error: f64,
}

struct Model {
    units: BTreeMap<u64, Unit>,
    edges: BTreeMap<(u64, u64), u32>,
    next: u64,
    signals: u64,
}

fn pair(a: u64, b: u64) -> (u64, u64) {
    (a.min(b), a.max(b))
}

fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

impl Model {
    fn neighbours(&self, unit: u64) -> Vec<u64> {
        let other = |&(a, b): &(u64, u64)| match unit {
            u if u == a => Some(b),
            u if u == b => Some(a),
            _ => None,
        };
        self.edges.keys().filter_map(other).collect()
    }

    fn move_by(&mut self, unit: u64, share: f64, signal: &[f64]) {
        let place = &mut self.units.get_mut(&unit).unwrap().place;
        place
            .iter_mut()
            .zip(signal)
            .for_each(|(w, x)| *w += share * (x - *w));
    }

    fn most(&self, of: impl Iterator<Item = u64>) -> u64 {
        let by_error = |a: &u64, b: &u64| self.units[a].error.total_cmp(&self.units[b].error);
        of.max_by(|a, b| by_error(a, b).then(b.cmp(a))).unwrap()
    }

    fn signal(&mut self, rule: &GrowingNeuralGas, signal: &[f64]) {
        let mut order: Vec<u64> = self.units.keys().copied().collect();
        order.sort_by(|a, b| {
            squared(&self.units[a].place, signal).total_cmp(&squared(&self.units[b].place, signal))
        });
        let (first, second) = (order[0], order[1]);
        self.signals += 1;
        for n in self.neighbours(first) {
            *self.edges.get_mut(&pair(first, n)).unwrap() += 1;
            self.move_by(n, rule.neighbour_rate, signal);
        }
        let rise = squared(&self.units[&first].place, signal);
        self.units.get_mut(&first).unwrap().error += rise;
        self.move_by(first, rule.winner_rate, signal);
        self.edges.insert(pair(first, second), 0);
        self.edges.retain(|_, age| *age <= rule.max_age);
        let alone: Vec<u64> = order
            .into_iter()
            .filter(|u| self.neighbours(*u).is_empty())
            .collect();
        alone.iter().for_each(|u| drop(self.units.remove(u)));
        if self.signals.is_multiple_of(rule.insert_every) && self.units.len() < rule.max_units {
            let q = self.most(self.units.keys().copied());
            let f = self.most(self.neighbours(q).into_iter());
            let (a, b) = (&self.units[&q].place, &self.units[&f].place);
            let place = a.iter().zip(b).map(|(a, b)| f64::midpoint(*a, *b)).collect();
            self.edges.remove(&pair(q, f));
            self.edges.insert(pair(q, self.next), 0);
            self.edges.insert(pair(self.next, f), 0);
            for unit in [q, f] {
                self.units.get_mut(&unit).unwrap().error *= rule.inserted_error;
            }
            let error = self.units[&q].error;
            self.units.insert(self.next, Unit { place, error });
            self.next += 1;
        }
        self.units.values_mut().for_each(|u| u.error *= rule.error_decay);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn the_gas_and_a_slow_model_are_the_same(seed in 0u64..1000, insert_every in 3u64..20, max_age in 2u32..20) {
        let rule = GrowingNeuralGas { insert_every, max_age, max_units: 25, ..GrowingNeuralGas::default() };
        let all = signals(seed, 250, 2);
        let wide = |s: &Vec<f32>| s.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>();
        let unit = |i: usize| Unit { place: wide(&all[i]), error: 0.0 };
        let mut model = Model {
            // The first ids belong to the inputs.
            units: [(2, unit(0)), (3, unit(1))].into(),
            edges: [((2, 3), 0)].into(),
            next: 4,
            signals: 0,
        };
        let r = rule.clone();
        course(rule, &all, |i, _, after| {
            model.signal(&r, &wide(&all[i]));
            let map = &after.map;
            let id = |slot: usize| map.ids()[slot].0;
            let edges: BTreeMap<(u64, u64), u32> =
                map.edges.all().map(|(a, b, age)| (pair(id(a), id(b)), age)).collect();
            prop_assert_eq!(&edges, &model.edges, "after signal {}", i);
            for slot in 0..map.len() {
                let unit = &model.units[&id(slot)];
                let error = after.state.errors.get(slot);
                prop_assert!((error - unit.error).abs() < 1e-3 * unit.error.max(1e-3), "{} and {}", error, unit.error);
                for (a, b) in map.prototype(slot).iter().zip(&unit.place) {
                    prop_assert!((f64::from(*a) - b).abs() < 1e-4);
                }
            }
            Ok(())
        })?;
    }
}
