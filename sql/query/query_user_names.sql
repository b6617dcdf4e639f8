-- All users with their names.
SELECT User_ID, User_Name FROM USERS;
