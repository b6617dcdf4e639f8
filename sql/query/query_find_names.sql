-- The names in the index of `census find`, many in each row.
SELECT First_Name_ID, Kind, Names FROM FIND_NAMES ORDER BY First_Name_ID;
