#pragma once
#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>

// mysql_get_optionv, whose list of arguments Swift cannot see.
static inline int census_get_option(MYSQL *mysql, enum mysql_option option, void *value) {
    return mysql_get_optionv(mysql, option, value);
}
