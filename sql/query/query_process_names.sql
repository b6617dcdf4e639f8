-- All processes with their names.
SELECT Process_ID, Process_Name FROM Processes;
