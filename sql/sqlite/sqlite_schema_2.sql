-- From version 1 to version 2: a server records the date of its facts, so that older facts are
-- recognized without a search through all executions. A receipt records the number of snapshots in
-- its file, so that a file is not read again if all of them are loaded.
ALTER TABLE Servers ADD COLUMN Newest_Exec_date TEXT NOT NULL DEFAULT '';
ALTER TABLE Servers ADD COLUMN Newest_Snapshot_ID TEXT NOT NULL DEFAULT '';
UPDATE Servers SET Newest_Exec_date = COALESCE(
    (SELECT MAX(e.Exec_date) FROM Executions e WHERE e.Server_ID = Servers.Server_ID), '');
UPDATE Servers SET Newest_Snapshot_ID = COALESCE(
    (SELECT MAX(e.Snapshot_ID) FROM Executions e
     WHERE e.Server_ID = Servers.Server_ID AND e.Exec_date = Servers.Newest_Exec_date), '');
ALTER TABLE Receipts ADD COLUMN Snapshots INTEGER;  -- NULL: rejected, or unknown
CREATE INDEX Executions_by_receipt ON Executions (Receipt_ID);
