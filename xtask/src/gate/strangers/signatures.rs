//! Signed letters, judged by poppler's `pdfsig` and by pyHanko: valid as they are, invalid with one byte changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::super::browser::need_chinese_font;
use crate::project::{cargo, command, output, root, run, target};
use crate::tools;

/// How many places of the file are changed, one at a time.
const PLACES: usize = 48;
/// What stands right before the signature, which does not cover itself.
const BEFORE: &[u8] = b"/Contents <";

pub(super) fn judge() -> anyhow::Result<()> {
    let present = || ["pdfsig", "certutil"].iter().all(|it| tools::find(it).is_some());
    tools::from_debian(&["poppler-utils", "libnss3-tools"], present)?;
    let python = tools::python_with(&[("pyhanko", "0.38.0")])?;
    need_chinese_font()?;

    // For the whole workspace, like the tests, so that nothing is built twice.
    run(cargo().args(["build", "--release", "--locked", "--workspace", "--example", "specimen"]))?;
    let specimen = target()?.join("release/examples/specimen");
    let folder = tempfile::Builder::new().prefix("haihe-signatures-").tempdir()?;
    let folder = folder.path();
    let now = output(command("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]))?;
    run(command(specimen).arg(folder).arg(now.trim()))?;

    let mut files = vec![folder.join("receipt.zh.pdf")];
    files.extend(changed(folder, &fs::read(folder.join("receipt.zh.pdf"))?)?);
    let by_pdfsig = pdfsig(folder, &files)?;
    let by_pyhanko = pyhanko(&python, folder, &files)?;
    for (stranger, verdicts) in [("pdfsig", by_pdfsig), ("pyhanko", by_pyhanko)] {
        let valid: Vec<_> = files.iter().zip(&verdicts).filter(|it| *it.1).map(|it| it.0).collect();
        ensure!(verdicts.len() == files.len(), "{stranger} judged {} files", verdicts.len());
        ensure!(
            verdicts.first() == Some(&true),
            "{stranger} does not take a signed letter for valid"
        );
        ensure!(valid.len() == 1, "{stranger} takes changed letters for valid: {valid:?}");
        println!(
            "  {stranger}: valid as signed, invalid with a byte changed in any of {PLACES} places"
        );
    }
    Ok(())
}

/// Copies of a file with one byte changed, at places spread over all that is signed.
fn changed(folder: &Path, file: &[u8]) -> anyhow::Result<Vec<PathBuf>> {
    let at = file.windows(BEFORE.len()).rposition(|it| it == BEFORE);
    let begin = at.context("the specimen bears no signature")? + BEFORE.len();
    let rest = file.get(begin..).unwrap_or_default();
    let end = begin + rest.iter().position(|it| *it == b'>').context("an endless signature")?;
    let signed: Vec<usize> = (0..begin).chain(end..file.len()).collect();
    let mut paths = Vec::new();
    for at in signed.iter().step_by(signed.len().div_ceil(PLACES)) {
        let mut copy = file.to_vec();
        if let Some(byte) = copy.get_mut(*at) {
            *byte ^= 1;
        }
        let path = folder.join(format!("changed-{at}.pdf"));
        fs::write(&path, copy)?;
        paths.push(path);
    }
    Ok(paths)
}

/// Poppler, which trusts what is in a database of certificates.
fn pdfsig(folder: &Path, files: &[PathBuf]) -> anyhow::Result<Vec<bool>> {
    let trusted = folder.join("trusted");
    fs::create_dir(&trusted)?;
    let database = format!("sql:{}", trusted.display());
    run(command("certutil").args(["-N", "--empty-password", "-d", &database]))?;
    let root = folder.join("root.pem");
    run(command("certutil")
        .args(["-A", "-n", "root", "-t", "C,C,C", "-d", &database, "-i"])
        .arg(root))?;
    let mut verdicts = Vec::new();
    for file in files {
        let said = command("pdfsig").args(["-nssdir", &database]).arg(file).output()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let needed = ["Signature is Valid.", "Certificate is Trusted.", "Total document signed"];
        verdicts.push(needed.iter().all(|it| said.contains(it)));
    }
    Ok(verdicts)
}

fn pyhanko(python: &Path, folder: &Path, files: &[PathBuf]) -> anyhow::Result<Vec<bool>> {
    let script = root().join("xtask/src/gate/strangers/signatures.py");
    let root = folder.join("root.pem");
    let said = output(command(python).arg(script).arg(root).args(files))?;
    Ok(said.lines().map(|it| it == "valid").collect())
}
