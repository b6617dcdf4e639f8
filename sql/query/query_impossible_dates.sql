-- How many executions have a date later than their file's receipt.
SELECT COUNT(*) FROM Executions WHERE Date_is_possible = 0;
