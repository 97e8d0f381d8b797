//! Where on the map a venue is, from what people copy off a map.

/// What to type, when it could not be read.
const WORDS: &str = "Enter two numbers like 51.3836, -2.3595, or paste a link from OpenStreetMap";

/// Reads "51.3836, -2.3595", or a link of OpenStreetMap that has the place in it, as degrees north and east.
///
/// # Errors
/// The sentence to show: it cannot be read, or the place is not in the United Kingdom (two numbers the wrong way round).
pub fn on_the_map(typed: &str) -> Result<(f64, f64), String> {
    let found = if typed.contains("://") {
        of_link(typed)
    } else {
        two_numbers(typed.split([',', ' ', ';']))
    };
    let (north, east) = found.ok_or_else(|| WORDS.to_owned())?;
    if (49.0..=61.0).contains(&north) && (-9.0..=2.0).contains(&east) {
        Ok((north, east))
    } else {
        Err("That place is not in the United Kingdom. The first number is about 51, the second about -2".to_owned())
    }
}

fn two_numbers<'a>(words: impl Iterator<Item = &'a str>) -> Option<(f64, f64)> {
    let mut numbers = words.filter(|word| !word.is_empty()).map(|word| {
        let number: f64 = word.parse().ok()?;
        number.is_finite().then_some(number)
    });
    let pair = (numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(pair)
}

/// The marker of a link (`mlat`, `mlon`), else the middle of its map (`#map=17/51.38/-2.36`).
fn of_link(link: &str) -> Option<(f64, f64)> {
    let url = url::Url::parse(link).ok()?;
    let value = |name: &str| {
        let found = url.query_pairs().find(|(own, _)| own == name);
        found.map(|(_, value)| value.into_owned())
    };
    if let (Some(north), Some(east)) = (value("mlat"), value("mlon")) {
        return two_numbers([north.as_str(), east.as_str()].into_iter());
    }
    let map = url
        .fragment()?
        .split('&')
        .find_map(|part| part.strip_prefix("map="))?;
    two_numbers(map.split('/').skip(1))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::on_the_map;

    #[rstest]
    #[case("51.3836, -2.3595")]
    #[case("51.3836 -2.3595")]
    #[case("51.3836,-2.3595")]
    #[case("https://www.openstreetmap.org/?mlat=51.3836&mlon=-2.3595#map=17/51.1/-2.1")]
    #[case("https://www.openstreetmap.org/node/1#map=19/51.3836/-2.3595&layers=N")]
    fn places_as_people_copy_them(#[case] typed: &str) {
        assert_eq!(on_the_map(typed), Ok((51.3836, -2.3595)));
    }

    #[rstest]
    #[case("BA1 5AL")]
    #[case("51.3836")]
    #[case("51, -2, 7")]
    #[case("-2.3595, 51.3836")]
    #[case("NaN, -2")]
    #[case("https://example.org/")]
    #[case("https://www.openstreetmap.org/#map=19/51.3836")]
    fn what_is_no_place_of_ours(#[case] typed: &str) {
        assert!(on_the_map(typed).is_err(), "{typed}");
    }
}
