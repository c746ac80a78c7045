//! Objects in use that refer to what is no longer in use: nobody can work with them.

use haihe_oneroster::{
    AcademicSession, Class, Course, Demographics, Enrollment, File, Org, Role, User,
};
use model::{Finding, Severity};

use super::kept::{self, Kept};
use super::statements;
use crate::connection::Connection;

/// One warning for each kind of reference that leads nowhere.
pub(super) async fn report(connection: &mut Connection) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    for (file, column, name, to) in references() {
        let sql = statements::count_orphans(kept::table(file), column, kept::table(to));
        let rows = connection.texts(sql, []).await?;
        let count = rows.into_iter().flatten().next().unwrap_or_default();
        if count == "0" {
            continue;
        }
        findings.push(Finding {
            file: format!("{}.csv", file.name()),
            row: None,
            column: Some(name.to_owned()),
            rule: "orphan",
            found: format!("{count} in use that refer to {} that are not", to.name()),
            expected: "what they refer to".to_owned(),
            hint: "delete them where they come from, or send what they refer to".to_owned(),
            severity: Severity::Warning,
        });
    }
    Ok(findings)
}

/// File, column of the table, column of the file, and what is referred to; lists are left out.
fn references() -> Vec<(File, &'static str, &'static str, File)> {
    let mut all = Vec::new();
    macro_rules! of {
        ($($kind:ty),+) => {$(
            for reference in <$kind>::REFERENCES {
                let kept = <$kind>::KEPT.iter().find(|(name, _)| *name == reference.column);
                if let Some((name, column)) = kept.filter(|_| reference.column != "termSourcedIds") {
                    all.push((<$kind as haihe_oneroster::Entity>::FILE, *column, *name, reference.to));
                }
            }
        )+};
    }
    of!(Org, AcademicSession, Course, Class, User, Role, Enrollment, Demographics);
    all
}
