-- Few accounts are closed, and whoever looks what is to be deleted asks for those.
CREATE INDEX accounts_by_closing ON accounts (closed_at)
WHERE closed_at IS NOT NULL;
