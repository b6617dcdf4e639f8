-- The ids of the processes of an execution, and of their owners.
SELECT Process_ID, Owner_ID FROM PROCESSES_PER_EXECUTION WHERE Execution_ID = ?;
