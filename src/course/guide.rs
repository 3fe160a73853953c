//! What a course is judged by: thresholds, names of organs, and what is known of blood ratios. Filled from the
//! tables of a pack, each row with its citation.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::course::ratios::Name;

/// The thresholds of RECIST 1.1 (doi 10.1016/j.ejca.2008.10.026).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria {
    /// Decrease of the sum from baseline that makes a partial response, in percent; inclusive.
    pub partial_decrease_percent: Decimal,
    /// Increase of the sum from nadir that makes progression, in percent; inclusive.
    pub progression_increase_percent: Decimal,
    /// Increase of the sum from nadir that progression needs as well, in mm; inclusive.
    pub progression_increase_mm: Decimal,
    /// A node with a shorter short axis is normal, in mm.
    pub node_normal_below_mm: Decimal,
    /// Smallest diameter of a target lesion at baseline, in mm.
    pub target_mm: Decimal,
    /// Smallest short axis of a target node at baseline, in mm.
    pub target_node_mm: Decimal,
    /// What is entered for a lesion that is seen but too small to measure, in mm.
    pub too_small_mm: Decimal,
    /// Most target lesions.
    pub targets: u32,
    /// Most target lesions in one organ.
    pub targets_per_organ: u32,
    /// Days before the start of treatment within which the baseline should lie.
    pub baseline_days: u32,
    /// Days after which a response may be confirmed.
    pub confirmation_days: u32,
    /// Days from the start after which stable disease counts.
    pub stable_days: u32,
    /// Most assessments that are not evaluable between a response and its confirmation.
    pub not_evaluable_between: u32,
}

/// An organ as RECIST counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organ {
    /// Its name.
    pub name: String,
    /// The words that tell it.
    pub words: Vec<String>,
    /// Lymph nodes: measured by their short axis, and all one organ.
    pub nodes: bool,
}

/// What a statement about blood ratios is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// How a ratio is formed.
    Definition,
    /// What studies found.
    Figure,
    /// What misleads.
    Caution,
}

/// A statement about blood ratios with its citation, printed as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The ratio it is about; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Name>,
    /// What it is.
    pub kind: RemarkKind,
    /// The statement.
    pub text: String,
    /// Citations.
    pub cites: Vec<String>,
}

/// Everything a course is judged by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guide {
    /// Thresholds; none when the pack has no such table, and then no response is worked out.
    pub criteria: Option<Criteria>,
    /// Citations of the thresholds.
    pub criteria_cites: Vec<String>,
    /// Organs.
    pub organs: Vec<Organ>,
    /// What is known of blood ratios.
    pub remarks: Vec<Remark>,
}

impl Guide {
    /// The organ a site lies in, by its words.
    #[must_use]
    pub fn organ(&self, site: &str) -> Option<&Organ> {
        let site = site.to_lowercase();
        let said = |word: &String| {
            if word.is_ascii() {
                site.split(|c: char| !c.is_alphanumeric())
                    .collect::<Vec<_>>()
                    .windows(word.split(' ').count())
                    .any(|run| run.join(" ") == *word)
            } else {
                site.contains(word.as_str())
            }
        };
        // Nodes first: a para-aortic node is a node, whatever else its site names.
        let by = |nodes: bool| {
            self.organs
                .iter()
                .filter(move |o| o.nodes == nodes)
                .find(|o| o.words.iter().any(said))
        };
        by(true).or_else(|| by(false))
    }
}
