//! Searching the catalogue: a tantivy index in memory, made anew from each version of the catalogue, so that both
//! databases answer alike.
//!
//! Words are found as typed, in another form ("gardens" finds "gardening"), by their beginning ("gard"), and with
//! one slip of the finger from four letters on ("slepe" finds "sleep"). Where a word is found counts: title before
//! topic before summary before place. Every word must be found; only if no course has them all, courses that have
//! some of them are shown, and the page says so.

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

/// What a word counts in the title, the topic, the summary and the places.
const WEIGHTS: [f32; 4] = [8.0, 4.0, 2.0, 1.0];

/// A word in another form, or begun, counts a little less than the same word.
const BEGUN: f32 = 0.9;
/// A word with a slip counts half.
const SLIPPED: f32 = 0.5;

/// How the words were understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// Words as they are, and their stems, for title, topic, summary and places.
    fields: [(Field, Field); 4],
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
        let fields = ["title", "topic", "summary", "place"].map(|name| {
            (
                schema.add_text_field(name, text("plain")),
                schema.add_text_field(&format!("{name} stems"), text("stems")),
            )
        });
        let number = schema.add_u64_field("course", NumericOptions::from(FAST));
        let index = tantivy::Index::create_in_ram(schema.build());
        index.tokenizers().register("plain", plain());
        index.tokenizers().register("stems", stemming());
        let mut writer: tantivy::IndexWriter =
            index.writer_with_num_threads(1, BUILDING).map_err(ours)?;
        for (at, course) in catalogue.courses.iter().enumerate() {
            let mut document = TantivyDocument::default();
            document.add_u64(number, at as u64);
            for ((words, stems), text) in fields.iter().zip(texts(catalogue, course)) {
                document.add_text(*words, &text);
                document.add_text(*stems, &text);
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
            stemmer: stemming(),
            fields,
        })
    }

    /// The courses (their places in the catalogue) that fit what was typed, with a score each, and how it was
    /// understood. Words that only hold a sentence together ("for", "my") do not count, unless there are no others.
    pub fn search(&self, typed: &str) -> (Vec<(usize, f32)>, Match) {
        let words = self.words(typed);
        if words.is_empty() {
            return (Vec::new(), Match::AsTyped);
        }
        let exact = self.hits(&words, Care::Exact, Occur::Must);
        if !exact.is_empty() {
            return (exact, Match::AsTyped);
        }
        let forgiving = self.hits(&words, Care::Forgiving, Occur::Must);
        if !forgiving.is_empty() {
            let meant: Vec<String> = words.iter().map(|word| self.meant(word)).collect();
            return (forgiving, Match::Meant(meant.join(" ")));
        }
        (
            self.hits(&words, Care::Forgiving, Occur::Should),
            Match::Some,
        )
    }

    fn words(&self, typed: &str) -> Vec<String> {
        let all = tokens(&self.analyzer, typed);
        let telling: Vec<String> = all
            .iter()
            .filter(|word| !words::is_small(word))
            .cloned()
            .collect();
        if telling.is_empty() { all } else { telling }
    }

    fn hits(&self, words: &[String], care: Care, occur: Occur) -> Vec<(usize, f32)> {
        let queries = words
            .iter()
            .map(|word| (occur, self.word(word, care)))
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
        for ((plain, stems), weight) in self.fields.into_iter().zip(WEIGHTS) {
            for (spoken, share) in
                std::iter::once((word, 1.0)).chain(words::also(word).map(|w| (w, BEGUN)))
            {
                let same = Term::from_field_text(plain, spoken);
                add(
                    Box::new(TermQuery::new(same, IndexRecordOption::Basic)),
                    weight * share,
                );
                for stem in tokens(&self.stemmer, spoken) {
                    let form = Term::from_field_text(stems, &stem);
                    add(
                        Box::new(TermQuery::new(form, IndexRecordOption::Basic)),
                        weight * share * BEGUN,
                    );
                }
            }
            let typed = Term::from_field_text(plain, word);
            if word.chars().count() >= 2 {
                add(
                    Box::new(FuzzyTermQuery::new_prefix(typed.clone(), 0, true)),
                    weight * BEGUN,
                );
            }
            if care == Care::Forgiving && word.chars().count() >= 4 {
                add(
                    Box::new(FuzzyTermQuery::new(typed.clone(), 1, true)),
                    weight * SLIPPED,
                );
            }
            // Begun, with a slip: the beginning has to be long enough to mean something.
            if care == Care::Forgiving && word.chars().count() >= 5 {
                add(
                    Box::new(FuzzyTermQuery::new_prefix(typed, 1, true)),
                    weight * SLIPPED * BEGUN,
                );
            }
        }
        Box::new(DisjunctionMaxQuery::new(ways))
    }

    /// The word that was meant: itself if it is known, else the first known word that is one slip away.
    fn meant(&self, word: &str) -> String {
        if !self
            .hits(&[word.to_owned()], Care::Exact, Occur::Must)
            .is_empty()
        {
            return word.to_owned();
        }
        let searcher = self.reader.searcher();
        for (field, _) in self.fields {
            let typed = Term::from_field_text(field, word);
            for query in [
                FuzzyTermQuery::new(typed.clone(), 1, true),
                FuzzyTermQuery::new_prefix(typed, 1, true),
            ] {
                for segment in searcher.segment_readers() {
                    let Ok(index) = segment.inverted_index(field) else {
                        continue;
                    };
                    let Ok(near) = query.automaton() else {
                        continue;
                    };
                    let Ok(mut terms) = index.terms().search(near).into_stream() else {
                        continue;
                    };
                    if terms.advance() {
                        return String::from_utf8_lossy(terms.key()).into_owned();
                    }
                }
            }
        }
        word.to_owned()
    }
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

/// What is searched of a course: title, topic, summary, and where its runs are.
fn texts(catalogue: &Catalogue, course: &Course) -> [String; 4] {
    let mut places: Vec<&str> = Vec::new();
    for run in &course.runs {
        match run.venue.and_then(|at| catalogue.venues.get(at)) {
            Some(venue) => places.extend([venue.name.as_str(), venue.town.as_str()]),
            None => places.push("online"),
        }
    }
    places.sort_unstable();
    places.dedup();
    [
        course.title.clone(),
        catalogue
            .topics
            .get(course.topic)
            .map(|topic| topic.name.clone())
            .unwrap_or_default(),
        course.summary.clone(),
        places.join(". "),
    ]
}

#[cfg(test)]
mod tests;
