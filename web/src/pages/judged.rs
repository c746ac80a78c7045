//! A status as readers see it: a shape and a word, and no judgement where no target binds.

use model::target::Judgement;

use crate::charts::mark::Mark;
use crate::text::Text;

/// A status, ready to be read.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    /// For style sheets and tests: `met` … `no_data`, or `not_compared`.
    pub(crate) key: &'static str,
    pub(crate) mark: Option<Mark>,
    pub(crate) word: String,
}

impl Judged {
    /// `None` where no target binds the organisation: its figure is shown and not compared.
    pub(crate) fn new(t: Text, judgement: Option<Judgement>) -> Self {
        match judgement {
            Some(Judgement { status, .. }) => {
                Self { key: status.as_str(), mark: Some(Mark::new(status)), word: t.status(status) }
            }
            None => Self { key: "not_compared", mark: None, word: t.get("status-not_compared") },
        }
    }

    /// The drawn shape; nothing where nothing is compared.
    pub(crate) fn shape(&self) -> String {
        self.mark.map_or_else(String::new, |it| it.to_string())
    }
}
