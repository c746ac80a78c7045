//! Progress bars on the terminal, for everything that may take more than a second.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is not drawn where nobody looks: in a pipe, in a log.
#[derive(Clone, Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Counts rows up to `total`.
    pub(crate) fn rows(what: &str, total: u64) -> Self {
        Self::styled(
            what,
            total,
            "{msg:<22} {wide_bar:.cyan} {human_pos} / {human_len} rows  {elapsed}",
        )
    }

    /// Counts files up to `total`.
    pub(crate) fn files(what: &str, total: usize) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        Self::styled(
            what,
            total,
            "{msg:<22} {wide_bar:.cyan} {human_pos} / {human_len} files  {elapsed}",
        )
    }

    fn styled(what: &str, total: u64, style: &str) -> Self {
        let bar = ProgressBar::new(total);
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    pub(crate) fn add(&self, more: u64) {
        self.0.inc(more);
    }

    pub(crate) fn set(&self, position: u64) {
        self.0.set_position(position);
    }

    pub(crate) fn set_total(&self, total: u64) {
        self.0.set_length(total);
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
