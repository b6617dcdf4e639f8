-- All names of users, for `census find` without its index.
SELECT User_Name FROM USERS;
