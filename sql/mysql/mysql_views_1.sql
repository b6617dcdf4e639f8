-- The views of a census database on MySQL 8.0.29, MariaDB 10.11 or newer, which are joined rows with
-- plain names for other programs. A row of an execution has is_newest = 1 if it is the newest of its
-- host. Times are in UTC. NULL is "unknown".
--
--     mysql census < mysql_views_1.sql
--
-- `census ingest` does this automatically if its account has the privilege CREATE VIEW. Nothing of
-- census needs them. A view has no other rights than whoever asks it.

-- Each host as its newest execution saw it, with its first and last visit. Impossible dates count
-- only if there are no others.
CREATE SQL SECURITY INVOKER VIEW v_hosts AS
SELECT s.Server_ID AS server_id, COALESCE(s.Hostname, s.IP, s.Host_ID) AS host,
       s.Host_ID AS host_id, s.IP AS ip, o.OS_Name AS os, o.OS_Version AS os_version,
       p.Brand AS processor,
       (SELECT COALESCE(MIN(CASE WHEN e.Date_is_possible = 1 THEN e.Exec_date END),
                        MIN(e.Exec_date))
        FROM Executions e WHERE e.Server_ID = s.Server_ID) AS first_seen,
       (SELECT COALESCE(MAX(CASE WHEN e.Date_is_possible = 1 THEN e.Exec_date END),
                        MAX(e.Exec_date))
        FROM Executions e WHERE e.Server_ID = s.Server_ID) AS last_seen,
       (SELECT COUNT(*) FROM Executions e WHERE e.Server_ID = s.Server_ID) AS executions
FROM Servers s
JOIN OS o ON o.OS_ID = s.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = s.Processor_ID;

-- Each visit to a host with the facts of that moment.
CREATE SQL SECURITY INVOKER VIEW v_executions AS
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

-- Each address that a host had.
CREATE SQL SECURITY INVOKER VIEW v_addresses AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       x.Address AS address
FROM ADDRESSES_PER_EXECUTION x
JOIN Executions e ON e.Execution_ID = x.Execution_ID
JOIN Servers s ON s.Server_ID = e.Server_ID;

-- Each process that ran.
CREATE SQL SECURITY INVOKER VIEW v_processes AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       p.PID AS pid, p.Process_Name AS process, u.User_Name AS owner
FROM PROCESSES_PER_EXECUTION x
JOIN Executions e ON e.Execution_ID = x.Execution_ID
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN Processes p ON p.Process_ID = x.Process_ID
LEFT JOIN USERS u ON u.User_ID = x.Owner_ID;

-- Each user who was logged in.
CREATE SQL SECURITY INVOKER VIEW v_users AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       u.User_Name AS username
FROM USERS_PER_EXECUTION x
JOIN Executions e ON e.Execution_ID = x.Execution_ID
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN USERS u ON u.User_ID = x.User_ID;

-- Each package that was installed.
CREATE SQL SECURITY INVOKER VIEW v_packages AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       i.Package_Type AS type, i.Package_Name AS package, i.Version AS version,
       i.Package_Arch AS arch, i.Source AS source, i.Source_version AS source_version,
       i.Publisher AS publisher
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN PACKAGES_PER_SET x ON x.Package_Set_ID = e.Package_Set_ID
JOIN Packages i ON i.Package_ID = x.Package_ID;

-- Each update of Windows that was installed.
CREATE SQL SECURITY INVOKER VIEW v_patches AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       i.Hotfix_ID AS hotfix_id, i.Description AS description, i.Installed_on AS installed_on
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN PATCHES_PER_SET x ON x.Patch_Set_ID = e.Patch_Set_ID
JOIN Patches i ON i.Patch_ID = x.Patch_ID;

-- Each account with the state of its password.
CREATE SQL SECURITY INVOKER VIEW v_accounts AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       i.Username AS account, i.UID AS uid, i.GID AS gid, i.SID AS sid,
       i.Description AS description, i.Home AS home, i.Shell AS shell,
       i.Group_names AS group_names, i.Is_enabled AS is_enabled,
       i.Password_status AS password_status, i.Hash_algorithm AS hash_algorithm,
       i.Password_changed AS password_changed, i.Min_days AS min_days, i.Max_days AS max_days,
       i.Never_expires AS never_expires, i.Warning_days AS warning_days,
       i.Inactive_days AS inactive_days, i.Expires AS expires, i.Last_login AS last_login
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN ACCOUNTS_PER_SET x ON x.Account_Set_ID = e.Account_Set_ID
JOIN Accounts i ON i.Account_ID = x.Account_ID;

-- Each rule that gives somebody the rights of another.
CREATE SQL SECURITY INVOKER VIEW v_privileges AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       i.Subject AS subject, i.Privilege_source AS source, i.Privilege_rule AS rule
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN PRIVILEGES_PER_SET x ON x.Privilege_Set_ID = e.Privilege_Set_ID
JOIN Privileges i ON i.Privilege_ID = x.Privilege_ID;

-- Each public key that may log in by SSH.
CREATE SQL SECURITY INVOKER VIEW v_authorized_keys AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       i.Username AS account, i.Algorithm AS algorithm, i.Fingerprint AS fingerprint,
       i.Key_options AS options, i.Key_comment AS comment, i.Key_path AS path
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN AUTHORIZED_KEYS_PER_SET x ON x.Authorized_Key_Set_ID = e.Authorized_Key_Set_ID
JOIN Authorized_keys i ON i.Authorized_Key_ID = x.Authorized_Key_ID;

-- Each public key of an SSH server.
CREATE SQL SECURITY INVOKER VIEW v_ssh_host_keys AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       i.Algorithm AS algorithm, i.Fingerprint AS fingerprint
FROM Executions e
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN SSH_HOST_KEYS_PER_SET x ON x.SSH_Host_Key_Set_ID = e.SSH_Host_Key_Set_ID
JOIN SSH_host_keys i ON i.SSH_Host_Key_ID = x.SSH_Host_Key_ID;

-- Each socket that accepted connections or datagrams.
CREATE SQL SECURITY INVOKER VIEW v_listening_ports AS
SELECT e.Execution_ID AS execution_id, e.Server_ID AS server_id,
       COALESCE(e.Hostname, e.IP, s.Host_ID) AS host, e.Exec_date AS taken_at,
       (COALESCE(e.Snapshot_ID, '') = s.Newest_Snapshot_ID
        AND e.Exec_date = s.Newest_Exec_date) AS is_newest,
       i.Protocol AS protocol, i.Family AS family, i.Address AS address, i.Port AS port,
       i.Interface AS interface, i.Process_Name AS process, i.Path AS path,
       i.Package_Name AS package
FROM LISTENING_PORTS_PER_EXECUTION x
JOIN Executions e ON e.Execution_ID = x.Execution_ID
JOIN Servers s ON s.Server_ID = e.Server_ID
JOIN Listening_ports i ON i.Listening_Port_ID = x.Listening_Port_ID;

-- Each file that was given to `census ingest`, with each execution that came from it.
CREATE SQL SECURITY INVOKER VIEW v_evidence AS
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

-- Each execution that was taken out of the database.
CREATE SQL SECURITY INVOKER VIEW v_retractions AS
SELECT t.Retraction_ID AS retraction_id, t.Receipt_ID AS receipt_id, r.Path AS file,
       r.SHA256 AS sha256, t.Snapshot_ID AS snapshot_id, t.Retracted_at AS retracted_at,
       t.Reason AS reason, t.Retracted_by AS retracted_by, t.Retracted_on AS retracted_on,
       t.Retracted_with AS retracted_with
FROM Retractions t
LEFT JOIN Receipts r ON r.Receipt_ID = t.Receipt_ID;
