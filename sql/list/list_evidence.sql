-- The files passed to `census ingest`, one row for each time and for each execution that came from
-- them, also if it was retracted. Joined_from is the census database that read the file; where that
-- was joined to another one in turn, its own row says which. If executions are selected, the condition in
-- the comment applies: the files that they came from, each time that these were given.
SELECT r.Receipt_ID      AS "Receipt_ID",
       r.Path            AS "File",
       r.SHA256          AS "SHA256",
       r.Size_bytes      AS "Size_bytes",
       r.Verdict         AS "Verdict",
       r.Received_at     AS "Received_at",
       e.Execution_ID    AS "Execution_ID",
       e.Server_ID       AS "Server_ID",
       e.Hostname        AS "Hostname",
       e.Exec_date       AS "Exec_date",
       r.Reason          AS "Reason",
       r.Absolute_path   AS "Absolute_path",
       r.Ingested_by     AS "Ingested_by",
       r.Ingested_on     AS "Ingested_on",
       r.Ingested_with   AS "Ingested_with",
       e.Retracted_at    AS "Retracted_at",
       e.Retracted_by    AS "Retracted_by",
       e.Retracted_on    AS "Retracted_on",
       e.Retracted_with  AS "Retracted_with",
       e.Retracted_for   AS "Retracted_for",
       d.Path            AS "Joined_from",
       r.Signature       AS "Signature",
       r.Signer_Key      AS "Signer_Key",
       r.Signer_Principal AS "Signer_Principal",
       r.Encryption      AS "Encryption",
       r.Custody         AS "Custody",
       r.Manifest        AS "Manifest",
       r.Manifest_SHA256 AS "Manifest_SHA256",
       r.Manifest_Case   AS "Manifest_Case",
       r.Manifest_Examiner AS "Manifest_Examiner",
       r.Manifest_Signer AS "Manifest_Signer",
       r.Cause           AS "Cause"
FROM Receipts r
LEFT JOIN Receipts d ON d.Receipt_ID = r.Database_Receipt_ID
LEFT JOIN (
    SELECT Receipt_ID, Execution_ID, Server_ID, Hostname, Exec_date,
           NULL AS Retraction_ID, NULL AS Retracted_at, NULL AS Retracted_by,
           NULL AS Retracted_on, NULL AS Retracted_with, NULL AS Retracted_for
    FROM Executions
    UNION ALL
    SELECT Receipt_ID, NULL, NULL, NULL, NULL,
           Retraction_ID, Retracted_at, Retracted_by, Retracted_on, Retracted_with, Reason
    FROM Retractions) e ON e.Receipt_ID = r.Receipt_ID
/* selected
WHERE e.Execution_ID IS NOT NULL
   OR r.SHA256 IN (SELECT b.SHA256 FROM Receipts b JOIN Executions x ON x.Receipt_ID = b.Receipt_ID)
selected */
ORDER BY r.Receipt_ID, e.Execution_ID, e.Retraction_ID;
