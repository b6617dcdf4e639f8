-- From version 7 to version 8: executions that were taken out of the database. Their files keep
-- their receipts, and are not loaded again unless `census ingest --again` asks for it.

-- One row for each execution that was retracted, and each time.
CREATE TABLE Retractions (
    Retraction_ID    INTEGER PRIMARY KEY,
    Receipt_ID       INTEGER REFERENCES Receipts,
    Snapshot_ID      TEXT,
    Snapshot_SHA256  TEXT,
    Retracted_at     TEXT NOT NULL,
    Reason           TEXT NOT NULL,
    Retracted_by     TEXT,                   -- a login name, or a user id in digits
    Retracted_on     TEXT,                   -- the host name of the machine
    Retracted_with   TEXT                    -- the version of census, with its commit
);
CREATE INDEX Retractions_by_snapshot ON Retractions (Snapshot_ID);
CREATE INDEX Retractions_by_receipt ON Retractions (Receipt_ID);
