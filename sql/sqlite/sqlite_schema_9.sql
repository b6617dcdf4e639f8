-- From version 8 to version 9: the index by which `census find` finds the executions of a process
-- name or an owner without a search through all processes. `census find` fills it and brings it up
-- to date, and `census retract` takes out of it what it deletes. All of it follows from other tables.

-- Names, in rows of many, so that a pattern is soon compared with all of them.
CREATE TABLE FIND_NAMES (
    First_Name_ID  INTEGER PRIMARY KEY,      -- of the first name; the others are numbered on
    Kind           INTEGER NOT NULL,         -- 0: of processes; 1: of their owners
    Names          TEXT    NOT NULL          -- each ends in a line feed; \n and \\ in a name mean
                                             -- a line feed and a backslash
);

-- The executions in which a name occurs, as runs of consecutive ids.
CREATE TABLE FIND_RUNS (
    Name_ID             INTEGER NOT NULL,
    First_Execution_ID  INTEGER NOT NULL,
    Last_Execution_ID   INTEGER NOT NULL,
    PRIMARY KEY (Name_ID, First_Execution_ID)
) WITHOUT ROWID;

-- All that `census find` needs of an execution.
CREATE INDEX Executions_by_date ON Executions (Date_is_possible, Exec_date, Server_ID);

-- How far the index goes, one row for each time that it was brought up to date. It has all executions
-- with a snapshot up to the last one.
CREATE TABLE FIND_UPDATES (
    Last_Execution_ID  INTEGER PRIMARY KEY,
    Last_Snapshot_ID   TEXT    NOT NULL,
    Executions         INTEGER NOT NULL      -- how many the index has in total
);
