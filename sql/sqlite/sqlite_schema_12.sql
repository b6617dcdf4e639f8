-- From version 11 to version 12: what shows that a file is of the host that it names, and unchanged. All
-- are NULL for files that were loaded before.
ALTER TABLE Receipts ADD COLUMN Signature TEXT;         -- unsigned, signed, valid, wrong_key, unknown_host,
                                                        -- or revoked; NULL also: not read
ALTER TABLE Receipts ADD COLUMN Signer_Key TEXT;        -- ssh-ed25519 SHA256:…
ALTER TABLE Receipts ADD COLUMN Signer_Principal TEXT;  -- the name under which known_hosts has the key
ALTER TABLE Receipts ADD COLUMN Encryption TEXT;        -- age, and the kinds of recipients; NULL: none
ALTER TABLE Receipts ADD COLUMN Custody TEXT;           -- the line of a custody log; NULL: no log
ALTER TABLE Receipts ADD COLUMN Manifest TEXT;          -- listed, changed or extra; NULL: no manifest

DROP VIEW v_evidence;

-- Each file that was given to `census ingest`, with each execution that came from it.
CREATE VIEW v_evidence AS
SELECT r.Receipt_ID AS receipt_id, r.Path AS file, r.Absolute_path AS absolute_path,
       r.SHA256 AS sha256, r.Size_bytes AS size_bytes, r.Verdict AS verdict, r.Reason AS reason,
       r.Received_at AS received_at, r.Ingested_by AS ingested_by, r.Ingested_on AS ingested_on,
       r.Ingested_with AS ingested_with, d.Path AS joined_from,
       r.Signature AS signature, r.Signer_Key AS signer_key,
       r.Signer_Principal AS signer_principal, r.Encryption AS encryption, r.Custody AS custody,
       r.Manifest AS manifest,
       e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at
FROM Receipts r
LEFT JOIN Receipts d ON d.Receipt_ID = r.Database_Receipt_ID
LEFT JOIN Executions e ON e.Receipt_ID = r.Receipt_ID
LEFT JOIN Servers s ON s.Server_ID = e.Server_ID;
