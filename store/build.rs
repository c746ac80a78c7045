//! `sqlx::migrate!` reads the folder at compile time: a new file must bring a new build.

fn main() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");
    println!("cargo:rerun-if-changed={folder}");
}
