//! "Who will see this", while booking.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::together;
use crate::bookings::coming::Coming;
use crate::bookings::rules;
use crate::bookings::store::{Leads, Offer, Person};
use crate::ui::dates;

/// How each who comes is called: `None` is the reader.
pub fn called(people: &[Person], coming: &Coming) -> Vec<Option<String>> {
    let other = coming.other.as_ref().map(|other| other.person_id);
    people
        .iter()
        .map(|person| (Some(person.id) == other).then(|| person.known_as().to_owned()))
        .collect()
}

/// What the tutor sees of somebody, in words: `name` is none for the reader.
fn of_one(name: Option<&str>, young: bool) -> String {
    match (name, young) {
        (None, false) => "your name, phone and email".to_owned(),
        (None, true) => "your name, and the phone and email of your parent or guardian".to_owned(),
        (Some(name), false) => format!("{name}’s name, phone and email"),
        (Some(name), true) => {
            format!("{name}’s name, and the phone and email of their parent or guardian")
        }
    }
}

/// "Your tutor, Priya, sees"; "Your tutors, Priya and Sam, see" where somebody else leads some of the sessions to come.
fn who_leads(offer: &Offer, today: NaiveDate) -> String {
    let to_come = offer
        .sessions
        .iter()
        .filter(|session| dates::day_of(session.ends_at) >= today)
        .map(|session| offer.leads(session.id));
    // The run's tutor has the list of every session, whoever leads it.
    let mut all: Vec<&Leads> = vec![&offer.run.leads];
    for leads in to_come {
        if !all.contains(&leads) {
            all.push(leads);
        }
    }
    let mut names: Vec<&str> = all
        .into_iter()
        .filter_map(|leads| leads.known_as.as_deref())
        .collect();
    let last = names.pop();
    match (last, names.as_slice()) {
        (None, _) => "Your tutor sees".to_owned(),
        (Some(name), []) => format!("Your tutor, {name}, sees"),
        (Some(last), before) => format!("Your tutors, {} and {last}, see", before.join(", ")),
    }
}

/// What the tutor sees of everybody who comes, and who still has to agree.
pub fn who_sees(offer: &Offer, people: &[Person], coming: &Coming, today: NaiveDate) -> AnyView {
    let starts_at = offer.run.starts_at;
    let who_leads = who_leads(offer, today);
    let seen: Vec<String> = people
        .iter()
        .zip(called(people, coming))
        .map(|(person, name)| {
            let young = rules::is_under_16(person.born(), starts_at);
            of_one(name.as_deref(), young)
        })
        .collect();
    let seen = seen.join(", and ");
    let waiting: Vec<String> = people
        .iter()
        .zip(called(people, coming))
        .filter(|(person, _)| person.waits_for_guardian(starts_at))
        .map(|(_, name)| name.unwrap_or_else(|| "You".to_owned()))
        .collect();
    let first_day = dates::day(dates::day_of(starts_at), today);
    let agree = (!waiting.is_empty()).then(|| {
        view! {
            <p>
                {together(&waiting)} " will be under 16 on " {first_day}
                ". We will ask a parent or guardian to agree, by email."
            </p>
        }
    });
    view! {
        <p>
            {who_leads} " " <strong>{seen}</strong>
            ". Nothing else. The course team sees the rest so that they can help."
        </p>
        {agree}
    }
    .into_any()
}
