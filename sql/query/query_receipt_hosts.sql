-- The hosts that each file brought.
SELECT r.SHA256, e.Server_ID, e.Hostname
FROM Receipts r JOIN Executions e ON e.Receipt_ID = r.Receipt_ID;
