//! A bar chart: a picture of a table that stands beside it. The table is what counts; a screen reader hears a sentence.

use std::fmt::Write as _;

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

use crate::ui::Words;
use crate::ui::page::{escape_attribute, escape_text};

/// The most series that can be told apart.
const SERIES: usize = 3;
const WIDTH: i64 = 400;
/// Where the bars begin and where the longest ends: a number stands behind it.
const LEFT: i64 = 8;
const LONGEST: i64 = 330;
const BAR: i64 = 14;
const LABEL: i64 = 22;
const GAP: i64 = 12;

/// Bars side by side for each line: up to three numbers that are of the same kind.
#[component]
pub fn BarChart(
    /// What it shows, in one sentence.
    #[prop(into)]
    about: Words,
    /// What each bar of a line is: "Offered".
    series: Vec<&'static str>,
    /// Each line with its numbers, as many as series; none where there is no bar, which its words say.
    lines: Vec<(String, Vec<i64>)>,
) -> impl IntoView {
    if lines.is_empty() {
        return ().into_any();
    }
    let keys: Vec<_> = series
        .iter()
        .take(SERIES)
        .enumerate()
        .map(|(at, words)| {
            let class = format!("wb-chart__key wb-chart__key--{at}");
            view! { <li><span class=class></span> {*words}</li> }
        })
        .collect();
    view! {
        <figure class="wb-chart">
            <ul class="wb-chart__keys" aria-hidden="true">{keys}</ul>
            {InertElement::new(drawing(&about, &lines))}
        </figure>
    }
    .into_any()
}

fn drawing(about: &str, lines: &[(String, Vec<i64>)]) -> String {
    let most = lines
        .iter()
        .flat_map(|(_, numbers)| numbers.iter().take(SERIES))
        .copied()
        .max()
        .unwrap_or(0)
        .max(1);
    let (mut body, mut top) = (String::new(), 0);
    for (words, numbers) in lines {
        let _ = write!(body, "<text x=\"{LEFT}\" y=\"{}\">", top + 16);
        escape_text(words, &mut body);
        body.push_str("</text>");
        top += LABEL;
        for (at, n) in numbers.iter().take(SERIES).enumerate() {
            let long = (n * LONGEST / most).max(1);
            let _ = write!(
                body,
                "<rect class=\"wb-chart__bar wb-chart__bar--{at}\" x=\"{LEFT}\" y=\"{top}\" width=\"{long}\" height=\"{BAR}\"/>\
                 <text x=\"{}\" y=\"{}\">{n}</text>",
                LEFT + long + 6,
                top + 12
            );
            top += BAR + 4;
        }
        top += GAP;
    }
    let mut out = String::from("<svg class=\"wb-chart__bars\" role=\"img\" aria-label=\"");
    escape_attribute(about, &mut out);
    let _ = write!(out, "\" viewBox=\"0 0 {WIDTH} {top}\">{body}</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fits_and_no_word_breaks_out() {
        let lines = [("<b>&\"".to_owned(), vec![200, 50, 0, 900])];
        let svg = drawing("Places \"by\" month", &lines);
        assert!(
            svg.contains("width=\"330\"") && svg.contains("width=\"82\""),
            "{svg}"
        );
        assert!(!svg.contains("900") && !svg.contains("<b>"), "{svg}");
        assert!(
            svg.contains("aria-label=\"Places &quot;by&quot; month\""),
            "{svg}"
        );
    }
}
