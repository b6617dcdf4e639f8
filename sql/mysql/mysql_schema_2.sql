-- From version 1 to version 2 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer.
--
--     mysql census < mysql_schema_2.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privilege ALTER and, if another account created the procedures, ALTER ROUTINE. No
-- older version of census should be loading at the same time.
--
-- An execution records whether its date is possible, so that one of a clock that is ahead does not
-- remain the newest. A receipt records the path of its file, and the user, machine and program that
-- loaded it.

-- Values are never silently truncated or converted, regardless of the server's mode.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

-- MySQL has no ADD COLUMN IF NOT EXISTS. The columns of a table are added atomically.

-- NULL if unknown. Standard input has no path.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'receipts'
  AND COLUMN_NAME = 'Absolute_path';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Receipts
     ADD COLUMN Absolute_path MEDIUMTEXT,
     ADD COLUMN Ingested_by VARCHAR(380),    -- a login name, or a user id in digits
     ADD COLUMN Ingested_on VARCHAR(380),    -- the host name of the machine
     ADD COLUMN Ingested_with VARCHAR(380)   -- the version of census, with its commit
    ');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;

-- A date is impossible if it is more than a minute after the receipt of the file: the clock of the
-- host or of the loading machine was wrong. Executions added by stored procedures have no receipt
-- and count as possible.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'executions'
  AND COLUMN_NAME = 'Date_is_possible';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Executions ADD COLUMN Date_is_possible BOOLEAN NOT NULL DEFAULT 1');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;

SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'servers'
  AND COLUMN_NAME = 'Newest_date_is_possible';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Servers ADD COLUMN Newest_date_is_possible BOOLEAN NOT NULL DEFAULT 1');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

UPDATE Executions e
JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID
SET e.Date_is_possible = 0
WHERE TIMESTAMPDIFF(SECOND, r.Received_at, e.Exec_date) > 60;

-- The newest execution of a server: possible dates before impossible ones, then the latest date,
-- then the greatest Snapshot_ID, then the greatest Execution_ID.
UPDATE Servers s
JOIN (
    SELECT Server_ID, Hostname, IP, OS_ID, Processor_ID, Date_is_possible, Exec_date, Snapshot_ID,
           ROW_NUMBER() OVER (
               PARTITION BY Server_ID
               ORDER BY Date_is_possible DESC, Exec_date DESC, Snapshot_ID DESC, Execution_ID DESC
           ) AS Age
    FROM Executions) e ON e.Server_ID = s.Server_ID AND e.Age = 1
SET s.Hostname = e.Hostname, s.IP = e.IP, s.OS_ID = e.OS_ID, s.Processor_ID = e.Processor_ID,
    s.Newest_date_is_possible = e.Date_is_possible, s.Newest_Exec_date = e.Exec_date,
    s.Newest_Snapshot_ID = COALESCE(e.Snapshot_ID, '');

-- MySQL has no CREATE OR REPLACE PROCEDURE.
DROP PROCEDURE IF EXISTS Insert_servers_data;

DELIMITER //

-- Adds the execution, and the server if it is new. p_Brand is NULL if the processor is unknown.
-- p_Exec_date is in UTC.
CREATE PROCEDURE IF NOT EXISTS Insert_servers_data(
    p_Host_ID     VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Hostname    VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_IP          VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_OS_Name     VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_OS_Version  VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Brand       VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Exec_date   DATETIME
)
COMMENT 'census 2'
SQL SECURITY INVOKER
BEGIN
    DECLARE v_OS_ID INT UNSIGNED;
    DECLARE v_Processor_ID INT UNSIGNED;
    DECLARE v_Server_ID INT UNSIGNED;
    DECLARE v_Newest_date_is_possible BOOLEAN;
    DECLARE v_Newest_Exec_date DATETIME;
    DECLARE v_Execution_ID INT UNSIGNED;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    -- Locked now: the foreign key would lock them later anyway.
    SELECT OS_ID INTO v_OS_ID
    FROM OS
    WHERE OS_Name = p_OS_Name
      AND Version_or_empty = COALESCE(p_OS_Version, '')
      AND Version_is_known = (p_OS_Version IS NOT NULL)
    LOCK IN SHARE MODE;
    IF v_OS_ID IS NULL THEN
        SIGNAL SQLSTATE '45000'
            SET MESSAGE_TEXT = 'there is no such OS: call Insert_os_data first';
    END IF;
    IF p_Brand IS NOT NULL THEN
        SELECT Processor_ID INTO v_Processor_ID
        FROM Processors
        WHERE Brand = p_Brand
        LOCK IN SHARE MODE;
        IF v_Processor_ID IS NULL THEN
            SIGNAL SQLSTATE '45000'
                SET MESSAGE_TEXT = 'there is no such processor: call Insert_processor_data first';
        END IF;
    END IF;

    SELECT Server_ID, Newest_date_is_possible, Newest_Exec_date
    INTO v_Server_ID, v_Newest_date_is_possible, v_Newest_Exec_date
    FROM Servers
    WHERE Host_ID = p_Host_ID;
    IF v_Server_ID IS NULL THEN
        BEGIN
            DECLARE EXIT HANDLER FOR 1062
                SELECT Server_ID, Newest_date_is_possible, Newest_Exec_date
                INTO v_Server_ID, v_Newest_date_is_possible, v_Newest_Exec_date
                FROM Servers
                WHERE Host_ID = p_Host_ID
                LOCK IN SHARE MODE;
            INSERT INTO Servers (Host_ID, Hostname, IP, OS_ID, Processor_ID,
                                 Newest_Exec_date, Newest_Snapshot_ID)
            VALUES (p_Host_ID, p_Hostname, p_IP, v_OS_ID, v_Processor_ID, p_Exec_date, '');
            SET v_Server_ID = LAST_INSERT_ID();
        END;
    END IF;

    -- Of two executions with the same date, the one from a snapshot is newer. The server is updated
    -- before the execution is inserted: the insert takes a shared lock on the server, and two
    -- sessions with shared locks would deadlock on the update.
    IF (v_Newest_date_is_possible, v_Newest_Exec_date) < (1, p_Exec_date) THEN
        UPDATE Servers
        SET Hostname = p_Hostname, IP = p_IP, OS_ID = v_OS_ID, Processor_ID = v_Processor_ID,
            Newest_date_is_possible = 1, Newest_Exec_date = p_Exec_date, Newest_Snapshot_ID = ''
        WHERE Server_ID = v_Server_ID
          AND (Newest_date_is_possible, Newest_Exec_date) < (1, p_Exec_date);
    END IF;

    SELECT Execution_ID INTO v_Execution_ID
    FROM Executions
    WHERE Server_ID = v_Server_ID AND Exec_date = p_Exec_date
    LIMIT 1;
    IF v_Execution_ID IS NULL THEN
        BEGIN
            DECLARE CONTINUE HANDLER FOR 1062 BEGIN END;
            INSERT INTO Executions (Server_ID, Exec_date, Hostname, IP, OS_ID, Processor_ID,
                                    Processes_known, Users_known)
            VALUES (v_Server_ID, p_Exec_date, p_Hostname, p_IP, v_OS_ID, v_Processor_ID, 1, 1);
        END;
    END IF;
END//

DELIMITER ;

-- Everything is installed, as in mysql_procedures_1.sql: the INSERT fails if a table or column is
-- missing, and inserts nothing if a procedure or the previous version is missing.
SELECT SUM(Version = 1), SUM(Version > 1) INTO @census_first, @census_newer FROM Census_schema;

SELECT COUNT(*) INTO @census_procedures
FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE()
  AND (LOWER(ROUTINE_NAME) = 'insert_servers_data' AND ROUTINE_COMMENT = 'census 2'
    OR LOWER(ROUTINE_NAME) IN ('insert_os_data', 'insert_processor_data',
                               'insert_processes_data', 'insert_users_data'));

INSERT IGNORE INTO Census_schema (Version)
SELECT 2
FROM DUAL
WHERE @census_first = 1
  AND @census_newer = 0
  AND @census_procedures = 5
  AND NOT EXISTS (SELECT Absolute_path, Ingested_by, Ingested_on, Ingested_with
                  FROM Receipts WHERE FALSE)
  AND NOT EXISTS (SELECT Newest_date_is_possible FROM Servers WHERE FALSE)
  AND NOT EXISTS (SELECT Date_is_possible FROM Executions WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM OS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM Processors WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM ADDRESSES_PER_EXECUTION WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM Processes WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM USERS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM PROCESSES_PER_EXECUTION WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM USERS_PER_EXECUTION WHERE FALSE);
