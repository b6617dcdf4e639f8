-- From version 4 to version 5: installed packages. A host's list of packages seldom changes: it is a
-- set, which all executions with the same packages share.

-- Each package in each version once, for all servers.
CREATE TABLE Packages (
    Package_ID      INTEGER PRIMARY KEY,
    Package_SHA256  TEXT    NOT NULL UNIQUE,  -- of the other columns: it identifies the package
    Package_Type    TEXT    NOT NULL,         -- deb, rpm, apk, …
    Package_Name    TEXT    NOT NULL,
    Version         TEXT,
    Package_Arch    TEXT,
    Source          TEXT,
    Source_version  TEXT,
    Publisher       TEXT
);
CREATE INDEX Packages_by_name ON Packages (Package_Name);

CREATE TABLE PACKAGE_SETS (
    Package_Set_ID  INTEGER PRIMARY KEY,
    Set_SHA256      TEXT    NOT NULL UNIQUE,  -- of the sorted Package_SHA256, each with a newline
    Item_count      INTEGER NOT NULL
);

CREATE TABLE PACKAGES_PER_SET (
    Package_Set_ID  INTEGER NOT NULL REFERENCES PACKAGE_SETS,
    Package_ID      INTEGER NOT NULL REFERENCES Packages,
    PRIMARY KEY (Package_Set_ID, Package_ID)
) WITHOUT ROWID;
-- From a package to the sets that have it.
CREATE INDEX Sets_by_package ON PACKAGES_PER_SET (Package_ID);

-- 1: all packages are known; 0: some are unknown; NULL: the collector did not look for them.
ALTER TABLE Executions ADD COLUMN Packages_known INTEGER CHECK (Packages_known IN (0, 1));
ALTER TABLE Executions ADD COLUMN Package_Set_ID INTEGER REFERENCES PACKAGE_SETS;
CREATE INDEX Executions_by_package_set ON Executions (Package_Set_ID);
