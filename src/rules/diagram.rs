//! Decision diagrams: sets of cases over variables with a few states each.
//!
//! A case is one state for every variable. A set of cases is a node: the variable asked first, and
//! for each of its states the set that is left. Equal sets are the same node, so whether a set is
//! empty, or two are equal, is a comparison of two numbers, however many cases they hold.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

/// A set of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Set(u32);

/// No case.
pub(crate) const NONE: Set = Set(0);
/// Every case.
pub(crate) const ALL: Set = Set(1);

/// All sets that were made.
#[derive(Debug, Default)]
pub(crate) struct Diagram {
    /// The variable and, for each of its states, the set that is left.
    nodes: Vec<(usize, Rc<[Set]>)>,
    same: HashMap<(usize, Rc<[Set]>), Set>,
    both: HashMap<(Set, Set), Set>,
    other: HashMap<Set, Set>,
}

impl Diagram {
    fn node(&self, set: Set) -> Option<&(usize, Rc<[Set]>)> {
        (set.0 as usize)
            .checked_sub(2)
            .and_then(|index| self.nodes.get(index))
    }

    fn make(&mut self, variable: usize, left: Vec<Set>) -> Set {
        if left.iter().all(|set| *set == left[0]) {
            return left[0];
        }
        let key = (variable, Rc::from(left));
        if let Some(set) = self.same.get(&key) {
            return *set;
        }
        let id = u32::try_from(self.nodes.len() + 2).expect("memory ends before four billion sets");
        self.nodes.push(key.clone());
        self.same.insert(key, Set(id));
        Set(id)
    }

    /// The cases in which a variable has one of the states for which `holds` is true.
    pub(crate) fn where_states(&mut self, variable: usize, holds: &[bool]) -> Set {
        let left = holds.iter().map(|h| if *h { ALL } else { NONE }).collect();
        self.make(variable, left)
    }

    /// Cases in both sets.
    pub(crate) fn and(&mut self, a: Set, b: Set) -> Set {
        match (a, b) {
            (NONE, _) | (_, NONE) => return NONE,
            (ALL, other) | (other, ALL) => return other,
            _ if a == b => return a,
            _ => {}
        }
        let key = if a < b { (a, b) } else { (b, a) };
        if let Some(set) = self.both.get(&key) {
            return *set;
        }
        let (Some((first, left)), Some((second, right))) =
            (self.node(a).cloned(), self.node(b).cloned())
        else {
            return NONE;
        };
        let variable = first.min(second);
        let states = if first <= second {
            left.len()
        } else {
            right.len()
        };
        let parts: Vec<Set> = (0..states)
            .map(|state| {
                let a = if first == variable { left[state] } else { a };
                let b = if second == variable { right[state] } else { b };
                self.and(a, b)
            })
            .collect();
        let set = self.make(variable, parts);
        self.both.insert(key, set);
        set
    }

    /// Cases outside the set.
    pub(crate) fn not(&mut self, set: Set) -> Set {
        match set {
            NONE => return ALL,
            ALL => return NONE,
            _ => {}
        }
        if let Some(other) = self.other.get(&set) {
            return *other;
        }
        let Some((variable, left)) = self.node(set).cloned() else {
            return NONE;
        };
        let parts = left.iter().map(|part| self.not(*part)).collect();
        let other = self.make(variable, parts);
        self.other.insert(set, other);
        self.other.insert(other, set);
        other
    }

    /// Cases in one set or the other.
    pub(crate) fn or(&mut self, a: Set, b: Set) -> Set {
        let (a, b) = (self.not(a), self.not(b));
        let neither = self.and(a, b);
        self.not(neither)
    }

    /// Cases in any of the sets.
    pub(crate) fn any(&mut self, sets: impl IntoIterator<Item = Set>) -> Set {
        sets.into_iter().fold(NONE, |all, set| self.or(all, set))
    }

    /// Cases in at least `n` of the sets.
    pub(crate) fn at_least(&mut self, n: usize, sets: &[Set]) -> Set {
        // reached[k]: at least k of the sets seen so far.
        let mut reached = vec![NONE; n + 1];
        reached[0] = ALL;
        for set in sets {
            for k in (1..=n).rev() {
                let one_more = self.and(reached[k - 1], *set);
                reached[k] = self.or(reached[k], one_more);
            }
        }
        reached[n]
    }

    /// The case of the set with the lowest cost, as states by variable; variables that do not matter
    /// are left out. `cost` is that of a state, 0 for the state that needs nothing.
    pub(crate) fn cheapest(
        &self,
        set: Set,
        cost: &impl Fn(usize, usize) -> usize,
    ) -> Option<BTreeMap<usize, usize>> {
        let mut known: HashMap<Set, Option<(usize, usize)>> = HashMap::default();
        self.price(set, cost, &mut known)?;
        let mut states = BTreeMap::new();
        let mut at = set;
        while let Some((variable, left)) = self.node(at) {
            let (_, state) = known.get(&at).copied().flatten()?;
            states.insert(*variable, state);
            at = left[state];
        }
        Some(states)
    }

    /// The lowest cost of a case in the set; notes the state to take at each node.
    fn price(
        &self,
        set: Set,
        cost: &impl Fn(usize, usize) -> usize,
        known: &mut HashMap<Set, Option<(usize, usize)>>,
    ) -> Option<usize> {
        match set {
            NONE => return None,
            ALL => return Some(0),
            _ => {}
        }
        if let Some(best) = known.get(&set) {
            return best.map(|(price, _)| price);
        }
        let (variable, left) = self.node(set)?;
        let best = left
            .iter()
            .enumerate()
            .filter_map(|(state, part)| {
                let price = self.price(*part, cost, known)?;
                Some((price + cost(*variable, state), state))
            })
            .min();
        known.insert(set, best);
        best.map(|(price, _)| price)
    }

    /// Whether a case, as one state for every variable, is in the set.
    #[cfg(test)]
    pub(crate) fn holds(&self, set: Set, states: &[usize]) -> bool {
        let mut at = set;
        while let Some((variable, left)) = self.node(at) {
            at = left[states[*variable]];
        }
        at == ALL
    }

    /// How many nodes were made.
    pub(crate) fn size(&self) -> usize {
        self.nodes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_equal_when_their_cases_are() {
        let mut d = Diagram::default();
        let a = d.where_states(0, &[true, false, false]);
        let b = d.where_states(1, &[true, false]);
        let (not_a, not_b) = (d.not(a), d.not(b));
        let neither = d.and(not_a, not_b);
        let either = d.or(a, b);
        assert_eq!(d.not(neither), either);
        assert_eq!(d.and(a, not_a), NONE);
        assert_eq!(d.or(a, not_a), ALL);
    }

    #[test]
    fn counting_and_the_cheapest_case() {
        let mut d = Diagram::default();
        let sets: Vec<Set> = (0..4).map(|v| d.where_states(v, &[false, true])).collect();
        let two = d.at_least(2, &sets);
        for case in 0..16_usize {
            let states: Vec<usize> = (0..4).map(|v| case >> v & 1).collect();
            assert_eq!(d.holds(two, &states), case.count_ones() >= 2, "{states:?}");
        }
        let cost = |variable: usize, state: usize| state * (4 - variable);
        let cheapest = d.cheapest(two, &cost).unwrap();
        let taken: Vec<usize> = cheapest
            .iter()
            .filter(|(_, s)| **s == 1)
            .map(|(v, _)| *v)
            .collect();
        assert_eq!(taken, [2, 3]);
        assert_eq!(d.cheapest(NONE, &cost), None);
    }
}
