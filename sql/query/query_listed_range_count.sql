-- The same, if there are processes of all ids from the second parameter to the third and no others.
SELECT COUNT(*)
FROM PROCESSES_PER_EXECUTION x
WHERE x.Execution_ID = ? AND x.Process_ID BETWEEN ? AND ? AND typeof(x.Process_ID) = 'integer';
