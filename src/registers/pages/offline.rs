//! What the desk says while the connection is away.

use leptos::prelude::*;
use uuid::Uuid;

use super::HERE;
use crate::accounts::model::Who;
use crate::registers::offline;
use crate::server::App;
use crate::ui::pieces::*;

/// Where the script says how many marks are kept on this phone, and sends them: those of this account. With a session, those
/// of its register are shown in it, too. Without scripts it stays empty.
pub fn kept(app: &App, who: &Who, session: Option<Uuid>) -> impl IntoView + use<> {
    let tag = offline::tag(app, who.account_id);
    let session = session.map(|id| id.to_string());
    view! { <div class="wb-kept" role="status" data-account=tag data-session=session></div> }
}

/// The page for a reload without a connection. It is kept on the phone, so it is the same for everybody.
pub fn offline() -> impl IntoView {
    view! {
        <div class="wb-measure">
            <h1>"No connection"</h1>
            <p class="wb-lead">"Your phone is offline, or our site does not answer just now."</p>
            <p role="status" data-kept-marks=true></p>
            <p>"No names, phone numbers or email addresses are kept on this phone, so there is no list to show."</p>
            <p>"This page looks again by itself when the connection is back."</p>
            <p><a href=HERE class="govuk-button">"Try again"</a></p>
            <p>"Is it urgent? Call us on " <PhoneLink /> "."</p>
        </div>
    }
}
