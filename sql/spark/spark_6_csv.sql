-- A value as `census report --format csv` writes it: in quotes where needed, and after a ' where a
-- spreadsheet would take it for a formula. NULL is an empty field, and an empty text "".
CREATE TEMPORARY FUNCTION csv_field(value STRING) RETURNS STRING RETURN
    CASE WHEN value IS NULL THEN ''
         WHEN value = '' THEN '""'
         WHEN value RLIKE r'[",\r\n]'
         THEN CONCAT('"', CASE WHEN value RLIKE r'^\x27*[=+\-@\t\r\n＝＋－＠]' THEN '\'' ELSE '' END,
                     REPLACE(value, '"', '""'), '"')
         WHEN value RLIKE r'^\x27*[=+\-@\t\r\n＝＋－＠]' THEN CONCAT('\'', value)
         ELSE value END;
