-- The number of executions of each host.
SELECT Server_ID, COUNT(*) FROM Executions GROUP BY Server_ID ORDER BY Server_ID;
