//! A file that somebody brings: taken only from a page of this site, and only so large.

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use network::secret::same;

use crate::app::App;
use crate::network::forms::{csrf, is_from_here};
use crate::network::visitor::Caller;
use crate::problem::{Kind, Problem};

/// Most bytes around a file: the form's other fields and the borders between them.
const AROUND: usize = 64 << 10;

/// A form with one file of `MOST` bytes, guarded as [`crate::network::forms::Guarded`] is.
#[derive(Debug)]
pub(crate) struct GuardedFile<const MOST: usize> {
    pub(crate) caller: Caller,
    /// `None` when none was chosen.
    pub(crate) file: Option<Vec<u8>>,
}

impl<const MOST: usize> FromRequest<App> for GuardedFile<MOST> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let caller = Caller::of(request.headers(), request.extensions(), app)?;
        let is_from_here = is_from_here(request.headers(), &app.surroundings().origin);
        let expected = csrf(request.headers(), caller.secure);
        if !is_from_here {
            return Err(Problem::new(Kind::NotFromHere, ""));
        }
        DefaultBodyLimit::max(MOST + AROUND).apply(&mut request);
        let mut form: Multipart = Multipart::from_request(request.map(Body::new), app)
            .await
            .map_err(|it| Problem::new(Kind::NotAQuestion, &it.body_text()))?;
        let mut brought = Self { caller, file: None };
        let mut is_guarded = false;
        loop {
            let field = form.next_field().await.map_err(|it| refused(&it))?;
            let Some(field) = field else { break };
            if field.name() == Some("csrf") {
                let secret = field.text().await.map_err(|it| refused(&it))?;
                is_guarded = expected.as_ref().is_some_and(|it| same(it, &secret));
            } else if is_guarded {
                let bytes = field.bytes().await.map_err(|it| refused(&it))?;
                // A browser sends an empty file where none was chosen.
                brought.file = (!bytes.is_empty()).then(|| bytes.to_vec());
            } else {
                // The secret stands before the file: nobody else's file is read at all.
                break;
            }
        }
        if is_guarded { Ok(brought) } else { Err(Problem::new(Kind::NotFromHere, "")) }
    }
}

fn refused(error: &axum::extract::multipart::MultipartError) -> Problem {
    let kind = if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Kind::TooLarge
    } else {
        Kind::NotAQuestion
    };
    Problem::new(kind, "")
}
