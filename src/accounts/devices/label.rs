//! What a device is called: enough to recognise it, too little to tell two apart that look the same.

/// "Firefox on Windows", from what the browser says about itself.
pub fn of(agent: &str) -> String {
    let browser = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]
    .into_iter()
    .find(|(sign, _)| agent.contains(sign))
    .map(|(_, name)| name);
    let machine = [
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "an Android phone or tablet"),
        ("Windows", "Windows"),
        ("CrOS", "a Chromebook"),
        ("Macintosh", "a Mac"),
        ("Linux", "Linux"),
    ]
    .into_iter()
    .find(|(sign, _)| agent.contains(sign))
    .map(|(_, name)| name);
    match (browser, machine) {
        (Some(browser), Some(machine)) => format!("{browser} on {machine}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(machine)) => format!("A browser on {machine}"),
        (None, None) => "A phone or computer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use rstest::rstest;

    #[rstest]
    #[case(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Firefox on Windows"
    )]
    #[case(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "Safari on an iPhone"
    )]
    #[case(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0",
        "Edge on Windows"
    )]
    #[case(
        "Mozilla/5.0 (Linux; Android 8.0; SM-J330F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/9.2 Chrome/67.0 Mobile Safari/537.36",
        "Samsung Internet on an Android phone or tablet"
    )]
    #[case("", "A phone or computer")]
    #[case("<script>alert(1)</script>", "A phone or computer")]
    fn labels(#[case] agent: &str, #[case] label: &str) {
        assert_eq!(of(agent), label);
    }
}
