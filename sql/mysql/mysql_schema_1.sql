-- The schema of a census database on MySQL 8.0.29, MariaDB 10.11 or newer, version 1.
--
--     cat mysql_schema_1.sql mysql_procedures_1.sql mysql_schema_2.sql | mysql census
--
-- `census ingest` does the same by itself in an empty database. It may be run again, and after it
-- was interrupted anywhere: what is there already is left as it is.
--
-- The tables mean what they mean on SQLite, see ../sqlite. A row of OS, Processors, Processes or
-- USERS holds nothing but what identifies it. Times are UTC. NULL is "not known".
--
-- Names are the same only if their bytes are, trailing spaces included, and are sorted by their
-- bytes. The collation for that has one name on MariaDB and another one on MySQL; each server reads
-- its own comment. A text has at most 380 characters, so that two of them fit into a key of InnoDB.

-- Nothing is cut or made to fit in silence, whatever the server's own mode.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

-- Whose database this is. Its row is written when all is there.
CREATE TABLE IF NOT EXISTS Census_schema (
    Version  INT UNSIGNED NOT NULL PRIMARY KEY
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Every file that was given to `census ingest`, each time it was given.
CREATE TABLE IF NOT EXISTS Receipts (
    Receipt_ID   INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Path         MEDIUMTEXT   NOT NULL,
    Size_bytes   BIGINT,                     -- of the file as it lay there
    SHA256       VARCHAR(64),                -- of the file as it lay there; NULL: not readable
    Verdict      VARCHAR(9)   NOT NULL CHECK (Verdict IN ('ingested', 'duplicate', 'rejected')),
    Reason       MEDIUMTEXT,                 -- why it was rejected
    Received_at  DATETIME     NOT NULL,
    Snapshots    INT UNSIGNED                -- how many there are in the file; NULL: rejected
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS OS (
    OS_ID             INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    OS_Name           VARCHAR(380) NOT NULL,
    OS_Version        VARCHAR(380),
    -- UNIQUE takes any two NULLs for different. These two follow from OS_Version. (They are not
    -- generated columns, which one server's dump program writes and the other server refuses.)
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

-- Each host once, with what was known of it at its newest execution by date.
CREATE TABLE IF NOT EXISTS Servers (
    Server_ID           INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Host_ID             VARCHAR(380) NOT NULL UNIQUE,
    Hostname            VARCHAR(380),
    IP                  VARCHAR(380),
    OS_ID               INT UNSIGNED NOT NULL,
    Processor_ID        INT UNSIGNED,
    Newest_Exec_date    DATETIME     NOT NULL,
    Newest_Snapshot_ID  VARCHAR(36)  NOT NULL,  -- empty where there is none
    FOREIGN KEY (OS_ID) REFERENCES OS (OS_ID),
    FOREIGN KEY (Processor_ID) REFERENCES Processors (Processor_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each census of a host, with what was observed then. Those that the stored procedures added come
-- from no snapshot and have no receipt.
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
    -- The host.
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
    -- How much the collector saw.
    Collector_euid        BIGINT,
    Session_source        VARCHAR(380),      -- utmp, logind, none
    Processes_hidden      BOOLEAN,
    Processes_unreadable  BIGINT,
    -- Where the row comes from.
    Generator             VARCHAR(380),
    Snapshot_ID           VARCHAR(36)  UNIQUE,
    Snapshot_SHA256       VARCHAR(64),       -- of the snapshot's text, as its `end` has it
    Receipt_ID            INT UNSIGNED,
    -- The stored procedures tell executions by server and date.
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

-- Each PID and name together once, on whatever server it ran.
CREATE TABLE IF NOT EXISTS Processes (
    Process_ID    INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    PID           INT UNSIGNED NOT NULL,
    Process_Name  VARCHAR(380) NOT NULL,
    UNIQUE (PID, Process_Name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each user name once: of who was logged in, and of who owned a process.
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
