-- From version 3 to version 4: an execution records whether its collector had the rights of an
-- administrator of Windows; NULL if unknown, or on another system.
ALTER TABLE Executions ADD COLUMN Collector_elevated INTEGER CHECK (Collector_elevated IN (0, 1));
