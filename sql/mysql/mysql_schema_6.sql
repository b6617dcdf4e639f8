-- From version 5 to version 6 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer.
--
--     mysql census < mysql_schema_6.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privilege ALTER. No older version of census should be loading at the same time.

-- The package that the program of a listening port is a file of; NULL if of none, or unknown. Rows of
-- older versions keep their digests, which are of the columns before it. MySQL has no ADD COLUMN IF
-- NOT EXISTS.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'listening_ports'
  AND COLUMN_NAME = 'Package_Name';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Listening_ports ADD COLUMN Package_Name VARCHAR(380)');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if the column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 5), SUM(Version > 5) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 6
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Package_Name FROM Listening_ports WHERE FALSE);
