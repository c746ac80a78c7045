SELECT dataset
FROM record_token_datasets
WHERE token = $1
