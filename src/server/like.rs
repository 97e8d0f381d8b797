//! Words as a pattern for `LIKE … ESCAPE '!'`.

/// A pattern that finds the words anywhere. The database makes both sides small, each in its own way.
pub fn anywhere(words: &str) -> String {
    let mut out = String::from("%");
    for c in words.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    if out.len() > 1 {
        out.push('%');
    }
    out
}
