-- From version 10 to version 11 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer: what the
-- collector could not read.
--
--     mysql census < mysql_schema_11.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privilege ALTER. No older version of census should be loading at the same time.

-- A JSON array of the files with the reasons: ["etc/shadow: Input/output error"]. It is [] if the collector
-- names its sources and none failed, and NULL if it does not name them, and for executions that were loaded
-- before. MySQL has no ADD COLUMN IF NOT EXISTS.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'executions'
  AND COLUMN_NAME = 'Unread_files';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Executions ADD COLUMN Unread_files MEDIUMTEXT');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if the column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 10), SUM(Version > 10) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 11
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Unread_files FROM Executions WHERE FALSE);
