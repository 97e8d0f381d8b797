//! Somebody with a browser: asks for one thing after another, and writes down what they were told.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::StatusCode;
use uuid::Uuid;

use super::check::RunMade;
use super::dice::percent;
use super::record::{Asked, Recorder, Tick, Told, Why};
use super::scene::{Person, Scene};

/// How somebody stands with one run, as far as they know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Stand {
    #[default]
    Nothing,
    /// They sent this form and were not told.
    Sent(u64),
    Full,
    Booked(String),
    OnList(Uuid),
}

/// See above.
pub struct Client {
    pub scene: Arc<Scene>,
    pub recorder: Arc<Recorder>,
    pub person: Person,
    pub dice: fastrand::Rng,
}

impl Client {
    /// Asks for so many things on these runs.
    pub async fn live(mut self, runs: Arc<Vec<RunMade>>, asks: usize) {
        let mut stands: BTreeMap<Uuid, Stand> = BTreeMap::new();
        for _ in 0..asks {
            let run = runs[self.dice.usize(0..runs.len())].id;
            let stand = stands.get(&run).cloned().unwrap_or_default();
            let asked = self.next(&stand);
            let told = if matches!(asked, Asked::Book { .. }) && percent(&mut self.dice, 15) {
                self.twice(run, &asked).await
            } else {
                self.ask(run, &asked).await
            };
            stands.insert(run, after(stand, &asked, &told));
            if matches!(told, Told::Unknown(_) | Told::NotSent) {
                let mut calm = self.scene.calm.subscribe();
                drop(calm.wait_for(|calm| *calm).await);
            }
        }
    }

    /// What they ask for next.
    fn next(&mut self, stand: &Stand) -> Asked {
        let throw = self.dice.u32(0..100);
        let form = self.dice.u64(..);
        match stand {
            // Not told: they send the same form again, as people do, or open the page anew.
            Stand::Sent(before) => Asked::Book {
                form: if throw < 70 { *before } else { form },
            },
            Stand::Full if throw < 80 => Asked::Join,
            Stand::Full | Stand::Nothing => Asked::Book { form },
            Stand::Booked(reference) => {
                let reference = reference.clone();
                match throw {
                    0..65 => Asked::Cancel { reference },
                    65..85 => Asked::Look { reference },
                    85..92 => Asked::Join,
                    _ => Asked::Book { form },
                }
            }
            Stand::OnList(entry) => {
                let entry = *entry;
                match throw {
                    0..70 => Asked::Take { entry },
                    70..80 => Asked::Decline { entry },
                    80..86 => Asked::Leave { entry },
                    86..93 => Asked::Join,
                    _ => Asked::Book { form },
                }
            }
        }
    }

    /// A double click, or two windows: the same thing twice at once.
    async fn twice(&mut self, run: Uuid, asked: &Asked) -> Told {
        let other = match asked {
            Asked::Book { .. } if percent(&mut self.dice, 50) => Asked::Book {
                form: self.dice.u64(..),
            },
            asked => asked.clone(),
        };
        let (one, two) = tokio::join!(self.ask(run, asked), self.ask(run, &other));
        if one.is_unknown() { two } else { one }
    }

    async fn ask(&self, run: Uuid, asked: &Asked) -> Told {
        let from = self.recorder.tick();
        let told = self.send(run, asked, from).await;
        let who = self.person.id;
        self.recorder
            .told(who, run, asked.clone(), told.clone(), from);
        told
    }

    async fn send(&self, run: Uuid, asked: &Asked, from: Tick) -> Told {
        let booking = |reference: &str, what: &str| format!("/account/bookings/{reference}/{what}");
        let own = |entry: &Uuid| format!("/account/waiting/{entry}");
        let (path, form) = match asked {
            Asked::Book { form } => {
                let key = format!("history-form-{form:020}");
                let fields = vec![
                    ("form-key", key),
                    ("remind", "email".into()),
                    ("overlap", "yes".into()),
                ];
                (Scene::path(run, "book"), fields)
            }
            Asked::Cancel { reference } => (booking(reference, "cancel"), Vec::new()),
            Asked::Look { reference } => (booking(reference, "booked"), Vec::new()),
            Asked::Join => (Scene::path(run, "wait"), Vec::new()),
            Asked::Leave { entry } => (format!("{}/leave", own(entry)), Vec::new()),
            Asked::Take { entry } => (own(entry), vec![("do", "take".into())]),
            Asked::Decline { entry } => (own(entry), vec![("do", "no".into())]),
        };
        // Somebody comes through one node now and through another then.
        let nodes = &self.scene.nodes;
        let node = &nodes[usize::try_from(from).unwrap() % nodes.len()];
        let url = format!("{}{path}", node.origin);
        let request = match asked {
            Asked::Look { .. } => self.scene.http.get(url),
            _ => self.scene.http.post(url).form(&form),
        };
        let sent = request
            .header("sec-fetch-site", "same-origin")
            .header("origin", &node.origin)
            .header("cookie", format!("sid={}", self.person.token))
            .send()
            .await;
        match sent {
            Ok(answer) => read(asked, answer).await,
            Err(error) if error.is_connect() => Told::NotSent,
            Err(_) => Told::Unknown(Why::Broken),
        }
    }
}

/// What an answer says.
async fn read(asked: &Asked, answer: reqwest::Response) -> Told {
    let status = answer.status();
    let header = |name: &str| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
    let to = header("location").unwrap_or_default();
    let retry = header("retry-after").is_some();
    let Ok(body) = answer.text().await else {
        return Told::Unknown(Why::Broken);
    };
    let odd = || Told::Odd(format!("{status} {to} {}", title(&body)));
    match (asked, status) {
        (_, StatusCode::SERVICE_UNAVAILABLE) if retry => Told::Unknown(Why::Busy),
        (_, StatusCode::NOT_FOUND) => Told::NotThere,
        (Asked::Look { .. }, StatusCode::OK) => Told::Stands,
        (Asked::Look { .. }, StatusCode::SEE_OTHER) if to.starts_with("/account/bookings/") => {
            Told::Ended
        }
        (Asked::Cancel { .. }, StatusCode::SEE_OTHER) => Told::Cancelled,
        (Asked::Cancel { .. }, StatusCode::OK)
            if title(&body).starts_with("This place is cancelled") =>
        {
            Told::Ended
        }
        (Asked::Book { .. } | Asked::Take { .. }, StatusCode::SEE_OTHER)
            if to.ends_with("/booked") =>
        {
            match to.split('/').nth(3) {
                Some(reference) => Told::Booked(reference.to_owned()),
                None => odd(),
            }
        }
        (Asked::Take { .. }, StatusCode::SEE_OTHER) if to.starts_with("/account/waiting/") => {
            Told::Gone
        }
        (Asked::Join, StatusCode::SEE_OTHER) if to.ends_with("/book") => Told::PlaceFree,
        (Asked::Join, StatusCode::SEE_OTHER) => {
            match to.rsplit('/').next().and_then(|id| id.parse().ok()) {
                Some(entry) => Told::OnList(entry),
                None => odd(),
            }
        }
        (Asked::Leave { .. } | Asked::Decline { .. }, StatusCode::SEE_OTHER)
            if to.starts_with("/account/waiting/") =>
        {
            Told::Done
        }
        (_, StatusCode::CONFLICT) => refused(&body).unwrap_or_else(odd),
        _ => odd(),
    }
}

/// Why a place is refused.
fn refused(body: &str) -> Option<Told> {
    let title = title(body);
    if title.starts_with("This date is full") {
        return Some(Told::Full);
    }
    let rest = body.split("Your booking number is ").nth(1)?;
    title
        .starts_with("You already have this place")
        .then(|| Told::Already(rest.chars().take("WB-222-222".len()).collect()))
}

fn title(body: &str) -> &str {
    let rest = body.split("<title>").nth(1).unwrap_or_default();
    rest.split("</title>").next().unwrap_or_default().trim()
}

/// How somebody stands after an answer.
fn after(before: Stand, asked: &Asked, told: &Told) -> Stand {
    match (asked, told) {
        (_, Told::Booked(reference) | Told::Already(reference)) => Stand::Booked(reference.clone()),
        (_, Told::OnList(entry)) => Stand::OnList(*entry),
        (Asked::Cancel { .. }, Told::Cancelled | Told::Ended | Told::NotThere)
        | (Asked::Look { .. }, Told::Ended | Told::NotThere)
        | (Asked::Leave { .. } | Asked::Decline { .. }, Told::Done | Told::NotThere)
        | (_, Told::PlaceFree) => Stand::Nothing,
        (_, Told::Full) if !matches!(before, Stand::OnList(_)) => Stand::Full,
        (Asked::Book { form }, Told::Unknown(_)) if !matches!(before, Stand::OnList(_)) => {
            Stand::Sent(*form)
        }
        _ => before,
    }
}
