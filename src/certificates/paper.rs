//! The certificate itself: an A4 page for each person, tagged so that it is read aloud in order, and checked against PDF/UA-1 as
//! it is written.

use std::num::NonZeroU16;

use chrono::NaiveDate;
use krilla::color::rgb;
use krilla::configure::{ConfigurationBuilder, validate::Accessibility};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, SpanTag, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::TextDirection;
use krilla::{Document, SerializeSettings};

use super::letters::Face;
use crate::server::{Error, Result};
use crate::ui::dates;

const TITLE: &str = "Certificate of attendance";
const LANGUAGE: &str = "en-GB";
/// A4, in points.
const WIDE: f32 = 595.28;
/// See [`WIDE`].
const HIGH: f32 = 841.89;
/// The longest line.
const LINE: f32 = 420.0;

/// What one says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Their name, as they gave it. One that has letters we cannot print gets a line to write it on.
    pub name: String,
    /// The course's title.
    pub course: String,
    /// To how many sessions they came.
    pub came: usize,
    /// Of how many.
    pub of: usize,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Who led it.
    pub tutor: Option<String>,
}

impl Certificate {
    /// "to 5 of 6 sessions of"; of one session only "to".
    fn sessions(&self) -> String {
        match (self.came, self.of) {
            (1, 1) => "came to".to_owned(),
            (came, of) if came == of => format!("came to all {of} sessions of"),
            (came, of) => format!("came to {came} of {of} sessions of"),
        }
    }

    /// The days, and who led it.
    fn when(&self) -> String {
        let days = if self.first == self.last {
            format!("on {}", dates::full_day(self.first))
        } else {
            format!(
                "from {} to {}",
                dates::full_day(self.first),
                dates::full_day(self.last)
            )
        };
        match &self.tutor {
            Some(tutor) => format!("{days}, led by {tutor}"),
            None => days,
        }
    }
}

fn failed(what: impl std::fmt::Debug) -> Error {
    Error::Other(format!("a certificate: {what:?}"))
}

/// The PDF. `from` is who gives it, `today` when.
///
/// # Errors
/// When it would not be one that everybody can read.
pub fn pdf(from: &str, all: &[Certificate], today: NaiveDate) -> Result<Vec<u8>> {
    let faces = Faces {
        regular: Face::regular()?,
        bold: Face::bold()?,
    };
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(failed)?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    document.set_metadata(
        Metadata::new()
            .title(TITLE.to_owned())
            .language(LANGUAGE.to_owned())
            .creator(faces.regular.readable(from)),
    );
    let mut tags = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    let mut outline = Outline::new();
    for (number, certificate) in all.iter().enumerate() {
        let settings = PageSettings::from_wh(WIDE, HIGH).ok_or_else(|| failed("the page"))?;
        let mut page = document.start_page_with(settings);
        let part = {
            let mut sheet = Sheet {
                surface: page.surface(),
                faces: &faces,
                y: 190.0,
                part: TagGroup::new(Tag::Section),
            };
            sheet.write(from, certificate, today);
            sheet.surface.finish();
            sheet.part
        };
        page.finish();
        tags.push(part);
        let top = XyzDestination::new(number, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(TITLE.to_owned(), top));
    }
    document.set_outline(outline);
    document.set_tag_tree(tags);
    document.finish().map_err(failed)
}

struct Faces {
    regular: Face,
    bold: Face,
}

/// How a paragraph looks: its size, and how far the next one is.
#[derive(Clone, Copy)]
struct Look {
    bold: bool,
    size: f32,
    then: f32,
}

/// One page, from top to bottom.
struct Sheet<'a> {
    surface: Surface<'a>,
    faces: &'a Faces,
    y: f32,
    part: TagGroup,
}

impl Sheet<'_> {
    fn write(&mut self, from: &str, certificate: &Certificate, today: NaiveDate) {
        let plain = |then| Look {
            bold: false,
            size: 16.0,
            then,
        };
        let strong = |size, then| Look {
            bold: true,
            size,
            then,
        };
        self.frame();
        let heading = Tag::Hn(NonZeroU16::MIN, Some(TITLE.to_owned()));
        self.say(heading, TITLE, strong(34.0, 60.0));
        self.say(Tag::P, "This is to say that", plain(26.0));
        if self.faces.bold.writes(&certificate.name) {
            self.say(Tag::P, &certificate.name, strong(30.0, 26.0));
        } else {
            self.say(Tag::P, "Name:", plain(30.0));
            self.rule();
        }
        self.say(Tag::P, &certificate.sessions(), plain(26.0));
        self.say(Tag::P, &certificate.course, strong(24.0, 26.0));
        self.say(Tag::P, &certificate.when(), plain(70.0));
        self.say(Tag::P, "Thank you for taking part.", plain(60.0));
        let given = format!("{from}, {}", dates::full_day(today));
        self.say(Tag::P, &given, plain(0.0));
    }

    /// A paragraph in the middle. What the font has no letters for is left out.
    fn say(&mut self, tag: impl Into<TagKind>, words: &str, look: Look) {
        let faces = self.faces;
        let face = if look.bold {
            &faces.bold
        } else {
            &faces.regular
        };
        let mut paragraph = TagGroup::new(tag);
        let lines = face.lines(&face.readable(words), look.size, LINE);
        let last = lines.len().saturating_sub(1);
        self.surface.set_fill(Some(ink(look.bold)));
        for (n, line) in lines.iter().enumerate() {
            // Whoever reads the words without the page finds a space where a line ends.
            let spaced = if n < last {
                format!("{line} ")
            } else {
                line.clone()
            };
            let x = (WIDE - face.width(line, look.size)) / 2.0;
            let id = self
                .surface
                .start_tagged(ContentTag::Span(SpanTag::empty()));
            self.surface.draw_text(
                Point::from_xy(x, self.y),
                face.font.clone(),
                look.size,
                &spaced,
                false,
                TextDirection::LeftToRight,
            );
            self.surface.end_tagged();
            paragraph.push(id);
            self.y += look.size * 1.3;
        }
        self.y += look.then;
        self.part.push(paragraph);
    }

    /// Two lines round the page, which say nothing.
    fn frame(&mut self) {
        for (inset, width) in [(34.0, 3.0), (42.0, 1.0)] {
            let mut path = PathBuilder::new();
            let (wide, high) = (WIDE - 2.0 * inset, HIGH - 2.0 * inset);
            if let Some(rect) = Rect::from_xywh(inset, inset, wide, high) {
                path.push_rect(rect);
            }
            self.draw(path, width);
        }
    }

    /// A line to write on.
    fn rule(&mut self) {
        let mut path = PathBuilder::new();
        path.move_to((WIDE - LINE) / 2.0, self.y);
        path.line_to(f32::midpoint(WIDE, LINE), self.y);
        self.draw(path, 1.0);
        self.y += 40.0;
    }

    fn draw(&mut self, path: PathBuilder, width: f32) {
        let Some(path) = path.finish() else { return };
        let decoration = Artifact::with_kind(ArtifactType::Layout);
        let _ = self.surface.start_tagged(ContentTag::Artifact(decoration));
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint: teal().into(),
            width,
            ..Stroke::default()
        }));
        self.surface.draw_path(&path);
        self.surface.set_stroke(None);
        self.surface.end_tagged();
    }
}

/// The deep teal of the site, which is dark enough to read on paper.
fn teal() -> rgb::Color {
    rgb::Color::new(0x0f, 0x4c, 0x4c)
}

fn ink(bold: bool) -> Fill {
    Fill {
        paint: if bold {
            teal().into()
        } else {
            rgb::Color::new(0x1c, 0x1c, 0x1c).into()
        },
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}
