//! Certificates of a run: who has earned one, and one PDF with a page for each.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::model::Run;
use super::{Chosen, HERE, back, path};
use crate::certificates::{
    self,
    rules::{SHARE, Standing},
};
use crate::registers::attendance::{self, Line, Roll};
use crate::server::http::{Keep, Refusal, page};
use crate::server::{App, Result};
use crate::staff::audit::Action;
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::ButtonLink;
use crate::ui::pieces::*;

fn standing(app: &App, run: &Run, line: &Line) -> Standing {
    certificates::standing(app, line, &run.status, (run.starts_at, run.ends_at))
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    let roll = attendance::of_run(&app, desk.by(), run.id, Action::Looked).await?;
    let mut by_hand = Vec::new();
    for line in &roll.lines {
        by_hand.push(!certificates::can_write(&line.person.name)?);
    }
    let html = in_desk(&app, desk.who(), "Certificates", HERE, false, || {
        let earned = roll
            .lines
            .iter()
            .filter(|line| standing(&app, &run, line).earned().is_some())
            .count();
        let all = format!("{}/certificates.pdf", path(&run));
        let print = match earned {
            0 => None,
            1 => Some("Print 1 certificate (PDF)".to_owned()),
            n => Some(format!("Print all {n} certificates (PDF)")),
        };
        let rule = format!(
            "Whoever came to {SHARE} of every 100 sessions that took place gets one, when the run is over. Sessions that were called off do not count."
        );
        view! {
            {back(&run)}
            <p class="wb-register__course">{run.title.clone()}</p>
            <h1>"Certificates"</h1>
            <p>{rule} " Members find theirs with their booking."</p>
            {print.map(|words| view! { <p><ButtonLink href=all>{words}</ButtonLink></p> })}
            {table(&app, &run, &roll, &by_hand)}
            <p class="wb-small">"That you see who came, and whose certificate you print, is written down."</p>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn table(app: &App, run: &Run, roll: &Roll, by_hand: &[bool]) -> AnyView {
    if roll.lines.is_empty() {
        return view! {
            <EmptyState title="Nobody has a place" level=2><p>"So there are no certificates."</p></EmptyState>
        }
        .into_any();
    }
    let rows = roll
        .lines
        .iter()
        .zip(by_hand)
        .map(|(line, by_hand)| {
            let standing = standing(app, run, line);
            let href = format!(
                "{}/certificates.pdf?place={}",
                path(run),
                line.person.place_id
            );
            let name = line.person.name.clone();
            let print = standing.earned().map(|_| {
                let by_hand = by_hand.then(|| view! {
                    <br /> <span class="wb-small">"We cannot print all letters of this name. There is a line: write it by hand."</span>
                });
                view! {
                    <a href=href>"Print" <span class="govuk-visually-hidden">" the certificate of " {name}</span></a> {by_hand}
                }
            });
            vec![
                line.person.name.clone().into_any(),
                words(standing).into_any(),
                print.into_any(),
            ]
        })
        .collect();
    view! {
        <Table caption="Who gets a certificate" stacks=true columns=vec![
            Column::new("Name"), Column::new("How they stand"), Column::new("Certificate"),
        ] rows=rows />
    }
    .into_any()
}

fn words(standing: Standing) -> String {
    match standing {
        Standing::ToCome => "The run is not over".to_owned(),
        Standing::NotGoingAhead => "The run was called off".to_owned(),
        Standing::Earned { came, of } => format!("Came to {came} of {of}"),
        Standing::Waits { came, of } => {
            format!("Came to {came} of {of}, but not every session is marked")
        }
        Standing::AskUs { came, of } => {
            format!(
                "Came to {came} of {of}. Mark the other sessions under “Who came”: no tutor can"
            )
        }
        Standing::TooFew { came, of } => format!("Came to {came} of {of}, which is too few"),
    }
}

/// Whose to print: everybody's, or that of one place.
#[derive(Debug, Default, Deserialize)]
pub struct Whose {
    place: Option<Uuid>,
}

/// The certificates as one PDF. Whose they are is written down.
pub async fn print(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(whose): Query<Whose>,
) -> Result<Response> {
    let is_wanted = |line: &Line| {
        whose
            .place
            .is_none_or(|place| line.person.place_id == place)
            && standing(&app, &run, line).earned().is_some()
    };
    let action = Action::CertificatePrinted;
    let roll = attendance::of_those(&app, desk.by(), run.id, action, is_wanted).await?;
    let certificate = |line: &Line| {
        let days = (run.starts_at, run.ends_at);
        let standing = standing(&app, &run, line);
        certificates::of(line, standing, &run.title, days, run.tutor.as_deref())
    };
    let all: Vec<_> = roll.lines.iter().filter_map(certificate).collect();
    if all.is_empty() {
        return Ok(Refusal::NotFound.into_response());
    }
    certificates::answer(&app, &all, dates::day_of(app.clock.now()))
}
