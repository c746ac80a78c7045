//! What only a part of the organisations may see, as it is made.

use model::Bilingual;
use network::applications::{Authentication, Registration, Subject};
use network::audit::Actor;
use network::openid::Claim;
use network::outside;
use network::people::OutsideIdentity;
use network::secret::CentreKey;
use network::testing::{Counting, at};

use crate::site::Site;

/// An application that an organisation answers for.
pub(crate) fn application(name: &str, owner: &str) -> Registration {
    Registration {
        name: Bilingual::new(name, name),
        purpose: Bilingual::new("借书", "Lends books"),
        owner: owner.parse().unwrap(),
        owner_account: None,
        home: None,
        data: [Claim::Name].into(),
        services: Default::default(),
        roles: Default::default(),
        organisations: [owner.parse().unwrap()].into(),
        redirects: vec!["https://library.example/back".to_owned()],
        logout_redirects: Vec::new(),
        notices: None,
        authentication: Authentication::SecretInHeader,
        keys: None,
        algorithm: Default::default(),
        proof_required: true,
        subject: Subject::Pairwise { sector: "library".to_owned() },
        consent_asked: true,
        offline: false,
    }
}

/// An identity of a provider of an organisation that waits to be linked.
pub(crate) async fn waiting(
    site: &Site,
    name: &str,
    organisation: &str,
    entropy: &mut Counting,
) -> outside::RequestId {
    let issuer = format!("https://{organisation}.example");
    let provider = outside::Provider {
        code: format!("house-{organisation}").parse().unwrap(),
        name: Bilingual::new("学校", "School"),
        issuer: issuer.clone(),
        client: "haihe".to_owned(),
        secret: None,
        organisation: Some(organisation.parse().unwrap()),
    };
    let (store, key) = (&site.store, CentreKey::new([7; 32]));
    outside::add(store, &key, &provider, Actor::System, entropy, at(0)).await.unwrap();
    let identity = OutsideIdentity { issuer, subject: "1".to_owned() };
    let said = format!("{{\"sub\":\"1\",\"name\":\"{name}\",\"preferred_username\":\"there\"}}");
    let proven = outside::Proven::of(identity).told(said.as_bytes());
    outside::wait(store, &provider, &proven, entropy, at(0)).await.unwrap();
    let waiting = outside::open_requests(store).await.unwrap();
    waiting.into_iter().find(|it| it.said_name == name).unwrap().id
}
