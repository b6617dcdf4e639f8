-- The addresses of all hosts in all executions.
SELECT e.Server_ID, a.Address FROM ADDRESSES_PER_EXECUTION a
JOIN Executions e ON e.Execution_ID = a.Execution_ID;
