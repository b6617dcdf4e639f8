-- The schema of a census database on MySQL 8.0.29, MariaDB 10.11 or newer, version 1.
--
--     cat mysql_schema_1.sql mysql_procedures_1.sql mysql_schema_2.sql | mysql census
--
-- `census ingest` does this automatically in an empty database. The script can be repeated, also
-- after an interruption: existing objects are not changed.
--
-- The tables have the same meaning as on SQLite, see ../sqlite. A row of OS, Processors, Processes
-- or USERS contains only its identifying values. Times are in UTC. NULL is "unknown".
--
-- Names are compared and sorted by their bytes, including trailing spaces. The collation for this
-- has different names on MariaDB and MySQL; each server executes its own conditional comment. A
-- text has at most 380 characters, so that two of them fit into an InnoDB key.

-- Values are never silently truncated or converted, regardless of the server's mode.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

-- Identifies a census database. The row is written when everything is installed.
CREATE TABLE IF NOT EXISTS Census_schema (
    Version  INT UNSIGNED NOT NULL PRIMARY KEY
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Every file passed to `census ingest`, one row for each time.
CREATE TABLE IF NOT EXISTS Receipts (
    Receipt_ID   INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Path         MEDIUMTEXT   NOT NULL,
    Size_bytes   BIGINT,                     -- of the file as stored
    SHA256       VARCHAR(64),                -- of the file as stored; NULL: not readable
    Verdict      VARCHAR(9)   NOT NULL CHECK (Verdict IN ('ingested', 'duplicate', 'rejected')),
    Reason       MEDIUMTEXT,                 -- why it was rejected
    Received_at  DATETIME     NOT NULL,
    Snapshots    INT UNSIGNED                -- number of snapshots in the file; NULL: rejected
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS OS (
    OS_ID             INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    OS_Name           VARCHAR(380) NOT NULL,
    OS_Version        VARCHAR(380),
    -- UNIQUE treats NULLs as distinct. These two columns are derived from OS_Version. (They are not
    -- generated columns: those in a dump of one server are rejected by the other.)
    Version_is_known  BOOLEAN      NOT NULL DEFAULT (OS_Version IS NOT NULL),
    Version_or_empty  VARCHAR(380) NOT NULL DEFAULT (COALESCE(OS_Version, '')),
    UNIQUE (OS_Name, Version_or_empty, Version_is_known)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS Processors (
    Processor_ID  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Brand         VARCHAR(380) NOT NULL UNIQUE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- One row per host, with the values of its newest execution by date.
CREATE TABLE IF NOT EXISTS Servers (
    Server_ID           INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Host_ID             VARCHAR(380) NOT NULL UNIQUE,
    Hostname            VARCHAR(380),
    IP                  VARCHAR(380),
    OS_ID               INT UNSIGNED NOT NULL,
    Processor_ID        INT UNSIGNED,
    Newest_Exec_date    DATETIME     NOT NULL,
    Newest_Snapshot_ID  VARCHAR(36)  NOT NULL,  -- empty if there is none
    FOREIGN KEY (OS_ID) REFERENCES OS (OS_ID),
    FOREIGN KEY (Processor_ID) REFERENCES Processors (Processor_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each execution of census on a host, with the facts observed. Executions added by the stored
-- procedures have no snapshot and no receipt.
CREATE TABLE IF NOT EXISTS Executions (
    Execution_ID          INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Server_ID             INT UNSIGNED NOT NULL,
    Exec_date             DATETIME     NOT NULL,
    Hostname              VARCHAR(380),
    IP                    VARCHAR(380),
    OS_ID                 INT UNSIGNED NOT NULL,
    Processor_ID          INT UNSIGNED,
    Processes_known       BOOLEAN      NOT NULL,
    Users_known           BOOLEAN      NOT NULL,
    -- Facts of the host.
    Host_ID_source        VARCHAR(380),      -- machine-id, dmi, hostname, option
    Boot_time             DATETIME,
    UTC_offset_seconds    INT,
    Kernel                VARCHAR(380),
    Arch                  VARCHAR(380),
    Container             VARCHAR(380),
    -- Its operating system and processor, beyond their names.
    Platform              VARCHAR(380),
    Platform_like         VARCHAR(380),
    Codename              VARCHAR(380),
    Manufacturer          VARCHAR(380),
    Sockets               BIGINT,
    Number_of_cores       BIGINT,
    Logical_processors    BIGINT,
    Max_clock_speed_MHz   BIGINT,
    -- Completeness of the collection.
    Collector_euid        BIGINT,
    Session_source        VARCHAR(380),      -- utmp, logind, none
    Processes_hidden      BOOLEAN,
    Processes_unreadable  BIGINT,
    -- Origin of the row.
    Generator             VARCHAR(380),
    Snapshot_ID           VARCHAR(36)  UNIQUE,
    Snapshot_SHA256       VARCHAR(64),       -- of the snapshot's text, as in its `end` record
    Receipt_ID            INT UNSIGNED,
    -- The stored procedures identify executions by server and date.
    Date_without_snapshot DATETIME     DEFAULT (CASE WHEN Snapshot_ID IS NULL THEN Exec_date END),
    UNIQUE (Server_ID, Date_without_snapshot),
    KEY Executions_by_server (Server_ID, Exec_date),
    FOREIGN KEY (Server_ID) REFERENCES Servers (Server_ID),
    FOREIGN KEY (OS_ID) REFERENCES OS (OS_ID),
    FOREIGN KEY (Processor_ID) REFERENCES Processors (Processor_ID),
    FOREIGN KEY (Receipt_ID) REFERENCES Receipts (Receipt_ID),
    CHECK ((Snapshot_ID IS NULL) = (Snapshot_SHA256 IS NULL)),
    CHECK ((Snapshot_ID IS NULL) = (Receipt_ID IS NULL))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS ADDRESSES_PER_EXECUTION (
    Execution_ID  INT UNSIGNED NOT NULL,
    Address       VARCHAR(380) NOT NULL,
    PRIMARY KEY (Execution_ID, Address),
    FOREIGN KEY (Execution_ID) REFERENCES Executions (Execution_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each pair of PID and name once, for all servers.
CREATE TABLE IF NOT EXISTS Processes (
    Process_ID    INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    PID           INT UNSIGNED NOT NULL,
    Process_Name  VARCHAR(380) NOT NULL,
    UNIQUE (PID, Process_Name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each user name once: logged-in users and process owners.
CREATE TABLE IF NOT EXISTS USERS (
    User_ID    INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    User_Name  VARCHAR(380) NOT NULL UNIQUE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS PROCESSES_PER_EXECUTION (
    Execution_ID  INT UNSIGNED NOT NULL,
    Process_ID    INT UNSIGNED NOT NULL,
    Owner_ID      INT UNSIGNED,
    PRIMARY KEY (Execution_ID, Process_ID),
    FOREIGN KEY (Execution_ID) REFERENCES Executions (Execution_ID),
    FOREIGN KEY (Process_ID) REFERENCES Processes (Process_ID),
    FOREIGN KEY (Owner_ID) REFERENCES USERS (User_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS USERS_PER_EXECUTION (
    Execution_ID  INT UNSIGNED NOT NULL,
    User_ID       INT UNSIGNED NOT NULL,
    PRIMARY KEY (Execution_ID, User_ID),
    FOREIGN KEY (Execution_ID) REFERENCES Executions (Execution_ID),
    FOREIGN KEY (User_ID) REFERENCES USERS (User_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
