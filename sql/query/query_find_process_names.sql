-- The names of a range of processes, for the index of `census find`; the parameters are its first and its
-- last Process_ID.
SELECT Process_ID, Process_Name FROM Processes WHERE Process_ID BETWEEN ? AND ?;
