//! Records: files of a growing number of pupils, spread over all districts and over two, imported into empty tables and
//! once more with every row changed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::process::run;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where the files and the data centres go; what is there is made anew.
    #[arg(long, default_value = "bench-records")]
    folder: PathBuf,
    /// A plan folder with the dataset `enrolments` and districts.
    #[arg(long)]
    plan: PathBuf,
    /// Rows of a file, several times.
    #[arg(long, default_values_t = [100_000, 1_000_000, 3_000_000])]
    rows: Vec<u64>,
}

/// Districts of the shapes, and schools of a district.
const SHAPES: [(&str, usize); 2] = [("all_districts", usize::MAX), ("two_districts", 2)];
const SCHOOLS: usize = 100;

pub(crate) fn measure(haihe: &Path, options: &Options) -> Result<serde_json::Value> {
    let districts = districts(&options.plan)?;
    let mut report = serde_json::Map::new();
    for rows in &options.rows {
        for (shape, most) in SHAPES {
            let folder = options.folder.join(format!("{rows}-{shape}"));
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            std::fs::create_dir_all(&folder)?;
            let place = folder.join("data").display().to_string();
            run(haihe, &["init", "--plan", &options.plan.display().to_string(), "--data", &place])?;
            let list = folder.join("schools.csv");
            write_schools(&list, &districts)?;
            run(
                haihe,
                &["import", "organisations", &list.display().to_string(), "--data", &place],
            )?;
            let districts: Vec<&str> = districts.iter().map(String::as_str).take(most).collect();
            let mut taken = serde_json::Map::new();
            for (what, class) in [("new", 1), ("replaced", 2), ("unchanged", 2)] {
                let file = folder.join("pupils.csv");
                write(&file, *rows, &districts, class)?;
                let file = file.display().to_string();
                let import = run(haihe, &["import", "enrolments", &file, "--data", &place])?;
                taken.insert(what.to_owned(), import.report());
            }
            report.insert(format!("{rows}_in_{shape}"), serde_json::Value::Object(taken));
            std::fs::remove_dir_all(&folder)?;
        }
    }
    Ok(serde_json::Value::Object(report))
}

/// The codes of the districts of a plan's list.
fn districts(plan: &Path) -> Result<Vec<String>> {
    let list = std::fs::read_to_string(plan.join("organisations.csv"))?;
    let rows = list.lines().map(|it| it.split(',').collect::<Vec<_>>());
    let is_district = |it: &Vec<&str>| it.get(3) == Some(&"district") && it.last() == Some(&"");
    let codes = rows.filter(is_district).filter_map(|it| it.first().map(|it| (*it).to_owned()));
    Ok(codes.collect())
}

fn school(district: &str, number: usize) -> String {
    format!("B{district}{number:03}")
}

/// The schools, as a list of organisations.
fn write_schools(path: &Path, districts: &[String]) -> Result<()> {
    let mut to = BufWriter::new(File::create(path)?);
    writeln!(to, "code,name_zh,name_en,level,kind,parent,valid_from")?;
    for district in districts {
        for number in 0..SCHOOLS {
            let code = school(district, number);
            writeln!(
                to,
                "{code},第{number}小学,School {number},school,primary,{district},2000-01-01"
            )?;
        }
    }
    Ok(to.flush()?)
}

/// Pupils of all schools by turns, so that nothing stands in the order that it is kept in.
fn write(path: &Path, rows: u64, districts: &[&str], class: u64) -> Result<()> {
    let schools: Vec<String> = districts
        .iter()
        .flat_map(|it| (0..SCHOOLS).map(move |number| school(it, number)))
        .collect();
    let mut to = BufWriter::new(File::create(path)?);
    writeln!(to, "school,year,pupil,stage,grade,class_number,sex,birth,migrant,boarding,arrival")?;
    for (row, school) in (0..rows).zip(schools.iter().cycle()) {
        let (number, day) = (row % 10_000, row / 10_000);
        let (day, month, year) = (day % 28 + 1, day / 28 % 12 + 1, 2012 + day / 336);
        let pupil = format!("L120101{year}{month:02}{day:02}{number:04}");
        let grade = row % 6 + 1;
        writeln!(to, "{school},2024,{pupil},primary,G{grade},{class},,,0,0,promoted")?;
    }
    Ok(to.flush()?)
}
