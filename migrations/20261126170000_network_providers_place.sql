-- Where an identity provider belongs: whoever looks after accounts there reviews who asks to be let in. No code: to the
-- whole.
ALTER TABLE outside_providers ADD COLUMN organisation TEXT;
