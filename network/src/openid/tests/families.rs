//! Tokens of one family end together.

use store::on_db;

use super::support::{BACK, City, parameters};
use crate::audit::{self, Actor, Asked};
use crate::openid::tokens::{grant, revoke};
use crate::openid::{FAMILY_LIFETIME, sweeping};
use crate::sessions::{self, Ending};
use crate::testing::Counting;
use crate::{accounts, applications};

const OFFLINE: [(&str, &str); 1] = [("scope", "openid email offline_access")];

#[tokio::test]
async fn a_refresh_token_that_comes_twice_ends_all_of_the_family() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let first = city.tokens(&OFFLINE, &who).await;
    let stolen = first.refresh_token.unwrap();
    let second = city.refresh(&stolen).await.unwrap();
    let third = city.refresh(&second.refresh_token.unwrap()).await.unwrap();
    let other = city.tokens(&OFFLINE, &who).await;
    assert_eq!(city.refresh(&stolen).await.unwrap_err().code.as_str(), "invalid_grant");
    for token in [&first.access_token, &second.access_token, &third.access_token] {
        assert!(!city.works(token).await);
    }
    assert!(city.refresh(&third.refresh_token.unwrap()).await.is_err());
    // Another sign-in is another family.
    assert!(city.works(&other.access_token).await);
}

#[tokio::test]
async fn tokens_cannot_be_refreshed_for_ever() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let mut tokens = city.tokens(&OFFLINE, &who).await;
    let day = 86_400;
    for _ in 0..29 {
        city.later(day);
        tokens = city.refresh(&tokens.refresh_token.unwrap()).await.unwrap();
    }
    city.later(day - 1);
    tokens = city.refresh(&tokens.refresh_token.unwrap()).await.unwrap();
    assert!(city.works(&tokens.access_token).await);
    city.later(1);
    assert!(!city.works(&tokens.access_token).await);
    assert!(city.refresh(&tokens.refresh_token.unwrap()).await.is_err());
}

#[tokio::test]
async fn without_leave_there_is_no_refresh_token() {
    let mut city = City::with(|it| it.offline = false).await;
    let who = city.someone().await;
    let tokens = city.tokens(&OFFLINE, &who).await;
    assert_eq!((tokens.refresh_token, tokens.scope.as_str()), (None, "openid email"));
}

#[tokio::test]
async fn a_refreshed_token_may_see_less_and_never_more() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&OFFLINE, &who).await;
    let token = tokens.refresh_token.unwrap();
    let ask =
        |scope| [("grant_type", "refresh_token"), ("refresh_token", &*token), ("scope", scope)];
    let denial = city.token(&ask("openid phone")).await.unwrap_err();
    assert_eq!(denial.code.as_str(), "invalid_scope");
    let narrow = city.token(&ask("openid")).await.unwrap();
    assert_eq!(city.userinfo(&narrow.access_token).await.unwrap().len(), 1);
    let wide = city.refresh(&narrow.refresh_token.unwrap()).await.unwrap();
    assert!(city.userinfo(&wide.access_token).await.unwrap().contains_key("email"));
}

#[tokio::test]
async fn tokens_end_with_the_session_unless_they_may_outlive_it() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let here = city.tokens(&[], &who).await;
    let kept = city.tokens(&OFFLINE, &who).await;
    let code = city.authorize(&[], Some(&who)).await.code();
    sessions::end(&city.store, who.account, who.session, Ending::SignedOut, city.now)
        .await
        .unwrap();
    assert!(!city.works(&here.access_token).await);
    assert!(city.exchange(&code).await.is_err());
    assert!(city.works(&kept.access_token).await);
    let kept = city.refresh(&kept.refresh_token.unwrap()).await.unwrap();
    accounts::close(&city.store, Actor::System, who.account, city.now).await.unwrap();
    assert!(!city.works(&kept.access_token).await);
    assert!(city.refresh(&kept.refresh_token.unwrap()).await.is_err());
}

#[tokio::test]
async fn what_an_application_gets_and_gives_back_is_in_the_log_and_sign_ins_are_counted() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&OFFLINE, &who).await;
    let next = city.refresh(&tokens.refresh_token.unwrap()).await.unwrap();
    let token = next.refresh_token.unwrap();
    let header = city.basic("library");
    for token in [token.as_str(), "of nobody"] {
        let given = parameters(&[("token", token)]);
        let (store, provider) = (&city.store, &city.provider);
        revoke(store, provider, Some(&header), &given, city.now).await.unwrap().unwrap();
    }
    let asked = Asked { object: Some("library".to_owned()), ..Asked::default() };
    let entries = audit::entries(&city.store, &asked, 10).await.unwrap();
    let actions: Vec<&str> = entries.iter().map(|it| it.action.as_str()).collect();
    let account = who.account.to_string();
    let actors: Vec<_> = entries.iter().map(|it| it.actor.as_deref()).collect();
    let known = ["token.revoke", "token.refresh", "application.sign_in", "application.register"];
    assert_eq!(actions, known);
    assert_eq!(actors, [Some("library"), Some(account.as_str()), Some(&account), None]);
    assert_eq!(entries[0].actor_kind, "application");
    // The person is told each time that the application gets what it reads with.
    let person = accounts::find(&city.store, who.account).await.unwrap().unwrap().person;
    let told = audit::concerning(&city.store, person, None, 10).await.unwrap();
    let told = told.iter().filter(|it| it.action == "claims.give");
    let by: Vec<_> = told.map(|it| (it.actor_kind.as_str(), it.actor.as_deref())).collect();
    assert_eq!(by, [("application", Some("library")); 2]);
    let library = "library".parse().unwrap();
    let uses = applications::recent_uses(&city.store, city.provider.day(city.now)).await.unwrap();
    assert_eq!(uses.get(&library), Some(&1));
    city.later(30 * 86_400);
    let uses = applications::recent_uses(&city.store, city.provider.day(city.now)).await.unwrap();
    assert_eq!(uses.get(&library), None);
}

/// Of many who bring the same code at once, one gets tokens, and does not keep them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_is_exchanged_once_however_many_bring_it() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let code = city.authorize(&[], Some(&who)).await.code();
    let header = city.basic("library");
    let (store, provider, now) = (&city.store, &city.provider, city.now);
    let given = parameters(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
    ]);
    let mut chances: Vec<Counting> = Vec::new();
    for _ in 0..8 {
        chances.push(city.entropy.clone());
        // Each draws other numbers.
        crate::secret::Token::new(&mut city.entropy);
        for _ in 0..8 {
            crate::secret::Token::new(&mut city.entropy);
        }
    }
    let all = chances.iter_mut().map(|chance| {
        let given = &given;
        let header = header.as_str();
        async move { grant(store, provider, Some(header), given, chance, now).await.unwrap() }
    });
    let answers = join_all(all).await;
    let given: Vec<_> = answers.into_iter().filter_map(Result::ok).collect();
    assert_eq!(given.len(), 1);
    assert!(!city.works(&given[0].access_token).await);
}

/// Runs them side by side.
async fn join_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        waiting.retain_mut(|it| match it.as_mut().poll(context) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test]
async fn of_codes_and_tokens_only_hashes_are_kept() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let code = city.authorize(&OFFLINE, Some(&who)).await.code();
    let tokens = city.exchange(&code).await.unwrap();
    let secret = city.secret("library").to_owned();
    let mut kept = String::new();
    for table in
        ["openid_codes", "openid_access_tokens", "openid_refresh_tokens", "openid_families"]
    {
        let column = if table == "openid_families" { "id" } else { "hash" };
        let sql = format!("SELECT {column} FROM {table}");
        let rows: Vec<String> = on_db!(city.store, pool => {
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await
        })
        .unwrap();
        kept += &rows.concat();
    }
    kept += &format!("{:?}", applications::list(&city.store).await.unwrap());
    for text in [code, tokens.access_token, tokens.refresh_token.unwrap(), secret] {
        assert!(!kept.contains(&text));
    }
}

#[tokio::test]
async fn what_is_over_is_swept_away_and_nothing_else() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&OFFLINE, &who).await;
    city.later(2 * 86_400);
    sweeping::sweep(&city.store, city.now).await.unwrap();
    let tokens = city.refresh(&tokens.refresh_token.unwrap()).await.unwrap();
    city.later(FAMILY_LIFETIME.as_secs() + 86_400);
    let swept = sweeping::sweep(&city.store, city.now).await.unwrap();
    // A code, an access token, two refresh tokens and the family.
    assert_eq!(swept, 5);
    assert_eq!(sweeping::sweep(&city.store, city.now).await.unwrap(), 0);
    assert!(!city.works(&tokens.access_token).await);
}
