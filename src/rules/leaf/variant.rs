//! Questions about small variants.

use std::collections::BTreeSet;

use crate::case::variant::{Status, Variant};
use crate::rules::fact::VariantTest;
use crate::rules::leaf::{Answer, Match, Tally, genes_in_words, latest, within};
use crate::rules::truth::Reason;

/// A question about variants of some genes.
pub(crate) type VariantLeaf = VariantTest<BTreeSet<String>, BTreeSet<String>>;

impl VariantLeaf {
    /// A variant that was found answers for itself only; "no variant of the gene" answers for all.
    pub(super) fn answer(&self, variants: &[Variant]) -> Answer {
        let ours: Vec<&Variant> = variants
            .iter()
            .filter(|v| v.is_current() && self.genes.contains(&v.gene) && self.speaks(v))
            .collect();
        let mut tally = Tally::default();
        for variant in latest(self.take, ours, |v| (v.date, v.version)) {
            let found = Match::from_bool(self.is.contains(&variant.status));
            let fraction = match variant.status {
                Status::Detected => within(variant.vaf.map(|p| [p, p]), self.vaf),
                Status::NotDetected => Match::Yes,
            };
            tally.add(found.and(fraction), &variant.source);
        }
        tally.answer(self.take, Reason::NotTested)
    }

    fn speaks(&self, variant: &Variant) -> bool {
        match (&self.changes, &variant.protein_change) {
            (None, _) => true,
            (Some(changes), Some(change)) => changes.contains(change),
            // A gene without any variant is without this one; some variant of it tells nothing.
            (Some(_), None) => variant.status == Status::NotDetected,
        }
    }

    pub(super) fn words(&self) -> String {
        let mut words = vec![format!("variant of {}", genes_in_words(&self.genes))];
        if let Some(changes) = &self.changes {
            words.push(genes_in_words(changes));
        }
        if self.is == [Status::NotDetected] {
            words.push("not detected".to_owned());
        }
        words.extend(self.vaf.words("%"));
        words.extend(self.take.words());
        words.join(" ")
    }
}
