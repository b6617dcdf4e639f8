-- From version 1 to version 2: a server says by itself how old its facts are, so that a program
-- that has older ones can tell without a look at all executions; a receipt says how many snapshots
-- its file holds, so that a file that is given again need not be read if all of them are there.
ALTER TABLE Servers ADD COLUMN Newest_Exec_date TEXT NOT NULL DEFAULT '';
ALTER TABLE Servers ADD COLUMN Newest_Snapshot_ID TEXT NOT NULL DEFAULT '';
UPDATE Servers SET Newest_Exec_date = COALESCE(
    (SELECT MAX(e.Exec_date) FROM Executions e WHERE e.Server_ID = Servers.Server_ID), '');
UPDATE Servers SET Newest_Snapshot_ID = COALESCE(
    (SELECT MAX(e.Snapshot_ID) FROM Executions e
     WHERE e.Server_ID = Servers.Server_ID AND e.Exec_date = Servers.Newest_Exec_date), '');
ALTER TABLE Receipts ADD COLUMN Snapshots INTEGER;  -- NULL: rejected, or not known
CREATE INDEX Executions_by_receipt ON Executions (Receipt_ID);
