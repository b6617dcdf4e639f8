-- The files passed to `census ingest`, one row for each time.
SELECT r.Receipt_ID     AS "Receipt_ID",
       r.Path           AS "Path",
       r.SHA256         AS "SHA256",
       r.Size_bytes     AS "Size_bytes",
       r.Verdict        AS "Verdict",
       r.Received_at    AS "Received_at",
       r.Reason         AS "Reason",
       r.Absolute_path  AS "Absolute_path",
       r.Ingested_by    AS "Ingested_by",
       r.Ingested_on    AS "Ingested_on",
       r.Ingested_with  AS "Ingested_with",
       d.Path           AS "Joined_from",
       r.Signature      AS "Signature",
       r.Signer_Key     AS "Signer_Key",
       r.Signer_Principal AS "Signer_Principal",
       r.Encryption     AS "Encryption",
       r.Custody        AS "Custody",
       r.Manifest       AS "Manifest",
       r.Manifest_SHA256 AS "Manifest_SHA256",
       r.Manifest_Case  AS "Manifest_Case",
       r.Manifest_Examiner AS "Manifest_Examiner",
       r.Manifest_Signer AS "Manifest_Signer"
FROM Receipts r
LEFT JOIN Receipts d ON d.Receipt_ID = r.Database_Receipt_ID
ORDER BY r.Receipt_ID;
