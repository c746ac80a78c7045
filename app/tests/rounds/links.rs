//! What the program prints for somebody else to follow leads to where the centre is reached.

use super::centre::Centre;

const INVITED: [&str; 7] =
    ["account", "add", "li.laoshi", "--name", "李老师", "--org", "2112000001"];

#[test]
fn a_link_begins_with_the_address_that_was_settled_or_named() {
    let centre = Centre::begin();
    let (link, advice) = centre.says(&INVITED);
    assert!(link.starts_with("http://localhost:8080/invitations/"), "{link}");
    assert!(advice.contains("centre.toml") && advice.contains("--origin"), "{advice}");

    let plan = ["init", "--plan", "examples/keeping-in-school"];
    centre.run(&[&plan[..], &["--origin", "https://haihe.example/"]].concat());
    // A changed plan folder is taken up without saying it again.
    centre.run(&plan);
    let (link, advice) = centre.says(&INVITED);
    assert!(link.starts_with("https://haihe.example/invitations/"), "{link}");
    assert!(!advice.contains("origin"), "{advice}");

    let named = [&INVITED[..], &["--origin", "https://other.example:8443"]].concat();
    assert!(centre.says(&named).0.starts_with("https://other.example:8443/invitations/"));
    let faulty = [&INVITED[..], &["--origin", "haihe.example"]].concat();
    assert!(centre.refused(&faulty).contains("write https://NAME"));
}
