-- All hosts, in the order of their ids.
SELECT Server_ID, Host_ID, Hostname, IP FROM Servers ORDER BY Server_ID;
