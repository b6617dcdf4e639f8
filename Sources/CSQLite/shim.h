#pragma once
#include <sqlite3.h>

// sqlite3_bind_text() with SQLITE_TRANSIENT, a cast that Swift does not import: SQLite copies the
// text.
static inline int census_bind_text(sqlite3_stmt *statement, int index,
                                   const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes ? (const char *)bytes : "", count,
                             SQLITE_TRANSIENT);
}

// sqlite3_bind_text() with SQLITE_STATIC: the bytes must stay valid until the statement has run.
static inline int census_bind_static_text(sqlite3_stmt *statement, int index,
                                          const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes ? (const char *)bytes : "", count,
                             SQLITE_STATIC);
}
