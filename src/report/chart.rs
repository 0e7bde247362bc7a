//! The course of an article and the line over time, as coordinates.

use super::dates::Date;
use super::reading::Said;

/// Columns of a course: in a longer article several sentences share one.
const MOST_COLUMNS: usize = 240;

/// The course of an article: a column a sentence, stacked of the labels' probabilities.
#[derive(Debug)]
pub(super) struct Course {
    /// Number of columns.
    pub(super) width: usize,
    pub(super) columns: Vec<Column>,
    /// The labels from top to bottom.
    pub(super) order: Vec<usize>,
    /// Sentences of one column.
    pub(super) step: usize,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) x: String,
    /// Number of its first sentence, from 0.
    pub(super) sentence: usize,
    pub(super) parts: Vec<Part>,
}

/// A label's part of a column, in hundredths from the top.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) tone: String,
    pub(super) y: String,
    pub(super) height: String,
}

/// The course of an article by one head.
pub(super) fn course(sentences: &[Vec<Said>], head: usize, tones: &[&str]) -> Course {
    let step = sentences.len().div_ceil(MOST_COLUMNS).max(1);
    let order = top_to_bottom(tones);
    let columns: Vec<Column> = sentences
        .chunks(step)
        .enumerate()
        .map(|(at, chunk)| {
            let mut y = 0.0;
            let parts = order
                .iter()
                .map(|&label| {
                    let sum: f64 = chunk
                        .iter()
                        .map(|said| f64::from(said[head].prediction.probabilities[label]))
                        .sum();
                    let height = 100.0 * sum / chunk.len() as f64;
                    let top = y;
                    y += height;
                    Part {
                        tone: tones[label].to_owned(),
                        y: format!("{top:.1}"),
                        height: format!("{height:.1}"),
                    }
                })
                .collect();
            Column { x: format!("{:.2}", at as f64 + 0.05), sentence: at * step, parts }
        })
        .collect();
    Course { width: columns.len().max(1), columns, order, step }
}

/// Labels without a direction go to the middle; the first of the others to the bottom, the next to
/// the top, and so on inwards.
fn top_to_bottom(tones: &[&str]) -> Vec<usize> {
    let (middle, sides): (Vec<usize>, Vec<usize>) =
        (0..tones.len()).partition(|&label| tones[label] == "grey");
    let (mut top, mut bottom) = (Vec::new(), Vec::new());
    for (at, label) in sides.into_iter().enumerate() {
        if at % 2 == 0 { bottom.push(label) } else { top.push(label) }
    }
    top.into_iter().chain(middle).chain(bottom.into_iter().rev()).collect()
}

/// Shares of labels over time.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) lines: Vec<Line>,
    pub(super) ticks: Vec<Tick>,
}

#[derive(Debug)]
pub(super) struct Line {
    pub(super) label: usize,
    /// `x,y x,y …`.
    pub(super) points: String,
    pub(super) marks: Vec<Mark>,
    /// Height of its name behind the last point.
    pub(super) name_y: String,
}

#[derive(Debug)]
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) y: String,
}

#[derive(Debug)]
pub(super) struct Tick {
    pub(super) x: String,
    pub(super) text: String,
}

/// Where the lines are drawn; the rest of 720 by 270 is for names.
const LEFT: f64 = 56.0;
const RIGHT: f64 = 590.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 220.0;
/// Least distance of two names behind lines, and of two ticks.
const BETWEEN_NAMES: f64 = 17.0;
const BETWEEN_TICKS: f64 = 95.0;

/// Lines of the share of each label in all sentences of a day; `None` where fewer than two different
/// dates are named.
pub(super) fn timeline(articles: &[(Date, &[usize])], labels: usize) -> Option<Timeline> {
    let mut days: Vec<(Date, Vec<usize>)> = Vec::new();
    let mut sorted: Vec<&(Date, &[usize])> = articles.iter().collect();
    sorted.sort_by_key(|(date, _)| (date.days(), *date));
    for (date, counts) in sorted {
        match days.last_mut() {
            Some((day, sums)) if day.days() == date.days() => {
                sums.iter_mut().zip(*counts).for_each(|(sum, count)| *sum += count);
            }
            _ => days.push((*date, counts.to_vec())),
        }
    }
    days.retain(|(_, counts)| counts.iter().any(|&count| count > 0));
    let (first, last) = (days.first()?.0.days(), days.last()?.0.days());
    if first == last {
        return None;
    }
    let x =
        |date: Date| LEFT + (RIGHT - LEFT) * (date.days() - first) as f64 / (last - first) as f64;
    let mut lines: Vec<(f64, Line)> = (0..labels)
        .map(|label| {
            let places: Vec<(f64, f64)> = days
                .iter()
                .map(|(date, counts)| {
                    let share = counts[label] as f64 / counts.iter().sum::<usize>() as f64;
                    (x(*date), BOTTOM - (BOTTOM - TOP) * share)
                })
                .collect();
            let points: Vec<String> =
                places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let marks = places
                .iter()
                .map(|(x, y)| Mark { x: format!("{x:.1}"), y: format!("{y:.1}") })
                .collect();
            let end = places.last().map_or(BOTTOM, |(_, y)| *y);
            (end, Line { label, points: points.join(" "), marks, name_y: String::new() })
        })
        .collect();
    part_names(&mut lines);
    lines.sort_by_key(|(_, line)| line.label);
    Some(Timeline {
        lines: lines.into_iter().map(|(_, line)| line).collect(),
        ticks: ticks(&days, x),
    })
}

/// Gives each line's name a height near its end and clear of the others.
fn part_names(lines: &mut [(f64, Line)]) {
    lines.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.label.cmp(&b.1.label)));
    let mut below = f64::NEG_INFINITY;
    let mut heights: Vec<f64> = Vec::new();
    for (end, _) in lines.iter() {
        below = end.max(below + BETWEEN_NAMES);
        heights.push(below);
    }
    // Those that were pushed past the ground are pushed up again.
    let mut above = BOTTOM + 4.0;
    for height in heights.iter_mut().rev() {
        *height = height.min(above);
        above = *height - BETWEEN_NAMES;
    }
    for ((_, line), height) in lines.iter_mut().zip(heights) {
        line.name_y = format!("{height:.1}");
    }
}

fn ticks(days: &[(Date, Vec<usize>)], x: impl Fn(Date) -> f64) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = Vec::new();
    let end = days.last().map_or(RIGHT, |(date, _)| x(*date));
    let mut free = f64::NEG_INFINITY;
    for (at, (date, _)) in days.iter().enumerate() {
        let here = x(*date);
        let is_last = at + 1 == days.len();
        if is_last || (here >= free && here + BETWEEN_TICKS <= end) {
            ticks.push(Tick { x: format!("{here:.1}"), text: date.to_string() });
            free = here + BETWEEN_TICKS;
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::find(text).unwrap()
    }

    #[test]
    fn labels_without_direction_lie_in_the_middle() {
        assert_eq!(top_to_bottom(&["blue", "orange", "grey"]), [1, 2, 0]);
        assert_eq!(top_to_bottom(&["purple", "grey", "green"]), [2, 1, 0]);
        assert_eq!(top_to_bottom(&["blue", "orange", "green", "red", "grey"]), [1, 3, 4, 2, 0]);
    }

    #[test]
    fn a_line_goes_from_the_first_day_to_the_last_and_days_are_added_up() {
        let articles = [
            (date("2026-01-11"), &[1, 0][..]),
            (date("2026-01-01"), &[0, 4][..]),
            (date("2026-01-11"), &[0, 1][..]),
        ];
        let timeline = timeline(&articles, 2).unwrap();
        assert_eq!(timeline.lines[0].points, "56.0,220.0 590.0,118.0");
        assert_eq!(timeline.lines[1].points, "56.0,16.0 590.0,118.0");
        let ticks: Vec<&str> = timeline.ticks.iter().map(|tick| tick.text.as_str()).collect();
        assert_eq!(ticks, ["2026-01-01", "2026-01-11"]);
        assert_ne!(timeline.lines[0].name_y, timeline.lines[1].name_y);
    }

    #[test]
    fn one_day_makes_no_line() {
        assert!(
            timeline(&[(date("2026-01-01"), &[1, 2]), (date("2026-01-01"), &[3, 4])], 2).is_none()
        );
        assert!(timeline(&[], 2).is_none());
    }
}
