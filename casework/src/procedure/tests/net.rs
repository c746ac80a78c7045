//! What is proved of the net: reached, ended, taken, with the conditions considered.

use super::told;

fn check(states: &str, lines: &str, expected: &str) {
    assert_eq!(told(states, lines).trim(), expected, "{lines}");
}

#[test]
fn a_straight_way_is_sound() {
    check("review done*", "submit draft>review clerk\npass review>done officer", "");
}

#[test]
fn a_state_that_nothing_leads_to_is_told() {
    check(
        "review lost done*",
        "submit draft>review clerk\npass review>done officer\nfind lost>done officer",
        "no case ever comes into the state `lost`\n`find` can never be taken",
    );
}

#[test]
fn a_state_without_a_way_to_an_end_is_told() {
    check(
        "review trap done*",
        "submit draft>review clerk\npass review>done officer\nfall review>trap officer",
        "a case in `trap` has no way to an end",
    );
}

#[test]
fn a_condition_that_can_never_hold_is_told() {
    check(
        "done*",
        "submit draft>done clerk [form.count > 10]\nother draft>done clerk",
        "the condition of `submit` can never hold",
    );
    check(
        "done*",
        "submit draft>done clerk [form.kind == 'a' && form.kind == 'b']\nother draft>done clerk",
        "the condition of `submit` can never hold",
    );
    check(
        "done*",
        "submit draft>done clerk [form.kind == 'z']\nother draft>done clerk",
        "the condition of `submit` can never hold",
    );
}

#[test]
fn a_value_that_no_step_provides_for_leaves_a_case_stuck() {
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['kind']
         a review>done officer [form.kind == 'a']
         b review>done officer [form.kind == 'b']",
        "a case in `review` with form.kind = c has no way to an end",
    );
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['kind']
         a review>done officer [form.kind == 'a']
         rest review>done officer [form.kind in ['b', 'c']]",
        "",
    );
}

#[test]
fn what_was_filled_in_on_the_way_is_remembered() {
    // Into `mine` a case comes only as an `a`; so the way out that only an `a` has is enough.
    check(
        "review mine done*",
        "submit draft>review clerk ; fill = ['kind']
         a review>mine officer [form.kind == 'a']
         rest review>done officer [form.kind != 'a']
         out mine>done officer [form.kind == 'a']",
        "",
    );
    check(
        "review mine done*",
        "submit draft>review clerk ; fill = ['kind']
         a review>mine officer [form.kind == 'a']
         rest review>done officer [form.kind != 'a']
         out mine>done officer [form.kind == 'b']",
        "a case in `mine` with form.kind = a has no way to an end\n`out` can never be taken",
    );
}

#[test]
fn a_condition_that_the_actor_fills_in_himself_is_no_trap() {
    check(
        "review done*",
        "submit draft>review clerk
         pass review>done officer [form.count >= 3] ; fill = ['count']",
        "",
    );
}

#[test]
fn numbers_with_a_point_are_decided_at_their_constants_and_beside_them() {
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['share']
         low review>done officer [form.share < 80]
         high review>done officer [form.share > 80.00]",
        "a case in `review` with form.share = 80.00 has no way to an end",
    );
    // Between two numbers that the field can hold there is nothing to provide for.
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['share']
         low review>done officer [form.share < 79.995]
         high review>done officer [form.share > 79.995]",
        "",
    );
    check(
        "done*",
        "submit draft>done clerk [form.share > 100]\nother draft>done clerk",
        "the condition of `submit` can never hold",
    );
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['count']
         low review>done officer [form.count < 2.5]
         high review>done officer [form.count > 3.5]",
        "a case in `review` with form.count = 3 has no way to an end",
    );
}

#[test]
fn whole_numbers_are_decided_at_the_constants_they_are_compared_with() {
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['count']
         low review>done officer [form.count < 5]
         high review>done officer [form.count > 5]",
        "a case in `review` with form.count = 5 has no way to an end",
    );
}

#[test]
fn a_count_that_only_grows_is_not_waited_for() {
    check(
        "review done*",
        "submit draft>review clerk
         pass review>done officer [case.returns < 3]",
        "a case in `review` with case.returns = 3 has no way to an end",
    );
}

#[test]
fn branches_run_side_by_side_and_join() {
    check(
        "one other oned otherd done*",
        "fork draft>one+other clerk
         a one>oned officer
         b other>otherd officer
         join oned+otherd>done officer",
        "",
    );
    check(
        "one other done*",
        "fork draft>one+other clerk
         a one>done officer
         b other>done officer",
        "`a` comes into `done`, where the case stands already\n`b` comes into `done`, where the case stands already",
    );
    check(
        "one other oned done*",
        "fork draft>one+other clerk
         a one>oned officer
         join oned+other>done officer",
        "",
    );
}

#[test]
fn a_join_whose_branch_goes_elsewhere_is_stuck() {
    check(
        "one other oned gone done*",
        "fork draft>one+other clerk
         a one>oned officer
         b other>gone officer
         join oned+other>done officer",
        "a case in `gone` and `oned` has no way to an end",
    );
}

#[test]
fn what_may_lapse_or_is_withdrawn_is_no_way_to_an_end() {
    check(
        "review done* gone*",
        "submit draft>review clerk
         pass review>done officer ; within = '5 days'
         away review>gone clerk ; kind = 'withdraw'",
        "a case in `review` has no way to an end",
    );
}

#[test]
fn what_is_not_decided_counts_as_what_may_fail() {
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['count', 'other']
         pass review>done officer [form.count > form.other]",
        "a case in `review` has no way to an end",
    );
    check(
        "review done*",
        "submit draft>review clerk ; fill = ['count', 'other']
         pass review>done officer [form.count > form.other]
         rest review>done officer [!(form.count > form.other)] ; fill = ['count', 'other']",
        "",
    );
}
