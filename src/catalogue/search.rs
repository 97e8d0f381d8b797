//! Searching the catalogue: a tantivy index in memory, made anew from each version of the catalogue, so that both
//! databases answer alike.
//!
//! Words are found as typed, in another form ("gardens" finds "gardening"), by their beginning ("gard"), and, when a
//! word is not known in any of these ways, with one slip of the finger from four letters on ("slepe" finds "sleep").
//! The words that people say for ours ("anxiety" for "worry") are in the index beside ours, and are found in the same
//! ways. Where a word is found counts: title before topic and audience before summary before place. Every word must be
//! found; only if no course has them all, courses that have some of them are shown, and the page says so.

use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer,
    TextAnalyzer,
};
use tantivy::{IndexReader, ReloadPolicy, TantivyDocument, Term};

use super::model::{Catalogue, Course};
use crate::server::{Error, Result};

mod words;

/// Memory for building the index, in bytes; tantivy wants at least this much.
const BUILDING: usize = 15_000_000;

/// Where words are found, and what they count there.
const FIELDS: [(&str, f32); 4] = [
    ("title", 8.0),
    ("topic", 4.0),
    ("summary", 2.0),
    ("place", 1.0),
];
/// From as many letters on, a slip is forgiven.
const FORGIVEN: usize = 4;
/// From as many letters on, a slip is forgiven in the beginning of a longer word: it has to mean something.
const FORGIVEN_BEGUN: usize = 7;

/// A word in another form, or begun, counts a little less than the same word.
const BEGUN: f32 = 0.9;
/// A word with a slip counts half.
const SLIPPED: f32 = 0.5;

/// How the words were understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Match {
    /// As they were typed.
    #[default]
    AsTyped,
    /// With a slip put right: these words were meant.
    Meant(String),
    /// No course has all of the words.
    Some,
}

/// The index of one version of the catalogue.
pub struct Index {
    reader: IndexReader,
    analyzer: TextAnalyzer,
    stemmer: TextAnalyzer,
    fields: Vec<Searched>,
    courses: usize,
}

/// One part of a course in the index.
struct Searched {
    /// The words as they are.
    words: Field,
    /// Their stems.
    stems: Field,
    /// What a word counts here.
    weight: f32,
    /// From as many letters on, a beginning is enough.
    begun: usize,
}

/// How much of a word has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// The word, another form of it, or its beginning.
    Exact,
    /// One slip is forgiven.
    Forgiving,
}

fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

fn stemming() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .build()
}

fn ours(error: tantivy::TantivyError) -> Error {
    Error::Other(format!("search index: {error}"))
}

impl Index {
    /// Builds the index.
    ///
    /// # Errors
    /// When tantivy refuses.
    pub fn new(catalogue: &Catalogue) -> Result<Self> {
        let mut schema = Schema::builder();
        let text = |tokenizer: &str| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(tokenizer)
                    .set_fieldnorms(false)
                    .set_index_option(IndexRecordOption::Basic),
            )
        };
        let mut add = |name: &str, weight: f32, begun: usize| Searched {
            words: schema.add_text_field(name, text("plain")),
            stems: schema.add_text_field(&format!("{name} stems"), text("stems")),
            weight,
            begun,
        };
        let mut fields: Vec<Searched> = Vec::new();
        for (name, weight) in FIELDS {
            fields.push(add(name, weight, 2));
        }
        // What people say for our words, in the same order.
        for (name, weight) in FIELDS {
            fields.push(add(&format!("{name} said"), weight * BEGUN, 4));
        }
        let number = schema.add_u64_field("course", NumericOptions::from(FAST));
        let index = tantivy::Index::create_in_ram(schema.build());
        index.tokenizers().register("plain", plain());
        index.tokenizers().register("stems", stemming());
        let stemmer = stemming();
        let mut writer: tantivy::IndexWriter =
            index.writer_with_num_threads(1, BUILDING).map_err(ours)?;
        for (at, course) in catalogue.courses.iter().enumerate() {
            let mut document = TantivyDocument::default();
            document.add_u64(number, at as u64);
            let own = texts(catalogue, course);
            let said = own
                .each_ref()
                .map(|text| words::said(&tokens(&stemmer, text)));
            for (field, text) in fields.iter().zip(own.iter().chain(&said)) {
                document.add_text(field.words, text);
                document.add_text(field.stems, text);
            }
            writer.add_document(document).map_err(ours)?;
        }
        writer.commit().map_err(ours)?;
        writer.wait_merging_threads().map_err(ours)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(ours)?;
        Ok(Self {
            reader,
            analyzer: plain(),
            stemmer,
            fields,
            courses: catalogue.courses.len(),
        })
    }

    /// The courses (their places in the catalogue) that fit what was typed, with a score each, and how it was
    /// understood. Words that only hold a sentence together ("for", "my") do not count, unless there are no others.
    pub fn search(&self, typed: &str) -> (Vec<(usize, f32)>, Match) {
        let words = self.words(typed);
        if words.is_empty() {
            return (Vec::new(), Match::AsTyped);
        }
        if words.iter().any(|word| words::is_true_of_all(word)) {
            return (
                (0..self.courses).map(|at| (at, 1.0)).collect(),
                Match::AsTyped,
            );
        }
        let known: Vec<(String, Care)> = words
            .into_iter()
            .map(|word| {
                let alone = [(word, Care::Exact)];
                let care = if self.hits(&alone, Occur::Must).is_empty() {
                    Care::Forgiving
                } else {
                    Care::Exact
                };
                let [(word, _)] = alone;
                (word, care)
            })
            .collect();
        let all = self.hits(&known, Occur::Must);
        if all.is_empty() {
            return (self.hits(&known, Occur::Should), Match::Some);
        }
        if known.iter().all(|(_, care)| *care == Care::Exact) {
            return (all, Match::AsTyped);
        }
        let meant: Vec<String> = known
            .iter()
            .map(|(word, care)| match care {
                Care::Exact => word.clone(),
                Care::Forgiving => self.meant(word),
            })
            .collect();
        (all, Match::Meant(meant.join(" ")))
    }

    /// The words that tell something; if there are none, those that are true of every course, else all of them.
    fn words(&self, typed: &str) -> Vec<String> {
        let all = tokens(&self.analyzer, typed);
        let telling: Vec<String> = all
            .iter()
            .filter(|word| !words::is_small(word))
            .cloned()
            .collect();
        if telling.is_empty() { all } else { telling }
    }

    fn hits(&self, words: &[(String, Care)], occur: Occur) -> Vec<(usize, f32)> {
        let queries = words
            .iter()
            .map(|(word, care)| (occur, self.word(word, *care)))
            .collect();
        let searcher = self.reader.searcher();
        let most = usize::try_from(searcher.num_docs())
            .unwrap_or(usize::MAX)
            .max(1);
        let Ok(found) = searcher.search(
            &BooleanQuery::new(queries),
            &TopDocs::with_limit(most).order_by_score(),
        ) else {
            return Vec::new();
        };
        found
            .into_iter()
            .filter_map(|(score, at)| {
                let numbers = searcher
                    .segment_reader(at.segment_ord)
                    .fast_fields()
                    .u64("course")
                    .ok()?;
                let course = numbers.first(at.doc_id)?;
                Some((usize::try_from(course).ok()?, score))
            })
            .collect()
    }

    /// One word in any field; the field where it counts most decides.
    fn word(&self, word: &str, care: Care) -> Box<dyn Query> {
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        let mut add = |query: Box<dyn Query>, score: f32| {
            ways.push(Box::new(ConstScoreQuery::new(query, score)));
        };
        let letters = word.chars().count();
        let stem = tokens(&self.stemmer, word);
        for field in &self.fields {
            let typed = Term::from_field_text(field.words, word);
            add(
                Box::new(TermQuery::new(typed.clone(), IndexRecordOption::Basic)),
                field.weight,
            );
            for stem in &stem {
                let form = Term::from_field_text(field.stems, stem);
                add(
                    Box::new(TermQuery::new(form, IndexRecordOption::Basic)),
                    field.weight * BEGUN,
                );
            }
            if letters >= field.begun {
                add(
                    Box::new(FuzzyTermQuery::new_prefix(typed.clone(), 0, true)),
                    field.weight * BEGUN,
                );
            }
            if care == Care::Exact {
                continue;
            }
            for (share, query) in slips(word, &typed) {
                add(Box::new(query), field.weight * share);
            }
        }
        Box::new(DisjunctionMaxQuery::new(ways))
    }

    /// The word that was meant: the first known word that is one slip away.
    fn meant(&self, word: &str) -> String {
        let searcher = self.reader.searcher();
        let mut near: Vec<(f32, String)> = Vec::new();
        for field in &self.fields {
            for (share, query) in slips(word, &Term::from_field_text(field.words, word)) {
                for segment in searcher.segment_readers() {
                    let Ok(index) = segment.inverted_index(field.words) else {
                        continue;
                    };
                    let Ok(automaton) = query.automaton() else {
                        continue;
                    };
                    let Ok(mut terms) = index.terms().search(automaton).into_stream() else {
                        continue;
                    };
                    if terms.advance() {
                        let found = String::from_utf8_lossy(terms.key()).into_owned();
                        near.push((field.weight * share, found));
                    }
                }
            }
        }
        near.into_iter()
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or_else(|| word.to_owned(), |(_, found)| found)
    }
}

/// The ways in which a word may have been typed wrongly, and what each counts. A postcode or an age is never meant to
/// be another one.
fn slips(word: &str, typed: &Term) -> Vec<(f32, FuzzyTermQuery)> {
    let letters = word.chars().count();
    let mut ways = Vec::new();
    if word.contains(|c: char| c.is_ascii_digit()) {
        return ways;
    }
    if letters >= FORGIVEN {
        ways.push((SLIPPED, FuzzyTermQuery::new(typed.clone(), 1, true)));
    }
    if letters >= FORGIVEN_BEGUN {
        let begun = FuzzyTermQuery::new_prefix(typed.clone(), 1, true);
        ways.push((SLIPPED * BEGUN, begun));
    }
    ways
}

fn tokens(analyzer: &TextAnalyzer, text: &str) -> Vec<String> {
    let mut analyzer = analyzer.clone();
    let mut stream = analyzer.token_stream(text);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        tokens.push(token.text.clone());
    }
    tokens
}

/// What is searched of a course: title, topic and audience, summary, and where its runs are.
fn texts(catalogue: &Catalogue, course: &Course) -> [String; 4] {
    let mut places: Vec<String> = Vec::new();
    for run in &course.runs {
        match run.venue.and_then(|at| catalogue.venues.get(at)) {
            Some(venue) => places.extend([
                venue.name.clone(),
                venue.town.clone(),
                venue.postcode.clone(),
                venue.postcode.replace(' ', ""),
            ]),
            None => places.push("online".to_owned()),
        }
    }
    places.sort_unstable();
    places.dedup();
    let topic = catalogue.topics.get(course.topic);
    [
        course.title.clone(),
        [
            topic.map_or("", |topic| &topic.name),
            words::of_audience(course.audience),
        ]
        .join(". "),
        course.summary.clone(),
        places.join(". "),
    ]
}

#[cfg(test)]
mod tests;
