-- All executions, grouped by host, newest first. This is the only definition of the newest
-- execution: all queries for it use this order. A test compares the rows of Servers, written by the
-- loader and the stored procedure Insert_servers_data, with it.
--
-- Possible dates come before impossible ones: otherwise an execution of a clock that is ahead would
-- remain the newest. Ties within a second are broken by Snapshot_ID, so that the order is
-- deterministic.
SELECT Execution_ID, Server_ID, Exec_date, Date_is_possible
FROM Executions
ORDER BY Server_ID, Date_is_possible DESC, Exec_date DESC, Snapshot_ID DESC, Execution_ID DESC;
