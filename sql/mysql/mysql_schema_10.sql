-- From version 9 to version 10 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer: what shows
-- that a file is of the host that it names, and unchanged.
--
--     mysql census < mysql_schema_10.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privilege ALTER. No older version of census should be loading at the same time.

-- NULL for files that were loaded before. MySQL has no ADD COLUMN IF NOT EXISTS. The changes of a table
-- are made atomically.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'receipts' AND COLUMN_NAME = 'Signature';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Receipts
     -- unsigned, signed, valid, wrong_key, unknown_host or revoked; NULL also: not read
     ADD COLUMN Signature        VARCHAR(20),
     ADD COLUMN Signer_Key       MEDIUMTEXT,  -- ssh-ed25519 SHA256:…
     ADD COLUMN Signer_Principal MEDIUMTEXT,  -- the name under which known_hosts has the key
     ADD COLUMN Encryption       MEDIUMTEXT,  -- age, and the kinds of recipients; NULL: none
     ADD COLUMN Custody          MEDIUMTEXT,  -- the line of a custody log; NULL: no log
     ADD COLUMN Manifest         VARCHAR(20)  -- listed, changed or extra; NULL: no manifest
    ');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if the column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 9), SUM(Version > 9) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 10
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Signature FROM Receipts WHERE FALSE);
