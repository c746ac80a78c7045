INSERT INTO scim_emails (account, position, value_key, type_key)
VALUES ($1, $2, $3, $4)
