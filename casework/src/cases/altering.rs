//! A change of a case: decided by what the transaction sees, and written in it.

use jiff::Timestamp;
use model::Entropy;
use network::audit::Entry;
use store::{StoreError, on_db};

use super::decide::{Deciding, Effects};
use super::standing::Standing;
use super::stepping::procedure_of;
use super::{CaseError, CaseId, Refusal};
use crate::form::Values;
use crate::office::Office;

/// A change of one case: locked, decided, written, and told to the audit log, in one transaction.
pub(crate) struct Altering<'a> {
    pub(crate) office: &'a Office,
    pub(crate) id: CaseId,
    /// Fields that are to change, for the organisations they name.
    pub(crate) change: &'a Values,
    pub(crate) seed: [u8; 32],
    pub(crate) entry: Entry,
    pub(crate) at: Timestamp,
}

impl Altering<'_> {
    /// Decides with `decide` and writes what it gives; `None` changes nothing.
    pub(crate) async fn run(
        self,
        entropy: &mut dyn Entropy,
        decide: impl FnOnce(&Deciding<'_>) -> Result<Option<Effects>, Refusal>,
    ) -> Result<Standing, CaseError> {
        let changing = || StoreError::doing("change a case");

        let office = self.office;
        let procedure = procedure_of(office, self.id).await?.ok_or(Refusal::Unknown)?;
        on_db!(office.store, pool => {
            let mut transaction = pool.begin_with(office.store.begin()).await.map_err(changing())?;
            let (case, is_changed) = altered!(transaction, self, &procedure, entropy, decide)?;
            if is_changed {
                transaction.commit().await.map_err(changing())?;
            }
            Ok(case)
        })
    }
}

/// Makes a change within a transaction: the case as it stands then, and whether anything was changed. Without a change,
/// and after a refusal, nothing may be committed. A macro, as it is typed for either database.
macro_rules! altered {
    ($transaction:expr, $altering:expr, $procedure:expr, $entropy:expr, $decide:expr) => {
        async {
            let altering: $crate::cases::altering::Altering<'_> = $altering;
            let procedure: &$crate::procedure::Procedure = $procedure;
            let changing = || ::store::StoreError::doing("change a case");
            let calendar = altering.office.calendar(procedure)?;
            let id = altering.id.to_string();
            let raw = $crate::cases::rows::lock!($transaction, &id).map_err(changing())?;
            let raw = raw.ok_or($crate::cases::Refusal::Unknown)?;
            let mut case = raw.typed(altering.id)?;
            if case.version != procedure.version {
                return Err($crate::cases::Refusal::Stale.into());
            }
            let left = $crate::cases::rows::quota!($transaction, procedure, &case.form);
            case.quota_left = left.map_err(changing())?;
            let known = $crate::cases::altering::known!($transaction, &id, procedure, &altering);
            let known = known.map_err(changing())?;
            let at = altering.at;
            let deciding = $crate::cases::decide::Deciding {
                procedure,
                calendar,
                case: &case,
                known: &known,
                at,
            };
            let Some(effects) = $decide(&deciding)? else { return Ok((case, false)) };
            let change =
                $crate::cases::writing::Change::new(procedure, effects, at, &mut *$entropy);
            let refusal = $crate::cases::writing::put!($transaction, &change);
            if let Some(refusal) = refusal.map_err(changing())? {
                return Err(refusal.into());
            }
            let entry = altering.entry.at(&case.organisation);
            ::network::audit::append!($transaction, entry, at).map_err(changing())?;
            Ok::<_, $crate::cases::CaseError>((change.after, true))
        }
        .await
    };
}
pub(crate) use altered;

/// Reads what a change of a case has to know beside it.
macro_rules! known {
    ($transaction:expr, $id:expr, $procedure:expr, $altering:expr) => {
        async {
            let altering: &$crate::cases::altering::Altering<'_> = $altering;
            let seed: Option<(String, String, i64)> =
                sqlx::query_as(include_str!("sql/read_seed.sql"))
                    .bind($id)
                    .fetch_optional(&mut *$transaction)
                    .await?;
            let seed = seed.map(|(text, commitment, _)| $crate::cases::draws::Seed {
                text,
                commitment: Some(commitment),
            });
            let files: Vec<String> = sqlx::query_scalar(include_str!("sql/read_files.sql"))
                .bind($id)
                .fetch_all(&mut *$transaction)
                .await?;
            let mut known = $crate::cases::decide::Known {
                paths: std::collections::BTreeMap::new(),
                files: files.into_iter().collect(),
                seed,
                chance: altering.seed,
            };
            for code in $crate::cases::stepping::codes($procedure, altering.change) {
                let path: Option<String> = sqlx::query_scalar(include_str!("sql/read_path.sql"))
                    .bind(&code)
                    .fetch_optional(&mut *$transaction)
                    .await?;
                known.paths.extend(path.map(|it| (code, it)));
            }
            Ok::<_, sqlx::Error>(known)
        }
        .await
    };
}
pub(crate) use known;
