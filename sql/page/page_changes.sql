-- How many names of processes (1) and of their owners (2) are in one of two executions only. The
-- parameters are the newer execution, the older one, the newer and the older one again; then the
-- same four once more.
SELECT n.What                                             AS "What",
       COUNT(CASE WHEN n.Newer > n.Older THEN 1 END)      AS "New",
       COUNT(CASE WHEN n.Newer < n.Older THEN 1 END)      AS "Gone"
FROM (
    SELECT 1                        AS What,
           MAX(x.Execution_ID = ?)  AS Newer,
           MAX(x.Execution_ID = ?)  AS Older
    FROM PROCESSES_PER_EXECUTION x
    JOIN Processes p ON p.Process_ID = x.Process_ID
    WHERE x.Execution_ID IN (?, ?)
    GROUP BY p.Process_Name
    UNION ALL
    SELECT 2,
           MAX(x.Execution_ID = ?),
           MAX(x.Execution_ID = ?)
    FROM PROCESSES_PER_EXECUTION x
    WHERE x.Execution_ID IN (?, ?) AND x.Owner_ID IS NOT NULL
    GROUP BY x.Owner_ID
) n
GROUP BY n.What
ORDER BY n.What;
