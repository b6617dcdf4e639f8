-- The number of servers per processor, as last seen. NULL: unknown.
SELECT p.Brand   AS "Brand",
       COUNT(*)  AS "Servers"
FROM Servers s
LEFT JOIN Processors p ON p.Processor_ID = s.Processor_ID
GROUP BY p.Processor_ID, p.Brand
ORDER BY COUNT(*) DESC, p.Brand;
