-- The complete files that were not read as census verify read them: they are encrypted, have been
-- changed since, have a name or a line that the engine does not read, or have several verdicts. There
-- must be none.
SELECT v.Path
FROM verified v
LEFT JOIN (SELECT File_ID, count() AS Snapshots, min(t.Size_bytes) AS Size_bytes,
                  countIf(Ends = 1 AND Unread = 0 AND Processes = End_processes
                          AND Users = End_users
                          AND Packages = ifNull(End_packages, Packages)) AS Whole
           FROM snapshots t
           GROUP BY File_ID) s ON s.File_ID = v.File_ID
WHERE v.Verdict = 'complete' AND v.Snapshots > 0
  AND (s.File_ID IS NULL OR s.Snapshots <> v.Snapshots OR s.Whole <> v.Snapshots
       OR s.Size_bytes <> v.Size_bytes
       OR v.Path IN (SELECT Path FROM verified GROUP BY Path HAVING COUNT(*) > 1))
ORDER BY v.File_ID;
