//! Single rows of a case, as a change or a beginning writes them, each inside the async block of another macro.

/// Takes away all rows of a kind that a case has.
macro_rules! clear {
    ($transaction:expr, $id:expr, $file:literal) => {
        sqlx::query(include_str!($file)).bind($id).execute(&mut *$transaction).await?;
    };
}
pub(crate) use clear;

/// Adds a state that a case is in.
macro_rules! add_state {
    ($transaction:expr, $id:expr, $state:expr, $entered_at:expr) => {
        sqlx::query(include_str!("sql/add_state.sql"))
            .bind($id)
            .bind($state)
            .bind($entered_at.as_microsecond())
            .execute(&mut *$transaction)
            .await?;
    };
}
pub(crate) use add_state;

/// Adds an organisation that a case concerns.
macro_rules! add_organisation {
    ($transaction:expr, $id:expr, $field:expr, $code:expr) => {
        sqlx::query(include_str!("sql/add_organisation.sql"))
            .bind($id)
            .bind($field)
            .bind($code)
            .execute(&mut *$transaction)
            .await?;
    };
}
pub(crate) use add_organisation;

/// Gives a role of a case to an account with a step.
macro_rules! add_assignment {
    ($transaction:expr, $id:expr, $role:expr, $account:expr, $step:expr) => {
        let step: &$crate::cases::entry::Step = $step;
        sqlx::query(include_str!("sql/add_assignment.sql"))
            .bind($id)
            .bind($role)
            .bind($account.to_string())
            .bind(step.actor.map(|it| it.to_string()))
            .bind(step.at.as_microsecond())
            .execute(&mut *$transaction)
            .await?;
    };
}
pub(crate) use add_assignment;

/// Adds an entry to a case's history.
macro_rules! add_step {
    ($transaction:expr, $id:expr, $step:expr) => {
        let step: &$crate::cases::entry::Step = $step;
        sqlx::query(include_str!("sql/add_step.sql"))
            .bind($id)
            .bind(step.sequence)
            .bind(&step.kind)
            .bind(&step.name)
            .bind(step.actor.map(|it| it.to_string()))
            .bind(&step.role)
            .bind(step.at.as_microsecond())
            .bind($crate::cases::entry::joined(&step.from))
            .bind($crate::cases::entry::joined(&step.to))
            .bind(&step.change)
            .bind(&step.kept)
            .bind(&step.note)
            .bind(&step.form_hash)
            .bind(&step.previous_hash)
            .bind(&step.hash)
            .execute(&mut *$transaction)
            .await?;
    };
}
pub(crate) use add_step;

/// Puts a time limit.
macro_rules! put_deadline {
    ($transaction:expr, $id:expr, $running:expr) => {
        let running: &$crate::cases::standing::Running = $running;
        sqlx::query(include_str!("sql/put_deadline.sql"))
            .bind($id)
            .bind(&running.name)
            .bind(running.started_at.as_microsecond())
            .bind(running.due_at.as_microsecond())
            .bind(running.due_on.to_string())
            .bind(i64::from(running.is_estimated))
            .bind($crate::cases::rows::kept(running.next_at))
            .bind(i64::from(running.reminders))
            .bind(running.overdue_at.map(|it| it.as_microsecond()))
            .bind(running.closed_at.map(|it| it.as_microsecond()))
            .execute(&mut *$transaction)
            .await?;
    };
}
pub(crate) use put_deadline;

/// Adds a task.
macro_rules! add_task {
    ($transaction:expr, $id:expr, $task:expr) => {
        let task = $task;
        sqlx::query(include_str!("sql/add_task.sql"))
            .bind($id)
            .bind(&task.role)
            .bind(&task.grant)
            .bind(&task.code)
            .bind(&task.account)
            .bind(task.depth)
            .execute(&mut *$transaction)
            .await?;
    };
}
pub(crate) use add_task;
