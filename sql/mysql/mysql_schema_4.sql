-- From version 3 to version 4 of a census database on MySQL 8.0.29, MariaDB 10.11 or newer:
-- installed packages. A host's list of packages seldom changes: it is a set, which all executions
-- with the same packages share.
--
--     mysql census < mysql_schema_4.sql
--
-- `census ingest` does this automatically. The script can be repeated, also after an interruption.
-- It requires the privileges ALTER, CREATE and REFERENCES. No older version of census should
-- be loading at the same time.

-- Values are never silently truncated or converted, regardless of the server's mode.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

-- Each package in each version once, for all servers.
CREATE TABLE IF NOT EXISTS Packages (
    Package_ID      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Package_SHA256  VARCHAR(64)  NOT NULL UNIQUE,  -- of the other columns: it identifies the package
    Package_Type    VARCHAR(380) NOT NULL,         -- deb, rpm, apk, …
    Package_Name    VARCHAR(380) NOT NULL,
    Version         VARCHAR(380),
    Package_Arch    VARCHAR(380),
    Source          VARCHAR(380),
    Source_version  VARCHAR(380),
    Publisher       VARCHAR(380),
    KEY Packages_by_name (Package_Name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS PACKAGE_SETS (
    Package_Set_ID  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Set_SHA256      VARCHAR(64)  NOT NULL UNIQUE,  -- of the sorted Package_SHA256, each with a newline
    Item_count      INT UNSIGNED NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS PACKAGES_PER_SET (
    Package_Set_ID  INT UNSIGNED NOT NULL,
    Package_ID      INT UNSIGNED NOT NULL,
    PRIMARY KEY (Package_Set_ID, Package_ID),
    KEY Sets_by_package (Package_ID),
    FOREIGN KEY (Package_Set_ID) REFERENCES PACKAGE_SETS (Package_Set_ID),
    FOREIGN KEY (Package_ID) REFERENCES Packages (Package_ID)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4
  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;

-- Packages_known is 1: all packages are known; 0: some are unknown; NULL: the collector did not look
-- for them. MySQL has no ADD COLUMN IF NOT EXISTS. The columns of a table are added atomically.
SELECT COUNT(*) INTO @census_columns
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) = 'executions'
  AND COLUMN_NAME = 'Package_Set_ID';
SET @census_statement = IF(@census_columns > 0, 'DO 0',
    'ALTER TABLE Executions
     ADD COLUMN Packages_known BOOLEAN,
     ADD COLUMN Package_Set_ID INT UNSIGNED,
     ADD KEY Executions_by_package_set (Package_Set_ID),
     ADD FOREIGN KEY (Package_Set_ID) REFERENCES PACKAGE_SETS (Package_Set_ID)
    ');
PREPARE census_statement FROM @census_statement;
EXECUTE census_statement;
DEALLOCATE PREPARE census_statement;

-- The INSERT fails if a table or column is missing, and inserts nothing if the previous version is.
SELECT SUM(Version = 3), SUM(Version > 3) INTO @census_previous, @census_newer FROM Census_schema;

INSERT IGNORE INTO Census_schema (Version)
SELECT 4
FROM DUAL
WHERE @census_previous = 1
  AND @census_newer = 0
  AND NOT EXISTS (SELECT Packages_known, Package_Set_ID FROM Executions WHERE FALSE)
  AND NOT EXISTS (SELECT Package_SHA256, Package_Name, Package_Type, Version, Package_Arch, Source,
                         Source_version, Publisher FROM Packages WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM PACKAGE_SETS WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM PACKAGES_PER_SET WHERE FALSE);
