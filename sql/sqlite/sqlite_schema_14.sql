-- From version 13 to version 14: what the collector could not read, or not to its end: a JSON array of the
-- files with the reasons: ["etc/shadow: Input/output error"]. It is [] if the collector names its sources and
-- none failed, and NULL if it does not name them, and for executions that were loaded before.
ALTER TABLE Executions ADD COLUMN Unread_files TEXT;
