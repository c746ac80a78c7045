use insta::assert_snapshot;
use model::organisation::{ADMINISTRATIVE, History};

use super::support::{
    HEADER, Registry, after, at, changes, code, day, list, paths, shown, small_city, version,
};
use crate::{export, read_list};

#[tokio::test]
async fn a_list_becomes_a_tree() {
    let (said, findings) = list(
        "\
c,市,City,city,,,,,,,2000-01-01,
d1,一区,District 1,district,,,,,c,,2000-01-01,
d2,二区,District 2,district,,,,,c,administrative,2000-01-01,
z,学区,Zone,zone,,,,,d1,,2000-01-01,
s1,一小,School 1,school,primary,education_department,primary,urban,d1,,2000-01-01,2021-09-01
s1,一中,School 1,school,nine_year,education_department,primary; junior,urban,d2,,2021-09-01,
s1,,,,,,,,z,school-zone,2000-01-01,2021-09-01
",
    );
    assert_eq!(findings, "");
    let registry = Registry::new().await;
    registry.record(&said, 1).await;
    let history = registry.history().await;
    assert_eq!(paths(&history, "2020-01-01", 1), "c c/d1 c/d1/s1 c/d1/z c/d2");
    assert_eq!(paths(&history, "2021-09-01", 1), "c c/d1 c/d1/z c/d2 c/d2/s1");
    let zones = history.tree("school-zone", day("2020-01-01"), at(1));
    assert_eq!(super::support::drawn(&zones), "c c/d1 c/d1/z c/d1/z/s1 c/d2");
    let s1 = history.versions(&code("s1"), at(1)).last().unwrap();
    assert_eq!((s1.kind.as_str(), s1.stages.join("+")), ("nine_year", "primary+junior".to_owned()));
    assert_eq!(s1.name.zh, "一中");
}

#[test]
fn every_bad_row_is_a_finding() {
    let (said, findings) = list(
        "\
c,市,City,city,,,,,,,2000-01-01,
a,,No name,school,primary,,,,c,,2000-01-01,
b,名,No level,,primary,,,,c,,2000-01-01,
d d,名,Bad code,school,primary,,,,c,,2000-01-01,
,名,No code,school,primary,,,,c,,2000-01-01,
e,名,No begin,school,primary,,,,c,,,
f,名,Bad begin,school,primary,,,,c,,2000/1/1,
g,名,No such day,school,primary,,,,c,,2001-02-29,2002-01-01
h,名,Far away,school,primary,,,,c,,2000-01-01,9999-01-01
i,名,End before start,school,primary,,,,c,,2000-01-01,1999-01-01
j,名,Bad word,School,primary,,,,c,,2000-01-01,
k,名,Bad class,school,primary,,,village,c,,2000-01-01,
l,名,Own parent,school,primary,,,,l,,2000-01-01,
m,名,Unknown parent,school,primary,,,,nobody,,2000-01-01,
n,名,Too short,school
o,名,First,school,primary,,,,c,,2000-01-01,
o,名,Same begin,school,primary,,,,c,,2000-01-01,
p,名,First,school,primary,,,,c,,2000-01-01,2005-01-01
p,名,Overlap,school,primary,,,,c,,2004-01-01,
q,名,First,school,primary,,,,c,,2000-01-01,
q,,,,,,,,,school-zone,2000-01-01,
\"r\",\"two
lines\",R,school,primary,,,,c,,2000-01-01,
t,,,,,,,,c,school-zone,2000-01-01,
",
    );
    assert_snapshot!(findings);
    let left: Vec<&str> = said.preview(&History::default(), at(0)).codes().map(|_| "").collect();
    assert_eq!(left.len(), 2, "the city and the school with an unknown parent");
}

#[test]
fn a_row_is_told_where_one_sees_it() {
    #[track_caller]
    fn check(rows: &str, expected: &[u64]) {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{HEADER}\n{rows}").replace('\n', end);
            let (list, findings) = read_list("list.csv", text.as_bytes());
            let listed = list.versions.iter().map(|it| it.row);
            let mut told: Vec<u64> =
                listed.chain(findings.iter().filter_map(|it| it.row)).collect();
            told.sort_unstable();
            assert_eq!(told, expected, "{text:?}");
        }
    }
    const C: &str = "c,市,City,city,,,,,,,2000-01-01,";
    const D: &str = "d,区,District,district,,,,,c,,2000-01-01,";
    const BAD: &str = "e,区,District,district,,,,,c,,2000,";
    check(&format!("{C}\n{D}\n{BAD}\n"), &[2, 3, 4]);
    check(&format!("{C}\n\n\n{D}\n\n{BAD}"), &[2, 5, 7]);
    check(&format!("\n{C}\n,,,,,,,,,,,\n{BAD}\n\n"), &[3, 5]);
    // A cell of two lines is one row, as in a spreadsheet.
    check(&format!("{}\n{D}\n\n{BAD}\n", C.replace("市", "\"市\n区\"")), &[2, 3, 5]);
}

#[test]
fn a_cell_that_is_cut_says_so() {
    let word = "x".repeat(200);
    let (_, findings) = list(&format!("c,市,City,city,{word} {word},,,,,,2000-01-01,\n"));
    let shown = format!("found `{}`…, expected", "x".repeat(160));
    assert!(findings.contains(&shown), "{findings}");
}

#[test]
fn half_a_history_never_stands_for_the_whole() {
    let (said, findings) = list(
        "\
c,市,City,city,,,,,,,2000-01-01,2010-01-01
c,市,City,city
",
    );
    assert_eq!(findings.lines().count(), 1);
    assert!(said.is_empty());
}

#[test]
fn parents_that_come_back_are_a_circle() {
    let (_, findings) = list(
        "\
a,甲,A,school,primary,,,,c,,2000-01-01,
b,乙,B,school,primary,,,,a,,2000-01-01,2010-01-01
c,丙,C,school,primary,,,,b,,2005-01-01,
",
    );
    // Only on the days on which all three hold, which begin with the last row.
    assert_snapshot!(findings, @"
    list.csv:2 parent: warning: found `c，2000-01-01 不存在 / c, which is not there on 2000-01-01`, expected 在 a 隶属 c 期间一直存在的机构 / an organisation that is there as long as a is in c; 为上级补一行覆盖该时段，或让隶属关系同时终止 / give the parent a row for that time, or end the membership with it
    list.csv:4 parent: error: found `b`, expected 不在其下级的机构 / an organisation that does not stand below this one; 沿上级逐级查到循环之处，改正那一行 / follow the parents upward to where they come back, and mend that row
    ");
    let (_, findings) = list(
        "\
a,甲,A,school,primary,,,,b,,2000-01-01,2005-01-01
b,乙,B,school,primary,,,,,,2000-01-01,2005-01-01
b,乙,B,school,primary,,,,a,,2005-01-01,
a,甲,A,school,primary,,,,,,2005-01-01,
",
    );
    assert_eq!(findings, "", "never both at once");
}

#[test]
fn a_parent_that_ends_too_early_is_worth_a_look() {
    let (said, findings) = list(
        "\
c,市,City,city,,,,,,,1949-10-01,
d,区,District,district,,,,,c,,1950-01-01,2010-01-01
s,校,School,school,primary,,,,d,,1950-01-01,
",
    );
    assert_snapshot!(findings, @"list.csv:4 parent: warning: found `d，2010-01-01 不存在 / d, which is not there on 2010-01-01`, expected 在 s 隶属 d 期间一直存在的机构 / an organisation that is there as long as s is in d; 为上级补一行覆盖该时段，或让隶属关系同时终止 / give the parent a row for that time, or end the membership with it");
    assert!(!said.is_empty(), "a warning refuses nothing");
}

#[test]
fn what_a_list_takes_from_others_is_found() {
    let known = small_city().preview(&History::default(), at(0));
    let text = format!("{HEADER}\nd1,区,D,district,,,,,c,,2000-01-01,2020-01-01\n");
    let (list, findings) = read_list("list.csv", text.as_bytes());
    assert_eq!(findings, []);
    let findings = list.check(&known, at(0));
    assert_eq!(findings.len(), 2, "{}", shown(&findings));
    assert!(findings.iter().all(|it| it.row.is_none() && it.found.contains("d1")));

    // Parents that are known need not be in the list.
    let text = format!("{HEADER}\ns9,校,S,school,primary,,,,d1,,2000-01-01,\n");
    let (list, _) = read_list("list.csv", text.as_bytes());
    assert_eq!(list.check(&known, at(0)), []);
}

#[test]
fn a_list_that_brings_back_what_an_event_closed_is_worth_a_look() {
    let (closed, _) = after(&small_city(), "merger,2021-09-01,s1;s2,s2,,\n");
    let known = closed.preview(&History::default(), at(0));
    let rows =
        "s1,校,S,school,primary,,,,d1,,2000-01-01,\ns2,校,S,school,primary,,,,d1,,2000-01-01,\n";
    let (list, _) = read_list("list.csv", format!("{HEADER}\n{rows}").as_bytes());
    assert_snapshot!(shown(&list.check(&known, at(0))), @"list.csv:2 valid_to: warning: found 空 / nothing, expected 2021-09-01，即登记的 merger 事件之日 / 2021-09-01, the day of the merger the registry knows of; 该行应于当日终止，除非事件登记有误 / end the row on that day, unless the event was recorded by mistake");
}

#[test]
fn a_file_that_is_no_list_is_refused_whole() {
    let findings = |bytes: &[u8]| {
        let (list, findings) = read_list("list.csv", bytes);
        assert!(list.is_empty());
        shown(&findings)
    };
    assert_snapshot!(findings(b""), @"list.csv:1 code: error: found 空 / nothing, expected code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to; 存为 UTF-8 编码的 CSV，首行写这些列名 / save the file as CSV in UTF-8 with these names in its first row");
    assert_snapshot!(findings(b"name,valid_from\nx,2000-01-01\n"), @"list.csv:1 code: error: found 空 / nothing, expected code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to; 存为 UTF-8 编码的 CSV，首行写这些列名 / save the file as CSV in UTF-8 with these names in its first row");
    assert_snapshot!(findings(b"code,valid_from,code\n"), @"list.csv:1 code: error: found `code`, expected 每列一次 / each column once; 只保留两列之一 / keep one of the two columns");
    // A name in GB18030.
    assert_snapshot!(findings(b"code,name_zh,level,valid_from\ns,\xcc\xec\xbd\xf2,school,2000-01-01\n"), @"list.csv:2 name_zh: error: found `非 UTF-8 字节 / bytes that are not UTF-8`, expected UTF-8 文字 / text in UTF-8; 存为 UTF-8 编码的 CSV / save the file as CSV in UTF-8");
    let broken = BrokenAfter(b"code,name_zh,level,valid_from\ns,x,school,2000-01-01\n");
    let (_, found) = read_list("list.csv", broken);
    assert!(shown(&found).contains("a file that can be read to its end"));
}

/// A file on a disk that fails.
struct BrokenAfter(&'static [u8]);

impl std::io::Read for BrokenAfter {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return Err(std::io::Error::other("the disk failed"));
        }
        std::io::Read::read(&mut self.0, buffer)
    }
}

#[test]
fn columns_may_stand_in_another_order_and_with_a_mark_at_the_head() {
    let text = "\u{feff}valid_from,parent,extra,level,code,name_zh\n2000-01-01,,x,city,c,市\n";
    let (list, findings) = read_list("list.csv", text.as_bytes());
    assert_eq!(findings, []);
    assert_eq!(list.versions[0].what.code, code("c"));
    assert_eq!(list.versions[0].row, 2);
}

#[test]
fn a_list_without_a_parent_takes_the_parent_away() {
    let known = small_city().preview(&History::default(), at(0));
    let text = format!("{HEADER}\nd1,区,D,district,,,,,,,2000-01-01,\n");
    let (list, _) = read_list("list.csv", text.as_bytes());
    let after = list.changes().preview(&known, at(0));
    assert!(after.tree(ADMINISTRATIVE, day("2020-01-01"), at(0)).parent(&code("d1")).is_none());
}

#[test]
fn what_is_written_is_read_back() {
    let mut said = small_city();
    said.add_version(version("z zone 2000-01-01..2030-01-01"));
    let more = changes(
        &["s1 school 2000-01-01..2010-01-01", "s1 school 2012-01-01.."],
        &[
            "s1<d1 2000-01-01..2005-01-01",
            "s1<d2 2005-01-01..2010-01-01",
            "s1<d2 2012-01-01..",
            "zone:s1<z 2012-01-01..2013-01-01",
        ],
    );
    let history = more.preview(&said.preview(&History::default(), at(0)), at(0));
    let bytes = export(&history, at(0)).unwrap();
    assert_snapshot!(String::from_utf8(bytes.clone()).unwrap());
    let (list, findings) = read_list("list.csv", bytes.as_slice());
    assert_eq!(findings, []);
    let again = list.changes().preview(&History::default(), at(0));
    assert_eq!(export(&again, at(0)).unwrap(), bytes);
}
