UPDATE grant_changes
SET number = number + 1
WHERE name = 'grants'
