-- The ids of the processes of all executions, and of their owners, in the order in which they are stored.
SELECT Process_ID, Owner_ID, Execution_ID
FROM PROCESSES_PER_EXECUTION
ORDER BY Execution_ID, Process_ID;
