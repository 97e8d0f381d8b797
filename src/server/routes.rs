//! The one way to add a route. It records method, path and guard, so that the authorisation table can be
//! checked against what the server really serves.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use super::App;
use super::guard::Guard;

/// A route as the authorisation table sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path with its `{parameters}`.
    pub path: &'static str,
    /// The guard's name.
    pub guard: &'static str,
}

/// Routes being collected.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    recorded: Vec<Recorded>,
}

/// The first argument of a handler. Implemented for the argument lists whose first type is a guard, so a
/// handler that does not start with its guard does not compile as a route.
pub trait StartsWithGuard {
    /// That first argument's type.
    type Guard: Guard;
}

macro_rules! starts_with_guard {
    ($($other:ident),*) => {
        impl<Via, G: Guard, $($other),*> StartsWithGuard for (Via, G, $($other,)*) {
            type Guard = G;
        }
    };
}
starts_with_guard!();
starts_with_guard!(A);
starts_with_guard!(A, B);
starts_with_guard!(A, B, C);
starts_with_guard!(A, B, C, D);
starts_with_guard!(A, B, C, D, E);
starts_with_guard!(A, B, C, D, E, F);

impl Routes {
    /// A page or file that is looked at. It changes nothing.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: StartsWithGuard + 'static,
    {
        self.add(&Method::GET, MethodFilter::GET, path, handler)
    }

    /// A form that is sent.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: StartsWithGuard + 'static,
    {
        self.add(&Method::POST, MethodFilter::POST, path, handler)
    }

    /// Everything that another feature serves.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.recorded.extend(other.recorded);
        self
    }

    /// The router, and the record of what is in it.
    pub fn finish(self) -> (Router<App>, Vec<Recorded>) {
        (self.router, self.recorded)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that adds routes"
    )]
    fn add<H, T>(
        mut self,
        method: &'static Method,
        filter: MethodFilter,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: StartsWithGuard + 'static,
    {
        self.recorded.push(Recorded {
            method: method.as_str(),
            path,
            guard: T::Guard::NAME,
        });
        self.router = self.router.route(path, on(filter, handler));
        self
    }
}
