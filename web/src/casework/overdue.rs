//! `/cases/overdue`: what is overdue, by procedure and organisation, the oldest first.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::lists::{self, Overdue};
use casework::procedure::Procedure;

use super::acting::{actor, frame, rendered};
use super::lines::{last_day, titles};
use super::names;
use super::refusals::{problem, problem_of_office};
use super::situation::{Situation, Turn};
use crate::app::App;
use crate::frame::Frame;
use crate::network::visitor::{Visitor, encoded};
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "casework/overdue.html")]
struct OverduePage {
    t: Text,
    frame: Frame,
    tab: &'static str,
    procedures: Vec<OverdueProcedure>,
    count: u32,
}

#[derive(Debug)]
struct OverdueProcedure {
    title: String,
    count: u32,
    organisations: Vec<OverdueLine>,
}

#[derive(Debug)]
struct OverdueLine {
    organisation: String,
    situation: Situation,
    count: u32,
    /// Of the longest bar.
    share: u32,
    /// The last day of the earliest time limit.
    since: String,
    days: i64,
    href: String,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let actor = actor(&app, &visitor).await?;
    let mut found = lists::overdue(app.office(), &actor).await.map_err(|it| problem(&it))?;
    found.sort_by_key(|it| it.since);
    let most = found.iter().map(|it| it.count).max().unwrap_or(1);
    let mut procedures = Vec::new();
    for procedure in app.office().procedures().await.map_err(|it| problem_of_office(&it))? {
        let calendar = app.office().calendar(&procedure).map_err(|it| problem_of_office(&it))?;
        let own = found.iter().filter(|it| it.procedure == procedure.name);
        let organisations: Vec<OverdueLine> = own
            .map(|it| line(&app, t, &procedure, it, most, last_day(calendar, it.since)))
            .collect();
        if !organisations.is_empty() {
            procedures.push(OverdueProcedure {
                title: t.of(&procedure.title).to_owned(),
                count: organisations.iter().map(|it| it.count).sum(),
                organisations,
            });
        }
    }
    let count = procedures.iter().map(|it| it.count).sum();
    let page = OverduePage { t, frame: frame(&app, &visitor), tab: "overdue", procedures, count };
    rendered(StatusCode::OK, &page)
}

fn line(
    app: &App,
    t: Text,
    procedure: &Procedure,
    overdue: &Overdue,
    most: u32,
    since: String,
) -> OverdueLine {
    let query = format!(
        "/cases/list?procedure={}&state={}&org={}&only=overdue",
        encoded(&overdue.procedure),
        overdue.states.first().map_or_else(String::new, |it| encoded(it)),
        encoded(overdue.organisation.as_str()),
    );
    let titles = titles(t, procedure, &overdue.states).map(|it| (it, None)).collect();
    OverdueLine {
        organisation: names::organisation(app, t, &overdue.organisation),
        situation: Situation::of(t, titles, Turn::Others, Some(overdue.since), app.now()),
        count: overdue.count,
        share: overdue.count * 100 / most.max(1),
        since,
        days: app.now().duration_since(overdue.since).as_hours() / 24,
        href: t.href(&query),
    }
}
