-- From version 4 to version 5 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer: the
-- hardware of a host, its accounts and their rights, the keys of SSH, listening ports, and the
-- updates of Windows. What seldom changes is stored as sets, like the packages of version 4;
-- listening ports are linked to executions, like processes.
--
--     mysql census < mysql_schema_5.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privileges ALTER, CREATE and REFERENCES. No older version of census should
-- be loading at the same time.

-- Values are never silently truncated or converted, regardless of the server's mode.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

-- Each update of Windows once, for all servers.
CREATE TABLE IF NOT EXISTS Patches (
    Patch_ID      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Patch_SHA256  VARCHAR(64) NOT NULL UNIQUE,
    Hotfix_ID     VARCHAR(380) NOT NULL,
    Description   VARCHAR(380),
    Installed_on  DATETIME,
    KEY Patches_by_hotfix_id (Hotfix_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS PATCH_SETS (
    Patch_Set_ID  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Set_SHA256    VARCHAR(64) NOT NULL UNIQUE,
    Item_count    INT UNSIGNED NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS PATCHES_PER_SET (
    Patch_Set_ID  INT UNSIGNED NOT NULL,
    Patch_ID      INT UNSIGNED NOT NULL,
    PRIMARY KEY (Patch_Set_ID, Patch_ID),
    KEY PATCH_SETS_by_item (Patch_ID),
    FOREIGN KEY (Patch_Set_ID) REFERENCES PATCH_SETS (Patch_Set_ID),
    FOREIGN KEY (Patch_ID) REFERENCES Patches (Patch_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each state of an account once, for all servers.
CREATE TABLE IF NOT EXISTS Accounts (
    Account_ID        INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Account_SHA256    VARCHAR(64) NOT NULL UNIQUE,
    Username          VARCHAR(380) NOT NULL,
    UID               BIGINT,
    GID               BIGINT,
    SID               VARCHAR(380),
    Description       VARCHAR(380),
    Home              VARCHAR(380),
    Shell             VARCHAR(380),
    Group_names       MEDIUMTEXT,
    Is_enabled        BOOLEAN,
    Password_status   VARCHAR(380),
    Hash_algorithm    VARCHAR(380),
    Password_changed  DATETIME,
    Min_days          BIGINT,
    Max_days          BIGINT,
    Never_expires     BOOLEAN,
    Warning_days      BIGINT,
    Inactive_days     BIGINT,
    Expires           DATETIME,
    Last_login        DATETIME,
    KEY Accounts_by_username (Username)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS ACCOUNT_SETS (
    Account_Set_ID  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Set_SHA256      VARCHAR(64) NOT NULL UNIQUE,
    Item_count      INT UNSIGNED NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS ACCOUNTS_PER_SET (
    Account_Set_ID  INT UNSIGNED NOT NULL,
    Account_ID      INT UNSIGNED NOT NULL,
    PRIMARY KEY (Account_Set_ID, Account_ID),
    KEY ACCOUNT_SETS_by_item (Account_ID),
    FOREIGN KEY (Account_Set_ID) REFERENCES ACCOUNT_SETS (Account_Set_ID),
    FOREIGN KEY (Account_ID) REFERENCES Accounts (Account_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each rule that gives somebody the rights of another once, for all servers.
CREATE TABLE IF NOT EXISTS Privileges (
    Privilege_ID      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Privilege_SHA256  VARCHAR(64) NOT NULL UNIQUE,
    Subject           VARCHAR(380) NOT NULL,
    Privilege_source  VARCHAR(380) NOT NULL,
    Privilege_rule    TEXT NOT NULL,
    KEY Privileges_by_subject (Subject)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS PRIVILEGE_SETS (
    Privilege_Set_ID  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Set_SHA256        VARCHAR(64) NOT NULL UNIQUE,
    Item_count        INT UNSIGNED NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS PRIVILEGES_PER_SET (
    Privilege_Set_ID  INT UNSIGNED NOT NULL,
    Privilege_ID      INT UNSIGNED NOT NULL,
    PRIMARY KEY (Privilege_Set_ID, Privilege_ID),
    KEY PRIVILEGE_SETS_by_item (Privilege_ID),
    FOREIGN KEY (Privilege_Set_ID) REFERENCES PRIVILEGE_SETS (Privilege_Set_ID),
    FOREIGN KEY (Privilege_ID) REFERENCES Privileges (Privilege_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each public key that may be used to log in by SSH once, for all servers.
CREATE TABLE IF NOT EXISTS Authorized_keys (
    Authorized_Key_ID      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Authorized_Key_SHA256  VARCHAR(64) NOT NULL UNIQUE,
    Fingerprint            VARCHAR(380) NOT NULL,
    Username               VARCHAR(380) NOT NULL,
    Algorithm              VARCHAR(380) NOT NULL,
    Key_options            TEXT,
    Key_comment            VARCHAR(380),
    Key_path               VARCHAR(380),
    KEY Authorized_keys_by_fingerprint (Fingerprint)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS AUTHORIZED_KEY_SETS (
    Authorized_Key_Set_ID  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Set_SHA256             VARCHAR(64) NOT NULL UNIQUE,
    Item_count             INT UNSIGNED NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS AUTHORIZED_KEYS_PER_SET (
    Authorized_Key_Set_ID  INT UNSIGNED NOT NULL,
    Authorized_Key_ID      INT UNSIGNED NOT NULL,
    PRIMARY KEY (Authorized_Key_Set_ID, Authorized_Key_ID),
    KEY AUTHORIZED_KEY_SETS_by_item (Authorized_Key_ID),
    FOREIGN KEY (Authorized_Key_Set_ID) REFERENCES AUTHORIZED_KEY_SETS (Authorized_Key_Set_ID),
    FOREIGN KEY (Authorized_Key_ID) REFERENCES Authorized_keys (Authorized_Key_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each public key by which a host identifies itself to clients of SSH.
CREATE TABLE IF NOT EXISTS SSH_host_keys (
    SSH_Host_Key_ID      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    SSH_Host_Key_SHA256  VARCHAR(64) NOT NULL UNIQUE,
    Algorithm            VARCHAR(380) NOT NULL,
    Fingerprint          VARCHAR(380) NOT NULL,
    KEY SSH_host_keys_by_fingerprint (Fingerprint)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS SSH_HOST_KEY_SETS (
    SSH_Host_Key_Set_ID  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Set_SHA256           VARCHAR(64) NOT NULL UNIQUE,
    Item_count           INT UNSIGNED NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS SSH_HOST_KEYS_PER_SET (
    SSH_Host_Key_Set_ID  INT UNSIGNED NOT NULL,
    SSH_Host_Key_ID      INT UNSIGNED NOT NULL,
    PRIMARY KEY (SSH_Host_Key_Set_ID, SSH_Host_Key_ID),
    KEY SSH_HOST_KEY_SETS_by_item (SSH_Host_Key_ID),
    FOREIGN KEY (SSH_Host_Key_Set_ID) REFERENCES SSH_HOST_KEY_SETS (SSH_Host_Key_Set_ID),
    FOREIGN KEY (SSH_Host_Key_ID) REFERENCES SSH_host_keys (SSH_Host_Key_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Each socket that accepts connections or datagrams once, for all servers.
CREATE TABLE IF NOT EXISTS Listening_ports (
    Listening_Port_ID      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Listening_Port_SHA256  VARCHAR(64) NOT NULL UNIQUE,
    Port                   BIGINT NOT NULL,
    Protocol               VARCHAR(380) NOT NULL,
    Family                 VARCHAR(380) NOT NULL,
    Address                VARCHAR(380) NOT NULL,
    Interface              VARCHAR(380),
    Process_Name           VARCHAR(380),
    Path                   TEXT,
    KEY Listening_ports_by_port (Port)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS LISTENING_PORTS_PER_EXECUTION (
    Execution_ID       INT UNSIGNED NOT NULL,
    Listening_Port_ID  INT UNSIGNED NOT NULL,
    PRIMARY KEY (Execution_ID, Listening_Port_ID),
    KEY Executions_by_listening_port (Listening_Port_ID),
    FOREIGN KEY (Execution_ID) REFERENCES Executions (Execution_ID),
    FOREIGN KEY (Listening_Port_ID) REFERENCES Listening_ports (Listening_Port_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Columns …_known are 1: all are known; 0: some are unknown; NULL: the collector did not look for
-- them. MySQL has no ADD COLUMN IF NOT EXISTS. The columns of a table are added atomically.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'executions'
  AND COLUMN_NAME = 'Hardware_UUID';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Executions
     ADD COLUMN Virtualization VARCHAR(380),
     ADD COLUMN Hardware_UUID VARCHAR(380),
     ADD COLUMN Hardware_vendor VARCHAR(380),
     ADD COLUMN Hardware_model VARCHAR(380),
     ADD COLUMN Hardware_serial VARCHAR(380),
     ADD COLUMN Physical_memory BIGINT,
     ADD COLUMN Interfaces MEDIUMTEXT,
     ADD COLUMN Patches_known BOOLEAN,
     ADD COLUMN Patch_Set_ID INT UNSIGNED,
     ADD KEY Executions_by_patch_set (Patch_Set_ID),
     ADD FOREIGN KEY (Patch_Set_ID) REFERENCES PATCH_SETS (Patch_Set_ID),
     ADD COLUMN Accounts_known BOOLEAN,
     ADD COLUMN Account_Set_ID INT UNSIGNED,
     ADD KEY Executions_by_account_set (Account_Set_ID),
     ADD FOREIGN KEY (Account_Set_ID) REFERENCES ACCOUNT_SETS (Account_Set_ID),
     ADD COLUMN Privileges_known BOOLEAN,
     ADD COLUMN Privilege_Set_ID INT UNSIGNED,
     ADD KEY Executions_by_privilege_set (Privilege_Set_ID),
     ADD FOREIGN KEY (Privilege_Set_ID) REFERENCES PRIVILEGE_SETS (Privilege_Set_ID),
     ADD COLUMN Authorized_keys_known BOOLEAN,
     ADD COLUMN Authorized_Key_Set_ID INT UNSIGNED,
     ADD KEY Executions_by_authorized_key_set (Authorized_Key_Set_ID),
     ADD FOREIGN KEY (Authorized_Key_Set_ID) REFERENCES AUTHORIZED_KEY_SETS (Authorized_Key_Set_ID),
     ADD COLUMN SSH_host_keys_known BOOLEAN,
     ADD COLUMN SSH_Host_Key_Set_ID INT UNSIGNED,
     ADD KEY Executions_by_ssh_host_key_set (SSH_Host_Key_Set_ID),
     ADD FOREIGN KEY (SSH_Host_Key_Set_ID) REFERENCES SSH_HOST_KEY_SETS (SSH_Host_Key_Set_ID),
     ADD COLUMN Listening_ports_known BOOLEAN
    ');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if a table or column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 4), SUM(Version > 4) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 5
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Virtualization, Hardware_UUID, Hardware_vendor, Hardware_model,
                         Hardware_serial, Physical_memory, Interfaces, Patches_known,
                         Patch_Set_ID, Accounts_known, Account_Set_ID, Privileges_known,
                         Privilege_Set_ID, Authorized_keys_known, Authorized_Key_Set_ID,
                         SSH_host_keys_known, SSH_Host_Key_Set_ID, Listening_ports_known FROM
                         Executions WHERE FALSE)
  AND NOT EXISTS (SELECT Patch_SHA256, Hotfix_ID, Description, Installed_on FROM Patches WHERE
                         FALSE)
  AND NOT EXISTS (SELECT * FROM PATCH_SETS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM PATCHES_PER_SET WHERE FALSE)
  AND NOT EXISTS (SELECT Account_SHA256, Username, UID, GID, SID, Description, Home, Shell,
                         Group_names, Is_enabled, Password_status, Hash_algorithm,
                         Password_changed, Min_days, Max_days, Never_expires, Warning_days,
                         Inactive_days, Expires, Last_login FROM Accounts WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM ACCOUNT_SETS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM ACCOUNTS_PER_SET WHERE FALSE)
  AND NOT EXISTS (SELECT Privilege_SHA256, Subject, Privilege_source, Privilege_rule FROM
                         Privileges WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM PRIVILEGE_SETS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM PRIVILEGES_PER_SET WHERE FALSE)
  AND NOT EXISTS (SELECT Authorized_Key_SHA256, Fingerprint, Username, Algorithm, Key_options,
                         Key_comment, Key_path FROM Authorized_keys WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM AUTHORIZED_KEY_SETS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM AUTHORIZED_KEYS_PER_SET WHERE FALSE)
  AND NOT EXISTS (SELECT SSH_Host_Key_SHA256, Algorithm, Fingerprint FROM SSH_host_keys WHERE
                         FALSE)
  AND NOT EXISTS (SELECT * FROM SSH_HOST_KEY_SETS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM SSH_HOST_KEYS_PER_SET WHERE FALSE)
  AND NOT EXISTS (SELECT Listening_Port_SHA256, Port, Protocol, Family, Address, Interface,
                         Process_Name, Path FROM Listening_ports WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM LISTENING_PORTS_PER_EXECUTION WHERE FALSE);
