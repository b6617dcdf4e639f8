-- From version 15 to version 16: the keys of processes have an index in place of a constraint. While an empty
-- table is filled, the index is left out; it is made after that, at once.

-- References and views go on naming Processes.
PRAGMA legacy_alter_table = ON;

-- Each pair of PID and name once, for all servers.
CREATE TABLE New_processes (
    Process_ID    INTEGER PRIMARY KEY,
    PID           INTEGER NOT NULL,
    Process_Name  TEXT    NOT NULL
);
INSERT INTO New_processes (Process_ID, PID, Process_Name)
SELECT Process_ID, PID, Process_Name FROM Processes ORDER BY Process_ID;
DROP TABLE Processes;
ALTER TABLE New_processes RENAME TO Processes;
PRAGMA legacy_alter_table = OFF;

CREATE UNIQUE INDEX Processes_by_key ON Processes (PID, Process_Name);

-- As in version 13.
CREATE TRIGGER Find_after_process_deletion AFTER DELETE ON Processes
WHEN EXISTS (SELECT 1 FROM FIND_UPDATES)
BEGIN DELETE FROM FIND_UPDATES; END;

CREATE TRIGGER Find_after_process_change AFTER UPDATE OF Process_ID, Process_Name ON Processes
WHEN EXISTS (SELECT 1 FROM FIND_UPDATES)
BEGIN DELETE FROM FIND_UPDATES; END;
