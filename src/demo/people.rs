//! Invented members: names, ages, where they live and what would help them.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::dice::Dice;
use super::facts::{Facts, Generation, SignIn};
use crate::server::{Result, random};

/// One invented member.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person's id.
    pub id: Uuid,
    /// The account's id; some of the oldest have none and book by phone.
    pub account: Option<Uuid>,
    /// The full name.
    pub full_name: String,
    /// What they are called, when it differs.
    pub preferred_name: Option<String>,
    /// The date of birth.
    pub born: NaiveDate,
    /// The address.
    pub email: Option<String>,
    /// The phone number, in international form.
    pub phone: String,
    /// The postcode, if they have one.
    pub postcode: Option<String>,
    /// Whether it is outside the area.
    pub outside: bool,
    /// Whether the phone takes texts and they agreed to them.
    pub texts: bool,
    /// Whether they get the newsletter.
    pub newsletter: bool,
    /// May messages name the course.
    pub name_course: Option<bool>,
    /// Large print and the like.
    pub format: &'static str,
    /// What would help them on the day.
    pub needs: Option<String>,
    /// Whether they named their ethnic group.
    pub ethnicity: bool,
    /// Whether they are a volunteer.
    pub volunteer: bool,
    /// The parent or guardian of somebody under 16: name, address, phone.
    pub guardian: Option<(String, String, String)>,
    /// When they joined.
    pub joined: DateTime<Utc>,
    /// Whether the address is confirmed.
    pub verified: bool,
    /// Which of [`Facts::sign_in`] this is.
    pub sign_in: Option<usize>,
    /// Which of the people cares for this one, and books for both.
    pub carer: Option<usize>,
}

/// Names that people shorten, and how.
const NICKNAMES: &[(&str, &str)] = &[
    ("Margaret", "Maggie"),
    ("Patricia", "Pat"),
    ("Kathleen", "Kath"),
    ("Pamela", "Pam"),
    ("Barbara", "Babs"),
    ("Ronald", "Ron"),
    ("Kenneth", "Ken"),
    ("Raymond", "Ray"),
    ("Leonard", "Len"),
    ("Stanley", "Stan"),
    ("Susan", "Sue"),
    ("Christine", "Chris"),
    ("Jennifer", "Jenny"),
    ("Judith", "Judy"),
    ("Valerie", "Val"),
    ("Rosalind", "Ros"),
    ("David", "Dave"),
    ("Michael", "Mike"),
    ("Terence", "Terry"),
    ("Alison", "Ali"),
    ("Jacqueline", "Jackie"),
    ("Amanda", "Mandy"),
    ("Nicola", "Nicky"),
    ("Beverley", "Bev"),
    ("Andrew", "Andy"),
    ("Stephen", "Steve"),
    ("Agnieszka", "Aga"),
    ("Tomasz", "Tomek"),
    ("Rebecca", "Becky"),
    ("Joanne", "Jo"),
    ("Victoria", "Vicky"),
    ("Magdalena", "Magda"),
    ("Daniel", "Dan"),
    ("Matthew", "Matt"),
    ("James", "Jim"),
    ("Christopher", "Chris"),
    ("Robert", "Rob"),
    ("Jessica", "Jess"),
    ("Bethany", "Beth"),
    ("Joshua", "Josh"),
];

/// How many volunteers there are.
const VOLUNTEERS: usize = 45;
/// How many of those without an account live with somebody who books for them.
const CARED_FOR: usize = 10;
/// How many under-16s there are at least: a full course for them needs them.
const YOUNG: usize = 12;

impl Facts {
    /// Makes `count` people; those one can sign in as come first.
    ///
    /// # Errors
    /// When the operating system has no randomness for their ids.
    pub fn people(&self, count: usize, now: DateTime<Utc>, dice: &mut Dice) -> Result<Vec<Person>> {
        let mut taken: HashSet<String> = self.sign_in.iter().map(|s| s.email.clone()).collect();
        let mut people = Vec::with_capacity(count);
        for (at, sign_in) in self.sign_in.iter().enumerate() {
            people.push(sign_in.person(at, now)?);
        }
        let mut ages: Vec<&Generation> = Vec::with_capacity(count);
        for generation in &self.generation {
            let mut share = generation.in_100 * count / 100;
            if generation.born_from > 2009 {
                share = share.max(YOUNG);
            }
            ages.extend(std::iter::repeat_n(generation, share));
        }
        dice.shuffle(&mut ages);
        for at in people.len()..count {
            let Some(generation) = ages.get(at).copied().or_else(|| self.generation.get(1)) else {
                break;
            };
            people.push(self.person(generation, now, dice, &mut taken)?);
        }
        let mut volunteers = 0;
        for person in people.iter_mut().skip(self.sign_in.len()) {
            let year = chrono::Datelike::year(&person.born);
            if volunteers < VOLUNTEERS
                && person.account.is_some()
                && (1945..2005).contains(&year)
                && dice.chance(30)
            {
                person.volunteer = true;
                volunteers += 1;
            }
        }
        carers(&mut people, dice);
        Ok(people)
    }

    fn person(
        &self,
        generation: &Generation,
        now: DateTime<Utc>,
        dice: &mut Dice,
        taken: &mut HashSet<String>,
    ) -> Result<Person> {
        let first = dice
            .pick(&generation.first_names)
            .map_or("Alex", String::as_str);
        let family = dice
            .pick(&self.family_names)
            .map_or("Smith", String::as_str);
        let year =
            i32::try_from(dice.between(generation.born_from.into(), generation.born_to.into()))
                .unwrap_or(1960);
        let born = NaiveDate::from_yo_opt(year, u32::try_from(dice.between(1, 365)).unwrap_or(1))
            .unwrap_or_default();
        let joined = now - TimeDelta::minutes(dice.between(20, 200 * 24 * 60));
        let young = year > 2009;
        let no_email = year < 1945 && dice.chance(25);
        let email = self.email(first, family, year, dice, taken);
        let (phone, mobile) = self.phone(dice);
        let outside = dice.chance(self.shares.outside);
        let postcodes = if outside {
            &self.postcodes.outside
        } else {
            &self.postcodes.inside
        };
        let homeless = !young && dice.chance(self.shares.no_fixed_address);
        let postcode = if homeless {
            None
        } else {
            dice.pick(postcodes).cloned()
        };
        let nickname = NICKNAMES.iter().find(|(whole, _)| *whole == first);
        let preferred_name = nickname
            .filter(|_| dice.chance(self.shares.nickname * 4))
            .map(|(_, short)| (*short).to_owned());
        let guardian = young.then(|| {
            let parent = dice
                .pick(&self.generation.get(3).unwrap_or(generation).first_names)
                .map_or("Sarah", String::as_str);
            (
                format!("{parent} {family}"),
                self.email(parent, family, 1982, dice, taken),
                self.phone(dice).0,
            )
        });
        let texts = mobile && dice.chance(self.shares.texts);
        let needs = if dice.chance(self.shares.needs) {
            dice.pick(&self.needs.notes).cloned()
        } else {
            None
        };
        Ok(Person {
            id: random::id(joined)?,
            account: if no_email {
                None
            } else {
                Some(random::id(joined)?)
            },
            full_name: format!("{first} {family}"),
            preferred_name,
            born,
            email: (!no_email).then_some(email),
            phone,
            postcode,
            outside: outside && !homeless,
            texts,
            newsletter: !no_email && dice.chance(self.shares.newsletter),
            name_course: [None, Some(false), Some(true)][dice.below(3)],
            format: match dice.below(100) {
                0..3 => "large-print",
                3..5 => "easy-read",
                5 => "interpreter",
                _ => "standard",
            },
            needs,
            ethnicity: dice.chance(self.shares.ethnicity),
            volunteer: false,
            guardian,
            joined,
            verified: !no_email,
            sign_in: None,
            carer: None,
        })
    }

    /// An address that nobody else has.
    fn email(
        &self,
        first: &str,
        family: &str,
        year: i32,
        dice: &mut Dice,
        taken: &mut HashSet<String>,
    ) -> String {
        let (first, family) = (plain(first), plain(family));
        let form = dice
            .pick(&self.emails.forms)
            .map_or("{first}.{family}@", String::as_str);
        let domain = dice
            .pick(&self.emails.domains)
            .map_or("example.org", String::as_str);
        let name = form
            .trim_end_matches('@')
            .replace("{first}", &first)
            .replace("{family}", &family)
            .replace("{f}", first.get(..1).unwrap_or("x"))
            .replace("{n}", &format!("{:02}", year % 100));
        let mut email = format!("{name}@{domain}");
        let mut next = 2;
        while !taken.insert(email.clone()) {
            email = format!("{name}{next}@{domain}");
            next += 1;
        }
        email
    }

    /// A number from those kept free for drama, and whether it is a mobile's.
    fn phone(&self, dice: &mut Dice) -> (String, bool) {
        let mobile = dice.chance(self.phones.mobiles_in_100);
        let mut n = dice.between(0, 999);
        while self.phones.leave_out.contains(&n) {
            n = dice.between(0, 999);
        }
        let form = if mobile {
            &self.phones.mobile
        } else {
            &self.phones.landline
        };
        (
            international(&form.replace("{n}", &format!("{n:03}"))),
            mobile,
        )
    }
}

impl SignIn {
    fn person(&self, at: usize, now: DateTime<Utc>) -> Result<Person> {
        let joined = now - TimeDelta::days(if self.verified { 130 } else { 1 });
        let first = self.full_name.split(' ').next();
        Ok(Person {
            id: random::id(joined)?,
            account: Some(random::id(joined)?),
            full_name: self.full_name.clone(),
            preferred_name: (first != Some(&self.known_as)).then(|| self.known_as.clone()),
            born: self.born,
            email: Some(self.email.clone()),
            phone: international(&self.phone),
            postcode: Some(self.postcode.clone()),
            outside: false,
            texts: self.verified,
            newsletter: self.verified,
            name_course: self.verified.then_some(true),
            format: "standard",
            needs: None,
            ethnicity: false,
            volunteer: self.role == "volunteer",
            guardian: None,
            joined,
            verified: self.verified,
            sign_in: Some(at),
            carer: None,
        })
    }
}

/// Some of those without an account share a home with somebody who has one: the first with the member one can sign
/// in as, the others with whom the dice say.
fn carers(people: &mut [Person], dice: &mut Dice) {
    let cared_for: Vec<usize> = (0..people.len())
        .filter(|at| people[*at].account.is_none() && people[*at].guardian.is_none())
        .take(CARED_FOR)
        .collect();
    let mut carers: Vec<usize> = (0..people.len())
        .filter(|at| {
            let who = &people[*at];
            let year = chrono::Datelike::year(&who.born);
            who.verified && who.sign_in.is_none() && !who.volunteer && year < 1990
        })
        .collect();
    dice.shuffle(&mut carers);
    let member = people
        .iter()
        .position(|who| who.sign_in.is_some() && who.verified && !who.volunteer);
    for (at, carer) in cared_for.into_iter().zip(member.into_iter().chain(carers)) {
        let (family, postcode) = {
            let carer = &people[carer];
            let family = carer.full_name.split_once(' ').map(|(_, family)| family);
            (family.unwrap_or("Smith").to_owned(), carer.postcode.clone())
        };
        let who = &mut people[at];
        let first = who.full_name.split(' ').next().unwrap_or("Alex").to_owned();
        who.full_name = format!("{first} {family}");
        who.postcode = postcode;
        who.outside = false;
        who.carer = Some(carer);
    }
}

/// "07700 900 214" as "+447700900214".
fn international(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    format!("+44{}", digits.trim_start_matches('0'))
}

/// Small letters without marks, spaces and hyphens, for an address.
fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'a'..='z' => Some(c),
            'ń' => Some('n'),
            'ó' => Some('o'),
            'ł' => Some('l'),
            _ => None,
        })
        .collect()
}
