//! Kept pages, sent before anything else is done for the request: most visits are somebody without a cookie who asks
//! for a page that has just been made for somebody else.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::Response;
use futures::future::Either;
use tower::Service;

use super::secure;
use crate::server::App;

/// The site behind its kept pages.
#[derive(Clone)]
pub(super) struct KeptFirst<S> {
    pub app: App,
    pub site: S,
}

impl<S> KeptFirst<S> {
    /// The answer, if it is a kept page that nothing about the visitor could change.
    fn kept(&self, request: &Request) -> Option<Response> {
        if request.method() != Method::GET || request.headers().contains_key(header::COOKIE) {
            return None;
        }
        let key = request.uri().path_and_query()?.as_str();
        let mut response = self.app.catalogue.kept(&self.app, key, request.headers())?;
        secure(&self.app, response.headers_mut());
        Some(response)
    }
}

impl<S: Service<Request, Response = Response, Error = Infallible>> Service<Request>
    for KeptFirst<S>
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.site.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.kept(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.site.call(request)),
        }
    }
}
