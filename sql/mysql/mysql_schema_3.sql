-- From version 2 to version 3 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer.
--
--     mysql census < mysql_schema_3.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privilege ALTER. No older version of census should be loading at the same time.

-- Whether the collector had the rights of an administrator of Windows; NULL if unknown, or on
-- another system. MySQL has no ADD COLUMN IF NOT EXISTS.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'executions'
  AND COLUMN_NAME = 'Collector_elevated';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Executions ADD COLUMN Collector_elevated BOOLEAN');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if the column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 2), SUM(Version > 2) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 3
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Collector_elevated FROM Executions WHERE FALSE);
