-- The names of a range of users, for the index of `census find`; the parameters are its first and its last
-- User_ID.
SELECT User_ID, User_Name FROM USERS WHERE User_ID BETWEEN ? AND ?;
