-- The keys of SSH in each set of host keys.
SELECT l.SSH_Host_Key_Set_ID, k.Algorithm, k.Fingerprint
FROM SSH_HOST_KEYS_PER_SET l
JOIN SSH_host_keys k ON k.SSH_Host_Key_ID = l.SSH_Host_Key_ID
ORDER BY l.SSH_Host_Key_Set_ID, k.Algorithm, k.Fingerprint;
