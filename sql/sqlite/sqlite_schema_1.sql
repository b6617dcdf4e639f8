-- The schema of a census database on SQLite, version 1. The files with higher numbers follow it.
--
-- A row of OS, Processors, Processes or USERS holds nothing but what identifies it: what one host
-- says can therefore never change what the database says of another. All that was observed at one
-- moment stands in Executions and the tables that hang on it. Times are UTC. NULL is "not known".

-- Every file that was given to `census ingest`, each time it was given.
CREATE TABLE Receipts (
    Receipt_ID   INTEGER PRIMARY KEY,
    Path         TEXT    NOT NULL,
    Size_bytes   INTEGER,                    -- of the file as it lay there
    SHA256       TEXT,                       -- of the file as it lay there; NULL: not readable
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
-- UNIQUE takes any two NULLs for different.
CREATE UNIQUE INDEX OS_without_version ON OS (OS_Name) WHERE OS_Version IS NULL;

CREATE TABLE Processors (
    Processor_ID  INTEGER PRIMARY KEY,
    Brand         TEXT    NOT NULL UNIQUE
);

-- Each host once, with what was known of it at its newest execution by date.
CREATE TABLE Servers (
    Server_ID     INTEGER PRIMARY KEY,
    Host_ID       TEXT    NOT NULL UNIQUE,
    Hostname      TEXT,
    IP            TEXT,
    OS_ID         INTEGER NOT NULL REFERENCES OS,
    Processor_ID  INTEGER REFERENCES Processors
);

-- Each census of a host, with what was observed then.
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
    -- The host.
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
    -- How much the collector saw.
    Collector_euid        INTEGER,
    Session_source        TEXT,              -- utmp, logind, none
    Processes_hidden      INTEGER CHECK (Processes_hidden IN (0, 1)),
    Processes_unreadable  INTEGER,
    -- Where the row comes from.
    Generator             TEXT,
    Snapshot_ID           TEXT    NOT NULL UNIQUE,
    Snapshot_SHA256       TEXT    NOT NULL,  -- of the snapshot's text, as its `end` has it
    Receipt_ID            INTEGER NOT NULL REFERENCES Receipts
);
CREATE INDEX Executions_by_server ON Executions (Server_ID, Exec_date);

CREATE TABLE ADDRESSES_PER_EXECUTION (
    Execution_ID  INTEGER NOT NULL REFERENCES Executions,
    Address       TEXT    NOT NULL,
    PRIMARY KEY (Execution_ID, Address)
) WITHOUT ROWID;

-- Each PID and name together once, on whatever server it ran.
CREATE TABLE Processes (
    Process_ID    INTEGER PRIMARY KEY,
    PID           INTEGER NOT NULL,
    Process_Name  TEXT    NOT NULL,
    UNIQUE (PID, Process_Name)
);

-- Each user name once: of who was logged in, and of who owned a process.
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
