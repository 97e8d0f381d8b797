//! The pages of words: they are there, and no link on them leads nowhere.

use std::collections::BTreeSet;

use scraper::Selector;

use crate::support::Site;

const PAGES: [&str; 7] = [
    "/about",
    "/help",
    "/contact",
    "/privacy",
    "/cookies",
    "/accessibility",
    "/licences",
];

#[tokio::test]
async fn every_page_of_words_has_one_title_and_plain_words() {
    let site = Site::on_sqlite().await;
    for path in PAGES {
        let answer = site.browser().get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.words("h1").len(), 1, "{path}");
        for name in [
            "{phone",
            "{email",
            "{site",
            "{dpo",
            "{controller",
            "{captcha",
        ] {
            assert!(!answer.body.contains(name), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn the_privacy_notice_names_who_answers_for_it() {
    let site = Site::with(&[("controller", "Our Council, 1 High Street, Bath")]).await;
    let notice = site.browser().get("/privacy").await;
    assert!(notice.body.contains("Our Council, 1 High Street, Bath"));
}

#[tokio::test]
async fn every_link_of_ours_leads_somewhere() {
    let site = Site::on_sqlite().await;
    let browser = site.browser();
    let mut links = BTreeSet::new();
    for path in PAGES
        .iter()
        .chain(&["/", "/courses", "/venues", "/sign-in"])
    {
        let html = browser.get(path).await.html();
        for link in html.select(&Selector::parse("a[href]").unwrap()) {
            let href = link.value().attr("href").unwrap();
            if href.starts_with('/') {
                links.insert((href.to_owned(), *path));
            } else if let Some(id) = href.strip_prefix('#') {
                links.insert((format!("{path}#{id}"), *path));
            }
        }
    }
    assert!(links.len() > 20);
    for (href, from) in links {
        let (path, id) = href
            .split_once('#')
            .map_or((&*href, None), |(path, id)| (path, Some(id)));
        let answer = browser.get(path).await;
        assert!(
            matches!(answer.status.as_u16(), 200 | 303),
            "{from} links to {href}: {}",
            answer.status
        );
        if let Some(id) = id {
            let found = answer.body.contains(&format!("id=\"{id}\""));
            assert!(
                found,
                "{from} links to {href}, but nothing there is called {id}"
            );
        }
    }
}
