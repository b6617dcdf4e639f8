-- From version 13 to version 14: what the collector could not read, or not to its end, each file with the
-- reason: "etc/shadow: Input/output error; etc/os-release: it is of an unknown form". It is empty if the
-- collector names its sources and none failed, and NULL if it does not name them, and for executions that
-- were loaded before.
ALTER TABLE Executions ADD COLUMN Unread_files TEXT;
