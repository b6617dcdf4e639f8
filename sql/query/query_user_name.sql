-- A user by its id.
SELECT User_Name FROM USERS WHERE User_ID = ?;
