-- The input of a database's digest: one line per snapshot with its id, a tab and the SHA-256 of its
-- text, sorted by the bytes of the id.
--
--     sqlite3 -tabs census.sqlite < sql/page/page_digest.sql | sha256sum
--     mariadb -N -B census < sql/page/page_digest.sql | sha256sum
SELECT e.Snapshot_ID      AS "Snapshot_ID",
       e.Snapshot_SHA256  AS "Snapshot_SHA256"
FROM Executions e
WHERE e.Snapshot_ID IS NOT NULL
ORDER BY e.Snapshot_ID;
