-- The addresses of a host in each of its executions.
SELECT a.Execution_ID, a.Address FROM ADDRESSES_PER_EXECUTION a
JOIN Executions e ON e.Execution_ID = a.Execution_ID
WHERE e.Server_ID = ?;
