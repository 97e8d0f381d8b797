//! Addresses that nobody can guess and that can be shown again: a row's id with our signature. No secret is kept, and such
//! an address works for as long as its row is there.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::vault::Vault;

/// The row `id`, signed for one `purpose`.
pub fn token(vault: &Vault, purpose: &str, id: Uuid) -> String {
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend_from_slice(&vault.mac(purpose, &[id.as_bytes()]));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Which row a token is of; `None` when we did not sign it for this `purpose`.
pub fn row(vault: &Vault, purpose: &str, token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, given) = bytes.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    vault.is_mac(purpose, &[id.as_bytes()], given).then_some(id)
}
