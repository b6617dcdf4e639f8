-- A process by its id.
SELECT PID, Process_Name FROM Processes WHERE Process_ID = ?;
