//! The engines, each in its best reasonable form.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Size;
use super::correction::{self, Correction};
use super::setting::Setting;

/// One way of getting the figures.
#[derive(Clone, Debug)]
pub(super) struct Engine {
    /// Short and without spaces: of its answers' file, and to choose it by.
    pub(super) name: String,
    pub(super) title: String,
    /// What it reads.
    pub(super) from: From,
    pub(super) program: OsString,
    pub(super) arguments: Vec<OsString>,
    /// The data centre whose kept states are removed before each run.
    pub(super) forgets: Option<PathBuf>,
    /// Whether it leaves figures; loading a database does not.
    pub(super) answers: bool,
    pub(super) is_ours: bool,
}

/// What an engine reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum From {
    /// The product's data files, by year and district.
    Partitioned,
    /// The same rows, one file a dataset.
    Whole,
    /// What it made of the rows before, which is not measured here.
    Prepared,
}

impl From {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Partitioned => "partitioned",
            Self::Whole => "whole",
            Self::Prepared => "prepared",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Partitioned => "files by year and district",
            Self::Whole => "one file a dataset",
            Self::Prepared => "prepared before",
        }
    }
}

const LAYOUTS: [From; 2] = [From::Partitioned, From::Whole];

/// Peers that answer within seconds.
const FAST: [(&str, &str); 3] = [("duckdb", "DuckDB"), ("polars", "Polars"), ("chdb", "chDB")];

/// Engines that need too much of the machine at the largest size; there they take part when they are named.
const HUNGRY: [&str; 2] = ["pandas", "postgres"];

/// All engines, ours first; `centre` has a plan of the twenty indicators.
pub(super) fn all(setting: &Setting, centre: &Path, named: &[String]) -> Vec<Engine> {
    let mut engines = both_of_ours(setting, centre, &twenty());
    for layout in LAYOUTS {
        for (name, title) in
            [("duckdb", "DuckDB"), ("polars", "Polars"), ("chdb", "chDB"), ("pandas", "pandas")]
        {
            engines.push(peer(setting, name, title, layout));
        }
    }
    engines.push(postgres(setting, "load", "PostgreSQL, loading", From::Whole));
    engines.push(postgres(setting, "query", "PostgreSQL, loaded before", From::Prepared));
    if setting.size == Size::L && named.is_empty() {
        engines.retain(|it| !HUNGRY.iter().any(|hungry| it.name.starts_with(hungry)));
    }
    engines
}

/// What answers within seconds, ours first: those of which it is told what they take from the disk.
pub(super) fn from_files(setting: &Setting, centre: &Path) -> Vec<Engine> {
    let mut engines = both_of_ours(setting, centre, &twenty());
    for layout in LAYOUTS {
        engines.extend(FAST.map(|(name, title)| peer(setting, name, title, layout)));
    }
    engines
}

/// What computes generated indicators beside the twenty, ours first; `centre` has a plan of all of them.
pub(super) fn with_more(setting: &Setting, centre: &Path, more: usize) -> Vec<Engine> {
    let mut engines = both_of_ours(setting, centre, "");
    for layout in LAYOUTS {
        for (name, title) in [("duckdb", "DuckDB"), ("polars", "Polars")] {
            let mut engine = peer(setting, name, title, layout);
            let python = std::mem::replace(&mut engine.program, "env".into());
            engine.arguments.splice(0..0, [format!("GOV1_MORE={more}").into(), python]);
            engines.push(engine);
        }
    }
    engines
}

/// What brings a correction to the figure of the city, ours first.
pub(super) fn for_correction(setting: &Setting, correction: &Correction) -> Vec<Engine> {
    let name = "haihe-correction";
    let (haihe, centre) = (quoted(&setting.haihe), quoted(&correction.centre));
    let out = out_of(setting, name);
    let (sheet, year) = (quoted(&correction.sheet), correction.year);
    let text = format!(
        "{haihe} import kindergartens {sheet} --data {centre} && {haihe} compute --data {centre} && \
         {haihe} figures --indicator {} --level city --year {year} --format csv --data {centre} > {out}",
        correction::INDICATOR,
    );
    let mut engines = vec![shell(name, "Haihe, import to figure", text)];
    for (name, title) in FAST {
        for layout in [From::Partitioned, From::Whole] {
            let mut engine = peer(setting, name, &format!("{title}, the year again"), layout);
            engine.arguments.push(year.to_string().into());
            engines.push(engine);
        }
    }
    engines
}

/// Six years on the boundaries of the end of one, ours first.
pub(super) fn for_boundaries(setting: &Setting, cut: u16) -> Vec<Engine> {
    let (haihe, centre) = (quoted(&setting.haihe), quoted(&setting.centre));
    let mut engines = Vec::new();
    for from_files in [true, false] {
        let name = format!("haihe-{}-on-{cut}", if from_files { "files" } else { "states" });
        let out = out_of(setting, &name);
        let export =
            format!("{haihe} export {out} --in-full --cut {cut} {} --data {centre}", twenty());
        let text = if from_files {
            format!("{haihe} compute --data {centre} && {export}")
        } else {
            export
        };
        let kept = if from_files { "" } else { ", states kept" };
        let mut engine = shell(&name, &format!("Haihe{kept}, boundaries of {cut}"), text);
        if from_files {
            engine.from = From::Partitioned;
            engine.forgets = Some(setting.centre.clone());
        }
        engines.push(engine);
    }
    for (name, title) in FAST {
        let title = format!("{title}, boundaries of {cut}");
        let mut engine = peer(setting, name, &title, From::Whole);
        engine.name = format!("{}-on-{cut}", engine.name);
        let out = setting.answers_of(&engine);
        engine.arguments = engine.arguments.into_iter().take(1).collect();
        engine.arguments.extend([setting.files_on_cut(cut).into(), "whole".into(), out.into()]);
        engines.push(engine);
    }
    engines
}

/// Our own program, by a line of the shell that leaves its answers where they are looked for.
pub(super) fn shell(name: &str, title: &str, text: String) -> Engine {
    Engine {
        name: name.to_owned(),
        title: title.to_owned(),
        from: From::Prepared,
        program: "sh".into(),
        arguments: vec!["-c".into(), text.into()],
        forgets: None,
        answers: true,
        is_ours: true,
    }
}

/// Where an engine of ours leaves its answers, as a word of the shell.
pub(super) fn out_of(setting: &Setting, name: &str) -> String {
    quoted(&setting.scratch.join(format!("{name}.csv")))
}

/// From the files, and from kept states.
fn both_of_ours(setting: &Setting, centre: &Path, which: &str) -> Vec<Engine> {
    Vec::from([true, false].map(|from_files| ours(setting, centre, from_files, which)))
}

/// States of all facts and then the figures, or the figures of states that are there.
fn ours(setting: &Setting, centre: &Path, from_files: bool, which: &str) -> Engine {
    let name = if from_files { "haihe-files" } else { "haihe-states" };
    let (haihe, out) = (quoted(&setting.haihe), out_of(setting, name));
    let place = quoted(centre);
    let export = format!("{haihe} export {out} --in-full {which} --data {place}");
    if !from_files {
        return shell(name, "Haihe, states kept", export);
    }
    let text = format!("{haihe} compute --data {place} && {export}");
    let forgets = Some(centre.to_owned());
    Engine { from: From::Partitioned, forgets, ..shell(name, "Haihe", text) }
}

/// The indicators of the plan's table, as words of the shell.
fn twenty() -> String {
    let twenty: Vec<String> = (1..=20).map(|it| format!("--indicator IND-{it:02}")).collect();
    twenty.join(" ")
}

fn peer(setting: &Setting, name: &str, title: &str, from: From) -> Engine {
    let script = setting.scripts.join("peers").join(format!("with_{name}.py"));
    let name = format!("{name}-{}", from.as_str());
    let out = setting.scratch.join(format!("{name}.csv"));
    Engine {
        name,
        title: title.to_owned(),
        from,
        program: setting.python.clone().into(),
        arguments: vec![
            script.into(),
            setting.files.clone().into(),
            from.as_str().into(),
            out.into(),
        ],
        forgets: None,
        answers: true,
        is_ours: false,
    }
}

fn postgres(setting: &Setting, phase: &str, title: &str, from: From) -> Engine {
    let name = format!("postgres-{phase}");
    let answers = phase == "query";
    let last =
        if answers { setting.scratch.join(format!("{name}.csv")) } else { setting.files.clone() };
    Engine {
        name,
        title: title.to_owned(),
        from,
        program: setting.python.clone().into(),
        arguments: vec![
            setting.scripts.join("peers").join("with_postgres.py").into(),
            phase.into(),
            last.into(),
        ],
        forgets: None,
        answers,
        is_ours: false,
    }
}

/// A path as one word of a shell.
pub(super) fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::quoted;

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(quoted(Path::new("a b")), "'a b'");
        assert_eq!(quoted(Path::new("it's")), r"'it'\''s'");
    }
}
