INSERT INTO scim_members (scim_group, member, kind)
VALUES ($1, $2, $3)
