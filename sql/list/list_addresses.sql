-- The addresses that each server had.
SELECT e.Server_ID, e.IP AS Address
FROM Executions e
WHERE e.IP IS NOT NULL
UNION
SELECT e.Server_ID, a.Address
FROM Executions e
JOIN ADDRESSES_PER_EXECUTION a ON a.Execution_ID = e.Execution_ID
ORDER BY 1, 2;
