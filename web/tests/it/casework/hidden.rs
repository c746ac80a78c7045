//! A case with a file and a letter, for whoever walks all addresses: its own district may see it, and nobody else.

use casework::Actor;
use casework::attachments::attach;
use casework::cases::{self, Asked, CaseId};
use casework::expression::Value;
use casework::letters;
use casework::procedure::Files;
use network::AccountId;
use network::roles::Reach;
use network::scope::{PathRange, Scope};
use network::testing::{Counting, at};

use super::town::issue;
use crate::site::{Site, repository};

const PROCEDURE: &str = "data-correction";

pub(crate) struct Hidden {
    clerk: Actor,
    case: CaseId,
    file: String,
    letter: String,
}

impl Hidden {
    /// A correction that a school has handed in, in whose grounds and file somebody is named.
    pub(crate) async fn within(site: &Site, school: &str, named: &str) -> Self {
        let office = &site.office;
        let files = Files::read(&repository("procedures").join(PROCEDURE)).unwrap();
        office.publish(PROCEDURE, &files, at(0)).await.unwrap();
        let school = school.parse().unwrap();
        let path = network::path_of(&site.store, &school).await.unwrap().unwrap();
        let range = PathRange::of(&path, Reach::Subtree);
        let mut chance = Counting::beginning_at(1 << 44);
        let clerk = Actor::holding(
            AccountId::new(at(0), &mut chance),
            Some(path),
            vec![("school_clerk".to_owned(), range.clone())],
            "administration".parse().unwrap(),
            Scope::of([(range, [].into_iter().collect())]),
        );
        let begun = cases::begin(office, &clerk, PROCEDURE, &school, at(0), &mut chance).await;
        let case = begun.unwrap().id;
        let vault = &site.vault();
        let file =
            attach(office, vault, &clerk, case, "a.txt", named.as_bytes(), at(0), &mut chance);
        let file = file.await.unwrap().id.to_string();
        let change = [
            ("dataset", Value::text("classes")),
            ("data_year", Value::Integer(2025)),
            ("place", Value::text("1")),
            ("value_before", Value::text("54")),
            ("value_after", Value::text("45")),
            ("published", Value::Flag(false)),
            ("reason", Value::text("mistyped")),
            ("grounds", Value::text(named)),
        ];
        let change = change.map(|(name, value)| (name.to_owned(), value)).into();
        let asked = Asked { step: "submit".to_owned(), change, ..Asked::default() };
        cases::step(office, &clerk, case, &asked, at(0), &mut chance).await.unwrap();
        issue(site).await;
        let letters = letters::issued_of(office, &clerk, case).await.unwrap();
        let letter = letters.first().unwrap().number.as_str().to_owned();
        Self { clerk, case, file, letter }
    }

    /// What stands in a blank of an address of cases; `None` where nobody decided.
    pub(crate) fn blank(&self, name: &str) -> Option<String> {
        match name {
            "{id}" => Some(self.case.to_string()),
            "{file}" => Some(self.file.clone()),
            "{number}" => Some(self.letter.clone()),
            "{procedure}" => Some(PROCEDURE.to_owned()),
            _ => None,
        }
    }

    /// A form that would do something to it.
    pub(crate) fn form(&self) -> String {
        format!(
            "revision=1&do=step:withdraw&step=withdraw&procedure={PROCEDURE}&case={}&body=x&f.grounds=x",
            self.case
        )
    }

    /// Nothing was done to it since it was handed in.
    pub(crate) async fn assert_untouched(&self, site: &Site) {
        let office = &site.office;
        let dossier = cases::dossier(office, &self.clerk, self.case, at(1)).await.unwrap();
        assert_eq!((dossier.history.len(), dossier.files.len()), (2, 1));
        assert!(dossier.comments.is_empty() && dossier.draft.is_none());
    }
}
