//! The order in which findings and decisions can be evaluated.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::condition::RawCondition;
use crate::rules::raw::RawModule;

/// Which finding or decision needs which. Names of findings stand as they are; a decision stands
/// under its name too (the two never share one: a decision is looked up by `decided`, a finding by
/// `ref`), so nodes are tagged.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    needs: BTreeMap<Node, BTreeSet<Node>>,
}

/// A finding or a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    Finding(String),
    Decision(String),
}

impl Node {
    fn name(&self) -> &str {
        match self {
            Self::Finding(name) | Self::Decision(name) => name,
        }
    }
}

/// The dependencies of all findings and decisions. A decision needs what its rules ask for.
pub(crate) fn dependencies(modules: &[RawModule]) -> Graph {
    let mut graph = Graph::default();
    for module in modules {
        for finding in &module.findings {
            let node = Node::Finding(finding.name.value.clone());
            graph
                .needs
                .entry(node)
                .or_default()
                .extend(needs(&finding.when));
        }
        for decision in &module.decisions {
            let node = Node::Decision(decision.name.value.clone());
            graph.needs.entry(node).or_default();
        }
        for rule in &module.rules {
            if let Some((decision, _)) = &rule.conclude {
                let node = Node::Decision(decision.value.clone());
                graph
                    .needs
                    .entry(node)
                    .or_default()
                    .extend(needs(&rule.when));
            }
        }
    }
    graph
}

fn needs(condition: &RawCondition) -> BTreeSet<Node> {
    let mut out = BTreeSet::new();
    condition.walk(&mut |c| match c {
        RawCondition::Ref(name) => {
            out.insert(Node::Finding(name.value.clone()));
        }
        RawCondition::Decided(decision, _) => {
            out.insert(Node::Decision(decision.value.clone()));
        }
        _ => {}
    });
    out
}

impl Graph {
    /// Every node after all it needs; nodes of a cycle are left out.
    pub(crate) fn sorted(&self) -> Vec<Node> {
        let mut done = BTreeSet::new();
        let mut order = Vec::new();
        let mut waiting: BTreeMap<&Node, usize> = BTreeMap::new();
        let mut wanted_by: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
        let mut ready: Vec<&Node> = Vec::new();
        for (node, needs) in &self.needs {
            let open = needs.iter().filter(|n| self.needs.contains_key(*n)).count();
            for need in needs {
                wanted_by.entry(need).or_default().push(node);
            }
            waiting.insert(node, open);
            if open == 0 {
                ready.push(node);
            }
        }
        ready.reverse();
        while let Some(node) = ready.pop() {
            if !done.insert(node) {
                continue;
            }
            order.push(node.clone());
            for other in wanted_by.get(node).into_iter().flatten() {
                if let Some(open) = waiting.get_mut(*other) {
                    *open = open.saturating_sub(1);
                    if *open == 0 {
                        ready.push(other);
                    }
                }
            }
        }
        order
    }

    /// One path through each cycle, its first name repeated at the end.
    pub(crate) fn cycles(&self) -> Vec<Vec<String>> {
        let sorted: BTreeSet<Node> = self.sorted().into_iter().collect();
        let mut left: BTreeSet<&Node> =
            self.needs.keys().filter(|n| !sorted.contains(*n)).collect();
        let mut out = Vec::new();
        while let Some(start) = left.first().copied() {
            // Every node left needs another one left, so walking on must meet itself.
            let mut path: Vec<&Node> = Vec::new();
            let mut met: BTreeMap<&Node, usize> = BTreeMap::new();
            let mut at = start;
            let cycle_start = loop {
                if let Some(index) = met.get(at) {
                    break Some(*index);
                }
                met.insert(at, path.len());
                path.push(at);
                match self.needs[at].iter().find(|n| left.contains(n)) {
                    Some(next) => at = next,
                    // It only hangs on a cycle that was reported before.
                    None => break None,
                }
            };
            if let Some(index) = cycle_start {
                let cycle = &path[index..];
                out.push(
                    cycle
                        .iter()
                        .chain(cycle.first())
                        .map(|n| n.name().to_owned())
                        .collect(),
                );
            }
            for node in path {
                left.remove(node);
            }
        }
        out
    }
}
