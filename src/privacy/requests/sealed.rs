//! The words of a request, sealed under a key of its own: it is kept when the records of its person are merged or deleted.

use uuid::Uuid;

use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};

/// Which words: none opens in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What they asked.
    Asked,
    /// Why it takes longer.
    Longer,
    /// What came of it.
    Outcome,
}

impl Part {
    /// Where the words stand.
    fn place(self, request: Uuid) -> Uuid {
        Uuid::from_u128(request.as_u128() ^ self as u128)
    }
}

/// Seals words of a request, before the transaction that keeps them.
pub async fn seal(app: &App, request: Uuid, part: Part, words: &str) -> Result<Vec<u8>> {
    let place = part.place(request);
    app.vault
        .seal(
            app.clock.now(),
            request,
            RecordClass::Request,
            place,
            words.as_bytes(),
        )
        .await
}

/// Opens them.
pub async fn open(app: &App, request: Uuid, part: Part, sealed: &[u8]) -> Result<String> {
    let place = part.place(request);
    let plain = app
        .vault
        .open(request, RecordClass::Request, place, sealed)
        .await?;
    String::from_utf8(plain.to_vec()).map_err(|_| Error::Vault("a request is not text"))
}

/// Opens words that there may be.
pub async fn open_some(
    app: &App,
    request: Uuid,
    part: Part,
    sealed: Option<&[u8]>,
) -> Result<Option<String>> {
    match sealed {
        Some(sealed) => open(app, request, part, sealed).await.map(Some),
        None => Ok(None),
    }
}

/// Seals what somebody asked.
///
/// # Errors
/// When the vault does not answer.
pub async fn seal_asked(app: &App, request: Uuid, words: &str) -> Result<Vec<u8>> {
    seal(app, request, Part::Asked, words).await
}
