-- The hosts of the executions loaded from each file.
SELECT r.SHA256, e.Server_ID, e.Hostname
FROM Receipts r JOIN Executions e ON e.Receipt_ID = r.Receipt_ID;
