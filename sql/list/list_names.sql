-- The hostnames that each server had.
SELECT DISTINCT Server_ID, Hostname
FROM Executions
WHERE Hostname IS NOT NULL
ORDER BY Server_ID, Hostname;
