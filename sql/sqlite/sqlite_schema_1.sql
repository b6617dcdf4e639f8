-- The schema of a census database on SQLite, version 1. The files with higher numbers follow it.
--
-- A row of OS, Processors, Processes or USERS contains only its identifying values: data of one
-- host therefore never changes that of another. All facts observed by one execution are in
-- Executions and its related tables. Times are in UTC. NULL is "unknown".

-- Every file passed to `census ingest`, one row for each time.
CREATE TABLE Receipts (
    Receipt_ID   INTEGER PRIMARY KEY,
    Path         TEXT    NOT NULL,
    Size_bytes   INTEGER,                    -- of the file as stored
    SHA256       TEXT,                       -- of the file as stored; NULL: not readable
    Verdict      TEXT    NOT NULL CHECK (Verdict IN ('ingested', 'duplicate', 'rejected')),
    Reason       TEXT,                       -- why it was rejected
    Received_at  TEXT    NOT NULL
);

CREATE TABLE OS (
    OS_ID       INTEGER PRIMARY KEY,
    OS_Name     TEXT    NOT NULL,
    OS_Version  TEXT,
    UNIQUE (OS_Name, OS_Version)
);
-- UNIQUE treats NULLs as distinct.
CREATE UNIQUE INDEX OS_without_version ON OS (OS_Name) WHERE OS_Version IS NULL;

CREATE TABLE Processors (
    Processor_ID  INTEGER PRIMARY KEY,
    Brand         TEXT    NOT NULL UNIQUE
);

-- One row per host, with the values of its newest execution by date.
CREATE TABLE Servers (
    Server_ID     INTEGER PRIMARY KEY,
    Host_ID       TEXT    NOT NULL UNIQUE,
    Hostname      TEXT,
    IP            TEXT,
    OS_ID         INTEGER NOT NULL REFERENCES OS,
    Processor_ID  INTEGER REFERENCES Processors
);

-- Each execution of census on a host, with the facts observed.
CREATE TABLE Executions (
    Execution_ID          INTEGER PRIMARY KEY,
    Server_ID             INTEGER NOT NULL REFERENCES Servers,
    Exec_date             TEXT    NOT NULL,
    Hostname              TEXT,
    IP                    TEXT,
    OS_ID                 INTEGER NOT NULL REFERENCES OS,
    Processor_ID          INTEGER REFERENCES Processors,
    Processes_known       INTEGER NOT NULL CHECK (Processes_known IN (0, 1)),
    Users_known           INTEGER NOT NULL CHECK (Users_known IN (0, 1)),
    -- Facts of the host.
    Host_ID_source        TEXT,              -- machine-id, dmi, hostname, option
    Boot_time             TEXT,
    UTC_offset_seconds    INTEGER,
    Kernel                TEXT,
    Arch                  TEXT,
    Container             TEXT,
    -- Its operating system and processor, beyond their names.
    Platform              TEXT,
    Platform_like         TEXT,
    Codename              TEXT,
    Manufacturer          TEXT,
    Sockets               INTEGER,
    Number_of_cores       INTEGER,
    Logical_processors    INTEGER,
    Max_clock_speed_MHz   INTEGER,
    -- Completeness of the collection.
    Collector_euid        INTEGER,
    Session_source        TEXT,              -- utmp, logind, none
    Processes_hidden      INTEGER CHECK (Processes_hidden IN (0, 1)),
    Processes_unreadable  INTEGER,
    -- Origin of the row.
    Generator             TEXT,
    Snapshot_ID           TEXT    NOT NULL UNIQUE,
    Snapshot_SHA256       TEXT    NOT NULL,  -- of the snapshot's text, as in its `end` record
    Receipt_ID            INTEGER NOT NULL REFERENCES Receipts
);
CREATE INDEX Executions_by_server ON Executions (Server_ID, Exec_date);

CREATE TABLE ADDRESSES_PER_EXECUTION (
    Execution_ID  INTEGER NOT NULL REFERENCES Executions,
    Address       TEXT    NOT NULL,
    PRIMARY KEY (Execution_ID, Address)
) WITHOUT ROWID;

-- Each pair of PID and name once, for all servers.
CREATE TABLE Processes (
    Process_ID    INTEGER PRIMARY KEY,
    PID           INTEGER NOT NULL,
    Process_Name  TEXT    NOT NULL,
    UNIQUE (PID, Process_Name)
);

-- Each user name once: logged-in users and process owners.
CREATE TABLE USERS (
    User_ID    INTEGER PRIMARY KEY,
    User_Name  TEXT    NOT NULL UNIQUE
);

CREATE TABLE PROCESSES_PER_EXECUTION (
    Execution_ID  INTEGER NOT NULL REFERENCES Executions,
    Process_ID    INTEGER NOT NULL REFERENCES Processes,
    Owner_ID      INTEGER REFERENCES USERS,
    PRIMARY KEY (Execution_ID, Process_ID)
) WITHOUT ROWID;

CREATE TABLE USERS_PER_EXECUTION (
    Execution_ID  INTEGER NOT NULL REFERENCES Executions,
    User_ID       INTEGER NOT NULL REFERENCES USERS,
    PRIMARY KEY (Execution_ID, User_ID)
) WITHOUT ROWID;
