//! Lists the migrations for the program to carry: version, what it says, SQL.
//!
//! `sqlx::migrate!` would do the same, and have the drivers of both databases, SQLite itself with them, compiled a second
//! time for the macro.

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script of its folders this way")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../migrations");
    println!("cargo:rerun-if-changed={}", folder.display());
    // Another checkout may share what was built.
    println!("cargo:rerun-if-env-changed=CARGO_MANIFEST_DIR");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|it| it.map(|it| it.path())).collect::<Result<_, _>>()?;
    files.sort();
    let mut list = String::from("[\n");
    for file in files {
        let name = file.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        let (version, says) =
            name.split_once('_').ok_or_else(|| format!("{name} is not VERSION_NAME.sql"))?;
        let version: i64 = version.parse()?;
        let says = says.replace('_', " ");
        writeln!(
            list,
            "    ({version}, {says:?}, include_str!({:?})),",
            file.display().to_string()
        )?;
    }
    list.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("migrations.rs"), list)?;
    Ok(())
}
