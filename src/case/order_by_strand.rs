//! The order of the partners from the strands of their genes and the side of each breakpoint that is kept.
//!
//! ```text
//! gene on   side kept   part of the gene
//! plus      lower       upstream:   5' partner
//! plus      higher      downstream: 3' partner
//! minus     higher      upstream:   5' partner
//! minus     lower       downstream: 3' partner
//! ```
//!
//! One side that tells is enough, for a chimeric transcript has one 5' and one 3' part. Two that contradict each
//! other, or that contradict the order the format or the report states, make the order conflicting; nothing is
//! turned in silence. A caller that gives no sides and promises no order leaves it unknown.

use crate::case::Case;
use crate::case::fusion::{Breakpoint, Fusion, Orientation, OrientationFrom, Side};
use crate::vocab::{Gene, Vocab};

/// How far a breakpoint may lie from the position of a gene in the table and still be taken for one in the gene:
/// covers the difference of the genome builds.
const NEAR: u64 = 3_000_000;
/// How much nearer than the other breakpoint it must lie.
const NEARER: u64 = 1_000_000;

/// Settles the order of every pair, and hands exons and transcripts to their partners.
pub fn settle(case: &mut Case, vocab: &Vocab) {
    for fusion in &mut case.fusions {
        if fusion.breakpoints == Some([None, None]) {
            fusion.breakpoints = None;
        }
        let Some(pair) = &fusion.as_reported else {
            continue;
        };
        if fusion.symbols == [None, None] {
            fusion.symbols = symbols(fusion, pair, vocab);
        }
        if fusion.loose_breakpoints {
            place_breakpoints(fusion, vocab);
        }
        resolve(fusion, vocab);
        hand_over(fusion);
    }
}

/// Approved symbols of a pair whose reader gave only its 5' and 3' partner, or nothing.
fn symbols(fusion: &Fusion, pair: &[String; 2], vocab: &Vocab) -> [Option<String>; 2] {
    let named = [&pair[0], &pair[1]].map(|side| vocab.gene_named(side).map(|g| g.symbol.clone()));
    if let (Some(five), Some(three)) = (&fusion.five_prime, &fusion.three_prime) {
        let is = |side: usize, symbol: &String| named[side].as_ref() == Some(symbol);
        let turned = if is(0, five) || is(1, three) {
            false
        } else {
            is(0, three)
                || is(1, five)
                || fusion.orientation_from == Some(OrientationFrom::KinaseWrittenFirst)
        };
        let [one, two] = if turned { [three, five] } else { [five, three] };
        return [Some(one.clone()), Some(two.clone())];
    }
    let plain = |side: &String| !side.is_empty() && !side.contains([',', '(', ';', '/', ' ']);
    let [one, two] = named;
    [
        one.or_else(|| plain(&pair[0]).then(|| pair[0].clone())),
        two.or_else(|| plain(&pair[1]).then(|| pair[1].clone())),
    ]
}

/// The gene of the table that a side of the pair is.
fn table_gene<'v>(fusion: &Fusion, side: usize, vocab: &'v Vocab) -> Option<&'v Gene> {
    let pair = fusion.pair_as_reported()?;
    vocab.gene_named(pair[side])
}

/// Gives each gene its breakpoint where the caller lists them in an order of their own. Where the positions do not
/// tell which is whose, they say nothing of the order.
fn place_breakpoints(fusion: &mut Fusion, vocab: &Vocab) {
    let genes = [0, 1].map(|side| table_gene(fusion, side, vocab));
    let Some([Some(one), Some(two)]) = &fusion.breakpoints else {
        return;
    };
    let fits = |gene: Option<&Gene>, at: &Breakpoint| {
        gene.and_then(|g| g.chromosome.as_ref())
            .is_none_or(|chromosome| *chromosome == at.chromosome)
    };
    let straight = fits(genes[0], one) && fits(genes[1], two);
    let crossed = fits(genes[0], two) && fits(genes[1], one);
    let swap = match (straight, crossed) {
        (true, false) => Some(false),
        (false, true) => Some(true),
        (true, true) => nearer(genes, [one, two]),
        (false, false) => None,
    };
    if let Some(breakpoints) = &mut fusion.breakpoints {
        match swap {
            Some(true) => breakpoints.swap(0, 1),
            Some(false) => {}
            None => {
                for breakpoint in breakpoints.iter_mut().flatten() {
                    breakpoint.keeps = None;
                }
            }
        }
    }
}

/// Whether the breakpoints stand crossed, from the one gene whose position the table knows.
fn nearer(genes: [Option<&Gene>; 2], at: [&Breakpoint; 2]) -> Option<bool> {
    let spans = genes.map(|gene| gene.and_then(|g| g.span));
    let (side, [start, end]) = match spans {
        [Some(span), None] => (0, span),
        [None, Some(span)] => (1, span),
        _ => return None,
    };
    let chromosome = genes[side]?.chromosome.as_ref()?;
    let distance = |at: &Breakpoint| {
        if at.chromosome == *chromosome {
            let before = start.saturating_sub(at.position);
            before.max(at.position.saturating_sub(end))
        } else {
            u64::MAX
        }
    };
    let own = distance(at[side]);
    let other = distance(at[1 - side]);
    let clear = |near: u64, far: u64| near <= NEAR && far >= near.saturating_add(NEARER);
    if clear(own, other) {
        Some(false)
    } else if clear(other, own) {
        Some(true)
    } else {
        None
    }
}

/// The strand of the gene on one side of the pair and the side of the breakpoint that is kept, where both are known.
#[derive(Clone, Copy)]
struct Sign {
    strand: char,
    keeps: Side,
}

impl Sign {
    fn is_five_prime(self) -> bool {
        (self.strand == '+') == (self.keeps == Side::Lower)
    }
}

/// What the strands say, by the sides of the pair.
struct Told([Option<Sign>; 2]);

impl Told {
    /// Which side of the pair is 5'; none where two signs contradict each other.
    fn five_prime(&self) -> Option<usize> {
        let vote = |side: usize| {
            let sign = self.0[side]?;
            Some(if sign.is_five_prime() { side } else { 1 - side })
        };
        match (vote(0), vote(1)) {
            (Some(one), Some(two)) => (one == two).then_some(one),
            (one, two) => one.or(two),
        }
    }

    fn add_to(&self, fusion: &mut Fusion) {
        let because = self.because(fusion);
        add(fusion, because);
    }

    /// The signs in words. Made only where they are printed: the order of most calls is plain.
    fn because(&self, fusion: &Fusion) -> Vec<String> {
        let pair = fusion.pair_as_reported().unwrap_or_default();
        let told = self.0.iter().zip(fusion.breakpoints.iter().flatten());
        told.zip(pair)
            .filter_map(|((sign, breakpoint), name)| {
                let (sign, at) = ((*sign)?, breakpoint.as_ref()?);
                Some(format!(
                    "{name} lies on the {} strand and keeps the {} side of {}:{}, its {} part",
                    if sign.strand == '+' { "plus" } else { "minus" },
                    match sign.keeps {
                        Side::Lower => "lower",
                        Side::Higher => "higher",
                    },
                    at.chromosome,
                    at.position,
                    if sign.is_five_prime() { "5'" } else { "3'" },
                ))
            })
            .collect()
    }
}

fn told(fusion: &Fusion, vocab: &Vocab) -> Option<Told> {
    let breakpoints = fusion.breakpoints.as_ref()?;
    let pair = fusion.pair_as_reported()?;
    if pair[0] == pair[1] {
        return None;
    }
    let sign = |side: usize| {
        let breakpoint = breakpoints[side].as_ref()?;
        let keeps = breakpoint.keeps?;
        let own = || table_gene(fusion, side, vocab)?.strand;
        let strand = breakpoint.gene_strand.or_else(own)?;
        Some(Sign { strand, keeps })
    };
    let told = [sign(0), sign(1)];
    told.iter().any(Option::is_some).then_some(Told(told))
}

fn resolve(fusion: &mut Fusion, vocab: &Vocab) {
    antisense(fusion, vocab);
    let Some(told) = told(fusion, vocab) else {
        return;
    };
    let Some(five) = told.five_prime() else {
        fusion.orientation = Some(Orientation::Conflicting);
        told.add_to(fusion);
        return;
    };
    match fusion.orientation {
        Some(Orientation::Unknown) | None => {
            fusion.five_prime = fusion.symbols[five].clone();
            fusion.three_prime = fusion.symbols[1 - five].clone();
            fusion.orientation = Some(Orientation::Inferred);
            fusion.orientation_from = Some(OrientationFrom::StrandAndBreakpoint);
            told.add_to(fusion);
        }
        Some(Orientation::Stated | Orientation::Inferred) => {
            let named = fusion.five_prime.is_some() || fusion.three_prime.is_some();
            if named && stated_five_prime_side(fusion) != five {
                fusion.orientation = Some(Orientation::Conflicting);
                told.add_to(fusion);
            }
        }
        Some(Orientation::Conflicting) => told.add_to(fusion),
    }
}

/// Adds signs that are not yet there: a table of ours that is read again has them.
fn add(fusion: &mut Fusion, because: Vec<String>) {
    for sign in because {
        if !fusion.orientation_because.contains(&sign) {
            fusion.orientation_because.push(sign);
        }
    }
}

/// The side of the pair that is said to be 5'.
fn stated_five_prime_side(fusion: &Fusion) -> usize {
    if fusion.three_prime.is_some() {
        1 - fusion.three_prime_side()
    } else {
        usize::from(
            fusion.symbols[1] == fusion.five_prime && fusion.symbols[0] != fusion.five_prime,
        )
    }
}

/// A transcript on the strand opposite to its gene is no messenger of that gene. As 3' partner it cannot bring the
/// gene's protein; as 5' partner it is only noted, for the 3' partner may have its own start.
fn antisense(fusion: &mut Fusion, vocab: &Vocab) {
    let Some(breakpoints) = &fusion.breakpoints else {
        return;
    };
    let three = fusion.three_prime_side();
    let stated = fusion.orientation == Some(Orientation::Stated)
        && fusion.orientation_from == Some(OrientationFrom::Columns);
    let mut notes = Vec::new();
    let mut doubtful = false;
    for (side, breakpoint) in breakpoints.iter().enumerate() {
        let Some(breakpoint) = breakpoint else {
            continue;
        };
        // The table is asked only where the strand is known to be that of the transcript: with a stated order.
        let own = || table_gene(fusion, side, vocab)?.strand.filter(|_| stated);
        let Some(transcript) = breakpoint.strand else {
            continue;
        };
        let Some(gene) = breakpoint.gene_strand.or_else(own) else {
            continue;
        };
        if gene != transcript {
            let name = fusion.pair_as_reported().map_or("", |pair| pair[side]);
            notes.push(format!(
                "{name} is read against its strand ({gene}/{transcript})"
            ));
            doubtful |= side == three;
        }
    }
    add(fusion, notes);
    if doubtful && fusion.orientation == Some(Orientation::Stated) {
        fusion.orientation = Some(Orientation::Conflicting);
    }
}

/// Exons and transcripts of the pair as reported become those of the 5' and the 3' partner.
fn hand_over(fusion: &mut Fusion) {
    if fusion.five_prime.is_none() && fusion.three_prime.is_none() {
        return;
    }
    let five = stated_five_prime_side(fusion);
    for (from, to) in [
        (&fusion.reported_exons, &mut fusion.exons),
        (&fusion.reported_transcripts, &mut fusion.transcripts),
    ] {
        if to.is_empty() {
            to.five_prime.clone_from(&from[five]);
            to.three_prime.clone_from(&from[1 - five]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::fusion::Status;
    use crate::rules::Pack;
    use crate::source::Place;

    /// EML4 (plus, 42.3 Mb) or IGFBP5 (minus) with ALK (minus), as two sides `chromosome:position` and kept side.
    fn read(
        pair: [&str; 2],
        sides: [(&str, Option<Side>); 2],
        stated: Option<Orientation>,
    ) -> Fusion {
        let pack = Pack::built_in();
        let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
        fusion.as_reported = Some(pair.map(str::to_owned));
        fusion.symbols = pair.map(|symbol| Some(symbol.to_owned()));
        fusion.orientation = stated.or(Some(Orientation::Unknown));
        if stated.is_some() {
            [fusion.five_prime, fusion.three_prime] = pair.map(|s| Some(s.to_owned()));
        }
        fusion.breakpoints = Some(sides.map(|(at, keeps)| {
            let mut breakpoint = Breakpoint::parse(at)?;
            breakpoint.keeps = keeps;
            Some(breakpoint)
        }));
        let mut case = Case {
            fusions: vec![fusion],
            ..Case::default()
        };
        settle(&mut case, pack.vocab());
        case.fusions.remove(0)
    }

    const LOW: Option<Side> = Some(Side::Lower);
    const HIGH: Option<Side> = Some(Side::Higher);

    #[test]
    fn strands_and_sides_give_the_order_whatever_comes_first() {
        for (pair, sides) in [
            (["EML4", "ALK"], [("2:42295516", LOW), ("2:29223528", LOW)]),
            (["ALK", "EML4"], [("2:29223528", LOW), ("2:42295516", LOW)]),
            // One side that tells is enough.
            (["EML4", "ALK"], [("2:42295516", None), ("2:29223528", LOW)]),
            (["NEW1", "ALK"], [("9:100", HIGH), ("2:29223528", LOW)]),
        ] {
            let fusion = read(pair, sides, None);
            assert_eq!(fusion.three_prime.as_deref(), Some("ALK"), "{pair:?}");
            assert_eq!(fusion.orientation, Some(Orientation::Inferred));
            assert_eq!(
                fusion.orientation_from,
                Some(OrientationFrom::StrandAndBreakpoint)
            );
        }
        // The reciprocal product keeps the higher side of ALK: its 5' part.
        let reciprocal = read(
            ["EML4", "ALK"],
            [("2:42295516", HIGH), ("2:29223528", HIGH)],
            None,
        );
        assert_eq!(reciprocal.five_prime.as_deref(), Some("ALK"));
    }

    #[test]
    fn contradictions_are_never_settled_in_silence() {
        // Both 5' parts; a stated order against the sides.
        for (sides, stated) in [
            ([("2:42295516", LOW), ("2:29223528", HIGH)], None),
            (
                [("2:42295516", HIGH), ("2:29223528", HIGH)],
                Some(Orientation::Stated),
            ),
            (
                [("2:42295516", None), ("2:29223528", HIGH)],
                Some(Orientation::Inferred),
            ),
        ] {
            let fusion = read(["EML4", "ALK"], sides, stated);
            assert_eq!(fusion.orientation, Some(Orientation::Conflicting));
            assert!(!fusion.orientation_because.is_empty());
        }
    }

    #[test]
    fn without_sides_the_order_stays_unknown() {
        let fusion = read(
            ["ALK", "EML4"],
            [("2:29223528", None), ("2:42295516", None)],
            None,
        );
        assert_eq!(fusion.orientation, Some(Orientation::Unknown));
        assert_eq!((fusion.five_prime, fusion.three_prime), (None, None));
    }

    #[test]
    fn breakpoints_in_an_order_of_their_own_find_their_genes() {
        let pack = Pack::built_in();
        let loose = |pair: [&str; 2], sides: [(&str, Side); 2]| {
            let mut fusion = Fusion::new(Status::Detected, Place::nowhere());
            fusion.as_reported = Some(pair.map(str::to_owned));
            fusion.symbols = pair.map(|symbol| Some(symbol.to_owned()));
            fusion.orientation = Some(Orientation::Unknown);
            fusion.loose_breakpoints = true;
            fusion.breakpoints = Some(sides.map(|(at, keeps)| {
                let mut breakpoint = Breakpoint::parse(at)?;
                breakpoint.keeps = Some(keeps);
                Some(breakpoint)
            }));
            let mut case = Case {
                fusions: vec![fusion],
                ..Case::default()
            };
            settle(&mut case, pack.vocab());
            case.fusions[0].three_prime.clone()
        };
        let (low, high) = (Side::Lower, Side::Higher);
        let alk = Some("ALK".to_owned());
        // By chromosome, by position, and not at all where both lie near ALK.
        assert_eq!(
            loose(
                ["TPM3", "ALK"],
                [("2:29223528", low), ("1:154000000", high)]
            ),
            alk
        );
        assert_eq!(
            loose(
                ["IGFBP5", "ALK"],
                [("2:29223528", low), ("2:216694000", high)]
            ),
            alk
        );
        assert_eq!(
            loose(
                ["CLIP4", "ALK"],
                [("2:29223528", low), ("2:29130000", high)]
            ),
            None
        );
    }
}
