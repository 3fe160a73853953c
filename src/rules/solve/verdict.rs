//! From the truth of every value of a decision to the value itself.

use crate::rules::program::Decision;
use crate::rules::raw::Hit;
use crate::rules::truth::{Reason, Truth};

/// The truth of each value of a decision, and what follows from it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Verdict {
    hit: Hit,
    pub(crate) truths: Vec<Truth>,
    /// The first value that is true, else the default.
    pub(crate) chosen: usize,
    /// Several values of a decision that allows one are true.
    pub(crate) conflict: bool,
}

impl Verdict {
    pub(crate) fn new(hit: Hit, default: usize, truths: Vec<Truth>) -> Self {
        let true_values = truths.iter().filter(|t| t.is_true()).count();
        Self {
            hit,
            chosen: truths.iter().position(|t| t.is_true()).unwrap_or(default),
            conflict: hit == Hit::Unique && true_values > 1,
            truths,
        }
    }

    /// The value in words.
    pub(crate) fn value<'d>(&self, decision: &'d Decision) -> &'d str {
        if self.conflict {
            "conflict"
        } else {
            decision.values.get(self.chosen).map_or("", String::as_str)
        }
    }

    /// Whether nothing that is open would change it.
    pub(crate) fn settled(&self) -> bool {
        self.open().is_empty() && !self.conflict
    }

    fn concluded(&self) -> bool {
        self.truths.get(self.chosen).is_some_and(|t| t.is_true())
    }

    /// Values that may still become true and would change the answer: in order of priority only
    /// those above the one chosen. When nothing was concluded, every value is above the default.
    pub(crate) fn open(&self) -> Vec<usize> {
        let concluded = self.concluded();
        let counts = |value: usize| match self.hit {
            Hit::Priority => !concluded || value < self.chosen,
            Hit::Unique | Hit::Collect => true,
        };
        (0..self.truths.len())
            .filter(|value| self.truths[*value].is_unknown() && counts(*value))
            .collect()
    }

    /// True values beside the chosen one; all of them when they conflict.
    pub(crate) fn also_true(&self) -> Vec<usize> {
        (0..self.truths.len())
            .filter(|v| self.truths[*v].is_true() && (self.conflict || *v != self.chosen))
            .collect()
    }

    /// Whether a rule that concludes this value speaks for the answer.
    pub(crate) fn has(&self, value: usize) -> bool {
        match self.hit {
            Hit::Collect => self.truths[value].is_true() || value == self.chosen,
            Hit::Unique | Hit::Priority => !self.conflict && value == self.chosen,
        }
    }

    /// Whether the decision has this value, as another rule sees it: not known while a value that
    /// would change the answer is open.
    pub(crate) fn is(&self, value: usize) -> Truth {
        let open = self.open();
        let unresolved = || Truth::unknown(Reason::Unresolved);
        if self.conflict {
            return if self.truths[value].is_true() {
                Truth::unknown(Reason::Conflicting)
            } else {
                Truth::False
            };
        }
        if self.hit == Hit::Collect && self.concluded() {
            return match self.truths[value] {
                Truth::Unknown(_) => unresolved(),
                known => known,
            };
        }
        if value == self.chosen {
            return if open.is_empty() {
                Truth::True
            } else {
                unresolved()
            };
        }
        if open.contains(&value) {
            unresolved()
        } else {
            Truth::False
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(hit: Hit, truths: &str) -> Verdict {
        let truths: Vec<Truth> = truths
            .chars()
            .map(|c| match c {
                'T' => Truth::True,
                'F' => Truth::False,
                _ => Truth::unknown(Reason::NotTested),
            })
            .collect();
        Verdict::new(hit, truths.len() - 1, truths)
    }

    #[test]
    fn the_first_true_value_is_not_settled_below_an_open_one() {
        let v = verdict(Hit::Priority, "UTUF");
        assert_eq!((v.chosen, v.open()), (1, vec![0]));
        assert!(v.is(0).is_unknown() && v.is(1).is_unknown() && v.is(2).is_false());
        assert!(verdict(Hit::Priority, "FTUF").is(1).is_true());
    }

    #[test]
    fn two_values_of_a_unique_decision_conflict() {
        let v = verdict(Hit::Unique, "TTFF");
        assert!(v.conflict && v.is(0).is_unknown() && v.is(2).is_false());
        assert_eq!(v.also_true(), [0, 1]);
        let v = verdict(Hit::Unique, "TFUF");
        assert_eq!((v.conflict, v.open()), (false, vec![2]));
        assert!(v.is(0).is_unknown());
    }

    #[test]
    fn collected_values_stand_side_by_side() {
        let v = verdict(Hit::Collect, "FTTUF");
        assert_eq!((v.chosen, v.also_true(), v.open()), (1, vec![2], vec![3]));
        assert!(v.is(2).is_true() && v.is(3).is_unknown() && v.is(4).is_false());
        assert!(v.has(1) && v.has(2) && !v.has(3));
    }
}
