INSERT INTO record_token_datasets (token, dataset)
VALUES ($1, $2)
