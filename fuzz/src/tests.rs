use std::path::Path;

use crate::{targets, trial};

fn check(name: &str) {
    let target = targets::ALL.into_iter().find(|it| it.name == name).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    trial::run(name, &trial::corpus(&folder), target.one_of, &target.feed);
}

/// One test for each parser, so that each is told apart.
macro_rules! parsers {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            check(&stringify!($name)["fuzz_".len()..]);
        })+

        #[test]
        fn every_parser_is_tried() {
            let tried = [$(&stringify!($name)["fuzz_".len()..]),+];
            assert_eq!(targets::ALL.map(|it| it.name), tried);
        }
    };
}

parsers! {
    fuzz_scim_filter, fuzz_scim_path, fuzz_scim_patch, fuzz_scim_user, fuzz_oneroster_filter, fuzz_oneroster_users,
    fuzz_oneroster_manifest, fuzz_roster, fuzz_organisations, fuzz_events, fuzz_id_token, fuzz_claims, fuzz_key_set,
    fuzz_client_proof, fuzz_authorization, fuzz_form_schema, fuzz_form_values, fuzz_form_body, fuzz_form_sheet,
    fuzz_procedure, fuzz_expression, fuzz_letter,
}
