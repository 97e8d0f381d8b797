//! A report is written, looked at as it will be seen, and published.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::model::{Draft, Published, Reach, Sent};
use super::period::Period;
use super::{HERE, PUBLISHED, pages, people, store};
use crate::accounts::said::Said;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Error, Result, form_key};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Reports;
use crate::ui::dates;
use crate::ui::form::{Check, FORM_KEY, FormState, Submitted};

/// The period whose word stands in the address. It stands after the guard.
pub struct ChosenPeriod(Period);

impl FromRequestParts<App> for ChosenPeriod {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let not_there = || Refusal::NotFound.into_response();
        let Path(word) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| not_there())?;
        Period::named(&word).map(Self).ok_or_else(not_there)
    }
}

fn publish_path(period: Period) -> String {
    format!("{HERE}/{}/publish", period.name())
}

pub async fn show_write(
    desk: Desk<Reports>,
    State(app): State<App>,
    ChosenPeriod(period): ChosenPeriod,
) -> Result<Response> {
    let draft = store::draft(&app, period).await?.unwrap_or_default();
    let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
    let form = FormState::filled([
        ("narrative", draft.narrative),
        ("target-places", number(draft.target_places)),
        ("target-came", number(draft.target_came)),
    ]);
    Ok(pages::write(&app, desk.who(), period, form))
}

/// A contract asks for no more.
const MOST: i64 = 1_000_000;

fn target(typed: &str) -> std::result::Result<i64, String> {
    let digits = typed.bytes().all(|b| b.is_ascii_digit());
    let number = typed.parse().ok().filter(|n| (1..=MOST).contains(n));
    number
        .filter(|_| digits)
        .ok_or_else(|| format!("Enter a number from 1 to {MOST}, or leave it empty"))
}

pub async fn send_write(
    desk: Desk<Reports>,
    State(app): State<App>,
    ChosenPeriod(period): ChosenPeriod,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let target_places = check.optional("target-places", target);
    let target_came = check.optional("target-came", target);
    let narrative = check.optional_long_text("narrative");
    if check.failed() {
        return Ok(pages::write(&app, desk.who(), period, check.finish()));
    }
    let draft = Draft {
        narrative: narrative.unwrap_or_default(),
        target_places,
        target_came,
    };
    let entry = Entry::by(&app, desk.by(), Action::ReportWritten)?;
    store::save(&app, period, &draft, &entry).await?;
    Ok(see(&publish_path(period)))
}

/// The report as it would be sent now, but for the groups of people: whoever could look at those again and again, with one person
/// more or less among them, would work out what that person said. They are counted once, when it is published.
async fn compose(app: &App, period: Period) -> Result<Sent> {
    let draft = store::draft(app, period).await?.unwrap_or_default();
    let counted = store::counted(app, period).await?;
    Ok(Sent::new(draft, &counted))
}

/// The field with what was looked at.
pub const SEEN: &str = "seen";

/// Stands for a report as it was looked at: another draft or other figures are another.
fn mark(sent: &Sent) -> Result<String> {
    let text = serde_json::to_vec(sent).map_err(|e| Error::Other(format!("a report: {e}")))?;
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(text)))
}

/// Who we reach, for a report that is published now: those of the version before, if there is one, because two counts of
/// the same people could be subtracted.
async fn reach(
    app: &App,
    desk: &Desk<Reports>,
    earlier: Option<&Published>,
    period: Period,
) -> Result<Reach> {
    if let Some(earlier) = earlier {
        return Ok(earlier.sent.reach());
    }
    audit::note(app, &Entry::by(app, desk.by(), Action::PeopleCounted)?).await?;
    people::reach(app, period).await
}

pub async fn show_publish(
    desk: Desk<Reports>,
    State(app): State<App>,
    ChosenPeriod(period): ChosenPeriod,
) -> Result<Response> {
    look(&app, &desk, period, false).await
}

/// The report as it would be seen; `changed` when it is not any more what somebody was about to publish.
async fn look(app: &App, desk: &Desk<Reports>, period: Period, changed: bool) -> Result<Response> {
    let sent = compose(app, period).await?;
    let earlier = store::latest(app, period).await?;
    let over = period.is_over(dates::day_of(app.clock.now()));
    let mut form = FormState::filled([(FORM_KEY, form_key::new()?), (SEEN, mark(&sent)?)]);
    let mut status = StatusCode::OK;
    if changed {
        form = form.with_error(
            SEEN,
            "The report has changed since you looked at it. Look at it again, then publish it",
        );
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let html = pages::publish(app, desk.who(), period, sent, earlier, over.then_some(form));
    Ok(page(status, Keep::Nothing, html))
}

pub async fn send_publish(
    desk: Desk<Reports>,
    State(app): State<App>,
    ChosenPeriod(period): ChosenPeriod,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    if !period.is_over(dates::day_of(app.clock.now())) {
        return Ok(see(&publish_path(period)));
    }
    let account = desk.by().account_id;
    let id = form_key::id(&app, "report-by-desk", account, &key, &period.name());
    let path = format!("{PUBLISHED}/{id}");
    if store::one(&app, id).await?.is_some() {
        // The first of two presses published it.
        return Ok(see(&path));
    }
    let sent = compose(&app, period).await?;
    if submitted.line(SEEN) != mark(&sent)? {
        return look(&app, &desk, period, true).await;
    }
    let earlier = store::latest(&app, period).await?;
    let sent = sent.with(reach(&app, &desk, earlier.as_ref(), period).await?);
    let entry = Entry::by(&app, desk.by(), Action::ReportPublished)?.about(id);
    if store::publish(&app, id, period, &sent, &entry).await?
        || store::one(&app, id).await?.is_some()
    {
        return Ok(Said::ReportPublished.and_see(&app, PUBLISHED));
    }
    // Somebody else published one in the same moment: look again.
    Ok(see(&publish_path(period)))
}
