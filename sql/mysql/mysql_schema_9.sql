-- From version 8 to version 9 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer: executions
-- of another census database. The receipt of a file that was loaded into that one says through which
-- database it came here.
--
--     mysql census < mysql_schema_9.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privilege ALTER. No older version of census should be loading at the same time.

-- NULL if the file was loaded here. MySQL has no ADD COLUMN IF NOT EXISTS. The changes of a table are
-- made atomically.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'receipts'
  AND COLUMN_NAME = 'Database_Receipt_ID';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Receipts
     ADD COLUMN Database_Receipt_ID INT UNSIGNED,
     ADD KEY Receipts_by_database (Database_Receipt_ID),
     ADD FOREIGN KEY (Database_Receipt_ID) REFERENCES Receipts (Receipt_ID)
    ');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if the column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 8), SUM(Version > 8) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 9
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Database_Receipt_ID FROM Receipts WHERE FALSE);
