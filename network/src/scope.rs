//! Which part of the organisations, and what of their persons, somebody may see for one permission.
//!
//! Every query that lists or reads what belongs to an organisation joins `organisation_paths` under the name `scope`,
//! says `scope.path >= $M AND scope.path < $N` with its last two values, and is run like this:
//!
//! ```text
//! let query = sqlx::query_as(scope.sql(SQL)?).bind(one).bind(another);
//! let rows = scope::within!(scope, query).fetch_all(pool).await…
//! ```
//!
//! **Invariant:** a scope of nothing sees nothing, and a query that forgets its scope is not run.

use sqlx::AssertSqlSafe;
use store::StoreError;

use crate::roles::{FieldMask, PersonalField, Reach};
pub use crate::within_scope as within;

/// Paths from one up to before another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathRange {
    from: String,
    until: String,
}

impl PathRange {
    /// The organisation at a path, alone or with all that stands below it.
    pub fn of(path: &str, reach: Reach) -> Self {
        let until = match reach {
            // `0` follows `/`.
            Reach::Subtree => format!("{}0", path.strip_suffix('/').unwrap_or(path)),
            // Whatever stands below begins with the path and a character that is not before `0`.
            Reach::Alone => format!("{path}0"),
        };
        Self { from: path.to_owned(), until }
    }

    pub fn from(&self) -> &str {
        &self.from
    }

    pub fn until(&self) -> &str {
        &self.until
    }

    pub fn holds(&self, path: &str) -> bool {
        self.from.as_str() <= path && path < self.until.as_str()
    }

    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }
}

/// What somebody may see for one permission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// One for each grant.
    parts: Vec<(PathRange, FieldMask)>,
    /// The same, sorted and joined.
    ranges: Vec<PathRange>,
}

impl Scope {
    /// Sees nothing.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Sees all organisations and everything of their persons: for the program itself, never for a request.
    pub fn everything() -> Self {
        let all = PathRange { from: "/".to_owned(), until: "0".to_owned() };
        Self::of([(all, PersonalField::ALL.iter().copied().collect())])
    }

    /// Sees each range, and of the persons there what its mask shows.
    pub fn of(parts: impl IntoIterator<Item = (PathRange, FieldMask)>) -> Self {
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort();
        parts.dedup();
        let ranges = joined(parts.iter().map(|it| &it.0));
        Self { parts, ranges }
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The ranges, sorted, none touching another.
    pub fn ranges(&self) -> &[PathRange] {
        &self.ranges
    }

    pub fn holds(&self, path: &str) -> bool {
        self.ranges.iter().any(|it| it.holds(path))
    }

    /// Whether all of a range is seen.
    pub fn covers(&self, range: &PathRange) -> bool {
        self.ranges.iter().any(|it| it.covers(range))
    }

    /// Whether a class of personal data is seen in all of a range.
    pub fn shows(&self, field: PersonalField, range: &PathRange) -> bool {
        let shown = self.parts.iter().filter(|it| it.1.shows(field)).map(|it| &it.0);
        joined(shown).iter().any(|it| it.covers(range))
    }

    /// What may be seen of the persons of the organisation at a path.
    pub fn fields_at(&self, path: &str) -> FieldMask {
        let here = self.parts.iter().filter(|it| it.0.holds(path));
        here.fold(FieldMask::default(), |mask, it| mask.union(&it.1))
    }

    /// What may be seen of persons wherever the scope sees any.
    pub fn fields(&self) -> FieldMask {
        let mut masks = self.parts.iter().map(|it| &it.1);
        let first = masks.next().cloned().unwrap_or_default();
        masks.fold(first, |mask, it| mask.intersection(it))
    }

    /// A query's text, widened to all ranges; see [`store::scoped`].
    ///
    /// # Errors
    /// When the text does not say whose part it sees.
    pub fn sql(&self, text: &str) -> Result<AssertSqlSafe<String>, StoreError> {
        store::scoped(text, self.ranges.len())
    }
}

/// Sorted, and those that touch or overlap joined.
fn joined<'a>(ranges: impl Iterator<Item = &'a PathRange>) -> Vec<PathRange> {
    let mut sorted: Vec<&PathRange> = ranges.collect();
    sorted.sort();
    let mut joined: Vec<PathRange> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match joined.last_mut() {
            Some(last) if range.from <= last.until => {
                if range.until > last.until {
                    last.until.clone_from(&range.until);
                }
            }
            _ => joined.push(range.clone()),
        }
    }
    joined
}

/// Binds a scope's ranges to a query of its text, after all other values.
#[macro_export]
macro_rules! within_scope {
    ($scope:expr, $query:expr) => {{
        let mut query = $query;
        for range in $scope.ranges() {
            query = query.bind(range.from()).bind(range.until());
        }
        query
    }};
}

#[cfg(test)]
mod tests;
