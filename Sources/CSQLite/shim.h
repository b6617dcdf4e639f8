#pragma once
#include <sqlite3.h>

// sqlite3_bind_text with SQLITE_TRANSIENT, whose cast Swift cannot see: SQLite takes a copy.
static inline int census_bind_text(sqlite3_stmt *statement, int index,
                                   const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes ? (const char *)bytes : "", count,
                             SQLITE_TRANSIENT);
}

// The same with SQLITE_STATIC: the bytes stay where they are until the statement has run.
static inline int census_bind_static_text(sqlite3_stmt *statement, int index,
                                          const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes ? (const char *)bytes : "", count,
                             SQLITE_STATIC);
}
