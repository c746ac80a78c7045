//! Every address of the site. The list is closed: a test holds it against the API's description.

use askama::Template;
use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use serde::Deserialize;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::extract::{Address, Path, Query};
use crate::instant::CityTime;
use crate::pages::about::AboutPage;
use crate::pages::clause::ClausePage;
use crate::pages::indicator::{self, IndicatorPage};
use crate::pages::organisation::OrganisationPage;
use crate::pages::organisations::OrganisationsPage;
use crate::pages::plan::{PlanPage, ProjectPage, TaskPage};
use crate::pages::releases::ReleasesPage;
use crate::pages::scoreboard::ScoreboardPage;
use crate::pages::standing_alone::EmptyPage;
use crate::pages::wall::WallPage;
use crate::pages::why::WhyPage;
use crate::problem::{Kind, Problem};
use crate::visit::Visit;
use crate::{answer, api, assets, casework, letters, network};

/// The whole site: pages in Chinese, the same under `/en`, the API, and what pages are drawn with.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(pages())
        .nest("/en", pages())
        .route("/en/", get(scoreboard))
        .merge(api::routes())
        .merge(network::openid::endpoints())
        .merge(network::scim::routes())
        .merge(network::oneroster::routes())
        .route("/assets/{version}/{name}", get(asset))
        .fallback(nowhere)
        .method_not_allowed_fallback(read_only)
        .layer(from_fn_with_state(app.clone(), answer::worded))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), answer::kept))
        .layer(from_fn(answer::guarded))
        .with_state(app)
}

/// Pages of one language.
fn pages() -> Router<App> {
    Router::new()
        .route("/", get(scoreboard))
        .route("/indicators/{code}", get(indicator))
        .route("/indicators/{code}/why", get(why))
        .route("/organisations", get(organisations))
        .route("/organisations/{code}", get(organisation))
        .route("/plan", get(plan))
        .route("/plan/tasks/{id}", get(task))
        .route("/plan/projects/{id}", get(project))
        .route("/plan/clauses/{id}", get(clause))
        .route("/wall", get(wall))
        .route("/releases", get(releases))
        .route("/about", get(about))
        .merge(casework::pages())
        .merge(network::pages())
        .merge(letters::pages())
}

/// What pages may be asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    pub(crate) year: Option<String>,
    pub(crate) district: Option<String>,
    pub(crate) org: Option<String>,
    pub(crate) as_of: Option<String>,
    pub(crate) cut: Option<String>,
    pub(crate) rows: Option<String>,
    pub(crate) q: Option<String>,
}

impl Asked {
    fn all(&self) -> bool {
        self.rows.as_deref() == Some("all")
    }
}

/// An instant as a query names it; a day is its end in the city.
fn instant(text: Option<&str>, time: CityTime) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text.filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    let at = text.parse().ok().and_then(|it| time.named(it));
    at.map(Some).ok_or_else(|| Problem::new(Kind::NotAnInstant, text))
}

/// The visit of a request; `None` before the first release.
pub(crate) async fn visit(
    app: &App,
    address: Address,
    as_of: Option<&str>,
) -> Result<Option<Visit>, Problem> {
    let city_time = app.city_time();
    let as_of = instant(as_of, city_time)?;
    let Some(current) = app.current() else {
        return Ok(None);
    };
    let published = match as_of {
        Some(at) => app.as_of(at).await?,
        None => current,
    };
    let Address { lang, path } = address;
    let generated = app.generated();
    Ok(Some(Visit { published, generated, lang, path, as_of, city_time }))
}

/// Makes a page away from the threads that serve requests: figures may have to be evaluated first.
async fn page<P: Template>(
    app: &App,
    address: Address,
    as_of: Option<&str>,
    make: impl FnOnce(&Visit) -> Result<P, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let Some(visit) = visit(app, address.clone(), as_of).await? else {
        return empty(app, &address);
    };
    let made = app.making(move || make(&visit)?.render().map_err(|it| Problem::ours(&it)));
    let html = made.await??;
    Ok(Html(html).into_response())
}

/// What stands everywhere before the first release.
fn empty(app: &App, address: &Address) -> Result<Response, Problem> {
    let page = EmptyPage::new(address.lang, &address.path, app.generated().as_deref()).render();
    page.map(|it| Html(it).into_response()).map_err(|it| Problem::ours(&it))
}

async fn scoreboard(
    State(app): State<App>,
    address: Address,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let as_of = asked.as_of.clone();
    page(&app, address, as_of.as_deref(), move |visit| {
        ScoreboardPage::asked(visit, asked.year.as_deref(), asked.district.as_deref())
    })
    .await
}

async fn indicator(
    State(app): State<App>,
    address: Address,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let all = asked.all();
    let as_of = asked.as_of.clone();
    let asked = indicator::Asked { org: asked.org, year: asked.year, cut: asked.cut, all };
    page(&app, address, as_of.as_deref(), move |visit| IndicatorPage::new(visit, &code, &asked))
        .await
}

async fn why(
    State(app): State<App>,
    address: Address,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let as_of = asked.as_of.clone();
    let Some(visit) = visit(&app, address.clone(), as_of.as_deref()).await? else {
        return empty(&app, &address);
    };
    let (org, year) = (asked.org.as_deref(), asked.year.as_deref());
    let page = WhyPage::asked(&visit, app.lake(), &code, org, year).await?;
    let html = page.render().map_err(|it| Problem::ours(&it))?;
    Ok(Html(html).into_response())
}

async fn organisations(
    State(app): State<App>,
    address: Address,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&app, address, None, move |visit| OrganisationsPage::new(visit, asked.q.as_deref())).await
}

async fn organisation(
    State(app): State<App>,
    address: Address,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let as_of = asked.as_of.clone();
    page(&app, address, as_of.as_deref(), move |visit| {
        OrganisationPage::new(visit, &code, asked.year.as_deref(), asked.all())
    })
    .await
}

async fn plan(State(app): State<App>, address: Address) -> Result<Response, Problem> {
    page(&app, address, None, |visit| Ok(PlanPage::new(visit))).await
}

async fn task(
    State(app): State<App>,
    address: Address,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, address, None, move |visit| TaskPage::new(visit, &id)).await
}

async fn project(
    State(app): State<App>,
    address: Address,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, address, None, move |visit| ProjectPage::new(visit, &id)).await
}

async fn clause(
    State(app): State<App>,
    address: Address,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, address, None, move |visit| ClausePage::new(visit, &id)).await
}

async fn wall(
    State(app): State<App>,
    address: Address,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&app, address, None, move |visit| WallPage::new(visit, asked.year.as_deref())).await
}

async fn releases(State(app): State<App>, address: Address) -> Result<Response, Problem> {
    let releases = app.releases().await?;
    page(&app, address, None, move |visit| Ok(ReleasesPage::new(visit, &releases))).await
}

async fn about(State(app): State<App>, address: Address) -> Result<Response, Problem> {
    page(&app, address, None, |visit| Ok(AboutPage::new(visit))).await
}

/// Assets are named by their content: a browser need not ask for one twice. While servers are brought up to date one
/// after another, the page may be of another version than this one: then the look of this one serves for once.
async fn asset(Path((version, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let asset = assets::find(&name).ok_or_else(|| Problem::not_found(&name))?;
    let is_own = version == *assets::VERSION;
    let keep = if is_own { "public, max-age=31536000, immutable" } else { "no-store" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    Ok((headers, asset.body).into_response())
}

async fn nowhere(OriginalUri(uri): OriginalUri) -> Problem {
    Problem::not_found(uri.path())
}

async fn read_only(OriginalUri(uri): OriginalUri) -> Problem {
    Problem::new(Kind::ReadOnly, uri.path())
}
