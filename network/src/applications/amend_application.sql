UPDATE applications
SET
    name_zh = $2,
    name_en = $3,
    purpose_zh = $4,
    purpose_en = $5,
    owner_organisation = $6,
    owner_account = $7,
    home = $8,
    data = $9,
    services = $10,
    roles = $11,
    redirect_addresses = $12,
    logout_addresses = $13,
    notice_address = $14,
    authentication = $15,
    client_keys = $16,
    algorithm = $17,
    proof_required = $18,
    sector = $19,
    consent_asked = $20,
    offline = $21
WHERE
    code = $1
    AND ended_at IS NULL
