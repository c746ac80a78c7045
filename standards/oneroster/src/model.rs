//! The rostering model of OneRoster 1.2, as its CSV files hold it.

use jiff::Timestamp;

use crate::cell::Cell;
use crate::package::File;

mod classes;
mod orgs;
mod people;

pub use self::classes::{
    AcademicSession, Class, ClassKind, Course, Enrollment, EnrollmentRole, SessionKind,
};
pub use self::orgs::{Org, OrgKind};
pub use self::people::{Demographics, Role, RoleKind, Sex, User, UserRole};

/// Whether an object is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Active,
    /// To be forgotten by whoever received it.
    ToBeDeleted,
}

impl Status {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ToBeDeleted => "tobedeleted",
        }
    }
}

impl Cell for Status {
    fn read(text: &str) -> Result<Self, &'static str> {
        match text {
            "active" => Ok(Self::Active),
            "tobedeleted" => Ok(Self::ToBeDeleted),
            _ => Err("active or tobedeleted"),
        }
    }

    fn write(&self) -> String {
        self.as_str().to_owned()
    }
}

/// A cell that does not hold what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub column: &'static str,
    pub expected: &'static str,
}

/// An object of the model: one row of one kind of file.
pub trait Entity: Sized {
    const FILE: File;
    /// In the order of the standard.
    const COLUMNS: &'static [&'static str];

    /// Reads a row; `cell` gives the text under a column's name, empty when there is none.
    fn read<'a>(cell: impl Fn(&'static str) -> &'a str) -> Result<Self, Vec<Fault>>;

    /// Cells in the order of the columns.
    fn cells(&self) -> Vec<String>;

    /// An id that never changes and is never used again.
    fn sourced_id(&self) -> &str;
    fn status(&self) -> Status;
    fn modified_at(&self) -> Option<Timestamp>;
}

/// Declares an object: its file, and for each column its type.
macro_rules! entity {
    ($(#[$doc:meta])* $name:ident in $file:ident {
        $($(#[$field_doc:meta])* $field:ident: $kind:ty => $column:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            pub sourced_id: String,
            pub status: $crate::model::Status,
            pub modified_at: Option<jiff::Timestamp>,
            $($(#[$field_doc])* pub $field: $kind,)+
        }

        impl $crate::model::Entity for $name {
            const FILE: $crate::package::File = $crate::package::File::$file;
            const COLUMNS: &'static [&'static str] =
                &["sourcedId", "status", "dateLastModified", $($column),+];

            fn read<'a>(
                cell: impl Fn(&'static str) -> &'a str,
            ) -> Result<Self, Vec<$crate::model::Fault>> {
                let mut faults = Vec::new();
                let sourced_id = $crate::model::cell("sourcedId", &cell, &mut faults);
                let status: Option<Option<$crate::model::Status>> =
                    $crate::model::cell("status", &cell, &mut faults);
                let modified_at = $crate::model::cell("dateLastModified", &cell, &mut faults);
                $(let $field = $crate::model::cell::<$kind>($column, &cell, &mut faults);)+
                let read = (|| Some(Self {
                    sourced_id: sourced_id?,
                    status: status?.unwrap_or($crate::model::Status::Active),
                    modified_at: modified_at?,
                    $($field: $field?,)+
                }))();
                read.ok_or(faults)
            }

            fn cells(&self) -> Vec<String> {
                use $crate::cell::Cell;
                vec![
                    self.sourced_id.clone(),
                    self.status.write(),
                    self.modified_at.write(),
                    $(self.$field.write(),)+
                ]
            }

            fn sourced_id(&self) -> &str {
                &self.sourced_id
            }

            fn status(&self) -> $crate::model::Status {
                self.status
            }

            fn modified_at(&self) -> Option<jiff::Timestamp> {
                self.modified_at
            }
        }
    };
}
use entity;

/// Reads one cell; what is wrong with it is noted.
fn cell<'a, T: Cell>(
    column: &'static str,
    cell: &impl Fn(&'static str) -> &'a str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    match T::read(cell(column)) {
        Ok(value) => Some(value),
        Err(expected) => {
            faults.push(Fault { column, expected });
            None
        }
    }
}
