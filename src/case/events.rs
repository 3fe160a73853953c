//! Which calls speak of one event: the same two genes in the same sample.
//!
//! Several callers, or DNA and RNA, that find one fusion are members of one event, side by side: their reads are
//! never added up, for they are the same reads or the same cells. `A::B` beside `B::A` are the two products of one
//! balanced rearrangement. Further breakpoints of the same pair stay members of the event, each with the junction
//! it belongs to. Two fusions of one kinase with different partners are two events.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::case::Case;
use crate::case::fusion::{Breakpoint, Frame, Fusion, Method, Sides, Status, Support};

/// Bases between two calls of the same junction in the same molecule.
const SAME: u64 = 10;
/// Bases between a junction in DNA and the one it gives in RNA: it lies in the intron before the exon.
const ACROSS: u64 = 100_000;

/// Products of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Products {
    /// One product, in one order.
    One,
    /// A product and its reciprocal: a balanced event.
    Balanced,
    /// No order is known.
    Unknown,
}

impl Products {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 3] = [
        (Self::One, "one"),
        (Self::Balanced, "balanced"),
        (Self::Unknown, "unknown"),
    ];
}

/// What the members of an event disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Disagreement {
    /// One in frame, another not.
    Frame,
    /// The same junction in two orders.
    Order,
    /// Two callers of one molecule share no junction.
    Breakpoint,
}

impl Disagreement {
    /// Every value with its name in JSON.
    pub const ALL: [(Self, &str); 3] = [
        (Self::Frame, "frame"),
        (Self::Order, "order"),
        (Self::Breakpoint, "breakpoint"),
    ];
}

/// One call or statement of an event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// Index into the fusions.
    pub fusion: usize,
    /// The product: `IGFBP5::ALK`, or `ALK / IGFBP5` where the order is unknown or in doubt.
    pub product: String,
    /// Which junction of the event, from 1; none without two positions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub junction: Option<usize>,
    /// The caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// What was sequenced.
    pub method: Method,
    /// Reading frame, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<Frame>,
    /// Breakpoints of the 5' and the 3' partner, or in the order reported without an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakpoints: Option<[Option<Breakpoint>; 2]>,
    /// Exons.
    #[serde(skip_serializing_if = "Sides::is_empty")]
    pub exons: Sides,
    /// Reads, of this caller alone.
    pub support: Support,
}

/// Calls of one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Stable name: the sample, and the two genes in alphabetical order.
    pub id: String,
    /// Sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// Products found.
    pub products: Products,
    /// The callers, each once.
    pub callers: Vec<String>,
    /// Different junctions among the members.
    pub junctions: usize,
    /// What the members disagree about.
    pub disagreements: Vec<Disagreement>,
    /// The calls, in the order read.
    pub members: Vec<Member>,
}

/// Names the event in each call of the case, and nothing more.
pub fn name(case: &mut Case) {
    for fusion in &mut case.fusions {
        if let Some(pair) = pair(fusion) {
            fusion.event = Some(id(fusion.sample.as_deref(), pair));
        }
    }
}

/// The two genes of a call that counts for an event, in alphabetical order.
fn pair(fusion: &Fusion) -> Option<[&str; 2]> {
    if fusion.status != Status::Detected || !fusion.is_current() {
        return None;
    }
    let pair = fusion.pair_as_reported()?;
    if pair.iter().all(|side| side.is_empty()) {
        return None;
    }
    let mut pair = match (&fusion.five_prime, &fusion.three_prime) {
        (Some(five), Some(three)) => [five.as_str(), three.as_str()],
        _ => pair.map(|side| if side.is_empty() { "?" } else { side }),
    };
    pair.sort_unstable();
    Some(pair)
}

fn id(sample: Option<&str>, [one, two]: [&str; 2]) -> String {
    match sample {
        Some(sample) => [sample, "/", one, "+", two].concat(),
        None => [one, "+", two].concat(),
    }
}

/// Groups the calls of the case and names the event in each of them.
pub fn group(case: &mut Case) {
    name(case);
    let mut groups: BTreeMap<(Option<&str>, [&str; 2]), Vec<usize>> = BTreeMap::new();
    for (index, fusion) in case.fusions.iter().enumerate() {
        if let Some(pair) = pair(fusion) {
            let key = (fusion.sample.as_deref(), pair);
            groups.entry(key).or_default().push(index);
        }
    }
    let mut events: Vec<(usize, Event)> = groups
        .into_iter()
        .map(|((sample, pair), indices)| {
            let id = id(sample, pair);
            let sample = sample.map(str::to_owned);
            (indices[0], event(id, sample, &indices, &case.fusions))
        })
        .collect();
    // In the order in which the events first appear.
    events.sort_by_key(|(first, _)| *first);
    case.events = events.into_iter().map(|(_, event)| event).collect();
}

fn event(id: String, sample: Option<String>, indices: &[usize], fusions: &[Fusion]) -> Event {
    let mut members: Vec<Member> = indices
        .iter()
        .map(|index| member(*index, &fusions[*index]))
        .collect();
    let junctions = number_junctions(&mut members);
    let mut callers = Vec::new();
    for caller in members.iter().filter_map(|m| m.caller.as_ref()) {
        if !callers.contains(caller) {
            callers.push(caller.clone());
        }
    }
    let ordered: BTreeSet<&str> = members
        .iter()
        .map(|m| m.product.as_str())
        .filter(|product| product.contains("::"))
        .collect();
    let products = match ordered.len() {
        0 => Products::Unknown,
        1 => Products::One,
        _ => Products::Balanced,
    };
    let mut disagreements = BTreeSet::new();
    if frames_differ(&members) {
        disagreements.insert(Disagreement::Frame);
    }
    if products == Products::Balanced && turned(&members) {
        disagreements.insert(Disagreement::Order);
    }
    if breakpoints_differ(&members) {
        disagreements.insert(Disagreement::Breakpoint);
    }
    Event {
        id,
        sample,
        // The same junction in two orders is one product of which a caller has the order wrong.
        products: if disagreements.contains(&Disagreement::Order) {
            Products::Unknown
        } else {
            products
        },
        callers,
        junctions,
        disagreements: disagreements.into_iter().collect(),
        members,
    }
}

fn member(index: usize, fusion: &Fusion) -> Member {
    let named = fusion.five_prime.is_some() || fusion.three_prime.is_some();
    let ordered = named && fusion.is_ordered();
    let breakpoints = if ordered {
        let sided = fusion
            .sided_breakpoints()
            .map(Option::<&Breakpoint>::cloned);
        fusion.breakpoints.is_some().then_some(sided)
    } else {
        fusion.breakpoints.clone()
    };
    let side = |gene: &Option<String>| gene.clone().unwrap_or_else(|| "?".to_owned());
    Member {
        fusion: index,
        product: if ordered {
            format!(
                "{}::{}",
                side(&fusion.five_prime),
                side(&fusion.three_prime)
            )
        } else {
            fusion.name()
        },
        junction: None,
        caller: fusion.caller.clone(),
        method: fusion.method,
        frame: fusion.frame,
        breakpoints,
        exons: fusion.exons.clone(),
        support: fusion.support,
    }
}

fn positions(member: &Member) -> Option<[&Breakpoint; 2]> {
    let [Some(one), Some(two)] = member.breakpoints.as_ref()? else {
        return None;
    };
    Some([one, two])
}

fn close(one: &Breakpoint, two: &Breakpoint, within: u64) -> bool {
    one.chromosome == two.chromosome && one.position.abs_diff(two.position) <= within
}

/// How far two members may lie apart and still show one junction.
fn tolerance(one: Method, two: Method) -> u64 {
    if one == two { SAME } else { ACROSS }
}

/// Gives each member with two positions the number of its junction; returns how many there are.
///
/// Members of one molecule are sorted by position and cut where two neighbours lie apart. The junctions of DNA are
/// then given to those of RNA they lie near, so that the time stays n log n.
fn number_junctions(members: &mut [Member]) -> usize {
    let mut order: Vec<usize> = (0..members.len())
        .filter(|i| positions(&members[*i]).is_some())
        .collect();
    order.sort_by(|a, b| {
        let key = |i: usize| {
            let m = &members[i];
            let at = positions(m).map(|p| p.map(|b| (b.chromosome.as_str(), b.position)));
            (m.method, m.product.as_str(), at, i)
        };
        key(*a).cmp(&key(*b))
    });
    let mut next = 0;
    // The first member of each junction.
    let mut heads: Vec<usize> = Vec::new();
    let mut previous: Option<usize> = None;
    for index in order {
        let here = &members[index];
        let joined = previous.filter(|before| {
            let before = &members[*before];
            before.method == here.method
                && before.product == here.product
                && same_place(before, here, SAME)
        });
        let number = if let Some(before) = joined {
            members[before].junction
        } else {
            // Another molecule, the same place: the nearest heads will do, there are few.
            let near = heads.iter().rev().take(NEAR_HEADS).find(|head| {
                let head = &members[**head];
                head.method != here.method
                    && head.product == here.product
                    && same_place(head, here, tolerance(head.method, here.method))
            });
            if let Some(head) = near {
                members[*head].junction
            } else {
                next += 1;
                heads.push(index);
                Some(next)
            }
        };
        members[index].junction = number;
        previous = Some(index);
    }
    next
}

/// Most junctions of one event that a junction of another molecule is compared with.
const NEAR_HEADS: usize = 64;

fn same_place(one: &Member, two: &Member, within: u64) -> bool {
    match (positions(one), positions(two)) {
        (Some(a), Some(b)) => close(a[0], b[0], within) && close(a[1], b[1], within),
        _ => false,
    }
}

/// Whether one member says in frame and another of the same junction, or of none, says not.
fn frames_differ(members: &[Member]) -> bool {
    let mut kept: BTreeMap<(&str, Option<usize>), BTreeSet<bool>> = BTreeMap::new();
    for member in members {
        if let Some(is) = member.frame.and_then(Frame::kept) {
            let key = (member.product.as_str(), member.junction);
            kept.entry(key).or_default().insert(is);
        }
    }
    kept.values().any(|said| said.len() > 1)
}

/// Whether a junction is called in both orders at the same two positions by different callers, neither of which
/// shows the sides that tell two products apart.
fn turned(members: &[Member]) -> bool {
    type Called<'m> = (&'m str, &'m Option<String>);
    let mut seen: BTreeMap<[(&str, u64); 2], Called<'_>> = BTreeMap::new();
    for member in members {
        let Some(at) = positions(member) else {
            continue;
        };
        if at.iter().any(|b| b.keeps.is_some()) {
            continue;
        }
        let mut key = at.map(|b| (b.chromosome.as_str(), b.position));
        key.sort_unstable();
        let (product, caller) = *seen
            .entry(key)
            .or_insert((member.product.as_str(), &member.caller));
        if product != member.product && *caller != member.caller {
            return true;
        }
    }
    false
}

/// Whether two callers of one molecule and product have no junction in common.
fn breakpoints_differ(members: &[Member]) -> bool {
    type Junctions = BTreeSet<usize>;
    let mut by_product: BTreeMap<(Method, &str), BTreeMap<&str, Junctions>> = BTreeMap::new();
    for member in members {
        if let (Some(junction), Some(caller)) = (member.junction, member.caller.as_deref()) {
            let callers = by_product
                .entry((member.method, member.product.as_str()))
                .or_default();
            callers.entry(caller).or_default().insert(junction);
        }
    }
    by_product.values().any(|callers| {
        let mut sets = callers.values();
        sets.next()
            .is_some_and(|first| sets.any(|other| first.is_disjoint(other)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    fn call(pair: [&str; 2], caller: &str, method: Method, at: [&str; 2]) -> Fusion {
        let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
        fusion.as_reported = Some(pair.map(str::to_owned));
        [fusion.five_prime, fusion.three_prime] = pair.map(|s| Some(s.to_owned()));
        fusion.symbols = [fusion.five_prime.clone(), fusion.three_prime.clone()];
        fusion.orientation = Some(crate::case::fusion::Orientation::Stated);
        fusion.caller = Some(caller.to_owned());
        fusion.method = method;
        fusion.breakpoints = Some(at.map(Breakpoint::parse));
        fusion
    }

    fn events(fusions: Vec<Fusion>) -> Vec<Event> {
        let mut case = Case {
            fusions,
            ..Case::default()
        };
        group(&mut case);
        assert!(case.fusions.iter().all(|f| f.event.is_some()));
        case.events
    }

    const POINTS: [&str; 2] = ["2:42295516", "2:29223528"];

    #[test]
    fn callers_of_one_fusion_are_one_event_and_dna_joins_rna() {
        let found = events(vec![
            call(["EML4", "ALK"], "Arriba", Method::Rna, POINTS),
            call(
                ["EML4", "ALK"],
                "STAR-Fusion",
                Method::Rna,
                ["2:42295517", "2:29223528"],
            ),
            call(
                ["EML4", "ALK"],
                "Manta",
                Method::Dna,
                ["2:42298000", "2:29224900"],
            ),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].junctions, found[0].members.len()), (1, 3));
        assert_eq!(found[0].callers, ["Arriba", "STAR-Fusion", "Manta"]);
        assert!(found[0].disagreements.is_empty());
        assert_eq!(found[0].products, Products::One);
    }

    #[test]
    fn a_reciprocal_product_belongs_to_the_event_and_another_partner_does_not() {
        let found = events(vec![
            call(["EML4", "ALK"], "FusionCatcher", Method::Rna, POINTS),
            call(
                ["ALK", "EML4"],
                "FusionCatcher",
                Method::Rna,
                ["2:29225461", "2:42298000"],
            ),
            call(
                ["STRN", "ALK"],
                "FusionCatcher",
                Method::Rna,
                ["2:36900000", "2:29223528"],
            ),
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].products, Products::Balanced);
        assert_eq!(found[0].members.len(), 2);
        assert_eq!(found[1].id, "ALK+STRN");
    }

    #[test]
    fn a_second_breakpoint_stays_and_is_no_disagreement_of_one_caller() {
        let found = events(vec![
            call(["EML4", "ALK"], "Arriba", Method::Rna, POINTS),
            call(
                ["EML4", "ALK"],
                "Arriba",
                Method::Rna,
                ["2:42264731", "2:29223528"],
            ),
        ]);
        assert_eq!((found.len(), found[0].junctions), (1, 2));
        assert!(found[0].disagreements.is_empty());
    }

    #[test]
    fn disagreements_are_named() {
        let mut out_of_frame = call(["EML4", "ALK"], "B", Method::Rna, POINTS);
        out_of_frame.frame = Some(Frame::OutOfFrame);
        let mut in_frame = call(["EML4", "ALK"], "A", Method::Rna, POINTS);
        in_frame.frame = Some(Frame::InFrame);
        assert_eq!(
            events(vec![in_frame.clone(), out_of_frame])[0].disagreements,
            [Disagreement::Frame]
        );
        let turned = call(["ALK", "EML4"], "B", Method::Rna, [POINTS[1], POINTS[0]]);
        let found = &events(vec![in_frame.clone(), turned])[0];
        assert_eq!(found.disagreements, [Disagreement::Order]);
        assert_eq!(found.products, Products::Unknown);
        let elsewhere = call(
            ["EML4", "ALK"],
            "B",
            Method::Rna,
            ["2:42264731", "2:29223528"],
        );
        assert_eq!(
            events(vec![in_frame, elsewhere])[0].disagreements,
            [Disagreement::Breakpoint]
        );
    }

    #[test]
    fn the_order_of_calls_changes_no_event() {
        let calls = vec![
            call(
                ["EML4", "ALK"],
                "Manta",
                Method::Dna,
                ["2:42298000", "2:29224900"],
            ),
            call(["EML4", "ALK"], "Arriba", Method::Rna, POINTS),
            call(
                ["ALK", "EML4"],
                "Arriba",
                Method::Rna,
                ["2:29225461", "2:42298000"],
            ),
        ];
        let shape = |found: Vec<Event>| {
            found
                .into_iter()
                .map(|e| {
                    (
                        e.id,
                        e.products,
                        e.junctions,
                        e.disagreements,
                        e.members.len(),
                    )
                })
                .collect::<Vec<_>>()
        };
        let turned: Vec<Fusion> = calls.iter().rev().cloned().collect();
        assert_eq!(shape(events(calls)), shape(events(turned)));
    }
}
