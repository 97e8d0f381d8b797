//! The server itself: health, headers, limits, pages for what went wrong.

use reqwest::StatusCode;

use crate::support::Site;

on_both! {
    async fn the_site_says_it_is_alive_and_ready(site: Site) {
        let browser = site.browser();
        assert_eq!(browser.get("/healthz").await.body, "alive\n");
        let ready = browser.get("/readyz").await;
        assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, "ready\n"));
        site.stop().await;
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::on_sqlite().await;
    for path in ["/healthz", "/no-such-page"] {
        let answer = site.browser().get(path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(!header("content-security-policy").contains("unsafe-inline"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_plain_words_with_the_phone_number() {
    let site = Site::on_sqlite().await;
    let answer = site.browser().get("/no-such-page").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.words("h1"), ["We cannot find that page"]);
    assert!(answer.body.contains("tel:01632960100"));
}
