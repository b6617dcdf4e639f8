-- The receipts of the databases through which the files of executions came.
SELECT DISTINCT r.Database_Receipt_ID
FROM Receipts r
WHERE r.Receipt_ID IN (SELECT Receipt_ID FROM Executions)
  AND r.Database_Receipt_ID IS NOT NULL;
