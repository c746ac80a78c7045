//! Every address of the site as nobody, as every role at home, and as the same role in the neighbouring district.
//!
//! The addresses are those of the authorisation table and of the source, so that a new one is walked by itself, and one
//! that nobody decided about is a failure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use axum::http::StatusCode;
use model::Bilingual;
use model::organisation::{ADMINISTRATIVE, Membership, Organisation};
use network::applications;
use network::audit::Actor;
use network::grants::{Authority, GrantId, Wanted, give};
use network::invitations::{self, Invited};
use network::people::PersonName;
use network::personal::Reading;
use network::retention::{self, HoldId, RequestId, RequestKind};
use network::roles::{Permission, Reach, Role, Roles};
use network::secret::Token;
use network::sessions::{self, Methods, Origin};
use network::testing::{Counting, at};
use network::{AccountId, Changes, InvitationId, accounts, grants, outside};

pub(crate) use self::made::{application, waiting};
use crate::casework::hidden::Hidden;
use crate::site::{Answer, Site};

mod made;

/// What only the own district may read: the names of two who hold a role there, what one of them is to be called, a
/// login name, an application, who is invited, why somebody's data is held, and who came from elsewhere.
const HIDDEN: [&str; 8] = [
    "欧阳甲子",
    "欧阳乙丑",
    "欧阳丙寅",
    "hidden-login",
    "丁卯平台",
    "欧阳戊辰",
    "己巳号案件",
    "欧阳庚午",
];
/// Code of the application.
const APPLICATION: &str = "hidden-application";

pub(crate) const OWN: &str = "990101";
pub(crate) const NEIGHBOUR: &str = "990102";

const TABLE: &str = include_str!("../../../xtask/src/guards/routes.rs");

/// Who may call an address, as the authorisation table says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Access {
    Public,
    SignedIn,
    /// Permissions for looking and for changing.
    Held(String, String),
    /// A way in, or for programs that bring something else than a session.
    Other,
}

/// A role that somebody holds, in which district.
struct Visitor<'a> {
    held: Option<(&'a Role, &'a str)>,
    token: Option<Token>,
}

impl Visitor<'_> {
    fn is(&self) -> String {
        let role = |(role, district): (&Role, &str)| format!("{} of {district}", role.code);
        self.held.map_or_else(|| "nobody".to_owned(), role)
    }

    fn may(&self, permission: &str) -> bool {
        let permission = Permission::parse(permission);
        self.held.zip(permission).is_some_and(|((role, _), it)| role.may(it))
    }

    /// Who holds a role in the city holds it for both districts.
    fn is_at_home(&self) -> bool {
        self.held.is_some_and(|(role, district)| district == OWN || place(role, district) == "99")
    }
}

/// The authorisation table, by path.
fn table() -> BTreeMap<&'static str, Access> {
    let lines = TABLE.split("const TABLE").nth(1).unwrap().split("];").next().unwrap();
    let mut table = BTreeMap::new();
    for line in lines.lines().map(str::trim).filter(|it| it.starts_with("(\"")) {
        let mut parts = line.split('"').skip(1).step_by(2);
        let path = parts.next().unwrap();
        let access = line.split("Access::").nth(1).unwrap();
        let access = match () {
            () if access.starts_with("Public") => Access::Public,
            () if access.starts_with("SignedIn") => Access::SignedIn,
            () if access.starts_with("Held") => {
                Access::Held(parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned())
            }
            () => Access::Other,
        };
        table.insert(path, access);
    }
    table
}

/// Methods of every route of the source, by its path.
fn routes() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut routes: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for text in sources(&folder).unwrap() {
        let product = text.split("#[cfg(test)]").next().unwrap();
        for call in product.split(".route(").skip(1) {
            let mut parts = call.split('"');
            let path = parts.nth(1).unwrap().to_owned();
            let handler = parts.next().unwrap().split(".route").next().unwrap();
            let handler = handler.split("\n}").next().unwrap();
            let methods = routes.entry(path).or_default();
            for (mark, method) in
                [("get(", "GET"), ("post(", "POST"), ("delete(", "DELETE"), ("put(", "PUT")]
            {
                if handler.contains(mark) {
                    methods.insert(method);
                }
            }
        }
    }
    routes
}

fn sources(folder: &Path) -> io::Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            texts.extend(sources(&path)?);
        } else if path.extension().is_some_and(|it| it == "rs") {
            texts.push(fs::read_to_string(&path)?);
        }
    }
    Ok(texts)
}

pub(crate) fn organisations() -> Changes {
    let places = [
        ("99", "city", ""),
        (OWN, "district", "99"),
        (NEIGHBOUR, "district", "99"),
        ("9901010001", "school", OWN),
        ("9901020001", "school", NEIGHBOUR),
    ];
    let begin = "2000-01-01".parse().unwrap();
    let organisation = |(code, level, _): &(&str, &str, &str)| Organisation {
        code: code.parse().unwrap(),
        name: Bilingual::new(format!("机构{code}"), format!("place {code}")),
        level: (*level).to_owned(),
        kind: String::new(),
        founder: String::new(),
        stages: Vec::new(),
        area_class: String::new(),
        valid_from: begin,
        valid_to: None,
    };
    let below = places.iter().filter(|it| !it.2.is_empty());
    let membership = below.map(|(child, _, parent)| Membership {
        hierarchy: ADMINISTRATIVE.to_owned(),
        child: child.parse().unwrap(),
        parent: parent.parse().unwrap(),
        valid_from: begin,
        valid_to: None,
    });
    Changes::of(places.iter().map(organisation), membership, [])
}

/// Where a role is given in a district: there, in its school, or in the city above it.
fn place(role: &Role, district: &str) -> String {
    let level = |it: &str| role.levels.iter().any(|level| level == it);
    match () {
        () if level("district") => district.to_owned(),
        () if level("school") => format!("{district}0001"),
        () => "99".to_owned(),
    }
}

/// A city with what is hidden in one district.
struct City {
    site: Site,
    roles: Roles,
    entropy: Counting,
}

/// What is there of the own district, and must not be changed from the other.
struct Own {
    account: AccountId,
    grant: GrantId,
    request: RequestId,
    case: Hidden,
    invitation: InvitationId,
    hold: HoldId,
    identity: outside::RequestId,
}

impl City {
    async fn new() -> Self {
        let site = Site::made().await;
        network::record(&site.store, &organisations(), at(-1), jiff::tz::Offset::UTC)
            .await
            .unwrap();
        Self { site, roles: Roles::national(), entropy: Counting::beginning_at(1 << 40) }
    }

    /// An account that holds a role in a district.
    async fn holder(
        &mut self,
        role: &str,
        district: &str,
        login: &str,
        name: &str,
    ) -> (AccountId, GrantId) {
        let role = self.roles.get(&role.parse().unwrap()).unwrap();
        let (login, name): (_, PersonName) = (login.parse().unwrap(), name.parse().unwrap());
        let home = place(role, district).parse().unwrap();
        let (store, entropy) = (&self.site.store, &mut self.entropy);
        let account = accounts::open(store, &login, &name, &home, at(0), entropy).await.unwrap();
        let wanted = Wanted {
            account,
            role: role.code.clone(),
            organisation: home,
            reach: *role.reaches.last().unwrap_or(&Reach::Alone),
            purpose: role.purposes[0].clone(),
            valid_from: at(0),
            valid_until: role.longest_days.map(|_| at(86_400)),
            reason: "岗位任命".to_owned(),
        };
        let grant = give(store, &self.roles, Actor::System, &wanted, entropy, at(0)).await;
        (account, grant.unwrap())
    }

    async fn session(&mut self, account: AccountId) -> Token {
        let policies = network::passwords::Policies::shipped().unwrap();
        let lifetimes = &policies.policy("asvs").unwrap().lifetimes;
        // By two factors, as some roles ask for.
        let methods: Methods = "pwd otp".parse().unwrap();
        let (store, origin, entropy) = (&self.site.store, Origin::default(), &mut self.entropy);
        let opened = sessions::open(store, account, methods, &origin, lifetimes, at(0), entropy);
        opened.await.unwrap().1
    }

    async fn hide(&mut self) -> Own {
        self.holder("district_officer", OWN, "hidden-officer", HIDDEN[1]).await;
        let (account, grant) = self.holder("teacher", OWN, HIDDEN[3], HIDDEN[0]).await;
        let person = accounts::find(&self.site.store, account).await.unwrap().unwrap().person;
        let kind = RequestKind::CorrectName(HIDDEN[2].parse().unwrap());
        let (by, home) = (Actor::Account(account), OWN.parse().unwrap());
        let (store, entropy) = (&self.site.store, &mut self.entropy);
        let request = retention::ask(store, by, person, &kind, &home, at(0), entropy).await;
        let (program, why) = (Authority::PROGRAM, HIDDEN[6]);
        let hold = retention::set(store, program, account, why, at(0), entropy).await.unwrap();
        let invited = Invited {
            login: "hidden-guest".parse().unwrap(),
            name: HIDDEN[5].parse().unwrap(),
            organisation: home,
            role: None,
            account: None,
            invited_by: "system".to_owned(),
        };
        let (invitation, _) = invitations::invite(store, &invited, at(0), entropy).await.unwrap();
        let code = APPLICATION.parse().unwrap();
        let registration = application(HIDDEN[4], OWN);
        let until = at(30 * 86_400);
        applications::register(store, &code, program, &registration, until, entropy, at(0))
            .await
            .unwrap();
        let identity = waiting(&self.site, HIDDEN[7], OWN, entropy).await;
        let case = Hidden::within(&self.site, &format!("{OWN}0001"), HIDDEN[0]).await;
        Own { account, grant, request: request.unwrap(), case, invitation, hold, identity }
    }
}

/// A path with something of the own district in every blank.
fn filled(path: &str, own: &Own) -> String {
    let filled = |part: &str| match part {
        _ if !part.starts_with('{') => part.to_owned(),
        _ if path.starts_with("/cases/") => own.case.blank(part).unwrap(),
        _ if path.starts_with("/accounts/") => own.account.to_string(),
        _ if path.starts_with("/applications/") => APPLICATION.to_owned(),
        _ => OWN.to_owned(),
    };
    path.split('/').map(filled).collect::<Vec<_>>().join("/")
}

async fn ask(site: &Site, method: &str, path: &str, visitor: &Visitor<'_>, body: &str) -> Answer {
    let cookie = visitor.token.as_ref().map(|it| format!("haihe-session={}", it.reveal()));
    let headers = [
        ("host", "localhost:8080"),
        ("accept", "text/html"),
        ("cookie", cookie.as_deref().unwrap_or("none=none")),
        ("origin", "http://localhost:8080"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    site.send(method, path, &headers, body).await
}

/// What is wrong with an answer, in the eyes of the table.
fn wrong(
    access: &Access,
    method: &str,
    path: &str,
    visitor: &Visitor<'_>,
    answer: &Answer,
) -> Option<String> {
    let status = answer.status;
    let is_led = status == StatusCode::SEE_OTHER && answer.header("location").contains("/sign-in");
    let is_refused = status == StatusCode::FORBIDDEN;
    if status.is_server_error() {
        return Some(format!("a fault of ours, {status}"));
    }
    let is_stranger = visitor.held.is_none();
    match access {
        Access::Public if is_led || is_refused => Some(format!("{status} where all may look")),
        Access::SignedIn | Access::Held(..) if is_stranger && !is_led && !is_refused => {
            Some(format!("{status} for nobody"))
        }
        // Of cases, the engine says who may see and do what.
        Access::SignedIn if is_refused && path.starts_with("/cases") => None,
        Access::SignedIn if !is_stranger && method == "GET" && (is_led || is_refused) => {
            Some(format!("{status} for somebody who is signed in"))
        }
        Access::Held(looking, _) if !is_stranger && method == "GET" => {
            let may = visitor.may(looking);
            (may == is_refused || is_led).then(|| format!("{status}, with permission: {may}"))
        }
        Access::Held(_, changing) if !is_stranger && !visitor.may(changing) && !is_refused => {
            Some(format!("{status} without the permission"))
        }
        Access::Public | Access::SignedIn | Access::Held(..) | Access::Other => None,
    }
}

#[tokio::test]
async fn no_role_and_no_stranger_finds_a_leak_or_a_fault_of_ours() {
    let mut city = City::new().await;
    let own = city.hide().await;
    let roles = Roles::national();
    let mut visitors = vec![Visitor { held: None, token: None }];
    for role in roles.iter() {
        for district in [OWN, NEIGHBOUR] {
            let login = format!("{}-{district}", role.code).replace('_', "-");
            let (account, _) = city.holder(role.code.as_str(), district, &login, "李访客").await;
            let token = Some(city.session(account).await);
            visitors.push(Visitor { held: Some((role, district)), token });
        }
    }

    let (table, routes) = (table(), routes());
    assert!(routes.len() > 50, "only {} routes were found", routes.len());
    let mut broken = Vec::new();
    let mut seen = BTreeSet::new();
    for visitor in &visitors {
        let who = visitor.is();
        for (path, methods) in &routes {
            let access = table.get(path.as_str());
            let access = access.unwrap_or_else(|| panic!("nobody decided who may call {path}"));
            let address = filled(path, &own);
            for method in methods {
                let answer = ask(&city.site, method, &address, visitor, "").await;
                if let Some(wrong) = wrong(access, method, path, visitor, &answer) {
                    broken.push(format!("{method} {path} as {who}: {wrong}"));
                }
                let text = String::from_utf8_lossy(&answer.bytes);
                // Nobody reads in a letter without its printer: that there is one is enough.
                if HIDDEN.iter().any(|it| text.contains(it)) || text.starts_with("%PDF") {
                    if visitor.is_at_home() {
                        seen.insert(who.clone());
                    } else {
                        broken.push(format!("{method} {path} as {who}: shows the neighbour's"));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    // What is hidden is there to be found, by those who may.
    for role in ["security_administrator", "administrator", "district_officer", "school_clerk"] {
        assert!(seen.contains(&format!("{role} of {OWN}")), "{role}: {seen:?}");
    }
    for role in ["data_protection_officer", "application_owner", "planner"] {
        assert!(seen.contains(&format!("{role} of {OWN}")), "{role}: {seen:?}");
    }
}

/// What the forms of the site may ask for.
const DEEDS: [&str; 12] = [
    "close",
    "reset",
    "reset-all",
    "end-sessions",
    "withdraw",
    "renew",
    "link",
    "refuse",
    "change",
    "review",
    "secret",
    "end",
];

/// With all that a form of the own district would bring, and the secret of a page.
#[tokio::test]
async fn whatever_a_stranger_sends_changes_nothing_of_the_neighbour() {
    let mut city = City::new().await;
    let own = city.hide().await;
    let roles = Roles::national();
    let (table, routes) = (table(), routes());
    let mut broken = Vec::new();
    for role in roles.iter().filter(|it| place(it, NEIGHBOUR) != "99") {
        let login = format!("{}-stranger", role.code).replace('_', "-");
        let (account, _) = city.holder(role.code.as_str(), NEIGHBOUR, &login, "李访客").await;
        let token = city.session(account).await;
        let secret = token.derived("form");
        let visitor = Visitor { held: Some((role, NEIGHBOUR)), token: Some(token) };
        for (path, methods) in routes.iter().filter(|it| it.1.contains("POST")) {
            let is_way_out = path.ends_with("sign-out") || path.ends_with("logout");
            if is_way_out || table.get(path.as_str()) == Some(&Access::Other) {
                continue;
            }
            assert!(methods.contains("POST"));
            let address = filled(path, &own);
            for deed in DEEDS {
                let request = match path.as_str() {
                    "/identities" => own.identity.to_string(),
                    _ => own.request.to_string(),
                };
                let body = format!(
                    "csrf={secret}&deed={deed}&grant={}&request={request}&decision=refused&reason=%E6%B5%8B%E8%AF%95\
                     &login={}&name=x&role=teacher&organisation=9901010001&home=9901010001&reach=self\
                     &purpose=teaching&until=&account={}&invitation={}&hold={}&code=another\
                     &name_zh=x&purpose_zh=x&owner={OWN}&organisations={OWN}&redirects=https://a.example\
                     &authentication=client_secret_basic&algorithm=ES256&proof=on&consent=on&{}",
                    own.grant,
                    HIDDEN[3],
                    own.account,
                    own.invitation,
                    own.hold,
                    own.case.form()
                );
                let answer = ask(&city.site, "POST", &address, &visitor, &body).await;
                let text =
                    String::from_utf8_lossy(&answer.bytes).replace("value=\"hidden-login\"", "");
                if answer.status.is_server_error() {
                    broken.push(format!("{path} as {}: a fault of ours", visitor.is()));
                }
                if HIDDEN.iter().any(|it| text.contains(it)) {
                    broken.push(format!("{path} as {}: shows the neighbour's", visitor.is()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    own.case.assert_untouched(&city.site).await;
    let store = &city.site.store;
    let account = accounts::find(store, own.account).await.unwrap().unwrap();
    assert_eq!((account.closed_at, account.name.as_str()), (None, HIDDEN[0]));
    let held = grants::held(store, own.account, at(1)).await.unwrap();
    assert_eq!(held.grants().iter().map(|it| it.id).collect::<Vec<_>>(), [own.grant]);
    let requests = retention::requests_of(store, account.person).await.unwrap();
    assert_eq!(
        requests.iter().map(|it| (it.id, it.decision)).collect::<Vec<_>>(),
        [(own.request, None)]
    );
    let holds = retention::holds_of(store, account.person).await.unwrap();
    assert_eq!(
        holds.iter().map(|it| (it.id, it.lifted_at)).collect::<Vec<_>>(),
        [(own.hold, None)]
    );
    let waiting = outside::open_requests(store).await.unwrap();
    assert_eq!(waiting.iter().map(|it| it.id).collect::<Vec<_>>(), [own.identity]);
    let known = applications::list(store).await.unwrap();
    assert_eq!(known.len(), 1, "{known:?}");
    assert_eq!(known[0].registration, application(HIDDEN[4], OWN));
    assert_eq!((known[0].ended_at, known[0].reviewed_at), (None, at(0)));
    let reader = Reading::of_program("invitation.read", at(1));
    let open = invitations::within(store, &reader, None, 9).await.unwrap();
    assert_eq!(open.iter().map(|it| it.id).collect::<Vec<_>>(), [own.invitation]);
}
