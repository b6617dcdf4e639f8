-- From version 6 to version 7: the package that the program of a listening port is a file of; NULL if
-- of none, or unknown. Rows of older versions keep their digests, which are of the columns before it.
ALTER TABLE Listening_ports ADD COLUMN Package_Name TEXT;
