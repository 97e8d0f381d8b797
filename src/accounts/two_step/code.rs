//! The codes, without I/O: those of the app (RFC 6238, six digits, 30 seconds, SHA-1, as every app knows them) and the
//! recovery codes, which are worked out from the same secret and so need no table of their own.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use totp_rs::{Builder, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::server::vault::Vault;
use crate::server::{Error, Result, random};

/// How many recovery codes there are.
pub const RECOVERY_CODES: i64 = 10;
/// Letters and digits that nobody mistakes for one another (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// A recovery code has 50 random bits.
const LENGTH: usize = 10;

/// What the app and we both know.
#[derive(Clone, Debug)]
pub struct Secret(Zeroizing<[u8; 20]>);

impl Secret {
    /// A new one: 160 bits, the length that RFC 4226 recommends.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 20]);
        random::fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// As it was sealed.
    ///
    /// # Errors
    /// When it is not one of ours.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes
            .try_into()
            .map_err(|_| Error::Vault("a second step's secret has the wrong length"))?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// A code sent by text, as it is kept: good for this secret of this account alone.
    pub fn text_mac(&self, vault: &Vault, account_id: Uuid, code: &str) -> [u8; 32] {
        let parts = [
            account_id.as_bytes().as_slice(),
            self.bytes(),
            code.as_bytes(),
        ];
        vault.mac("code by text", &parts)
    }

    /// To be sealed.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn totp(&self, issuer: &str, account: &str) -> Result<Totp> {
        // Neither may hold a colon: it stands between the two.
        let plain = |words: &str| words.replace(':', " ");
        Builder::new()
            .with_secret(*self.0)
            .with_issuer(Some(plain(issuer)))
            .with_account_name(plain(account))
            .build()
            .map_err(|e| Error::Other(format!("a second step: {e}")))
    }

    /// What the picture says to the app: whose account it is on which site, and the secret.
    ///
    /// # Errors
    /// When a name cannot be written there.
    pub fn address(&self, issuer: &str, account: &str) -> Result<String> {
        self.totp(issuer, account)?
            .to_url()
            .map_err(|e| Error::Other(format!("a second step: {e}")))
    }

    /// For those who cannot take a picture: the secret as groups of four letters.
    pub fn to_type(&self) -> String {
        let letters = totp_rs::Secret::from(*self.0).to_base32();
        let groups: Vec<_> = letters
            .as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect();
        groups.join(" ")
    }

    /// The number of the 30 seconds whose code was typed: those of `now`, or the ones before or after.
    ///
    /// # Errors
    /// Never in practice; the maker of codes could refuse the secret.
    pub fn step(&self, typed: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let step = self.totp("", "account")?.check(typed, seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    /// The recovery codes made at `made_at`, in two halves: "3F7KQ-0M9TB".
    pub fn recovery_codes(&self, made_at: DateTime<Utc>) -> Vec<String> {
        (1..=RECOVERY_CODES)
            .map(|number| {
                let code = self.recovery_code(made_at, number);
                let (left, right) = code.split_at(LENGTH / 2);
                format!("{left}-{right}")
            })
            .collect()
    }

    /// Which of them was typed.
    pub fn recovery_number(&self, typed: &str, made_at: DateTime<Utc>) -> Option<i64> {
        let typed = tidy(typed);
        (typed.len() == LENGTH)
            .then(|| {
                (1..=RECOVERY_CODES).find(|number| self.recovery_code(made_at, *number) == typed)
            })
            .flatten()
    }

    fn recovery_code(&self, made_at: DateTime<Utc>, number: i64) -> String {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.bytes()).expect("any length");
        mac.update(b"recovery code");
        mac.update(&made_at.timestamp_micros().to_be_bytes());
        mac.update(&number.to_be_bytes());
        mac.finalize().into_bytes()[..LENGTH]
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(byte & 31)]))
            .collect()
    }
}

/// A code to send by text: six digits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn for_text() -> Result<String> {
    let mut bytes = [0; 8];
    random::fill(&mut bytes)?;
    // Of 2⁶⁴ numbers, no code has more than its share by anything that counts.
    Ok(format!("{:06}", u64::from_be_bytes(bytes) % 1_000_000))
}

/// A code as people type it: with spaces, dashes, small letters, and letters that look like digits.
pub fn tidy(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn code_at(secret: &Secret, seconds: i64) -> String {
        let seconds = u64::try_from(seconds).unwrap();
        secret
            .totp("", "account")
            .unwrap()
            .generate(seconds)
            .to_string()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(&secret, seconds), code);
            assert_eq!(
                secret.step(code, at(seconds)).unwrap(),
                Some(seconds / 30),
                "{code}"
            );
        }
    }

    #[test]
    fn a_code_is_good_for_its_own_half_minute_and_the_ones_beside_it() {
        let secret = Secret::new().unwrap();
        let code = code_at(&secret, 3_000);
        let good: Vec<i64> = (2_900..3_100)
            .filter(|second| secret.step(&code, at(*second)).unwrap() == Some(100))
            .collect();
        assert_eq!((good[0], good[good.len() - 1]), (2_970, 3_059));
    }

    #[test]
    fn the_app_is_told_the_site_and_the_account() {
        let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
        let address = secret.address("Wellbeing: Bath", "jo@example.org").unwrap();
        assert!(address.starts_with("otpauth://totp/"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        assert!(address.contains("jo%40example.org"));
        assert_eq!(secret.to_type(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn recovery_codes_are_ten_and_change_when_they_are_made_anew() {
        let secret = Secret::new().unwrap();
        let codes = secret.recovery_codes(at(0));
        let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(distinct.len(), 10);
        for (at_, code) in codes.iter().enumerate() {
            let number = i64::try_from(at_).unwrap() + 1;
            assert_eq!(secret.recovery_number(code, at(0)), Some(number));
            let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
            assert_eq!(secret.recovery_number(&typed, at(0)), Some(number));
            assert_eq!(secret.recovery_number(code, at(1)), None);
            assert_eq!(
                Secret::new().unwrap().recovery_number(code, at(0)),
                None,
                "another account's"
            );
        }
    }

    #[test]
    fn a_code_for_a_text_is_six_digits() {
        for _ in 0..100 {
            let code = for_text().unwrap();
            assert!(
                code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()),
                "{code}"
            );
            assert_eq!(tidy(&code), code);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_makes_it_stumble(typed in ".{0,40}") {
            let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
            prop_assert!(secret.step(&typed, at(59)).unwrap().is_none() || typed == "287082");
            prop_assert_eq!(secret.recovery_number(&typed, at(0)), None);
        }
    }
}
