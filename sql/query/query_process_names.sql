-- All processes with their names, in the order in which they are stored.
SELECT Process_ID, Process_Name FROM Processes ORDER BY Process_ID;
