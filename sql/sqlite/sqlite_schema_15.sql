-- From version 14 to version 15: why a file was rejected, as a value; the manifest that it was compared with;
-- and all columns of executions in their view.
--
-- Cause is custody_digest (the custody log beside the file has its name with another SHA-256),
-- custody_signature (the log has it as signed, and there is no signature or one by another key),
-- missing_files (a log: files that it has were not there), other_content (a snapshot of the file is in the
-- database with other content), or retracted (one of them was retracted, and there are no others to
-- load). It is NULL for all other causes.
ALTER TABLE Receipts ADD COLUMN Cause TEXT;

-- Of the manifest: its digest, the case and the examiner that it names, and the key that has signed it
-- with what is known of that; NULL: it does not say, or is not signed. All are NULL without a manifest, and
-- for files that were loaded before.
ALTER TABLE Receipts ADD COLUMN Manifest_SHA256 TEXT;
ALTER TABLE Receipts ADD COLUMN Manifest_Case TEXT;
ALTER TABLE Receipts ADD COLUMN Manifest_Examiner TEXT;
ALTER TABLE Receipts ADD COLUMN Manifest_Signer TEXT;

-- Older versions have no cause but in words.
UPDATE Receipts
SET Cause = CASE
        WHEN Reason LIKE '%:% has this file with another SHA-256: it was replaced or changed'
            THEN 'custody_digest'
        WHEN Reason LIKE '%:% has this file as signed by %, and no signature is beside it: it was removed'
          OR Reason LIKE '%:% has this file as signed by %, and the signature beside it is by another key'
            THEN 'custody_signature'
        WHEN Reason LIKE '%not among these files' AND Custody LIKE 'custody log%'
            THEN 'missing_files'
        WHEN Reason LIKE 'snapshot % is in the database with other content'
            THEN 'other_content'
        WHEN Reason LIKE 'snapshot % was retracted on %' AND Reason NOT LIKE '% not loaded'
            THEN 'retracted'
    END
WHERE Verdict = 'rejected';

DROP VIEW v_evidence;

-- Each file that was given to `census ingest`, with each execution that came from it.
CREATE VIEW v_evidence AS
SELECT r.Receipt_ID AS receipt_id, r.Path AS file, r.Absolute_path AS absolute_path,
       r.SHA256 AS sha256, r.Size_bytes AS size_bytes, r.Verdict AS verdict, r.Reason AS reason,
       r.Received_at AS received_at, r.Ingested_by AS ingested_by, r.Ingested_on AS ingested_on,
       r.Ingested_with AS ingested_with, d.Path AS joined_from,
       r.Signature AS signature, r.Signer_Key AS signer_key,
       r.Signer_Principal AS signer_principal, r.Encryption AS encryption, r.Custody AS custody,
       r.Manifest AS manifest, r.Manifest_SHA256 AS manifest_sha256,
       r.Manifest_Case AS manifest_case, r.Manifest_Examiner AS manifest_examiner,
       r.Manifest_Signer AS manifest_signer, r.Cause AS cause,
       e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at
FROM Receipts r
LEFT JOIN Receipts d ON d.Receipt_ID = r.Database_Receipt_ID
LEFT JOIN Executions e ON e.Receipt_ID = r.Receipt_ID
LEFT JOIN Servers s ON s.Server_ID = e.Server_ID;

DROP VIEW v_executions;

-- Each visit to a host with the facts of that moment.
CREATE VIEW v_executions AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       s.Host_ID AS host_id, e.IP AS ip, o.OS_Name AS os, o.OS_Version AS os_version,
       e.Codename AS codename, e.Platform AS platform, e.Kernel AS kernel, e.Arch AS arch,
       p.Brand AS processor, e.Sockets AS sockets, e.Number_of_cores AS number_of_cores,
       e.Logical_processors AS logical_processors, e.Physical_memory AS physical_memory,
       e.Virtualization AS virtualization, e.Container AS container,
       e.Hardware_vendor AS hardware_vendor, e.Hardware_model AS hardware_model,
       e.Hardware_serial AS hardware_serial, e.Hardware_UUID AS hardware_uuid,
       e.Boot_time AS boot_time, e.Date_is_possible AS date_is_possible,
       e.Processes_known AS processes_known, e.Users_known AS users_known,
       e.Packages_known AS packages_known, e.Patches_known AS patches_known,
       e.Accounts_known AS accounts_known, e.Privileges_known AS privileges_known,
       e.Authorized_keys_known AS authorized_keys_known,
       e.SSH_host_keys_known AS ssh_host_keys_known,
       e.Listening_ports_known AS listening_ports_known, e.Processes_hidden AS processes_hidden,
       e.Processes_unreadable AS processes_unreadable, e.Unread_files AS unread_files,
       e.Collector_euid AS collector_euid, e.Collector_elevated AS collector_elevated,
       e.Generator AS generator, e.Snapshot_ID AS snapshot_id,
       e.Snapshot_SHA256 AS snapshot_sha256, r.Path AS file, r.SHA256 AS file_sha256
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN OS o ON o.OS_ID = e.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
LEFT JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID;
