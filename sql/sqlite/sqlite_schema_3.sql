-- From version 2 to version 3: an execution records whether its date is possible, so that one of a
-- clock that is ahead does not remain the newest. A receipt records the path of its file, and the
-- user, machine and program that loaded it, each NULL if unknown.
ALTER TABLE Receipts ADD COLUMN Absolute_path TEXT;  -- also NULL: standard input
ALTER TABLE Receipts ADD COLUMN Ingested_by TEXT;    -- a login name, or a user id in digits
ALTER TABLE Receipts ADD COLUMN Ingested_on TEXT;    -- the machine's host name
ALTER TABLE Receipts ADD COLUMN Ingested_with TEXT;  -- the version of census, with its commit

-- A date is impossible if it is more than a minute after the file's receipt: the clock of the host
-- or of the loading machine was wrong.
ALTER TABLE Executions ADD COLUMN Date_is_possible INTEGER NOT NULL DEFAULT 1
    CHECK (Date_is_possible IN (0, 1));
UPDATE Executions SET Date_is_possible = 0
WHERE Exec_date > (
    SELECT DATETIME(r.Received_at, '+1 minute') FROM Receipts r
    WHERE r.Receipt_ID = Executions.Receipt_ID);

-- The newest execution of a server: possible dates before impossible ones, then the latest date,
-- then the greatest Snapshot_ID, then the greatest Execution_ID.
ALTER TABLE Servers ADD COLUMN Newest_date_is_possible INTEGER NOT NULL DEFAULT 1
    CHECK (Newest_date_is_possible IN (0, 1));
UPDATE Servers
SET (Hostname, IP, OS_ID, Processor_ID, Newest_date_is_possible, Newest_Exec_date,
     Newest_Snapshot_ID) = (
    SELECT e.Hostname, e.IP, e.OS_ID, e.Processor_ID, e.Date_is_possible, e.Exec_date, e.Snapshot_ID
    FROM Executions e
    WHERE e.Server_ID = Servers.Server_ID
    ORDER BY e.Date_is_possible DESC, e.Exec_date DESC, e.Snapshot_ID DESC, e.Execution_ID DESC
    LIMIT 1)
WHERE EXISTS (SELECT 1 FROM Executions e WHERE e.Server_ID = Servers.Server_ID);
