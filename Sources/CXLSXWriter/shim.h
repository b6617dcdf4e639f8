#pragma once
#include <xlsxwriter.h>

/// Whether a write to the temporary file of a sheet's rows has failed, which the library does not
/// look at. Its last row, which is still in memory, is written first.
static inline int census_has_failed(lxw_worksheet *sheet) {
    lxw_worksheet_write_single_row(sheet);
    FILE *rows = sheet->optimize_tmpfile;
    return !rows || fflush(rows) != 0 || ferror(rows);
}
