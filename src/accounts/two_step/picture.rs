//! The picture that the app reads: a QR code as one SVG path.

use std::fmt::Write as _;

use fast_qr::qr::QRBuilder;
use leptos::prelude::*;

use crate::server::{Error, Result};

/// Modules of light round the code, so that cameras find it (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// The dark modules of a QR code, ready to be drawn.
pub struct Picture {
    path: String,
    size: usize,
}

impl Picture {
    /// The picture that says `words`.
    ///
    /// # Errors
    /// When the words are too long for one.
    pub fn of(words: &str) -> Result<Self> {
        let code = QRBuilder::new(words)
            .build()
            .map_err(|_| Error::Other("a QR code: too many words".into()))?;
        let mut path = String::new();
        for y in 0..code.size {
            let row = &code[y];
            let mut x = 0;
            while x < code.size {
                let run = row[x..].iter().take_while(|module| module.value()).count();
                if run > 0 {
                    // Writing to a string cannot fail.
                    _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
                }
                x += run.max(1);
            }
        }
        Ok(Self {
            path,
            size: code.size + 2 * QUIET,
        })
    }

    /// Dark on light, in every colour scheme: cameras do not read it the other way round.
    pub fn view(self) -> impl IntoView {
        let side = self.size.to_string();
        view! {
            <svg
                class="wb-qr"
                viewBox=format!("0 0 {side} {side}")
                width="240"
                height="240"
                role="img"
                aria-label="A square picture for your app to read. If it cannot, type the letters below."
            >
                <path fill="#fff" d=format!("M0 0h{side}v{side}h-{side}z")></path>
                <path fill="#000" d=self.path></path>
            </svg>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_corner_squares_are_where_cameras_look() {
        let picture = Picture::of("otpauth://totp/x").unwrap();
        // The first line of a code is seven dark modules, at the left and at the right.
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "{}", picture.path);
        let right = picture.size - QUIET - 7;
        assert!(picture.path.contains(&format!("M{right} 4h7v1h-7z")));
        let bottom = picture.size - QUIET - 1;
        assert!(picture.path.contains(&format!("M4 {bottom}h7v1h-7z")));
    }
}
