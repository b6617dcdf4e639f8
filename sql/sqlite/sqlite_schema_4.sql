-- From version 3 to version 4: an execution records whether the collector had the rights of an
-- administrator of Windows, as Collector_euid does of other systems. NULL if unknown.
ALTER TABLE Executions ADD COLUMN Collector_elevated INTEGER
    CHECK (Collector_elevated IN (0, 1));
