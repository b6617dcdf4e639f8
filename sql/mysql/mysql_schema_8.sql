-- From version 7 to version 8 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer: the index
-- by which `census find` finds the executions of a process name or an owner without a search through
-- all processes. `census find` fills it and brings it up to date, and `census retract` takes out of it
-- what it deletes. All of it follows from other tables.
--
--     mysql census < mysql_schema_8.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privileges CREATE and ALTER. No older version of census should be loading at the same time.

-- Values are never silently truncated or converted, regardless of the server's mode.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

-- Names, in rows of many, so that a pattern is soon compared with all of them.
CREATE TABLE IF NOT EXISTS FIND_NAMES (
    First_Name_ID  INT UNSIGNED NOT NULL PRIMARY KEY,  -- of the first name; the others are numbered on
    Kind           INT UNSIGNED NOT NULL,    -- 0: of processes; 1: of their owners
    Names          TEXT         NOT NULL     -- each ends in a line feed; \n and \\ in a name mean a
                                             -- line feed and a backslash
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- The executions in which a name occurs, as runs of consecutive ids.
CREATE TABLE IF NOT EXISTS FIND_RUNS (
    Name_ID             INT UNSIGNED NOT NULL,
    First_Execution_ID  INT UNSIGNED NOT NULL,
    Last_Execution_ID   INT UNSIGNED NOT NULL,
    PRIMARY KEY (Name_ID, First_Execution_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- How far the index goes, one row for each time that it was brought up to date. It has all executions
-- with a snapshot up to the last one. Those of stored procedures may still get processes.
CREATE TABLE IF NOT EXISTS FIND_UPDATES (
    Last_Execution_ID  INT UNSIGNED NOT NULL PRIMARY KEY,
    Last_Snapshot_ID   VARCHAR(36)  NOT NULL,
    Executions         INT UNSIGNED NOT NULL -- how many the index has in total
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- All that `census find` needs of an execution. MySQL has no ADD KEY IF NOT EXISTS.
SELECT COUNT(*) INTO @census_keys
FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'executions'
  AND INDEX_NAME = 'Executions_by_date';
SET @census_statement = IF(@census_keys > 0, 'DO 0',
    'ALTER TABLE Executions ADD KEY Executions_by_date (Date_is_possible, Exec_date, Server_ID)');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if a table or a column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 7), SUM(Version > 7) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 8
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT First_Name_ID, Kind, Names FROM FIND_NAMES WHERE FALSE)
  AND NOT EXISTS (SELECT Name_ID, First_Execution_ID, Last_Execution_ID FROM FIND_RUNS WHERE FALSE)
  AND NOT EXISTS (SELECT Last_Execution_ID, Last_Snapshot_ID, Executions
                  FROM FIND_UPDATES WHERE FALSE);
