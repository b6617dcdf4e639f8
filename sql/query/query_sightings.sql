-- The time, identity and completeness of each execution. The program appends the order of
-- newest_first.sql. Executions without a receipt were added by the stored procedures. The columns that
-- say whether the items of each list are known follow the last one.
SELECT e.Execution_ID, e.Server_ID, e.Exec_date, e.Hostname, e.IP, p.Brand,
       e.Boot_time, e.Container, o.OS_Name, o.OS_Version, e.Platform, e.Kernel,
       e.Generator, r.Received_at, e.Processes_known, e.Collector_euid,
       e.Processes_hidden, e.Processes_unreadable, e.Date_is_possible,
       e.Collector_elevated, e.Hardware_UUID, e.Hardware_serial, e.Hardware_vendor,
       e.Hardware_model, e.Interfaces, e.SSH_Host_Key_Set_ID, r.SHA256, r.Signature,
       r.Signer_Key, e.Unread_files /* lists */
FROM Executions e
LEFT JOIN OS o ON o.OS_ID = e.OS_ID
LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
LEFT JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID;
