INSERT INTO case_drafts (case_id, account, form, saved_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (case_id, account) DO UPDATE
SET
    form = excluded.form,
    saved_at = excluded.saved_at
