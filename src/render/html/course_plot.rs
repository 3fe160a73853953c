//! Sums of diameters and blood ratios over the treatment, on one line of time.
//!
//! Every point carries its value and response in words, lines differ by dash and not by colour, and the whole drawing
//! is said again in the tables below it.

use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Shown;
use crate::course::best_response::days;
use crate::course::ratios::Name;
use crate::course::{Criteria, Response, SumFrom, TimePoint};
use crate::render::json::Assessed;
use crate::render::text::course::{number, verdict};

const LEFT: f64 = 64.0;
const RIGHT: f64 = 840.0;
const WIDTH: f64 = 920.0;
/// Height of the sums, of one ratio, of one drug.
const SUMS: f64 = 220.0;
const RATIO: f64 = 74.0;
const BAR: f64 = 24.0;

/// Days on the line of time.
struct Time {
    first: Date,
    days: f64,
}

impl Time {
    fn x(&self, date: Date) -> f64 {
        let at = float(days(self.first, date));
        // Room for the labels of the first and the last day.
        let (from, to) = (LEFT + 44.0, RIGHT - 30.0);
        from + (to - from) * at / self.days
    }
}

/// Days of a course are few; nothing is lost.
#[allow(clippy::cast_precision_loss, reason = "coordinates of a drawing")]
fn float(days: i64) -> f64 {
    days as f64
}

fn real(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

/// A drug with its days.
struct Bar<'a> {
    drug: &'a str,
    start: Date,
    stop: Option<Date>,
}

/// The drawing; nothing when fewer than two days are known.
pub(super) fn plot(a: &Assessed<'_>) -> Markup {
    let response = &a.course.response;
    let points: Vec<(&TimePoint, Date)> = response
        .time_points
        .iter()
        .filter_map(|p| Some((p, p.date?)))
        .collect();
    let bars = bars(a);
    let ratio_days = a.course.ratios.formed.iter().filter_map(|r| r.date);
    let mut dates: Vec<Date> = points.iter().map(|(_, d)| *d).chain(ratio_days).collect();
    if dates.is_empty() {
        return undrawn();
    }
    dates.extend(bars.iter().flat_map(|b| [Some(b.start), b.stop]).flatten());
    dates.sort_unstable();
    dates.dedup();
    let [first, .., last] = dates[..] else {
        return undrawn();
    };
    let time = Time {
        first,
        days: float(days(first, last)).max(1.0),
    };
    let names: Vec<Name> = Name::ALL
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| {
            a.course
                .ratios
                .formed
                .iter()
                .any(|r| r.name == *name && r.date.is_some())
        })
        .collect();
    let bars_end = 26.0 + BAR * float(i64::try_from(bars.len()).unwrap_or_default());
    let sums_end = if points.is_empty() {
        bars_end
    } else {
        bars_end + SUMS
    };
    let count = float(i64::try_from(names.len()).unwrap_or_default());
    let height = sums_end + RATIO * count + 34.0;
    let words = words(response, &points, &bars);
    html! {
        figure {
            svg class="course" viewBox={ "0 0 " (px(WIDTH)) " " (px(height)) } role="img" aria-labelledby="course-plot-title course-plot-words" {
                title id="course-plot-title" { "Sums of diameters and blood ratios over the treatment" }
                desc id="course-plot-words" { (Shown(&words)) }
                (axis(&time, last, &dates, height))
                @for (row, bar) in bars.iter().enumerate() {
                    (drug(&time, bar, last, 20.0 + BAR * float(i64::try_from(row).unwrap_or_default())))
                }
                @if !points.is_empty() {
                    (sums(response, &points, &time, a.pack.guide().criteria.as_ref(), bars_end + 18.0, sums_end - 14.0))
                }
                @for (row, name) in names.iter().enumerate() {
                    @let top = sums_end + RATIO * float(i64::try_from(row).unwrap_or_default());
                    (ratio(a, *name, &time, top + 12.0, top + RATIO - 14.0))
                }
            }
            figcaption {
                (Shown(&words)) " Blood ratios are shown for orientation and change nothing."
                @let undated = response.time_points.iter().filter(|p| p.date.is_none()).count();
                @if undated > 0 { " " (undated) " time points without a date are not drawn." }
            }
        }
    }
}

fn undrawn() -> Markup {
    html! { p { "Fewer than two days are known, so the course is not drawn; the tables have what is known." } }
}

fn bars<'a>(a: &Assessed<'a>) -> Vec<Bar<'a>> {
    let mut out: Vec<Bar<'a>> = Vec::new();
    for treatment in &a.read.case.history.treatments {
        let Some(start) = treatment.start else {
            continue;
        };
        match out.iter_mut().find(|b| b.drug == treatment.drug) {
            Some(bar) => {
                bar.start = bar.start.min(start);
                // A later mention without an end leaves it open only if none was ever given.
                bar.stop = bar.stop.max(treatment.stop);
            }
            None => out.push(Bar {
                drug: &treatment.drug,
                start,
                stop: treatment.stop,
            }),
        }
    }
    out.sort_by_key(|b| b.start);
    out
}

/// The drawing in words.
fn words(response: &Response, points: &[(&TimePoint, Date)], bars: &[Bar<'_>]) -> String {
    let mut parts: Vec<String> = bars
        .iter()
        .map(|b| format!("{} from {}", b.drug, b.start))
        .collect();
    parts.extend(points.iter().map(|(point, date)| {
        let sum = point.sum_mm.map(|mm| format!(" {} mm", number(mm)));
        format!("{date}:{} {}", sum.unwrap_or_default(), verdict(point))
    }));
    if let Some((nadir, date)) = response.nadir().and_then(|n| Some((n.sum_mm?, n.date?))) {
        parts.push(format!("smallest sum {} mm on {date}", number(nadir)));
    }
    parts.join("; ") + "."
}

fn axis(time: &Time, last: Date, dates: &[Date], height: f64) -> Markup {
    let y = height - 22.0;
    // Dates that would overprint each other are left to the tables.
    let mut shown: Vec<(f64, Date)> = vec![(time.x(time.first), time.first)];
    let end = time.x(last);
    for date in dates {
        let x = time.x(*date);
        let free = shown.last().is_none_or(|(before, _)| x - before > 76.0);
        if free && (end - x > 76.0 || *date == last) {
            shown.push((x, *date));
        }
    }
    html! {
        line class="axis" x1=(px(LEFT)) y1=(px(y)) x2=(px(RIGHT)) y2=(px(y)) {}
        @for (x, date) in shown {
            line class="axis" x1=(px(x)) y1=(px(y)) x2=(px(x)) y2=(px(y + 5.0)) {}
            text class="mid tiny" x=(px(x)) y=(px(y + 18.0)) { (date) }
        }
    }
}

fn drug(time: &Time, bar: &Bar<'_>, last: Date, y: f64) -> Markup {
    let from = time.x(bar.start);
    let to = time.x(bar.stop.unwrap_or(last));
    // Going on, or its end not stated: an arrow.
    let end = if bar.stop.is_some() {
        format!("V{}", px(y + 14.0))
    } else {
        format!(
            "L{} {}L{} {}",
            px(to + 10.0),
            px(y + 7.0),
            px(to),
            px(y + 14.0)
        )
    };
    html! {
        path class="drug" d={ "M" (px(from)) " " (px(y)) "H" (px(to)) (end) "H" (px(from)) "Z" } {}
        text class="small plain" x=(px(from + 6.0)) y=(px(y + 11.0)) {
            (Shown(bar.drug)) " from " (bar.start) @if let Some(stop) = bar.stop { " to " (stop) } @else { ", no end stated" }
        }
    }
}

/// The highest number of the scale: 1, 2 or 5 times a power of ten.
fn ceiling(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .iter()
        .map(|step| step * power)
        .find(|top| *top >= value)
        .unwrap_or(value)
}

fn sums(
    response: &Response,
    points: &[(&TimePoint, Date)],
    time: &Time,
    criteria: Option<&Criteria>,
    top: f64,
    bottom: f64,
) -> Markup {
    let sizes = points
        .iter()
        .filter_map(|(p, _)| p.sum_mm.or(p.sum_between_mm.map(|b| b.1)));
    let baseline = response.baseline().and_then(|b| b.sum_mm);
    let nadir = response.nadir().and_then(|n| Some((n.sum_mm?, n.date?)));
    let thresholds = criteria.and_then(|c| Thresholds::of(c, baseline, nadir.map(|n| n.0)));
    let highest = sizes
        .map(real)
        .chain(thresholds.iter().map(|t| real(t.progression)))
        .fold(1.0, f64::max);
    let scale = ceiling(highest * 1.08);
    let y = |mm: f64| bottom - (bottom - top) * mm / scale;
    let known: Vec<(f64, f64, &TimePoint)> = points
        .iter()
        .filter(|(p, _)| p.sum_from != Some(SumFrom::Incomplete))
        .filter_map(|(p, d)| Some((time.x(*d), y(real(p.sum_mm?)), *p)))
        .collect();
    let path: Vec<String> = known
        .iter()
        .map(|(x, y, _)| format!("{} {}", px(*x), px(*y)))
        .collect();
    html! {
        text class="small" x="4" y=(px(top - 6.0)) { "sum, mm" }
        line class="axis" x1=(px(LEFT)) y1=(px(top)) x2=(px(LEFT)) y2=(px(bottom)) {}
        @for part in [0.0, 0.5, 1.0] {
            text class="end tiny" x=(px(LEFT - 6.0)) y=(px(y(scale * part) + 4.0)) { (format!("{}", scale * part)) }
            line class="grid" x1=(px(LEFT)) y1=(px(y(scale * part))) x2=(px(RIGHT)) y2=(px(y(scale * part))) {}
        }
        @if let Some(t) = &thresholds { (bands(t, &y, bottom)) }
        @if path.len() > 1 { path class="sums" d={ "M" (path.join("L")) } {} }
        @for (point, date) in points { (one(point, time.x(*date), &y, bottom)) }
        @if let Some((sum, date)) = nadir {
            circle class="ring" cx=(px(time.x(date))) cy=(px(y(real(sum)))) r="9" {}
            text class="mid tiny" x=(px(time.x(date))) y=(px(y(real(sum)) + 21.0)) { "nadir" }
        }
    }
}

/// The sums at which the response changes.
struct Thresholds {
    partial: Decimal,
    progression: Decimal,
}

impl Thresholds {
    /// From baseline and nadir as they are at the end of the course.
    fn of(criteria: &Criteria, baseline: Option<Decimal>, nadir: Option<Decimal>) -> Option<Self> {
        let share = |of: Decimal, percent: Decimal| {
            of.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)
        };
        let (baseline, nadir) = (baseline?, nadir?);
        let partial = share(
            baseline,
            Decimal::ONE_HUNDRED.checked_sub(criteria.partial_decrease_percent)?,
        )?;
        let grown = share(
            nadir,
            Decimal::ONE_HUNDRED.checked_add(criteria.progression_increase_percent)?,
        )?;
        let more = nadir.checked_add(criteria.progression_increase_mm)?;
        Some(Self {
            partial,
            progression: grown.max(more),
        })
    }
}

fn bands(t: &Thresholds, y: &impl Fn(f64) -> f64, bottom: f64) -> Markup {
    let (partial, progression) = (y(real(t.partial)), y(real(t.progression)));
    html! {
        rect class="band" x=(px(LEFT)) y=(px(partial)) width=(px(RIGHT - LEFT)) height=(px((bottom - partial).max(0.0))) {}
        line class="threshold partial" x1=(px(LEFT)) y1=(px(partial)) x2=(px(RIGHT)) y2=(px(partial)) {}
        text class="tiny" x=(px(RIGHT + 4.0)) y=(px(partial + 4.0)) { "PR ≤ " (number(t.partial)) }
        line class="threshold progression" x1=(px(LEFT)) y1=(px(progression)) x2=(px(RIGHT)) y2=(px(progression)) {}
        // Two labels close to each other are set apart.
        @let apart = if (progression - partial).abs() < 12.0 { progression + 14.0 } else { progression + 4.0 };
        text class="tiny" x=(px(RIGHT + 4.0)) y=(px(apart)) { "PD ≥ " (number(t.progression)) }
    }
}

/// One time point: a dot with value and response; a bar where only a range is known; a word where nothing is.
fn one(point: &TimePoint, x: f64, y: &impl Fn(f64) -> f64, bottom: f64) -> Markup {
    let label = verdict(point);
    html! {
        @match (point.sum_mm, point.sum_between_mm) {
            (Some(sum), _) => {
                @let at = y(real(sum));
                @if point.sum_from == Some(SumFrom::Incomplete) {
                    circle class="dot part" cx=(px(x)) cy=(px(at)) r="5" {}
                } @else {
                    circle class="dot" cx=(px(x)) cy=(px(at)) r="5" {}
                }
                text class="mid small strong" x=(px(x)) y=(px(at - 22.0)) { (label) }
                text class="mid tiny" x=(px(x)) y=(px(at - 10.0)) {
                    (number(sum)) " mm" @if point.sum_from == Some(SumFrom::Incomplete) { " in part" }
                }
            }
            (None, Some(between)) => {
                @let (low, high) = (y(real(between.0)), y(real(between.1)));
                path class="range" d={ "M" (px(x - 5.0)) " " (px(low)) "H" (px(x + 5.0)) "M" (px(x)) " " (px(low)) "V" (px(high)) "M" (px(x - 5.0)) " " (px(high)) "H" (px(x + 5.0)) } {}
                text class="mid small strong" x=(px(x)) y=(px(high - 20.0)) { (label) }
                text class="mid tiny" x=(px(x)) y=(px(high - 8.0)) { (number(between.0)) " to " (number(between.1)) " mm" }
            }
            (None, None) => {
                line class="range" x1=(px(x)) y1=(px(bottom - 6.0)) x2=(px(x)) y2=(px(bottom + 4.0)) {}
                text class="mid small strong" x=(px(x)) y=(px(bottom - 22.0)) { (label) }
                text class="mid tiny" x=(px(x)) y=(px(bottom - 10.0)) { "no sum" }
            }
        }
    }
}

fn ratio(a: &Assessed<'_>, name: Name, time: &Time, top: f64, bottom: f64) -> Markup {
    let own: Vec<(Date, Decimal)> = a
        .course
        .ratios
        .formed
        .iter()
        .filter(|r| r.name == name)
        .filter_map(|r| Some((r.date?, r.value)))
        .collect();
    let scale = ceiling(own.iter().map(|(_, v)| real(*v)).fold(0.0, f64::max) * 1.15);
    let y = |value: f64| bottom - (bottom - top) * value / scale;
    let path: Vec<String> = own
        .iter()
        .map(|(date, value)| format!("{} {}", px(time.x(*date)), px(y(real(*value)))))
        .collect();
    // With many draws only the ends are labelled.
    let labelled = |n: usize| own.len() <= 10 || n == 0 || n + 1 == own.len();
    html! {
        text class="small strong" x="4" y=(px(f64::midpoint(top, bottom) + 4.0)) { (name.as_str()) }
        line class="grid" x1=(px(LEFT)) y1=(px(bottom)) x2=(px(RIGHT)) y2=(px(bottom)) {}
        line class="axis" x1=(px(LEFT)) y1=(px(top)) x2=(px(LEFT)) y2=(px(bottom)) {}
        text class="end tiny" x=(px(LEFT - 6.0)) y=(px(top + 6.0)) { (format!("{scale}")) }
        text class="end tiny" x=(px(LEFT - 6.0)) y=(px(bottom + 2.0)) { "0" }
        @if path.len() > 1 { path class={ "ratio " (name.as_str()) } d={ "M" (path.join("L")) } {} }
        @for (n, (date, value)) in own.iter().enumerate() {
            rect class="draw" x=(px(time.x(*date) - 3.0)) y=(px(y(real(*value)) - 3.0)) width="6" height="6" {}
            @if labelled(n) {
                text class="mid tiny" x=(px(time.x(*date))) y=(px(y(real(*value)) - 7.0)) { (value) }
            }
        }
    }
}
