-- The name of a host, or else its address or id.
SELECT COALESCE(Hostname, IP, Host_ID)
FROM Servers
WHERE Server_ID = ?;
