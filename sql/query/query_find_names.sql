-- The names in the index of `census find`, many in each row. The program may replace the comment by a
-- condition.
SELECT First_Name_ID, Kind, Names FROM FIND_NAMES /* rows */ ORDER BY First_Name_ID;
