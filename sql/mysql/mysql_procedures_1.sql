-- The stored procedures of a census database on MySQL 8.0.29, MariaDB 10.11 or newer, version 1.
-- They add data row by row, without a snapshot file.
--
--     CALL Insert_os_data('Linux', '6.1.0-18-amd64')
--     CALL Insert_processor_data('Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz')
--     CALL Insert_servers_data('43d8b607-599a-46bf-ab65-160a1894b401', 'web-01', '192.0.2.7',
--                              'Linux', '6.1.0-18-amd64',
--                              'Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz', '2026-11-23 05:13:11')
--     CALL Insert_processes_data('43d8b607-599a-46bf-ab65-160a1894b401', '2026-11-23 05:13:11',
--                                1, 'systemd', 'root')
--     CALL Insert_users_data('43d8b607-599a-46bf-ab65-160a1894b401', '2026-11-23 05:13:11', 'ana')
--
-- The procedures are idempotent and can be called by several sessions at once. None begins or ends
-- a transaction. Many calls in one transaction are much faster. If such transactions deadlock, the
-- server aborts one (error 1213, on MariaDB also 1020): repeat it from the start.
--
-- If an INSERT fails because another session inserted the row (error 1062), the row is read with a
-- lock: in a transaction a plain SELECT does not see rows added after its start.

-- Values are never silently truncated or converted, regardless of the server's mode: a procedure
-- keeps the SQL mode of its creation.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION';

DELIMITER //

-- p_OS_Version is NULL if unknown.
CREATE PROCEDURE IF NOT EXISTS Insert_os_data(
    p_OS_Name     VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_OS_Version  VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */
)
SQL SECURITY INVOKER
BEGIN
    DECLARE v_OS_ID INT UNSIGNED;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;
    DECLARE CONTINUE HANDLER FOR 1062 BEGIN END;

    SELECT OS_ID INTO v_OS_ID
    FROM OS
    WHERE OS_Name = p_OS_Name
      AND Version_or_empty = COALESCE(p_OS_Version, '')
      AND Version_is_known = (p_OS_Version IS NOT NULL);
    IF v_OS_ID IS NULL THEN
        INSERT INTO OS (OS_Name, OS_Version) VALUES (p_OS_Name, p_OS_Version);
    END IF;
END//

CREATE PROCEDURE IF NOT EXISTS Insert_processor_data(
    p_Brand  VARCHAR(380) CHARACTER SET utf8mb4
             /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */
)
SQL SECURITY INVOKER
BEGIN
    DECLARE v_Processor_ID INT UNSIGNED;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;
    DECLARE CONTINUE HANDLER FOR 1062 BEGIN END;

    SELECT Processor_ID INTO v_Processor_ID FROM Processors WHERE Brand = p_Brand;
    IF v_Processor_ID IS NULL THEN
        INSERT INTO Processors (Brand) VALUES (p_Brand);
    END IF;
END//

-- Adds the execution, and the server if it is new. p_Brand is NULL if the processor is unknown.
-- p_Exec_date is in UTC.
CREATE PROCEDURE IF NOT EXISTS Insert_servers_data(
    p_Host_ID     VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Hostname    VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_IP          VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_OS_Name     VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_OS_Version  VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Brand       VARCHAR(380) CHARACTER SET utf8mb4
                  /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Exec_date   DATETIME
)
SQL SECURITY INVOKER
BEGIN
    DECLARE v_OS_ID INT UNSIGNED;
    DECLARE v_Processor_ID INT UNSIGNED;
    DECLARE v_Server_ID INT UNSIGNED;
    DECLARE v_Newest_Exec_date DATETIME;
    DECLARE v_Execution_ID INT UNSIGNED;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    -- Locked now: the foreign key would lock them later anyway.
    SELECT OS_ID INTO v_OS_ID
    FROM OS
    WHERE OS_Name = p_OS_Name
      AND Version_or_empty = COALESCE(p_OS_Version, '')
      AND Version_is_known = (p_OS_Version IS NOT NULL)
    LOCK IN SHARE MODE;
    IF v_OS_ID IS NULL THEN
        SIGNAL SQLSTATE '45000'
            SET MESSAGE_TEXT = 'there is no such OS: call Insert_os_data first';
    END IF;
    IF p_Brand IS NOT NULL THEN
        SELECT Processor_ID INTO v_Processor_ID
        FROM Processors
        WHERE Brand = p_Brand
        LOCK IN SHARE MODE;
        IF v_Processor_ID IS NULL THEN
            SIGNAL SQLSTATE '45000'
                SET MESSAGE_TEXT = 'there is no such processor: call Insert_processor_data first';
        END IF;
    END IF;

    SELECT Server_ID, Newest_Exec_date INTO v_Server_ID, v_Newest_Exec_date
    FROM Servers
    WHERE Host_ID = p_Host_ID;
    IF v_Server_ID IS NULL THEN
        BEGIN
            DECLARE EXIT HANDLER FOR 1062
                SELECT Server_ID, Newest_Exec_date INTO v_Server_ID, v_Newest_Exec_date
                FROM Servers
                WHERE Host_ID = p_Host_ID
                LOCK IN SHARE MODE;
            INSERT INTO Servers (Host_ID, Hostname, IP, OS_ID, Processor_ID,
                                 Newest_Exec_date, Newest_Snapshot_ID)
            VALUES (p_Host_ID, p_Hostname, p_IP, v_OS_ID, v_Processor_ID, p_Exec_date, '');
            SET v_Server_ID = LAST_INSERT_ID();
        END;
    END IF;

    -- Of two executions with the same date, the one from a snapshot is newer. The server is updated
    -- before the execution is inserted: the insert takes a shared lock on the server, and two
    -- sessions with shared locks would deadlock on the update.
    IF v_Newest_Exec_date < p_Exec_date THEN
        UPDATE Servers
        SET Hostname = p_Hostname, IP = p_IP, OS_ID = v_OS_ID, Processor_ID = v_Processor_ID,
            Newest_Exec_date = p_Exec_date, Newest_Snapshot_ID = ''
        WHERE Server_ID = v_Server_ID AND Newest_Exec_date < p_Exec_date;
    END IF;

    SELECT Execution_ID INTO v_Execution_ID
    FROM Executions
    WHERE Server_ID = v_Server_ID AND Exec_date = p_Exec_date
    LIMIT 1;
    IF v_Execution_ID IS NULL THEN
        BEGIN
            DECLARE CONTINUE HANDLER FOR 1062 BEGIN END;
            INSERT INTO Executions (Server_ID, Exec_date, Hostname, IP, OS_ID, Processor_ID,
                                    Processes_known, Users_known)
            VALUES (v_Server_ID, p_Exec_date, p_Hostname, p_IP, v_OS_ID, v_Processor_ID, 1, 1);
        END;
    END IF;
END//

-- Adds a process to an execution created by Insert_servers_data: executions from snapshots are
-- never changed. p_User_Name is the owner, NULL if unknown. An unknown owner can be set later, a
-- known one cannot be changed.
CREATE PROCEDURE IF NOT EXISTS Insert_processes_data(
    p_Host_ID       VARCHAR(380) CHARACTER SET utf8mb4
                    /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Exec_date     DATETIME,
    p_PID           INT UNSIGNED,
    p_Process_Name  VARCHAR(380) CHARACTER SET utf8mb4
                    /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_User_Name     VARCHAR(380) CHARACTER SET utf8mb4
                    /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */
)
SQL SECURITY INVOKER
Insertion: BEGIN
    DECLARE v_Execution_ID INT UNSIGNED;
    DECLARE v_Executions BIGINT;
    DECLARE v_Ties BIGINT;
    DECLARE v_Process_ID INT UNSIGNED;
    DECLARE v_Is_tied BOOLEAN DEFAULT FALSE;
    DECLARE v_First_owner_ID INT UNSIGNED;
    DECLARE v_Owner_ID INT UNSIGNED;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SELECT e.Execution_ID, p.Process_ID, x.Process_ID IS NOT NULL, x.Owner_ID, u.User_ID
    INTO v_Execution_ID, v_Process_ID, v_Is_tied, v_First_owner_ID, v_Owner_ID
    FROM Servers s
    JOIN Executions e ON e.Server_ID = s.Server_ID
    LEFT JOIN Processes p ON p.PID = p_PID AND p.Process_Name = p_Process_Name
    LEFT JOIN PROCESSES_PER_EXECUTION x
        ON x.Execution_ID = e.Execution_ID AND x.Process_ID = p.Process_ID
    LEFT JOIN USERS u ON u.User_Name = p_User_Name
    WHERE s.Host_ID = p_Host_ID AND e.Date_without_snapshot = p_Exec_date;

    IF v_Execution_ID IS NULL THEN
        SELECT MAX(CASE WHEN e.Snapshot_ID IS NULL THEN e.Execution_ID END),
               COUNT(*), COUNT(x.Process_ID)
        INTO v_Execution_ID, v_Executions, v_Ties
        FROM Servers s
        JOIN Executions e ON e.Server_ID = s.Server_ID
        LEFT JOIN Processes p ON p.PID = p_PID AND p.Process_Name = p_Process_Name
        LEFT JOIN PROCESSES_PER_EXECUTION x
            ON x.Execution_ID = e.Execution_ID AND x.Process_ID = p.Process_ID
        WHERE s.Host_ID = p_Host_ID AND e.Exec_date = p_Exec_date
        LOCK IN SHARE MODE;
        IF v_Executions = 0 THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
                'there is no execution of this server and date: call Insert_servers_data first';
        ELSEIF v_Execution_ID IS NULL AND v_Ties = 0 THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
                'this execution comes from a snapshot: nothing can be added to it';
        ELSEIF v_Execution_ID IS NULL THEN
            LEAVE Insertion;
        END IF;
    END IF;

    IF v_Process_ID IS NULL THEN
        BEGIN
            DECLARE EXIT HANDLER FOR 1062
                SELECT Process_ID INTO v_Process_ID
                FROM Processes
                WHERE PID = p_PID AND Process_Name = p_Process_Name
                LOCK IN SHARE MODE;
            INSERT INTO Processes (PID, Process_Name) VALUES (p_PID, p_Process_Name);
            SET v_Process_ID = LAST_INSERT_ID();
        END;
    END IF;

    IF p_User_Name IS NOT NULL AND v_Owner_ID IS NULL AND v_First_owner_ID IS NULL THEN
        BEGIN
            DECLARE EXIT HANDLER FOR 1062
                SELECT User_ID INTO v_Owner_ID
                FROM USERS
                WHERE User_Name = p_User_Name
                LOCK IN SHARE MODE;
            INSERT INTO USERS (User_Name) VALUES (p_User_Name);
            SET v_Owner_ID = LAST_INSERT_ID();
        END;
    END IF;

    IF NOT v_Is_tied THEN
        BEGIN
            DECLARE CONTINUE HANDLER FOR 1062 SET v_Is_tied = TRUE;
            INSERT INTO PROCESSES_PER_EXECUTION (Execution_ID, Process_ID, Owner_ID)
            VALUES (v_Execution_ID, v_Process_ID, v_Owner_ID);
        END;
    END IF;
    IF v_Is_tied AND v_Owner_ID IS NOT NULL AND v_First_owner_ID IS NULL THEN
        UPDATE PROCESSES_PER_EXECUTION
        SET Owner_ID = v_Owner_ID
        WHERE Execution_ID = v_Execution_ID AND Process_ID = v_Process_ID AND Owner_ID IS NULL;
    END IF;
END//

-- Adds a logged-in user to an execution created by Insert_servers_data.
CREATE PROCEDURE IF NOT EXISTS Insert_users_data(
    p_Host_ID    VARCHAR(380) CHARACTER SET utf8mb4
                 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */,
    p_Exec_date  DATETIME,
    p_User_Name  VARCHAR(380) CHARACTER SET utf8mb4
                 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */
)
SQL SECURITY INVOKER
Insertion: BEGIN
    DECLARE v_Execution_ID INT UNSIGNED;
    DECLARE v_Executions BIGINT;
    DECLARE v_Ties BIGINT;
    DECLARE v_User_ID INT UNSIGNED;
    DECLARE v_Is_tied BOOLEAN DEFAULT FALSE;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SELECT e.Execution_ID, u.User_ID, x.User_ID IS NOT NULL
    INTO v_Execution_ID, v_User_ID, v_Is_tied
    FROM Servers s
    JOIN Executions e ON e.Server_ID = s.Server_ID
    LEFT JOIN USERS u ON u.User_Name = p_User_Name
    LEFT JOIN USERS_PER_EXECUTION x
        ON x.Execution_ID = e.Execution_ID AND x.User_ID = u.User_ID
    WHERE s.Host_ID = p_Host_ID AND e.Date_without_snapshot = p_Exec_date;

    IF v_Execution_ID IS NULL THEN
        SELECT MAX(CASE WHEN e.Snapshot_ID IS NULL THEN e.Execution_ID END),
               COUNT(*), COUNT(x.User_ID)
        INTO v_Execution_ID, v_Executions, v_Ties
        FROM Servers s
        JOIN Executions e ON e.Server_ID = s.Server_ID
        LEFT JOIN USERS u ON u.User_Name = p_User_Name
        LEFT JOIN USERS_PER_EXECUTION x
            ON x.Execution_ID = e.Execution_ID AND x.User_ID = u.User_ID
        WHERE s.Host_ID = p_Host_ID AND e.Exec_date = p_Exec_date
        LOCK IN SHARE MODE;
        IF v_Executions = 0 THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
                'there is no execution of this server and date: call Insert_servers_data first';
        ELSEIF v_Execution_ID IS NULL AND v_Ties = 0 THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
                'this execution comes from a snapshot: nothing can be added to it';
        ELSEIF v_Execution_ID IS NULL THEN
            LEAVE Insertion;
        END IF;
    END IF;

    IF v_User_ID IS NULL THEN
        BEGIN
            DECLARE EXIT HANDLER FOR 1062
                SELECT User_ID INTO v_User_ID
                FROM USERS
                WHERE User_Name = p_User_Name
                LOCK IN SHARE MODE;
            INSERT INTO USERS (User_Name) VALUES (p_User_Name);
            SET v_User_ID = LAST_INSERT_ID();
        END;
    END IF;

    IF NOT v_Is_tied THEN
        BEGIN
            DECLARE CONTINUE HANDLER FOR 1062 BEGIN END;
            INSERT INTO USERS_PER_EXECUTION (Execution_ID, User_ID)
            VALUES (v_Execution_ID, v_User_ID);
        END;
    END IF;
END//

DELIMITER ;

-- Everything is installed: the INSERT fails if a table or column is missing, and inserts nothing if
-- a procedure is missing. It also inserts nothing if the client stripped the comments with the
-- collations. The procedures are counted in a separate statement: INSERT ... SELECT would lock, and
-- one of two concurrent installations would fail.
SELECT COUNT(*) INTO @census_versions FROM Census_schema;

SELECT COUNT(*) INTO @census_procedures
FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE()
  AND LOWER(ROUTINE_NAME) IN ('insert_os_data', 'insert_processor_data', 'insert_servers_data',
                              'insert_processes_data', 'insert_users_data');

INSERT IGNORE INTO Census_schema (Version)
SELECT 1
FROM DUAL
WHERE @census_versions = 0
  AND @census_procedures = 5
  AND NOT EXISTS (SELECT Receipt_ID, Path, Size_bytes, SHA256, Verdict, Reason, Received_at,
                         Snapshots
                  FROM Receipts WHERE FALSE)
  AND NOT EXISTS (SELECT OS_ID, OS_Name, OS_Version, Version_is_known, Version_or_empty
                  FROM OS WHERE FALSE)
  AND NOT EXISTS (SELECT Processor_ID, Brand FROM Processors WHERE FALSE)
  AND NOT EXISTS (SELECT Server_ID, Host_ID, Hostname, IP, OS_ID, Processor_ID, Newest_Exec_date,
                         Newest_Snapshot_ID
                  FROM Servers WHERE FALSE)
  AND NOT EXISTS (SELECT Execution_ID, Server_ID, Exec_date, Hostname, IP, OS_ID, Processor_ID,
                         Processes_known, Users_known, Host_ID_source, Boot_time,
                         UTC_offset_seconds, Kernel, Arch, Container, Platform, Platform_like,
                         Codename, Manufacturer, Sockets, Number_of_cores, Logical_processors,
                         Max_clock_speed_MHz, Collector_euid, Session_source,
                         Processes_hidden, Processes_unreadable, Generator, Snapshot_ID,
                         Snapshot_SHA256, Receipt_ID, Date_without_snapshot
                  FROM Executions WHERE FALSE)
  AND NOT EXISTS (SELECT Execution_ID, Address FROM ADDRESSES_PER_EXECUTION WHERE FALSE)
  AND NOT EXISTS (SELECT Process_ID, PID, Process_Name FROM Processes WHERE FALSE)
  AND NOT EXISTS (SELECT User_ID, User_Name FROM USERS WHERE FALSE)
  AND NOT EXISTS (SELECT Execution_ID, Process_ID, Owner_ID
                  FROM PROCESSES_PER_EXECUTION WHERE FALSE)
  AND NOT EXISTS (SELECT Execution_ID, User_ID FROM USERS_PER_EXECUTION WHERE FALSE)
  AND NOT EXISTS (
    SELECT *
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE()
      AND LOWER(TABLE_NAME) IN ('receipts', 'os', 'processors', 'servers', 'executions',
                                'addresses_per_execution', 'processes', 'users',
                                'processes_per_execution', 'users_per_execution')
      AND COLLATION_NAME NOT IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')
  );
