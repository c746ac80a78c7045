SELECT version
FROM procedures
ORDER BY name
