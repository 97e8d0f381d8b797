//! The vault: what is sealed stays sealed, in every file and every table.

use std::path::Path;

use uuid::Uuid;
use wellbeing_courses::server::vault::RecordClass;

use crate::support::Site;

const CANARY: &str = "needs a chair by the door, canary 71c0ffee";

/// Every file under `dir` that holds `words`.
fn files_with(dir: &Path, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, words));
        } else if std::fs::read(&path)
            .unwrap()
            .windows(words.len())
            .any(|w| w == words.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

on_both! {
    async fn what_was_sealed_opens_for_its_person_and_place_only(site: Site) {
        let vault = &site.app.vault;
        let now = site.app.clock.now();
        let (person, row) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = vault.seal(now, person, RecordClass::Health, row, CANARY.as_bytes()).await.unwrap();
        let opened = vault.open(person, RecordClass::Health, row, &sealed).await.unwrap();
        assert_eq!(opened.as_slice(), CANARY.as_bytes());
        assert!(vault.open(person, RecordClass::Health, person, &sealed).await.is_err(), "moved to another row");
        assert!(vault.open(row, RecordClass::Health, row, &sealed).await.is_err(), "another person's");
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.open(person, RecordClass::Health, row, &changed).await.is_err(), "changed");
    }

    async fn a_destroyed_key_opens_nothing_and_the_next_one_is_another(site: Site) {
        let vault = &site.app.vault;
        let now = site.app.clock.now();
        let person = Uuid::from_u128(1);
        let sealed = vault.seal(now, person, RecordClass::Health, person, b"words").await.unwrap();
        vault.destroy(person, RecordClass::Health).await.unwrap();
        assert!(vault.open(person, RecordClass::Health, person, &sealed).await.is_err());
        vault.seal(now, person, RecordClass::Health, person, b"new words").await.unwrap();
        assert!(vault.open(person, RecordClass::Health, person, &sealed).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clear_text_is_in_no_file() {
    let site = Site::on_sqlite().await;
    let now = site.app.clock.now();
    let person = Uuid::from_u128(1);
    site.app
        .vault
        .seal(now, person, RecordClass::Health, person, CANARY.as_bytes())
        .await
        .unwrap();
    let dir = site.stop().await;
    assert_eq!(files_with(dir.path(), CANARY), Vec::<String>::new());
    // The search can find: a file with the words is seen.
    std::fs::write(dir.path().join("control"), CANARY).unwrap();
    assert_eq!(files_with(dir.path(), CANARY).len(), 1);
}
