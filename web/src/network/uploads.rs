//! Forms with files: taken only from a page of this site, as all others.

use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use network::secret::same;

use super::forms::{csrf, is_from_here};
use super::visitor::Caller;
use crate::app::App;
use crate::casework::filled::Filled;
use crate::problem::{Kind, Problem};

/// Most bytes of a form beside its files: long texts, each letter of them nine bytes.
const MOST_BYTES: u64 = 1 << 20;
/// Most files at once.
const MOST_FILES: usize = 10;

/// A file that came with a form.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// The control it came from.
    pub(crate) control: String,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// A form of any fields, with or without files, that came from a page of this site; see [`super::forms::Guarded`].
#[derive(Debug)]
pub(crate) struct GuardedParts {
    pub(crate) filled: Filled,
    pub(crate) files: Vec<Upload>,
}

impl FromRequest<App> for GuardedParts {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let caller = Caller::of(request.headers(), request.extensions(), app)?;
        let is_from_here = is_from_here(request.headers(), &app.surroundings().origin);
        let expected = csrf(request.headers(), caller.secure);
        let most = app.surroundings().vault.most.saturating_add(MOST_BYTES);
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::try_from(most).unwrap_or(usize::MAX)).await;
        let body = body.map_err(|_| Problem::new(Kind::TooLarge, ""))?;
        let is_multipart = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|it| it.to_str().ok())
            .is_some_and(|it| it.starts_with("multipart/form-data"));
        let request = Request::from_parts(parts, Body::from(body));
        let (pairs, files) = if is_multipart {
            parted(request, app).await?
        } else {
            let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
            let Form(pairs) =
                form.map_err(|it| Problem::new(Kind::NotAQuestion, &it.body_text()))?;
            (pairs, Vec::new())
        };
        let filled: Filled = pairs.into_iter().collect();
        if !is_from_here || !expected.is_some_and(|it| same(&it, filled.one("csrf"))) {
            return Err(Problem::new(Kind::NotFromHere, ""));
        }
        Ok(Self { filled, files })
    }
}

type Parts = (Vec<(String, String)>, Vec<Upload>);

/// Fields and files of a multipart form; controls for files that were left empty are left out.
async fn parted(request: Request, app: &App) -> Result<Parts, Problem> {
    let unreadable = |it: axum::extract::multipart::MultipartError| {
        Problem::new(Kind::NotAQuestion, &it.body_text())
    };
    let multipart = Multipart::from_request(request, app).await;
    let mut multipart =
        multipart.map_err(|it| Problem::new(Kind::NotAQuestion, &it.body_text()))?;
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
        let control = field.name().unwrap_or_default().to_owned();
        let Some(name) = field.file_name().map(str::to_owned) else {
            pairs.push((control, field.text().await.map_err(unreadable)?));
            continue;
        };
        let bytes = field.bytes().await.map_err(unreadable)?.to_vec();
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        if files.len() >= MOST_FILES {
            return Err(Problem::new(Kind::TooLarge, ""));
        }
        files.push(Upload { control, name, bytes });
    }
    Ok((pairs, files))
}
