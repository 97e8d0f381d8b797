//! Kept pages, sent before anything else is done for the request: most visits are somebody without a cookie who asks
//! for a page that has just been made for somebody else.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::Response;
use futures::future::Either;
use tower::Service;

use super::secure;
use crate::server::App;

/// The site behind its kept pages.
#[derive(Clone)]
pub(super) struct KeptFirst {
    pub app: App,
    pub site: Router,
}

impl KeptFirst {
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

impl Service<Request> for KeptFirst {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, <Router as Service<Request>>::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.site, context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.kept(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.site.call(request)),
        }
    }
}
