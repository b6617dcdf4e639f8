-- A value as `census report --format csv` writes it: in quotes where needed, and after a ' where a
-- spreadsheet would take it for a formula. NULL is an empty field, and an empty text "".
CREATE OR REPLACE FUNCTION csv_field AS (value) ->
    if(ifNull(match(toString(value), '^$|[",\\r\\n]'), false),
       concat('"', if(match(toString(value), '^\'*[=+\\-@\\t\\r\\n＝＋－＠]'), '\'', ''),
              replaceAll(toString(value), '"', '""'), '"'),
       concat(if(match(ifNull(toString(value), ''), '^\'*[=+\\-@\\t\\r\\n＝＋－＠]'), '\'', ''),
              ifNull(toString(value), '')));
