//! "People I book for", as it is shown.

use leptos::prelude::*;

use self::fields::{contact_fields, name_fields, who_sees};
use super::guardian::{AGREE, Asked};
use super::handlers::{ADD, LIST, Opened, guardian_path, person_path, with_next};
use super::model::{Holder, Relation, Represented};
use super::rules::MOST;
use crate::accounts::guardian::words;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::said::Said;
use crate::accounts::sign_up::fields::guardian as guardian_fields;
use crate::accounts::sign_up::rules::phone_words;
use crate::server::App;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

mod fields;

/// What we know of somebody, for the list.
fn about(app: &App, person: &Represented) -> Vec<SummaryRow> {
    let own = person_path(person.id);
    let relation = match person.kind.as_str() {
        "attorney" => "You act for them by a power of attorney",
        "advocate" => "You are their advocate",
        _ => person.relation().words(),
    };
    let mut rows = vec![
        SummaryRow::new("Name", person.full_name.clone()).change(own.clone()),
        SummaryRow::new("You and them", relation),
    ];
    if let Some(born) = person.born() {
        rows.push(SummaryRow::new("Date of birth", dates::full_day(born)));
    }
    if let Some(phone) = &person.phone {
        rows.push(SummaryRow::new("Phone", phone_words(phone)).change(own.clone()));
    }
    if let Some(email) = &person.email {
        rows.push(SummaryRow::new("Email", email.clone()).change(own.clone()));
    }
    let home = match (&person.postcode, person.no_fixed_address) {
        (Some(postcode), _) => postcode.clone(),
        (None, true) => "No fixed address".to_owned(),
        (None, false) => "We do not know yet".to_owned(),
    };
    rows.push(SummaryRow::new("Postcode", home).change(own));
    if person.is_under_16(dates::day_of(app.clock.now())) {
        rows.push(guardian_row(person, None));
    }
    rows
}

/// Who has to agree, and whether they have.
pub(crate) fn guardian_row(person: &Represented, next: Option<&str>) -> SummaryRow {
    let path = guardian_path(person.id);
    let path = next.map_or(path.clone(), |next| with_next(&path, next));
    let agreed = person.guardian_agreed_at.is_some();
    match &person.guardian_name {
        Some(name) if agreed => SummaryRow::new("Parent or guardian", format!("{name} agrees")),
        Some(name) => SummaryRow::new("Parent or guardian", name.clone()).change(path),
        None => SummaryRow::new("Parent or guardian", "We do not know yet").action(path, "Tell us"),
    }
}

/// Everybody, with what can be done.
pub fn list(app: &App, who: &Who, people: &[Represented], heard: Option<Said>) -> String {
    let cards: Vec<_> = people
        .iter()
        .map(|person| {
            let (name, rows) = (person.full_name.clone(), about(app, person));
            let remove = format!("{}/remove", person_path(person.id));
            let hidden = format!(" {name} from this list");
            view! {
                <section class="wb-block">
                    <h2>{name}</h2>
                    <SummaryList rows />
                    <p class="wb-links">
                        <a href=remove>"Remove" <span class="govuk-visually-hidden">{hidden}</span></a>
                    </p>
                </section>
            }
        })
        .collect();
    let nobody = cards.is_empty();
    let room = people.len() < MOST;
    in_account(app, who, "People I book for", LIST, false, move || {
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>"People I book for"</h1>
            <p class="wb-lead">
                "You can book a place for a child, for somebody you care for, or for a partner or friend who comes with you."
            </p>
            {nobody.then(|| view! { <p>"There is nobody here yet."</p> })}
            {cards}
            {room
                .then(|| {
                    view! {
                        <div class="wb-buttons">
                            <ButtonLink href=ADD kind=ButtonKind::Outlined>
                                "Add somebody"
                            </ButtonLink>
                        </div>
                    }
                })}
            <p class="wb-small">"Is a date of birth wrong? Call " <PhoneLink /> " and we will put it right."</p>
        }
    })
}

/// A form in the account, or on the way to a booking: then there are no other links round it.
fn around<V: IntoView>(
    app: &App,
    who: &Who,
    title: String,
    next: Option<&str>,
    error: bool,
    content: impl FnOnce() -> V,
) -> String {
    let account = crate::accounts::account_links(&who.name, LIST);
    let booking = next.is_some();
    let page = Page::new(title).signed_in(true).unlisted().error(error);
    let page = match next {
        Some(next) => page
            .journey()
            .back(without_anybody(next).to_owned(), "Back"),
        None => page.nav(Nav::Account).back(LIST, "People I book for"),
    };
    page.render(&app.site, move || {
        if booking {
            view! { <div class="wb-measure">{content()}</div> }.into_any()
        } else {
            view! {
                <div class="wb-split">
                    <div class="wb-split__main">{content()}</div>
                    {account}
                </div>
            }
            .into_any()
        }
    })
}

/// The address that learns who was added ("…/book?with=") leads back without anybody.
fn without_anybody(next: &str) -> &str {
    match next.split_once('?') {
        Some((path, query)) if query.ends_with('=') => path,
        _ => next,
    }
}

/// Somebody new; `next` is where it goes on to, if they are on the way to a booking.
pub fn add(
    app: &App,
    who: &Who,
    holder: &Holder,
    form: FormState,
    key: String,
    next: Option<&str>,
) -> String {
    let title = match next {
        Some(_) => "Who is coming with you?",
        None => "Who do you want to book for?",
    };
    let go_on = match next {
        Some(_) => "Save and go on",
        None => "Save",
    };
    let relations = [
        (Relation::Parent, "I am their parent", ""),
        (
            Relation::Guardian,
            "I am their guardian",
            "You have parental responsibility",
        ),
        (Relation::Carer, "I care for them", "At home or as your job"),
        (
            Relation::Companion,
            "Somebody else",
            "For example a partner, a relative or a friend",
        ),
    ];
    let relations: Vec<Choice> = relations
        .into_iter()
        .map(|(relation, words, hint)| Choice::new(relation.name(), words).hint(hint))
        .collect();
    let failed = form.has_errors();
    around(app, who, title.to_owned(), next, failed, || {
        let form = &form;
        let (names, contact) = (name_fields(form), contact_fields(form, holder));
        let born = view! {
            <DateField form name="date-of-birth" label=Label::bold("Their date of birth") hint="For example, 31 3 1952" />
        };
        let relation = view! {
            <Radios form name="relation" label=Label::bold("Who are you to them?") choices=relations />
        };
        view! {
            <ErrorSummary form />
            <h1>{title}</h1>
            <p class="wb-lead">
                "Tell us about them once. We keep it in your account, so that you can book for them again."
            </p>
            <Form key>
                {names}
                {born}
                <Details summary="Why we ask this">
                    <p>
                        "Some courses are only for adults, or only for young people. If they are under 16, a parent or \
                        guardian has to agree. The tutor does not see it."
                    </p>
                </Details>
                {relation} {contact}
                {who_sees()}
                <Button>{go_on}</Button>
            </Form>
            {next.is_some().then(|| view! { <p class="wb-after-button">"Nothing is booked yet."</p> })}
            <p>"Rather talk? Call " <PhoneLink /> ". We can do this for you."</p>
        }
    })
}

/// The details of somebody, to be corrected.
pub fn change(
    app: &App,
    who: &Who,
    opened: &Opened,
    form: FormState,
    next: Option<&str>,
) -> String {
    let Opened { person, holder } = opened;
    let title = format!("{}’s details", person.full_name);
    let back = next.unwrap_or(LIST).to_owned();
    let failed = form.has_errors();
    around(app, who, title.clone(), next, failed, || {
        let form = &form;
        let (names, contact) = (name_fields(form), contact_fields(form, holder));
        view! {
            <ErrorSummary form />
            <h1>{title}</h1>
            <Form>
                {names} {contact}
                {who_sees()}
                <div class="wb-buttons">
                    <Button>"Save"</Button>
                    <a href=back>"Leave it as it is"</a>
                </div>
            </Form>
            <p class="wb-small">"Is their date of birth wrong? Call " <PhoneLink /> " and we will put it right."</p>
        }
    })
}

/// A parent agrees, or says who the parent is.
pub fn guardian(
    app: &App,
    who: &Who,
    person: &Represented,
    asked: Asked,
    form: FormState,
    next: Option<&str>,
) -> String {
    let name = person.known_as().to_owned();
    let title = match asked {
        Asked::Holder => format!("Do you agree that {name} comes?"),
        Asked::Other => format!("Who is {name}’s parent or guardian?"),
    };
    let full = person.full_name.clone();
    let failed = form.has_errors();
    around(app, who, title.clone(), next, failed, || {
        let form = &form;
        let fields = match asked {
            Asked::Holder => view! {
                <p>{name.clone()} " is under 16, so a parent or guardian has to agree. You told us that this is you."</p>
                <Checkboxes form name=AGREE choices=vec![Choice::new("yes", words(&full))] />
            }
            .into_any(),
            Asked::Other => view! {
                <p>
                    {name.clone()} " is under 16, so a parent or guardian has to agree. We will send them an email when \
                    you book. The booking counts when they say yes."
                </p>
                {guardian_fields(form)}
            }
            .into_any(),
        };
        let sees = match asked {
            Asked::Holder => {
                format!("The tutor sees {name}’s name, and your phone and email. Nothing else.")
            }
            Asked::Other => {
                format!("The tutor sees {name}’s name, and their phone and email. Nothing else.")
            }
        };
        let tell = (asked == Asked::Other)
            .then(|| view! { <p>"Please tell them that you have given us their details, and that our email is coming."</p> });
        view! {
            <ErrorSummary form />
            <h1>{title}</h1>
            <Form>
                {fields}
                <Notice title="Who will see this" symbol=Icon::Eye>
                    <p>{sees}</p>
                    {tell}
                </Notice>
                <Button>"Save and go on"</Button>
            </Form>
            <p class="wb-after-button">"Any questions? Call " <PhoneLink /> "."</p>
        }
    })
}

/// "Do you want to stop booking for Tom?", or why it cannot be yet.
pub fn remove(app: &App, who: &Who, person: &Represented, coming: bool) -> String {
    let name = person.full_name.clone();
    let title = if coming {
        format!("{name} has something coming up")
    } else {
        format!("Do you want to remove {name}?")
    };
    around(app, who, title.clone(), None, false, || {
        let body = if coming {
            view! {
                <p class="wb-lead">
                    {name} " is booked on a course or waits for a place. Cancel that first. Then you can remove them here."
                </p>
                <div class="wb-buttons">
                    <ButtonLink href="/account/bookings">"See my bookings"</ButtonLink>
                    <a href=LIST>"Back to the list"</a>
                </div>
            }
            .into_any()
        } else {
            view! {
                <p>"You will not be able to book for " {name} " any more. You can add them again at any time."</p>
                <p>"Courses they have been to stay in My bookings."</p>
                <Form class="wb-buttons">
                    <Button kind=ButtonKind::Warning>"Remove"</Button>
                    <a href=LIST>"Keep them"</a>
                </Form>
            }
            .into_any()
        };
        view! {
            <h1>{title}</h1>
            {body}
            <p>"Questions? Call " <PhoneLink /> "."</p>
        }
    })
}

/// There are as many as an account may have.
pub fn too_many(app: &App, who: &Who) -> String {
    let title = "Your list is full";
    around(app, who, title.to_owned(), None, false, || {
        view! {
            <h1>{title}</h1>
            <p class="wb-lead">"You can have " {MOST.to_string()} " people in your account. Remove somebody first."</p>
            <div class="wb-buttons">
                <ButtonLink href=LIST kind=ButtonKind::Outlined>"See the list"</ButtonLink>
            </div>
            <p>"Do you book for a group? Call " <PhoneLink /> ". We can help."</p>
        }
    })
}
