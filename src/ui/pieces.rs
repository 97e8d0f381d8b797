//! Cards, tags, notices and the other pieces of a page.
