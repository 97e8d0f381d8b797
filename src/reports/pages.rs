//! The pages of reports.

use axum::response::Response;
use leptos::prelude::*;

use super::breakdown::{Shown, Suppressed};
use super::figures::{By, Counted, Figures, Line, lines, total};
use super::model::{Published, Sent};
use super::people::ENOUGH;
use super::period::Period;
use super::publishing::SEEN;
use super::{HERE, PUBLISHED};
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::server::App;
use crate::staff::rights::{Reports, Right as _};
use crate::staff::{form_in_desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::List;
use crate::ui::pieces::*;

/// The team's report: exact, and without people.
pub fn team(app: &App, who: &Who, period: Period, by: By, counted: &[Counted]) -> String {
    let today = dates::day_of(app.clock.now());
    let sum = total(counted);
    let lines = lines(counted, by);
    in_desk(app, who, "Places and people", HERE, false, || {
        let query = format!("?period={}&by={}", period.name(), by.name());
        let file = |ending: &str| format!("/desk/reports/places.{ending}{query}");
        let (csv, xlsx) = (file("csv"), file("xlsx"));
        let write = format!("{HERE}/{}/write", period.name());
        view! {
            <h1>"Places and people"</h1>
            {choose(period, by, today)}
            {tiles(&sum)}
            {places(by, &lines, &period.words())}
            <p><a href=csv download="">"Download as CSV"</a> " " <a href=xlsx download="">"Excel"</a></p>
            <p>"Runs are counted by the day they begin. Runs that were called off are not counted. “Waiting” is who waits, or waited until the start, and got no place. For who got one from the list, the days are counted from the day they joined it; the average is to the nearest day, without people who asked not to be in statistics."</p>
            <p>"Who we reach by age, ethnic group and postcode is in the report that you publish."</p>
            <p><ButtonLink href=write>"Write the report of this time"</ButtonLink></p>
        }
    })
}

fn choose(period: Period, by: By, today: chrono::NaiveDate) -> impl IntoView + use<> {
    let form = FormState::empty()
        .with("period", period.name())
        .with("by", by.name());
    let mut periods = Period::choices(today);
    if !periods.contains(&period) {
        periods.insert(0, period);
    }
    let periods = periods
        .into_iter()
        .map(|one| Choice::new(one.name(), one.words()))
        .collect();
    let cuts = By::ALL
        .map(|one| Choice::new(one.name(), one.words()))
        .into();
    view! {
        <form method="get" action=HERE class="wb-desk-search" novalidate>
            <Select form=&form name="period" label=Label::bold("When") choices=periods />
            <Select form=&form name="by" label=Label::bold("Show by") choices=cuts />
            <Button kind=ButtonKind::Outlined>"Show"</Button>
        </form>
    }
}

fn tiles(sum: &Figures) -> impl IntoView + use<> {
    let shown = [
        (sum.offered, "places offered"),
        (sum.booked, "places booked"),
        (sum.came, "times someone came"),
        (sum.waiting, "waiting"),
    ];
    let tiles = shown.map(|(n, words)| {
        view! { <li class="wb-card"><strong class="wb-figures__number">{n}</strong> <span>{words}</span></li> }
    });
    view! { <ul class="wb-figures">{tiles.into_iter().collect::<Vec<_>>()}</ul> }
}

/// More lines than this are no picture any more.
const BARS: usize = 12;

/// That a chart does not show all of so many lines.
fn stops(lines: usize) -> Option<AnyView> {
    (lines > BARS).then(|| {
        let words =
            format!("The chart stops after {BARS} of {lines} lines. The table has them all.");
        view! { <p>{words}</p> }.into_any()
    })
}

/// The chart and its table.
fn places(by: By, lines: &[Line], when: &str) -> AnyView {
    let title = format!("Places by {}, {when}", by.words().to_lowercase());
    if lines.is_empty() {
        return view! {
            <EmptyState title="Nothing to count" level=2>
                <p>"No run began in this time."</p>
            </EmptyState>
        }
        .into_any();
    }
    // What was not counted, or is told of all together alone, has no column.
    let mut shown = by.columns();
    shown.retain(|at| {
        lines
            .iter()
            .any(|(_, figures)| figures.all()[*at].is_some())
    });
    let series: Vec<_> = shown
        .iter()
        .take(3)
        .map(|at| Figures::TITLES[*at])
        .collect();
    let bars = lines.iter().take(BARS).map(|(words, figures)| {
        let all = figures.all();
        (
            words.clone(),
            shown
                .iter()
                .take(3)
                .map(|at| all[*at].unwrap_or_default())
                .collect(),
        )
    });
    let bars: Vec<_> = bars.collect();
    let about = format!("Bar chart. {title}. The same numbers are in the table below.");
    let mut heads = vec![Column::new(by.words())];
    heads.extend(shown.iter().map(|at| Column::numbers(Figures::TITLES[*at])));
    let rows = lines
        .iter()
        .map(|(words, figures)| {
            let all = figures.all();
            let mut cells = vec![words.clone().into_any()];
            cells.extend(shown.iter().map(|at| all[*at].into_any()));
            cells
        })
        .collect();
    view! {
        <h2>{title.clone()}</h2>
        <BarChart about=about series=series lines=bars />
        {stops(lines.len())}
        <Table caption=title stacks=true columns=heads rows=rows />
    }
    .into_any()
}

/// A line of a chart for each group, from what may be seen alone: what is too small has no bar, and says so.
fn groups(breakdown: &Suppressed) -> Vec<(String, Vec<i64>)> {
    let first = breakdown.groups.iter().take(BARS);
    let lines = first.map(|(group, shown)| match shown {
        Shown::Few => {
            let words = format!("{group}: {}", shown.words().to_lowercase());
            (words, Vec::new())
        }
        Shown::About(n) => (group.clone(), vec![i64::try_from(*n).unwrap_or_default()]),
    });
    lines.collect()
}

/// The people of one breakdown; `of` is what brought them, when it is not everything.
fn people(breakdown: &Suppressed, of: Option<&str>) -> AnyView {
    let title = format!("People by {}", breakdown.about.to_lowercase());
    let (title, head) = match of {
        None => (title.clone(), view! { <h2>{title}</h2> }.into_any()),
        Some(of) => {
            let title = format!("{of}: {}", title.to_lowercase());
            (title.clone(), view! { <h3>{title}</h3> }.into_any())
        }
    };
    let rows = breakdown
        .groups
        .iter()
        .map(|(group, shown)| vec![group.clone().into_any(), shown.words().into_any()])
        .collect();
    let columns = vec![
        Column::new(breakdown.about.clone()),
        Column::numbers("People"),
    ];
    let about = format!("Bar chart. {title}. The same numbers are in the table below.");
    view! {
        {head}
        <BarChart about=about series=vec!["People"] lines=groups(breakdown) />
        {stops(breakdown.groups.len())}
        <Table caption=title columns=columns rows=rows />
    }
    .into_any()
}

/// Who we reach with each topic: nothing where that was not counted.
fn topics(by_topic: &[(String, Vec<Suppressed>)]) -> Option<AnyView> {
    let topics: Vec<_> = by_topic
        .iter()
        .map(|(topic, groups)| {
            let tables: Vec<_> = groups.iter().map(|one| people(one, Some(topic))).collect();
            view! { <Details summary=topic.clone()>{tables}</Details> }
        })
        .collect();
    let few = format!("Topics with fewer than {ENOUGH} people are not shown by themselves.");
    (!topics.is_empty()).then(|| {
        view! {
            <h2>"People by topic"</h2>
            <p>{few}</p>
            {topics}
        }
        .into_any()
    })
}

/// How many got a place from the waiting list, and how long they waited.
fn waited(total: &Figures) -> Vec<SummaryRow> {
    let [.., people, days] = total.all();
    let days = days.map(|days| {
        let unit = if days == 1 { "day" } else { "days" };
        SummaryRow::new("They waited, on average", format!("{days} {unit}"))
    });
    let people = people.map(|n| {
        SummaryRow::new(
            "Places that people got from the waiting list",
            n.to_string(),
        )
    });
    people.into_iter().chain(days).collect()
}

/// A report as people outside see it.
fn whole(sent: &Sent, period: Period) -> impl IntoView + use<> {
    let when = period.words();
    let target = |words: &'static str, reached: i64, asked: Option<i64>| {
        asked.map(|asked| SummaryRow::new(words, format!("{reached} of {asked}")))
    };
    let targets: Vec<_> = [
        target(
            "Places offered, of the contract’s",
            sent.total.offered,
            sent.draft.target_places,
        ),
        target(
            "Times someone came, of the contract’s",
            sent.total.came,
            sent.draft.target_came,
        ),
    ]
    .into_iter()
    .flatten()
    .chain(waited(&sent.total))
    .collect();
    let narrative = (!sent.draft.narrative.is_empty())
        .then(|| view! { <p class="wb-note-words">{sent.draft.narrative.clone()}</p> });
    let cuts: Vec<_> = sent
        .cuts
        .iter()
        .map(|(by, lines)| places(*by, lines, &when))
        .collect();
    let groups: Vec<_> = sent.people.iter().map(|one| people(one, None)).collect();
    let topics = topics(&sent.by_topic);
    let about_groups = if groups.is_empty() {
        "Groups of people (age, ethnic group, postcode district) are counted when the report is published."
    } else {
        "Numbers of people are rounded to 5, and small ones are hidden. People who asked not to be in statistics are left out of them. Ages are those on the first day."
    };
    view! {
        {narrative}
        <SummaryList rows=targets />
        {tiles(&sent.total)}
        {cuts}
        {groups}
        {topics}
        <p>{about_groups}</p>
        <p>"A booking that was moved to another date is one cancelled and one booked."</p>
    }
}

/// What the team writes for a report.
pub fn write(app: &App, who: &Who, period: Period, form: FormState) -> Response {
    let failed = form.has_errors();
    let title = format!("Report: {}", period.words());
    form_in_desk(app, who, &title, HERE, failed, || {
        let back = format!("{HERE}?period={}", period.name());
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to the figures"</a></nav>
                <ErrorSummary form=&form />
                <h1>{title.clone()}</h1>
                <Form clone:form>
                    <TextField form=&form name="target-places" label=Label::bold("Places that the contract asks for") hint="You may leave it empty"
                        inputmode="numeric" class="govuk-input--width-5" />
                    <TextField form=&form name="target-came" label=Label::bold("Times someone should come, by the contract")
                        hint="You may leave it empty" inputmode="numeric" class="govuk-input--width-5" />
                    <TextArea form=&form name="narrative" label=Label::bold("What there is to say")
                        hint="People outside read this. Do not name anybody who comes." rows=10 />
                    <Button>"Save and look at the report"</Button>
                </Form>
            </div>
        }
    })
}

/// The report as it would be seen, and the button that publishes it; none before its time is over.
pub fn publish(
    app: &App,
    who: &Who,
    period: Period,
    sent: Sent,
    earlier: Option<Published>,
    form: Option<FormState>,
) -> String {
    let title = format!("Publish the report: {}", period.words());
    let failed = form.as_ref().is_some_and(FormState::has_errors);
    in_desk(app, who, &title, HERE, failed, || {
        let summary = form
            .as_ref()
            .filter(|_| failed)
            .map(|form| view! { <ErrorSummary form=form /> }.into_any());
        let back = format!("{HERE}/{}/write", period.name());
        let replaced = earlier.map(|earlier| {
            let words = format!(
                "It replaces version {}, which stays as it is and says so.",
                earlier.version
            );
            view! { <p>{words}</p> }
        });
        let ask = if let Some(form) = form {
            view! {
                <WarningText>"Whoever reads our reports at the council and elsewhere can see it at once. It cannot be changed or taken back."</WarningText>
                {replaced}
                <Form key=form.value(FORM_KEY).to_owned()>
                    <HiddenField name=SEEN value=form.value(SEEN).to_owned() />
                    <div id=SEEN tabindex="-1">
                        <Button>"Publish it as it is now"</Button>
                    </div>
                </Form>
            }
            .into_any()
        } else {
            let words = format!(
                "This time is not over. It can be published from {} on.",
                dates::full_day(period.after())
            );
            view! { <Notice title=words>{()}</Notice> }.into_any()
        };
        view! {
            <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to what you wrote"</a></nav>
            {summary}
            <h1>{title.clone()}</h1>
            {ask}
            {whole(&sent, period)}
        }
    })
}

/// "Version 2".
fn version(report: &Published) -> String {
    let replaced = if report.newest {
        ""
    } else {
        ", replaced by a later one"
    };
    format!("Version {}{replaced}", report.version)
}

/// How many published reports a page shows.
pub const A_PAGE: i64 = 25;

/// A page of what was published, with its list, its number and how many there are.
pub fn all(
    app: &App,
    who: &Who,
    all: &[Published],
    (list, number, count): (&List, u32, i64),
    heard: Option<Said>,
) -> String {
    in_desk(app, who, "Published reports", PUBLISHED, false, || {
        let heard = heard
            .map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> });
        let table = if all.is_empty() {
            view! {
                <EmptyState title="No reports yet" level=2>
                    <p>"A report stands here as soon as it is published."</p>
                </EmptyState>
            }
            .into_any()
        } else {
            let rows = all
                .iter()
                .map(|report| {
                    let href = format!("{PUBLISHED}/{}", report.id);
                    vec![
                        view! { <a href=href>{report.period.words()}</a> }.into_any(),
                        version(report).into_any(),
                        dates::full_day(dates::day_of(report.at)).into_any(),
                    ]
                })
                .collect();
            view! {
                <Table caption="Published reports" stacks=true columns=vec![
                    list.sorts("time", Column::new("Time")), list.sorts("version", Column::new("Version")),
                    list.sorts("published", Column::new("Published")),
                ] rows=rows />
            }
            .into_any()
        };
        let writes = who.roles.first_of(Reports::ROLES).map(|_| {
            view! { <p><a href=HERE>"The team’s figures, and how to publish a report"</a></p> }
        });
        view! {
            {heard}
            <h1>"Published reports"</h1>
            {list.sort_form(count)}
            {table}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
            {writes}
        }
    })
}

/// One that was published.
pub fn one(app: &App, who: &Who, report: Published) -> String {
    let title = format!("Report: {}", report.period.words());
    in_desk(app, who, &title, PUBLISHED, false, || {
        let file = |ending: &str| format!("{PUBLISHED}/{}/figures.{ending}", report.id);
        let (csv, xlsx) = (file("csv"), file("xlsx"));
        let day = dates::full_day(dates::day_of(report.at));
        let correction =
            (report.version > 1).then(|| format!(" It replaces version {}.", report.version - 1));
        view! {
            <nav aria-label="Back"><a href=PUBLISHED class="govuk-back-link">"Back to published reports"</a></nav>
            <h1>{title.clone()}</h1>
            <p>{version(&report)} ", published on " {day} ". The figures are as they were that day." {correction}</p>
            <p><a href=csv download="">"Download as CSV"</a> " " <a href=xlsx download="">"Excel"</a></p>
            {whole(&report.sent, report.period)}
        }
    })
}
