-- Whether a process has a PID that is no integer, or a name that is no text, on SQLite.
SELECT EXISTS (
    SELECT 1 FROM Processes WHERE typeof(PID) <> 'integer' OR typeof(Process_Name) <> 'text');
