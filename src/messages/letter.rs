//! How a message is put together: once, for both the text and the HTML, so that they cannot say different
//! things.

use askama::Template;

use super::model::{Address, Mail, MessageKind, one_line};
use crate::server::config::Settings;
use crate::server::{Error, Result};
use crate::ui::page::tel;

/// Words inside a sentence.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Words(String),
    Strong(String),
    Link(String, String),
}

impl Piece {
    /// The words without HTML; a link shows where it goes, a phone number only itself.
    fn plain(&self) -> String {
        match self {
            Self::Words(words) | Self::Strong(words) => words.clone(),
            Self::Link(words, href) if href.starts_with("tel:") => words.clone(),
            Self::Link(words, href) => format!("{words} ({href})"),
        }
    }
}

/// A paragraph of a message.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Text(Vec<Piece>),
    Heading(String),
    Button(String, String),
    Panel(Vec<Vec<Piece>>),
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    title: &'a str,
    blocks: &'a [Block],
    reason: &'a str,
    site_name: &'a str,
    place: &'a str,
    privacy: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    title: &'a str,
    blocks: &'a [Block],
    reason: &'a str,
    site_name: &'a str,
    place: &'a str,
    privacy: &'a str,
}

/// A message being written.
pub(super) struct Letter<'a> {
    config: &'a Settings,
    kind: MessageKind,
    to: Address,
    title: &'a str,
    blocks: Vec<Block>,
}

impl<'a> Letter<'a> {
    /// A message to `to` that greets them. `title` is both the subject and the heading.
    pub fn new(config: &'a Settings, kind: MessageKind, to: Address, title: &'a str) -> Self {
        let hello = match to.name() {
            Some(name) => format!("Hello {name},"),
            None => "Hello,".to_owned(),
        };
        Self {
            config,
            kind,
            to,
            title,
            blocks: Vec::new(),
        }
        .say(hello)
    }

    /// A paragraph.
    pub fn say(self, words: impl Into<String>) -> Self {
        self.pieces(vec![Piece::Words(words.into())])
    }

    /// A paragraph with links or strong words in it.
    pub fn pieces(mut self, pieces: Vec<Piece>) -> Self {
        self.blocks.push(Block::Text(pieces));
        self
    }

    /// A heading.
    pub fn heading(mut self, words: &str) -> Self {
        self.blocks.push(Block::Heading(words.to_owned()));
        self
    }

    /// The one button. It opens a page; nothing happens by opening it.
    pub fn button(mut self, words: &str, url: &str) -> Self {
        self.blocks
            .push(Block::Button(words.to_owned(), url.to_owned()));
        self
    }

    /// A tinted box of lines.
    pub fn panel(mut self, lines: Vec<Vec<Piece>>) -> Self {
        self.blocks.push(Block::Panel(lines));
        self
    }

    /// The phone number, which rings when pressed.
    pub fn phone(&self) -> Piece {
        phone(self.config)
    }

    /// The whole message. `reason` ends "You get this email because …".
    pub fn finish(self, reason: &str) -> Result<Mail> {
        let hours = &self.config.phone_hours;
        let questions = vec![
            Piece::Words("Questions? Call ".to_owned()),
            self.phone(),
            Piece::Words(format!(", {hours}, or reply to this email.")),
        ];
        let letter = self.pieces(questions);
        let privacy = format!("{}/privacy", letter.config.origin());
        let failed = |error: askama::Error| Error::Other(format!("a message's words: {error}"));
        let html = Html {
            title: letter.title,
            blocks: &letter.blocks,
            reason,
            site_name: &letter.config.site_name,
            place: &letter.config.area,
            privacy: &privacy,
        }
        .render()
        .map_err(failed)?;
        let text = Text {
            title: letter.title,
            blocks: &letter.blocks,
            reason,
            site_name: &letter.config.site_name,
            place: &letter.config.area,
            privacy: &privacy,
        }
        .render()
        .map_err(failed)?;
        Ok(Mail {
            kind: letter.kind,
            to: letter.to,
            subject: one_line(letter.title),
            text,
            html,
            ics: None,
            unsubscribe: None,
        })
    }
}

/// The phone number, which rings when pressed.
pub(super) fn phone(config: &Settings) -> Piece {
    Piece::Link(config.phone().to_owned(), tel(config.phone()))
}
