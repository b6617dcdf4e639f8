-- From version 6 to version 7 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer:
-- executions that were taken out of the database. Their files keep their receipts, and are not
-- loaded again unless `census ingest --again` asks for it.
--
--     mysql census < mysql_schema_7.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privileges CREATE and REFERENCES. No older version of census should be loading at
-- the same time.

-- Values are never silently truncated or converted, regardless of the server's mode.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

-- One row for each execution that was retracted, and each time. Those that stored procedures added
-- have neither a receipt nor a snapshot.
CREATE TABLE IF NOT EXISTS Retractions (
    Retraction_ID    INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Receipt_ID       INT UNSIGNED,
    Snapshot_ID      VARCHAR(36),
    Snapshot_SHA256  VARCHAR(64),
    Retracted_at     DATETIME     NOT NULL,
    Reason           MEDIUMTEXT   NOT NULL,
    Retracted_by     VARCHAR(380),           -- a login name, or a user id in digits
    Retracted_on     VARCHAR(380),           -- the host name of the machine
    Retracted_with   VARCHAR(380),           -- the version of census, with its commit
    KEY Retractions_by_snapshot (Snapshot_ID),
    KEY Retractions_by_receipt (Receipt_ID),
    FOREIGN KEY (Receipt_ID) REFERENCES Receipts (Receipt_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The INSERT fails if the table or a column is missing, and inserts nothing if the previous version
-- is.
SELECT SUM(Version = 6), SUM(Version > 6) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 7
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Retraction_ID, Receipt_ID, Snapshot_ID, Snapshot_SHA256, Retracted_at,
                         Reason, Retracted_by, Retracted_on, Retracted_with
                  FROM Retractions WHERE FALSE);
