-- All hosts, sorted by Server_ID.
SELECT Server_ID, Host_ID, Hostname, IP FROM Servers ORDER BY Server_ID;
