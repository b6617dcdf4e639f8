-- From version 5 to version 6: the hardware of a host, its accounts and their rights, the keys of
-- SSH, listening ports, and the updates of Windows. What seldom changes is stored as sets, like the
-- packages of version 5; listening ports are linked to executions, like processes.

-- Each update of Windows once, for all servers.
CREATE TABLE Patches (
    Patch_ID      INTEGER PRIMARY KEY,
    Patch_SHA256  TEXT NOT NULL UNIQUE,
    Hotfix_ID     TEXT NOT NULL,
    Description   TEXT,
    Installed_on  TEXT
);
CREATE INDEX Patches_by_hotfix_id ON Patches (Hotfix_ID);

CREATE TABLE PATCH_SETS (
    Patch_Set_ID  INTEGER PRIMARY KEY,
    Set_SHA256    TEXT NOT NULL UNIQUE,
    Item_count    INTEGER NOT NULL
);

CREATE TABLE PATCHES_PER_SET (
    Patch_Set_ID  INTEGER NOT NULL REFERENCES PATCH_SETS,
    Patch_ID      INTEGER NOT NULL REFERENCES Patches,
    PRIMARY KEY (Patch_Set_ID, Patch_ID)
) WITHOUT ROWID;
CREATE INDEX PATCH_SETS_by_item ON PATCHES_PER_SET (Patch_ID);

-- Each state of an account once, for all servers.
CREATE TABLE Accounts (
    Account_ID        INTEGER PRIMARY KEY,
    Account_SHA256    TEXT NOT NULL UNIQUE,
    Username          TEXT NOT NULL,
    UID               INTEGER,
    GID               INTEGER,
    SID               TEXT,
    Description       TEXT,
    Home              TEXT,
    Shell             TEXT,
    Group_names       TEXT,
    Is_enabled        INTEGER CHECK (Is_enabled IN (0, 1)),
    Password_status   TEXT,
    Hash_algorithm    TEXT,
    Password_changed  TEXT,
    Min_days          INTEGER,
    Max_days          INTEGER,
    Never_expires     INTEGER CHECK (Never_expires IN (0, 1)),
    Warning_days      INTEGER,
    Inactive_days     INTEGER,
    Expires           TEXT,
    Last_login        TEXT
);
CREATE INDEX Accounts_by_username ON Accounts (Username);

CREATE TABLE ACCOUNT_SETS (
    Account_Set_ID  INTEGER PRIMARY KEY,
    Set_SHA256      TEXT NOT NULL UNIQUE,
    Item_count      INTEGER NOT NULL
);

CREATE TABLE ACCOUNTS_PER_SET (
    Account_Set_ID  INTEGER NOT NULL REFERENCES ACCOUNT_SETS,
    Account_ID      INTEGER NOT NULL REFERENCES Accounts,
    PRIMARY KEY (Account_Set_ID, Account_ID)
) WITHOUT ROWID;
CREATE INDEX ACCOUNT_SETS_by_item ON ACCOUNTS_PER_SET (Account_ID);

-- Each rule that gives somebody the rights of another once, for all servers.
CREATE TABLE Privileges (
    Privilege_ID      INTEGER PRIMARY KEY,
    Privilege_SHA256  TEXT NOT NULL UNIQUE,
    Subject           TEXT NOT NULL,
    Privilege_source  TEXT NOT NULL,
    Privilege_rule    TEXT NOT NULL
);
CREATE INDEX Privileges_by_subject ON Privileges (Subject);

CREATE TABLE PRIVILEGE_SETS (
    Privilege_Set_ID  INTEGER PRIMARY KEY,
    Set_SHA256        TEXT NOT NULL UNIQUE,
    Item_count        INTEGER NOT NULL
);

CREATE TABLE PRIVILEGES_PER_SET (
    Privilege_Set_ID  INTEGER NOT NULL REFERENCES PRIVILEGE_SETS,
    Privilege_ID      INTEGER NOT NULL REFERENCES Privileges,
    PRIMARY KEY (Privilege_Set_ID, Privilege_ID)
) WITHOUT ROWID;
CREATE INDEX PRIVILEGE_SETS_by_item ON PRIVILEGES_PER_SET (Privilege_ID);

-- Each public key that may be used to log in by SSH once, for all servers.
CREATE TABLE Authorized_keys (
    Authorized_Key_ID      INTEGER PRIMARY KEY,
    Authorized_Key_SHA256  TEXT NOT NULL UNIQUE,
    Fingerprint            TEXT NOT NULL,
    Username               TEXT NOT NULL,
    Algorithm              TEXT NOT NULL,
    Key_options            TEXT,
    Key_comment            TEXT,
    Key_path               TEXT
);
CREATE INDEX Authorized_keys_by_fingerprint ON Authorized_keys (Fingerprint);

CREATE TABLE AUTHORIZED_KEY_SETS (
    Authorized_Key_Set_ID  INTEGER PRIMARY KEY,
    Set_SHA256             TEXT NOT NULL UNIQUE,
    Item_count             INTEGER NOT NULL
);

CREATE TABLE AUTHORIZED_KEYS_PER_SET (
    Authorized_Key_Set_ID  INTEGER NOT NULL REFERENCES AUTHORIZED_KEY_SETS,
    Authorized_Key_ID      INTEGER NOT NULL REFERENCES Authorized_keys,
    PRIMARY KEY (Authorized_Key_Set_ID, Authorized_Key_ID)
) WITHOUT ROWID;
CREATE INDEX AUTHORIZED_KEY_SETS_by_item ON AUTHORIZED_KEYS_PER_SET (Authorized_Key_ID);

-- Each public key by which a host identifies itself to clients of SSH.
CREATE TABLE SSH_host_keys (
    SSH_Host_Key_ID      INTEGER PRIMARY KEY,
    SSH_Host_Key_SHA256  TEXT NOT NULL UNIQUE,
    Algorithm            TEXT NOT NULL,
    Fingerprint          TEXT NOT NULL
);
CREATE INDEX SSH_host_keys_by_fingerprint ON SSH_host_keys (Fingerprint);

CREATE TABLE SSH_HOST_KEY_SETS (
    SSH_Host_Key_Set_ID  INTEGER PRIMARY KEY,
    Set_SHA256           TEXT NOT NULL UNIQUE,
    Item_count           INTEGER NOT NULL
);

CREATE TABLE SSH_HOST_KEYS_PER_SET (
    SSH_Host_Key_Set_ID  INTEGER NOT NULL REFERENCES SSH_HOST_KEY_SETS,
    SSH_Host_Key_ID      INTEGER NOT NULL REFERENCES SSH_host_keys,
    PRIMARY KEY (SSH_Host_Key_Set_ID, SSH_Host_Key_ID)
) WITHOUT ROWID;
CREATE INDEX SSH_HOST_KEY_SETS_by_item ON SSH_HOST_KEYS_PER_SET (SSH_Host_Key_ID);

-- Each socket that accepts connections or datagrams once, for all servers.
CREATE TABLE Listening_ports (
    Listening_Port_ID      INTEGER PRIMARY KEY,
    Listening_Port_SHA256  TEXT NOT NULL UNIQUE,
    Port                   INTEGER NOT NULL,
    Protocol               TEXT NOT NULL,
    Family                 TEXT NOT NULL,
    Address                TEXT NOT NULL,
    Interface              TEXT,
    Process_Name           TEXT,
    Path                   TEXT
);
CREATE INDEX Listening_ports_by_port ON Listening_ports (Port);

CREATE TABLE LISTENING_PORTS_PER_EXECUTION (
    Execution_ID       INTEGER NOT NULL REFERENCES Executions,
    Listening_Port_ID  INTEGER NOT NULL REFERENCES Listening_ports,
    PRIMARY KEY (Execution_ID, Listening_Port_ID)
) WITHOUT ROWID;
CREATE INDEX Executions_by_listening_port ON LISTENING_PORTS_PER_EXECUTION (Listening_Port_ID);

ALTER TABLE Executions ADD COLUMN Virtualization TEXT;
ALTER TABLE Executions ADD COLUMN Hardware_UUID TEXT;
ALTER TABLE Executions ADD COLUMN Hardware_vendor TEXT;
ALTER TABLE Executions ADD COLUMN Hardware_model TEXT;
ALTER TABLE Executions ADD COLUMN Hardware_serial TEXT;
ALTER TABLE Executions ADD COLUMN Physical_memory INTEGER;
ALTER TABLE Executions ADD COLUMN Interfaces TEXT;

-- 1: all are known; 0: some are unknown; NULL: the collector did not look for them.
ALTER TABLE Executions ADD COLUMN Patches_known INTEGER CHECK (Patches_known IN (0, 1));
ALTER TABLE Executions ADD COLUMN Patch_Set_ID INTEGER REFERENCES PATCH_SETS;
CREATE INDEX Executions_by_patch_set ON Executions (Patch_Set_ID);
ALTER TABLE Executions ADD COLUMN Accounts_known INTEGER CHECK (Accounts_known IN (0, 1));
ALTER TABLE Executions ADD COLUMN Account_Set_ID INTEGER REFERENCES ACCOUNT_SETS;
CREATE INDEX Executions_by_account_set ON Executions (Account_Set_ID);
ALTER TABLE Executions ADD COLUMN Privileges_known INTEGER CHECK (Privileges_known IN (0, 1));
ALTER TABLE Executions ADD COLUMN Privilege_Set_ID INTEGER REFERENCES PRIVILEGE_SETS;
CREATE INDEX Executions_by_privilege_set ON Executions (Privilege_Set_ID);
ALTER TABLE Executions ADD COLUMN Authorized_keys_known INTEGER CHECK (Authorized_keys_known IN (0, 1));
ALTER TABLE Executions ADD COLUMN Authorized_Key_Set_ID INTEGER REFERENCES AUTHORIZED_KEY_SETS;
CREATE INDEX Executions_by_authorized_key_set ON Executions (Authorized_Key_Set_ID);
ALTER TABLE Executions ADD COLUMN SSH_host_keys_known INTEGER CHECK (SSH_host_keys_known IN (0, 1));
ALTER TABLE Executions ADD COLUMN SSH_Host_Key_Set_ID INTEGER REFERENCES SSH_HOST_KEY_SETS;
CREATE INDEX Executions_by_ssh_host_key_set ON Executions (SSH_Host_Key_Set_ID);
ALTER TABLE Executions ADD COLUMN Listening_ports_known INTEGER CHECK (Listening_ports_known IN (0, 1));
