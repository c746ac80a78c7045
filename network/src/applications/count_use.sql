INSERT INTO application_uses (application, used_on, uses)
VALUES ($1, $2, 1)
ON CONFLICT (application, used_on) DO UPDATE SET uses = application_uses.uses + 1
