-- The views that have other columns than when the schema made them. `census ingest` makes them anew
-- where they lack these. The rest of the views are in the files of the schema.

-- Each visit to a host with the facts of that moment.
DROP VIEW IF EXISTS v_executions;
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
