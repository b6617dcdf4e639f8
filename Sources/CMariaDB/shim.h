#pragma once
#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>
#include <mysql/plugin_auth.h>

// What <mysql/client_plugin.h> declares of authentication plugins, a stable interface. It cannot be
// included: of Debian's libmariadb-dev it wants a header that is not there (ma_compress.h).

struct census_authentication_plugin {
  struct st_mysql_client_plugin header;
  int (*authenticate_user)(MYSQL_PLUGIN_VIO *vio, struct st_mysql *mysql);
};

static const int census_authentication_plugin_type = 2;
static const unsigned int census_authentication_plugin_version = 0x0100;

/// A plugin's channel to the server with a guard on it.
struct census_guarded_vio {
  /// First, as the plugin is given its address.
  MYSQL_PLUGIN_VIO guarded;
  MYSQL_PLUGIN_VIO *inner;
  struct st_mysql *mysql;
  int packets_written;
  _Bool may_encrypt_for_peer;
  _Bool has_refused;
};

/// Sets the error of a connection, for a plugin that then returns CR_ERROR. Of a number that a plugin
/// returns libmariadb makes a message itself, by a format for which it has no values.
static inline void census_set_error(struct st_mysql *mysql, unsigned int number) {
  mysql->methods->set_error(mysql, number, "HY000", "%s", "");
}
