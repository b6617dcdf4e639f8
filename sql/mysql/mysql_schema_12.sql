-- From version 11 to version 12 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer: why a file
-- was rejected, as a value; and the manifest that it was compared with.
--
--     mysql census < mysql_schema_12.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privilege ALTER. No older version of census should be loading at the same time.

-- MySQL has no ADD COLUMN IF NOT EXISTS. The changes of a table are made atomically.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'receipts' AND COLUMN_NAME = 'Cause';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Receipts
     -- custody_digest: the custody log beside the file has its name with another SHA-256
     -- custody_signature: the log has it as signed, and there is no signature or one by another key
     -- missing_files: of a log, files that it has were not there
     -- other_content: a snapshot of the file is in the database with other content
     -- retracted: one of its snapshots was retracted, and there are no others to load
     -- NULL: all other causes
     ADD COLUMN Cause             VARCHAR(20),
     -- NULL without a manifest, and for files that were loaded before
     ADD COLUMN Manifest_SHA256   VARCHAR(64),
     ADD COLUMN Manifest_Case     MEDIUMTEXT,  -- NULL: it does not say
     ADD COLUMN Manifest_Examiner MEDIUMTEXT,  -- NULL: it does not say
     ADD COLUMN Manifest_Signer   MEDIUMTEXT   -- a key, and what is known of it; NULL: not signed
    ');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

SELECT SUM(Version = 11), SUM(Version > 11) INTO @census_previous, @census_newer FROM Census_schema;

-- Older versions have no cause but in words.
UPDATE Receipts
SET Cause = CASE
        WHEN Reason LIKE '%:% has this file with another SHA-256: it was replaced or changed'
            THEN 'custody_digest'
        WHEN Reason LIKE '%:% has this file as signed by %, and no signature is beside it: it was removed'
          OR Reason LIKE '%:% has this file as signed by %, and the signature beside it is by another key'
            THEN 'custody_signature'
        WHEN Reason LIKE '%not among these files' AND Custody LIKE 'custody log%'
            THEN 'missing_files'
        WHEN Reason LIKE 'snapshot % is in the database with other content'
            THEN 'other_content'
        WHEN Reason LIKE 'snapshot % was retracted on %' AND Reason NOT LIKE '% not loaded'
            THEN 'retracted'
    END
WHERE Verdict = 'rejected' AND @census_newer = 0;

-- The INSERT fails if the column is missing, and inserts nothing if the previous version is.
INSERT IGNORE INTO Census_schema (Version)
SELECT 12
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Cause FROM Receipts WHERE FALSE);
