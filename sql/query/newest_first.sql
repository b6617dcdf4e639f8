-- All executions, those of a host together and the newest one first. There is no other definition
-- of which one that is: what asks for the newest takes the order of this query. The rows of Servers,
-- which the loader and the stored procedure Insert_servers_data write, are compared with it in a
-- test.
--
-- A date that is possible comes before one that is not, else one of a clock that runs ahead would
-- stay the newest for ever. Of two snapshots of one second any may be the newer one, but always the
-- same.
SELECT Execution_ID, Server_ID, Exec_date, Date_is_possible
FROM Executions
ORDER BY Server_ID, Date_is_possible DESC, Exec_date DESC, Snapshot_ID DESC, Execution_ID DESC;
