-- The addresses of an execution.
SELECT Address FROM ADDRESSES_PER_EXECUTION WHERE Execution_ID = ? ORDER BY Address;
