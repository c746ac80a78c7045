//! What every verb needs at hand: the registry, the calendars, and the procedures that are in use.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use declarations::Fault;
use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use crate::calendar::Calendar;
use crate::procedure::{Files, Procedure, of_files};

/// The registry, the calendars and the procedures, read once and shared.
#[derive(Debug)]
pub struct Office {
    pub(crate) store: Store,
    calendars: BTreeMap<String, Calendar>,
    /// By version: what a version says never changes.
    shelf: Mutex<BTreeMap<String, Arc<Procedure>>>,
}

/// A procedure could not be published or read.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error("the procedure has {} faults; run `haihe procedure check`", .0.len())]
    Unsound(Vec<Fault>),

    #[error("there is no procedure `{0}`")]
    Unknown(String),

    #[error("there is no calendar `{0}`; add it to rules/calendars")]
    NoCalendar(String),

    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Office {
    pub fn new(store: Store, calendars: impl IntoIterator<Item = Calendar>) -> Self {
        let calendars = calendars.into_iter().map(|it| (it.name.clone(), it)).collect();
        Self { store, calendars, shelf: Mutex::default() }
    }

    /// The calendar of a procedure.
    pub fn calendar(&self, procedure: &Procedure) -> Result<&Calendar, OfficeError> {
        let name = &procedure.calendar;
        self.calendars.get(name).ok_or_else(|| OfficeError::NoCalendar(name.clone()))
    }

    /// Lets new cases begin with these files; cases that began earlier keep theirs.
    ///
    /// The same files again change nothing. Whether they are sound in their surroundings is for
    /// [`check`](crate::procedure::check::check) to say before.
    pub async fn publish(
        &self,
        name: &str,
        files: &Files,
        at: Timestamp,
    ) -> Result<Arc<Procedure>, OfficeError> {
        const ADD: &str = include_str!("office/add_version.sql");
        const PUT: &str = include_str!("office/put_procedure.sql");
        let publishing = || StoreError::doing("publish a procedure");

        let procedure = Arc::new(of_files(name, files).map_err(OfficeError::Unsound)?);
        self.calendar(&procedure)?;
        on_db!(self.store, pool => {
            let mut transaction = pool.begin_with(self.store.begin()).await.map_err(publishing())?;
            sqlx::query(ADD)
                .bind(&procedure.version)
                .bind(name)
                .bind(files.kept())
                .bind(at.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(publishing())?;
            sqlx::query(PUT)
                .bind(name)
                .bind(&procedure.version)
                .bind(at.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(publishing())?;
            transaction.commit().await.map_err(publishing())?;
        });
        self.keep(&procedure);
        Ok(procedure)
    }

    /// The procedures with which cases can begin, by name.
    pub async fn procedures(&self) -> Result<Vec<Arc<Procedure>>, OfficeError> {
        const READ: &str = include_str!("office/read_procedures.sql");

        let rows: Vec<(String,)> =
            on_db!(self.store, pool => sqlx::query_as(READ).fetch_all(pool).await)
                .map_err(StoreError::doing("read the procedures"))?;
        let mut found = Vec::with_capacity(rows.len());
        for (version,) in rows {
            found.push(self.version(&version).await?);
        }
        Ok(found)
    }

    /// The version of a procedure with which cases begin now.
    pub async fn current(&self, name: &str) -> Result<Arc<Procedure>, OfficeError> {
        const READ: &str = include_str!("office/read_current.sql");

        let version: Option<String> = on_db!(self.store, pool => {
            sqlx::query_scalar(READ).bind(name).fetch_optional(pool).await
        })
        .map_err(StoreError::doing("read a procedure"))?;
        match version {
            Some(version) => self.version(&version).await,
            None => Err(OfficeError::Unknown(name.to_owned())),
        }
    }

    /// A version of a procedure, in use or not.
    pub async fn version(&self, version: &str) -> Result<Arc<Procedure>, OfficeError> {
        const READ: &str = include_str!("office/read_version.sql");

        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner).get(version).cloned();
        if let Some(procedure) = shelf {
            return Ok(procedure);
        }
        let row: Option<(String, String)> = on_db!(self.store, pool => {
            sqlx::query_as(READ).bind(version).fetch_optional(pool).await
        })
        .map_err(StoreError::doing("read a procedure"))?;
        let (name, files) = row.ok_or_else(|| OfficeError::Unknown(version.to_owned()))?;
        let files = Files::from_kept(&files).map_err(StoreError::unreadable("files"))?;
        let procedure = Arc::new(of_files(&name, &files).map_err(OfficeError::Unsound)?);
        self.keep(&procedure);
        Ok(procedure)
    }

    fn keep(&self, procedure: &Arc<Procedure>) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.insert(procedure.version.clone(), Arc::clone(procedure));
    }
}
