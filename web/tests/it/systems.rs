//! Other systems: provisioning by SCIM 2.0, rosters by OneRoster 1.2 and records of datasets, as they ask over HTTP.

mod provisioning;
mod records;
mod rosters;

use jiff::SignedDuration;
use network::service_tokens::{self, Interface, Issue};
use network::testing::{Counting, at};

use crate::site::Site;

const ORGANISATIONS: &str = "\
code,name_zh,name_en,level,kind,parent,valid_from
120101,和平区,Heping,district,district,,2020-01-01
2112000123,第一中学,First School,school,junior,120101,2020-01-01
120102,河东区,Hedong,district,district,,2020-01-01
2112000999,外区中学,Other School,school,junior,120102,2020-01-01
";

/// A site that knows two districts with a school each.
async fn registered() -> Site {
    let site = Site::empty().await;
    let (list, findings) = network::read_list("organisations.csv", ORGANISATIONS.as_bytes());
    assert_eq!(findings, []);
    network::record(&site.store, &list.changes(), at(-1_000), jiff::tz::Offset::UTC).await.unwrap();
    site
}

/// The header with a new token of a system that acts below an organisation; one of records opens `pupils`.
async fn bearer(site: &Site, interface: Interface, organisation: &str, chance: u64) -> String {
    let opened = (interface == Interface::Records).then_some("pupils");
    opening(site, interface, opened, organisation, chance).await
}

/// The same, with the dataset that it opens.
async fn opening(
    site: &Site,
    interface: Interface,
    opened: Option<&str>,
    organisation: &str,
    chance: u64,
) -> String {
    let organisation = organisation.parse().unwrap();
    let expires_at = at(0) + SignedDuration::from_hours(1);
    let issue = Issue {
        interface,
        name: "another system",
        organisation: &organisation,
        datasets: &opened.into_iter().map(str::to_owned).collect(),
        expires_at,
    };
    let entropy = &mut Counting::beginning_at(chance);
    let (_, token) = service_tokens::issue(&site.store, issue, at(-10), entropy).await.unwrap();
    format!("Bearer {}", token.reveal())
}
