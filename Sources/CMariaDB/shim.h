#pragma once
#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>
#include <mysql/plugin_auth.h>

// Error numbers that Debian's header does not define, or defines only for the other product (MySQL,
// "Server Error Message Reference"; MariaDB, "Error Codes").

/// `offline_mode`: only administrators may connect.
static const int MYSQL_ER_SERVER_OFFLINE_MODE = 3032;
/// Group Replication: the member has left its group, or cannot reach enough other members.
static const int MYSQL_ER_RUN_HOOK_ERROR = 3100;
/// Group Replication: other members committed the same rows first.
static const int MYSQL_ER_TRANSACTION_ROLLBACK_DURING_COMMIT = 3101;
static const int MYSQL_ER_ACCOUNT_HAS_BEEN_LOCKED = 3118;
/// `require_secure_transport`; MariaDB 11 has it too.
static const int MYSQL_ER_SECURE_TRANSPORT_REQUIRED = 3159;
static const int MYSQL_ER_SESSION_WAS_KILLED = 3169;
/// `FAILED_LOGIN_ATTEMPTS` of an account.
static const int MYSQL_ER_BLOCKED_BY_PASSWORD_LOCK = 3955;
/// `ALTER DATABASE … READ ONLY = 1`.
static const int MYSQL_ER_SCHEMA_READ_ONLY = 3989;
/// The connection was idle for too long.
static const int MYSQL_ER_CLIENT_INTERACTION_TIMEOUT = 4031;
static const int MYSQL_ER_INNODB_FORCED_RECOVERY = 1881;
/// `KILL`.
static const int MARIADB_ER_CONNECTION_KILLED = 1927;

// Declarations of authentication plugins from <mysql/client_plugin.h>, a stable interface. The
// header cannot be included: Debian's libmariadb-dev lacks ma_compress.h, which it includes.

struct census_authentication_plugin {
  struct st_mysql_client_plugin header;
  int (*authenticate_user)(MYSQL_PLUGIN_VIO *vio, struct st_mysql *mysql);
};

static const int census_authentication_plugin_type = 2;
static const unsigned int census_authentication_plugin_version = 0x0100;

/// A guarded channel of a plugin to the server.
struct census_guarded_vio {
  /// Must be first: the plugin receives its address.
  MYSQL_PLUGIN_VIO guarded;
  MYSQL_PLUGIN_VIO *inner;
  struct st_mysql *mysql;
  int packets_written;
  _Bool may_encrypt_for_peer;
  _Bool has_refused;
};

/// Sets the error of a connection, for a plugin that then returns CR_ERROR. For an error number
/// returned by a plugin, libmariadb would format a message without the values that it needs.
static inline void census_set_error(struct st_mysql *mysql, unsigned int number) {
  mysql->methods->set_error(mysql, number, "HY000", "%s", "");
}
