//! Rosters: packages of OneRoster of a growing number of rows, imported into an empty registry and once more.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use network::testing::{CLOCKS, at};
use store::Store;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::process::run;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where the packages and the registries go; what is there is made anew.
    #[arg(long, default_value = "bench-roster")]
    folder: PathBuf,
    /// A plan folder for the data centres.
    #[arg(long, default_value = "examples/small-schools")]
    plan: PathBuf,
    /// Rows of a package, several times.
    #[arg(long, default_values_t = [100_000, 300_000, 1_000_000])]
    rows: Vec<u64>,
}

/// Pupils of a school, and of a class.
const SCHOOL: u64 = 1_000;
const CLASS: u64 = 40;
/// Each pupil is a row of users, of roles and of enrollments.
const ROWS_OF_ONE: u64 = 3;

pub(crate) fn measure(haihe: &Path, options: &Options) -> Result<serde_json::Value> {
    let runtime = tokio::runtime::Handle::current();
    let mut report = serde_json::Map::new();
    for rows in &options.rows {
        let folder = options.folder.join(rows.to_string());
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let (data, package) = (folder.join("data"), folder.join("package.zip"));
        let pupils = rows / ROWS_OF_ONE;
        let schools = pupils.div_ceil(SCHOOL);
        write(&package, pupils, schools)?;
        let (place, package) = (data.display().to_string(), package.display().to_string());
        run(haihe, &["init", "--plan", &options.plan.display().to_string(), "--data", &place])?;
        tokio::task::block_in_place(|| runtime.block_on(record(&data, schools)))?;
        let import = ["import", "oneroster", &package, "--data", &place];
        let (first, again) = (run(haihe, &import)?, run(haihe, &import)?);
        let bytes = std::fs::metadata(data.join("haihe.db"))?.len();
        report.insert(
            rows.to_string(),
            serde_json::json!({
                "pupils": pupils,
                "first": first.report(),
                "again": again.report(),
                "registry_mib": bytes >> 20,
            }),
        );
    }
    Ok(serde_json::Value::Object(report))
}

fn school(number: u64) -> String {
    format!("S{number:05}")
}

/// The schools, in the registry.
async fn record(data: &Path, schools: u64) -> Result<()> {
    let store = Store::open(&format!("sqlite:{}", data.join("haihe.db").display())).await?;
    let mut list =
        "code,name_zh,name_en,level,kind,parent,valid_from\n12,全域,Region,region,,,2000-01-01\n"
            .to_owned();
    for number in 0..schools {
        let code = school(number);
        list.push_str(&format!("{code},第{number}小学,School {number},school,,12,2000-01-01\n"));
    }
    let (list, findings) = network::read_list("organisations.csv", list.as_bytes());
    if !findings.is_empty() {
        bail!("the organisations of the roster: {:?}", findings.first());
    }
    network::record(&store, &list.changes(), at(0), CLOCKS).await?;
    store.close().await;
    Ok(())
}

/// A package of everything there is, but for demographics.
fn write(path: &Path, pupils: u64, schools: u64) -> Result<()> {
    let mut to = ZipWriter::new(BufWriter::new(File::create(path)?));
    let begin = |to: &mut ZipWriter<_>, name: &str, columns: &str| -> Result<()> {
        to.start_file(name, SimpleFileOptions::default().large_file(true))?;
        Ok(writeln!(to, "{columns}")?)
    };
    begin(&mut to, "manifest.csv", "propertyName,value")?;
    writeln!(to, "manifest.version,1.0\noneroster.version,1.2")?;
    for file in ["orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments"]
    {
        writeln!(to, "file.{file},bulk")?;
    }
    begin(
        &mut to,
        "orgs.csv",
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    )?;
    for number in 0..schools {
        let code = school(number);
        writeln!(to, "{code},,,第{number}小学,school,{code},")?;
    }
    begin(
        &mut to,
        "academicSessions.csv",
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    )?;
    writeln!(to, "y,,,2026,schoolYear,2026-09-01,2027-07-10,,2027")?;
    begin(
        &mut to,
        "courses.csv",
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    )?;
    for number in 0..schools {
        let code = school(number);
        writeln!(to, "m-{code},,,y,数学,M,07,{code},数学,")?;
    }
    begin(
        &mut to,
        "classes.csv",
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    )?;
    for number in 0..pupils.div_ceil(CLASS) {
        let code = school(number * CLASS / SCHOOL);
        writeln!(to, "c{number},,,{number}班,07,m-{code},C{number},scheduled,,{code},y,数学,,")?;
    }
    begin(
        &mut to,
        "users.csv",
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns",
    )?;
    for number in 0..pupils {
        let code = school(number / SCHOOL);
        writeln!(to, "p{number},,,true,pupil.{number},,一{number},某,,,,,,,07,,,,,,,{code},")?;
    }
    begin(
        &mut to,
        "roles.csv",
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
    )?;
    for number in 0..pupils {
        writeln!(to, "r{number},,,p{number},primary,student,,,{},", school(number / SCHOOL))?;
    }
    begin(
        &mut to,
        "enrollments.csv",
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    )?;
    for number in 0..pupils {
        let (class, code) = (number / CLASS, school(number / SCHOOL));
        writeln!(to, "e{number},,,c{class},{code},p{number},student,false,,")?;
    }
    to.finish()?.flush()?;
    Ok(())
}
