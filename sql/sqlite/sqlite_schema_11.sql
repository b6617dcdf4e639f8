-- From version 10 to version 11: executions of another census database. The receipt of a file that was
-- loaded into that one says through which database it came here.
ALTER TABLE Receipts ADD COLUMN Database_Receipt_ID INTEGER REFERENCES Receipts;  -- NULL: none

DROP VIEW v_evidence;

-- Each file that was given to `census ingest`, with each execution that came from it.
CREATE VIEW v_evidence AS
SELECT r.Receipt_ID AS receipt_id, r.Path AS file, r.Absolute_path AS absolute_path,
       r.SHA256 AS sha256, r.Size_bytes AS size_bytes, r.Verdict AS verdict, r.Reason AS reason,
       r.Received_at AS received_at, r.Ingested_by AS ingested_by, r.Ingested_on AS ingested_on,
       r.Ingested_with AS ingested_with, d.Path AS joined_from,
       e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at
FROM Receipts r
LEFT JOIN Receipts d ON d.Receipt_ID = r.Database_Receipt_ID
LEFT JOIN Executions e ON e.Receipt_ID = r.Receipt_ID
LEFT JOIN Servers s ON s.Server_ID = e.Server_ID;
