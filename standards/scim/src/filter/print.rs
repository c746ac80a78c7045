//! Writing a filter so that reading it gives the same filter.

use std::fmt;

use super::Filter;

pub(super) fn filter(filter: &Filter, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match filter {
        Filter::Or(filters) => joined(filters, " or ", f, |_| false),
        Filter::And(filters) => joined(filters, " and ", f, |it| matches!(it, Filter::Or(_))),
        Filter::Not(inner) => write!(f, "not ({inner})"),
        Filter::Present(path) => write!(f, "{path} pr"),
        Filter::Compare { path, by, with } => {
            write!(f, "{path} {} {}", by.as_str(), with.value())
        }
        Filter::Has { path, like } => write!(f, "{path}[{like}]"),
    }
}

fn joined(
    filters: &[Filter],
    word: &str,
    f: &mut fmt::Formatter<'_>,
    in_brackets: impl Fn(&Filter) -> bool,
) -> fmt::Result {
    for (at, filter) in filters.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        if in_brackets(filter) {
            write!(f, "({filter})")?;
        } else {
            write!(f, "{filter}")?;
        }
    }
    Ok(())
}
