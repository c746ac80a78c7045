use std::io::Cursor;

use proptest::prelude::*;

use super::{class, enrollment, role, rows, school, teacher, written};
use crate::cell::Cell;
use crate::package::Table;
use crate::{Class, Comparison, Entity, Filter, Mode, Org, Package, Query, Term, User};

fn term() -> impl Strategy<Value = Term> {
    ("[a-zA-Z][a-zA-Z0-9_.]{0,8}", prop::sample::select(Comparison::ALL.to_vec()), any::<String>())
        .prop_map(|(field, by, with)| Term { field, by, with })
}

/// Text as a cell holds it: trimmed, filled.
fn text() -> impl Strategy<Value = String> {
    "[^\0]{1,20}".prop_map(|it| it.trim().to_owned()).prop_filter("filled", |it| !it.is_empty())
}

proptest! {
    #[test]
    fn a_filter_printed_and_read_is_the_same_filter(any in prop::collection::vec(prop::collection::vec(term(), 1..4), 1..4)) {
        let filter = Filter { any };
        let text = filter.to_string();
        prop_assert_eq!(Filter::parse(&text), Ok(filter), "{}", text);
    }

    #[test]
    fn a_list_printed_and_read_is_the_same_list(list in prop::collection::vec(any::<String>(), 0..5)) {
        prop_assert_eq!(Vec::<String>::read(&list.write()), Ok(list));
    }

    #[test]
    fn any_text_survives_a_package(id in text(), name in text(), list in prop::collection::vec(text(), 0..4)) {
        let org = Org { sourced_id: id.clone(), name: name.clone(), ..school() };
        let (read, findings) = rows::<Org>(written(Mode::Bulk, [org.clone()]));
        prop_assert_eq!((read, findings), (vec![org], vec![]));
        let class = Class { title: name.clone(), terms: list, ..class() };
        let (read, findings) = rows::<Class>(written(Mode::Bulk, [class.clone()]));
        prop_assert_eq!((read, findings), (vec![class], vec![]));
        let user = User { sourced_id: id, family_name: name, ..teacher() };
        let (read, findings) = rows::<User>(written(Mode::Bulk, [user.clone()]));
        prop_assert_eq!((read, findings), (vec![user], vec![]));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), rest in any::<String>(), mode in prop::sample::select(vec![Mode::Bulk, Mode::Delta])) {
        let header = Org::COLUMNS.join(",");
        for text in [bytes.clone(), format!("{header}\n{rest}").into_bytes()] {
            let mut table = Table::<Org, _>::new("orgs.csv".to_owned(), mode, text.as_slice(), 1 << 20);
            while let Ok(Some(_)) = table.next_row() {}
        }
        let _ = Package::open(Cursor::new(bytes));
        let _ = Query::read(|_| Some(rest.as_str()));
    }

    /// A package that was damaged on its way: findings or an error, never a panic.
    #[test]
    fn no_damage_makes_a_package_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = written(Mode::Bulk, [enrollment()]).into_inner();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((Some(mut package), _)) = Package::open(Cursor::new(bytes))
            && let Ok(Some(mut table)) = package.table::<crate::Enrollment>()
        {
            while let Ok(Some(_)) = table.next_row() {}
        }
    }
}

#[test]
fn the_same_rows_make_the_same_bytes() {
    assert_eq!(
        written(Mode::Bulk, [role()]).into_inner(),
        written(Mode::Bulk, [role()]).into_inner()
    );
}
