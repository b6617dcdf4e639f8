-- The receipt of the database through which a file or a database came; NULL if it was given itself.
SELECT Database_Receipt_ID
FROM Receipts
WHERE Receipt_ID = ?;
