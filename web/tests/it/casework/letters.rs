//! Letters that a case issued, as its parties get them from its page.

use axum::http::StatusCode;
use network::audit::{Asked, entries};

use super::town::{Town, begun, encoded, issue, step};

/// A correction whose receipt is issued: its address, and those of the letter's two documents.
async fn issued(town: &Town) -> (String, Vec<String>) {
    town.person("clerk", "school_clerk", "9901010001").await;
    town.person("officer", "district_officer", "990101").await;
    let mut clerk = town.browser("clerk").await;
    let case = begun(&mut clerk, "data-correction", "9901010001").await;
    let fields = format!(
        "f.dataset=classes&f.data_year=2025&f.place=1&f.value_before=1&f.value_after=9&f.published=false\
         &f.reason=mistyped&f.grounds={}",
        encoded("王小明看到个位与十位颠倒")
    );
    let sent = step(&mut clerk, &case, "submit", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.main());
    let waiting = clerk.open(&case).await.main();
    assert!(waiting.contains("受理通知书") && waiting.contains("送制发"), "{waiting}");
    assert!(!waiting.contains("/letters/"), "{waiting}");
    issue(&town.site).await;
    let page = clerk.open(&case).await.main();
    let links = page.split("href=\"").skip(1).map(|it| it.split('"').next().unwrap().to_owned());
    let letters: Vec<String> = links.filter(|it| it.contains("/letters/")).collect();
    assert_eq!(letters.len(), 2, "{page}");
    assert!(page.contains(">中文</a>") && page.contains("制发于"), "{page}");
    (case, letters)
}

#[tokio::test]
async fn a_party_gets_each_letter_in_both_languages_and_the_log_says_who_did() {
    let town = Town::new().await;
    let (case, letters) = issued(&town).await;
    let mut clerk = town.browser("clerk").await;
    let mut names = Vec::new();
    for path in &letters {
        let answer = clerk.open(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.bytes.starts_with(b"%PDF"), "{path}");
        assert_eq!(answer.header("content-type"), "application/pdf");
        assert_eq!(answer.header("cache-control"), "no-store");
        names.push(answer.header("content-disposition").to_owned());
    }
    assert!(names.iter().all(|it| it.starts_with("attachment; filename*=UTF-8''")), "{names:?}");
    assert_ne!(names[0], names[1]);
    // Each of them is what anyone can check by its number.
    let page = clerk.open(&case).await.main();
    let number = page.split("href=\"/verify/").nth(1).unwrap().split('"').next().unwrap();
    let checked = clerk.open(&format!("/verify/{number}")).await;
    assert_eq!(checked.status, StatusCode::OK);
    assert!(checked.text().contains("受理通知书"), "{}", checked.main());

    let object = Some(case.trim_start_matches("/cases/").to_owned());
    let asked = Asked { action: Some("letter.read".to_owned()), object, ..Asked::default() };
    let read = entries(&town.site.store, &asked, 10).await.unwrap();
    assert_eq!(read.len(), 2);
    let clerk = town.person("clerk", "", "").await.to_string();
    assert!(read.iter().all(|it| it.actor.as_ref() == Some(&clerk)), "{read:?}");
    assert!(read.iter().all(|it| it.organisation.as_deref() == Some("9901010001")), "{read:?}");
}

#[tokio::test]
async fn nobody_else_gets_a_letter_or_learns_that_there_is_one() {
    let town = Town::new().await;
    let (_, letters) = issued(&town).await;
    let mut officer = town.browser("officer").await;
    let own = begun(&mut officer, "one-person-one-file", "990101").await;
    for (login, role, home) in [
        ("neighbour", "district_officer", "990102"),
        ("other", "school_clerk", "9901010003"),
        ("administrator", "administrator", "990000"),
    ] {
        town.person(login, role, home).await;
        let mut stranger = town.browser(login).await;
        for path in &letters {
            for path in [path.clone(), format!("/en{path}")] {
                let answer = stranger.open(&path).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{login} {path}");
                assert!(!answer.text().contains("受理"), "{login} {path}");
            }
        }
    }
    // A letter is found under its own case only, and a number of none is the same as none.
    let number = letters[0].rsplit('/').next().unwrap();
    for path in [
        format!("{own}/letters/{number}"),
        letters[0].replace(number, "0000000000ZZ"),
        letters[0].replace(number, "nothing"),
    ] {
        let answer = officer.open(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut nobody = crate::network::Browser::new(&town.site);
    assert_eq!(nobody.open(&letters[0]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_letter_that_was_taken_back_is_still_there_and_says_so() {
    let town = Town::new().await;
    let (case, letters) = issued(&town).await;
    let number = letters[0].rsplit('/').next().unwrap().parse().unwrap();
    let by = network::audit::Actor::System;
    let store = &town.site.store;
    let at = network::testing::at(60);
    assert!(casework::letters::revoke(store, by, &number, "有误", at).await.unwrap());
    let mut clerk = town.browser("clerk").await;
    let page = clerk.open(&case).await.main();
    assert!(page.contains("撤销，不再有效"), "{page}");
    assert_eq!(clerk.open(&letters[0]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_document_that_was_altered_is_never_handed_out() {
    let town = Town::new().await;
    let (_, letters) = issued(&town).await;
    let folder = town.site.folder.path().join("letters");
    for shelf in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(shelf.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let mut bytes = std::fs::read(&path).unwrap();
            let last = bytes.len() - 100;
            bytes[last] ^= 1;
            std::fs::write(&path, bytes).unwrap();
        }
    }
    let answer = town.browser("clerk").await.open(&letters[0]).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.bytes.starts_with(b"%PDF"));
}

#[tokio::test]
async fn a_draw_is_told_before_it_is_made_and_checked_by_what_was_told() {
    let town = Town::new().await;
    town.person("school", "school_clerk", "9901010001").await;
    town.person("district", "district_officer", "990101").await;
    town.person("office", "planner", "990000").await;
    let mut school = town.browser("school").await;
    let case = begun(&mut school, "selection", "9901010001").await;
    let fields = format!(
        "f.programme=brand_school&f.batch=2026&f.project={0}&f.strengths={0}&f.plan={0}",
        encoded("三年建设")
    );
    let applied = step(&mut school, &case, "apply", &fields).await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.main());
    assert!(!school.open(&case).await.main().contains("id=\"draws\""));
    let mut district = town.browser("district").await;
    let nominated = format!("f.nomination={}", encoded("同意推荐"));
    let nominated = step(&mut district, &case, "nominate", &nominated).await;
    assert_eq!(nominated.status, StatusCode::SEE_OTHER, "{}", nominated.main());

    let secret = |page: &str, after: &str| {
        let rest = page.split(after).nth(1).unwrap_or_else(|| panic!("no {after}: {page}"));
        let code = rest.split("<code class=\"secret\">").nth(1).unwrap();
        code.split('<').next().unwrap().to_owned()
    };
    let page = school.open(&case).await.main();
    assert!(page.contains("谁也不能照着名单挑种子"), "{page}");
    let commitment = secret(&page, "承诺值（种子的 SHA-256）");
    assert_eq!(commitment.len(), 64);
    for number in 1..=5 {
        town.person(&format!("e{number}"), "expert", "990102").await;
    }
    let drawn = step(&mut town.browser("office").await, &case, "draw", "").await;
    assert_eq!(drawn.status, StatusCode::SEE_OTHER, "{}", drawn.main());
    let page = school.open(&case).await.main();
    assert!(!page.contains("谁也不能照着名单挑种子"), "{page}");
    assert_eq!(secret(&page, "承诺值（种子的 SHA-256）"), commitment);
    let seed = secret(&page, "<p>种子<br>");
    assert_eq!(casework::cases::commitment(&seed), commitment);
    let english = school.open(&format!("/en{case}")).await.main();
    assert!(english.contains("Commitment (SHA-256 of the seed)"), "{english}");
}
