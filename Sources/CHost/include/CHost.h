#pragma once
// What the platform is asked for. Functions take and give numbers of a fixed size and pointers to
// them, and no struct: a compiler for one platform may make code for another with other rules for
// structs. Paths and names are bytes that end in NUL. A result below 0 is an error's number of
// errno(3), negated; a call that a signal interrupted is made again.
#include <stdint.h>

// MARK: Files of a host

/// For what a name is opened. The last part of the name must not be a symbolic link.
/// To be read. Never waits for the other end of a FIFO.
static const int32_t census_for_reading = 0;
/// To be read as a directory.
static const int32_t census_for_listing = 1;
/// As a directory in which names are looked up, and which is neither read nor listed: O_PATH of
/// open(2).
static const int32_t census_as_directory = 2;

/// Opens a directory, symbolic links followed. Returns its descriptor.
int32_t census_open_root(const uint8_t *path);
/// Opens `name` in a directory, openat(2). Returns its descriptor.
int32_t census_open(int32_t directory, const uint8_t *name, int32_t purpose);
/// Opens a path from a directory on, openat2(2), which must have no symbolic link. Returns its descriptor;
/// that the kernel does not know the call is an error like others.
int32_t census_open_at_once(int32_t directory, const uint8_t *path, int32_t purpose);
/// Returns a second descriptor of the same open file.
int32_t census_duplicate(int32_t descriptor);
void census_close(int32_t descriptor);

/// What there is in a file system, inode(7).
static const int32_t census_regular = 1;
static const int32_t census_directory = 2;
static const int32_t census_symbolic_link = 3;
static const int32_t census_fifo = 4;
static const int32_t census_socket = 5;
/// A character device.
static const int32_t census_device = 6;
static const int32_t census_unknown = 7;
static const int32_t census_block_device = 8;

/// Returns one of the kinds above.
int32_t census_kind(int32_t descriptor);
/// Returns the kind of what has a name in a directory, of the link itself if it is a symbolic link.
int32_t census_kind_of_name(int32_t directory, const uint8_t *name);
/// Returns whether what has a name is a regular file whose mode lets its owner, its group and all
/// others read it.
int32_t census_is_readable_by_all(int32_t directory, const uint8_t *name);
/// Returns whether both are the same file.
int32_t census_is_same(int32_t first, int32_t second);

/// Reads the next bytes of a file. Returns how many came; 0 at its end.
int64_t census_read(int32_t descriptor, uint8_t *bytes, int64_t capacity);
/// Returns the index of the first such byte; `count` if there is none.
int64_t census_index_of(const uint8_t *bytes, int64_t count, uint8_t byte);
/// Reads bytes of a regular file from an offset on, pread(2). Returns how many came; 0 at its end.
int64_t census_read_at(int32_t descriptor, uint8_t *bytes, int64_t capacity, int64_t offset);
/// Returns the length of a regular file.
int64_t census_size(int32_t descriptor);
/// Returns when the file `name` of a directory was last changed, in Unix seconds from 0 on.
int64_t census_modified(int32_t directory, const uint8_t *name);
/// Returns the inode number of the file `name` in a directory.
int64_t census_file_number(int32_t directory, const uint8_t *name);
/// Reads the text of the symbolic link `name` in a directory, readlinkat(2). Returns its length.
int64_t census_read_link(int32_t directory, const uint8_t *name, uint8_t *bytes, int64_t capacity);

/// Returns N where the symbolic link `name` in a directory is `KIND:[N]`, proc_pid_fd(5); else 0.
int64_t census_link_number(int32_t directory, const uint8_t *name, const uint8_t *kind);

/// Returns whether the symbolic link `link` leads to the same file as `path` does, both from a
/// directory on; also 1 where it is a copy, and none of the kernel's /proc.
int32_t census_is_program(int32_t root, const uint8_t *link, const uint8_t *path);

/// Looks for a text among those in `bytes`, each of which ends with the byte `end`. Returns its
/// number, counted from 0; -1 if it is not among them.
int64_t census_index(const uint8_t *bytes, int64_t count, uint8_t end, const uint8_t *text,
                     int64_t length);

/// Returns whether one of the names in `names`, each of which ends with NUL, is `text`, and the
/// number that belongs to it in `numbers` is `number`; these have 4 bytes, the highest first.
int32_t census_has_file(const uint8_t *names, int64_t names_count, const uint8_t *numbers,
                        int64_t numbers_count, int64_t number, const uint8_t *text,
                        int64_t length);

/// The longest name in a directory.
static const int32_t census_name_capacity = 256;

/// Begins to list a directory from its first entry. Returns NULL and sets `error` where it cannot.
void *census_list(int32_t directory, int32_t *error);
/// Takes the next entry but `.` and `..`: its name, which has room for census_name_capacity bytes,
/// and its kind. Returns the name's length; 0 at the end.
int32_t census_next_entry(void *list, uint8_t *name, int32_t *kind);
void census_end_list(void *list);

/// What an error means, whatever number the platform has for it.
static const int32_t census_other_error = 0;
/// There is nothing of the kind that was asked for: no such name, a link that leads nowhere, a
/// socket, a process that has ended, or a file of sysfs whose device has no such value, as the
/// clock of a processor that is switched off.
static const int32_t census_absence = 1;
/// The same: ENOENT or ESRCH, which an ended process gives.
static const int32_t census_no_such_name = 2;
/// The same: EINVAL, which the name of something else than a symbolic link gives.
static const int32_t census_not_a_link = 3;
/// The kernel lets this user see that it is there, and no more.
static const int32_t census_refusal = 4;

/// Returns one of the meanings above.
int32_t census_error_meaning(int32_t error);
/// The errors that a reader of a tree finds without the kernel: ELOOP, EFBIG, EINVAL.
int32_t census_too_many_links(void);
int32_t census_file_too_large(void);
int32_t census_invalid(void);

/// Puts what a person would call an error into `text`. Returns its length.
int32_t census_error_text(int32_t error, uint8_t *text, int32_t capacity);

// MARK: The running system

/// The machine's hardware name, uname(2): `x86_64`. Returns its length.
int32_t census_machine(uint8_t *name, int32_t capacity);
/// Puts the name that the hypervisor has for itself into `name`, 12 bytes with NULs at the end, which
/// an x86 processor tells (CPUID, leaf 0x40000000). Returns 12; 0 if there is no hypervisor, -1 if the
/// processor cannot be asked.
int32_t census_hypervisor(uint8_t *name);
/// The effective user id of the process.
uint32_t census_effective_user(void);
/// Ticks a second of the times in /proc, sysconf(3).
int64_t census_ticks_per_second(void);
/// How far local time is ahead of UTC at a time in Unix seconds, in seconds.
int64_t census_utc_offset(int64_t time);
/// Whether there is a process of this id, though it may not be in view; kill(2).
int32_t census_is_alive(int64_t process);

// MARK: What only Windows is asked, windows_host.c

// Texts are UTF-16 without a NUL at the end, in which a surrogate may stand alone. A function that
// puts a text somewhere returns its length; a longer one is cut. Times are FILETIMEs: 100 ns since
// 1601-01-01 UTC, 0 where there is none.

/// The name of this computer in DNS, without a domain; GetComputerNameExW.
int32_t census_windows_hostname(uint16_t *text, int32_t capacity);
/// The domain or the workgroup that it is in; NetGetJoinInformation.
int32_t census_windows_join(int32_t *is_domain, uint16_t *text, int32_t capacity);
/// A text under HKEY_LOCAL_MACHINE, in the 64-bit view of the registry, with its variables expanded;
/// RegQueryValueExW.
int32_t census_windows_registry_text(const uint8_t *key, const uint8_t *value, uint16_t *text,
                                     int32_t capacity);
/// A REG_DWORD there.
int64_t census_windows_registry_number(const uint8_t *key, const uint8_t *value);
/// Major and minor version, build, and wProductType: 1 of a workstation; RtlGetVersion.
int32_t census_windows_version(uint32_t *four_numbers);
/// When the system was started, a FILETIME.
int64_t census_windows_boot_time(void);
/// The account of this process, `DOMAIN\user`, or `S-1-5-…`; LookupAccountSidW.
int32_t census_windows_user(uint16_t *text, int32_t capacity);
/// Whether the process has an elevated token; TOKEN_ELEVATION.
int32_t census_windows_is_elevated(void);
/// Sockets, cores and logical processors of all groups; 0 for what is unknown.
void census_windows_processors(uint32_t *three_counts);

/// Begins a list of the addresses of all adapters; GetAdaptersAddresses. A list is NULL with an
/// `error`, else census_windows_end_list releases it.
void *census_windows_addresses(int32_t *error);
/// Takes the next address. Numbers: the adapter's type, whether it is up, the metric of the best
/// default route over it (-1 for none), NL_SUFFIX_ORIGIN, NL_DAD_STATE, the address's length (4 or
/// 16), the description's length. Returns 0 at the end.
int32_t census_windows_next_address(void *list, int64_t *seven_numbers, uint8_t *address,
                                    uint16_t *description, int32_t capacity);

/// Begins a list of all processes; NtQuerySystemInformation.
void *census_windows_processes(int32_t *error);
/// Takes the next process. Numbers: its id, its parent's, its start, the name's length. Returns 0
/// at the end.
int32_t census_windows_next_process(void *list, int64_t *four_numbers, uint16_t *name,
                                    int32_t capacity);
/// Asks for the owner, a security identifier, and the executable's path of the process that has
/// this id and was started then. Counts are capacities before, and lengths or errors after.
void census_windows_process(int64_t process, int64_t start, uint8_t *owner, int32_t *owner_count,
                            uint16_t *path, int32_t *path_count);
/// The account of a security identifier, `DOMAIN\user`; LookupAccountSidW. `S-1-5-…` where none has
/// it any more.
int32_t census_windows_account(const uint8_t *identifier, uint16_t *text, int32_t capacity);

/// Begins a list of the sessions; WTSEnumerateSessionsW.
void *census_windows_sessions(int32_t *error);
/// Takes the next session. Numbers: WTS_CONNECTSTATE_CLASS, the logon's time, and the lengths of
/// the texts, which follow one another: user, domain, station, the client's name. Returns 0 at the
/// end.
int32_t census_windows_next_session(void *list, int64_t *six_numbers, uint16_t *texts,
                                    int32_t capacity);

/// A row of the lists below: numbers, then how long its texts are, which follow one another. Below 0
/// is the length of a text that there is not.
static const int32_t census_row_numbers = 8;
static const int32_t census_row_size = 16;
/// Takes the next row of one of the lists below. Returns 1; 0 at the end.
int32_t census_windows_next(void *list, int64_t *row, uint16_t *texts, int32_t capacity);

/// Adapters: their type; name, description, and a unit for each byte of the physical address.
void *census_windows_adapters(int32_t *error);
/// The keys under a key of HKEY_LOCAL_MACHINE, or of HKEY_USERS, in the view of the registry for 64
/// bits or for 32: its name, and then for each of the values, whose names end in NULs, the number or
/// the text that it is. Variables in a text are expanded. The last number is the error of a key that
/// could not be opened.
void *census_windows_keys(int32_t is_users, int32_t is_32_bit, const uint8_t *path,
                          const uint8_t *values, int64_t values_count, int32_t *error);
/// The names of the files of a pattern: `C:\folder\*.pub`.
void *census_windows_files(const uint8_t *pattern, int32_t *error);
/// Reads a regular file from its start on. Neither it nor its folder may be a link: census_invalid.
/// Returns how many bytes came.
int64_t census_windows_read_file(const uint8_t *path, uint8_t *bytes, int32_t capacity);

/// The names of the accounts of this computer; NetUserEnum.
void *census_windows_accounts(int32_t *error);
/// A list of one account; NetUserGetInfo. Numbers: how much is known: 3 all, 2 no times, 1 no
/// logins; its UF_… flags; the age of the password in seconds; when somebody last logged in, in Unix
/// seconds, 0 for unknown; when it expires, -1 for never; the id of its primary group; whether the
/// password has expired. Texts: name, security identifier, full name, comment, home directory, and
/// the names of its local groups, a NUL after each.
void *census_windows_account_facts(const uint16_t *name, int32_t *error);
/// How long a password may be kept at most and must be kept at least, in seconds, -1 for no limit;
/// NetUserModalsGet.
int32_t census_windows_password_ages(int64_t *two_numbers);
/// The members of the local group S-1-5-32-`id`; NetLocalGroupGetMembers. The first row has the
/// group's own name, each other one `DOMAIN\name`, or `S-1-5-…` where it has no name.
void *census_windows_members(uint32_t id, int32_t *error);

/// Sockets of TCP that listen, or of UDP; GetExtendedTcpTable. The port, the id of its process; a
/// unit for each byte of the address in network order.
void *census_windows_ports(int32_t is_udp, int32_t is_ipv6, int32_t *error);

/// The tables of SMBIOS; GetSystemFirmwareTable. Returns how many bytes they have.
int32_t census_windows_firmware(uint8_t *bytes, int32_t capacity);
/// The memory that the system can use, in bytes; GlobalMemoryStatusEx.
int64_t census_windows_memory(void);

void census_windows_end_list(void *list);

// MARK: Addresses of Linux

/// An address: the interface's name, filled up with NULs, the address's length (4 or 16), and the
/// address in network order.
static const int32_t census_interface_capacity = 16;
static const int32_t census_address_size = 16 + 1 + 16;

/// Puts the addresses of all interfaces one behind the other, by interface, each interface's
/// primary address first; getifaddrs(3). Returns how many there are; of more than `capacity`
/// (records, not bytes) the first are there.
int32_t census_addresses(uint8_t *records, int32_t capacity);

/// A default route: the interface, its metric in network order, and then the gateway's address and
/// the source's, a length (0 for none) before each.
static const int32_t census_route_size = 16 + 4 + 1 + 16 + 1 + 16;

/// Asks the kernel for the usable default routes of the main table, rtnetlink(7), whose addresses
/// have 4 bytes or 16; a route with several next hops is one for each. Returns how many there are,
/// at most `capacity`.
int32_t census_default_routes(int32_t address_size, uint8_t *records, int32_t capacity);

/// Begins a gzip member (RFC 1952), by zlib. Level 1 is fast, 9 small. Returns the deflater, which
/// census_deflate_end releases; NULL where there is no memory.
void *census_deflate_begin(int32_t level);
/// Compresses what fits into the room, and moves the input and its count forward. Returns how many
/// bytes came out; as long as it is all of the room, there are more.
int64_t census_deflate(void *deflater, const uint8_t **input, int64_t *input_count,
                       int32_t is_last, uint8_t *output, int64_t room);
void census_deflate_end(void *deflater);

// MARK: The process, and the file that it writes

/// From now on, blocks of 256 KiB and more return to the system as soon as they are freed: mallopt(3),
/// M_MMAP_THRESHOLD. Otherwise glibc raises that size up to 32 MiB, and keeps what is freed. Only where there is
/// glibc, and not in a collector.
void census_return_freed_memory(void);

/// The arguments of the process in UTF-8, the program's name first.
int32_t census_argument_count(void);
const char *census_argument(int32_t index);

/// The time in Unix seconds.
int64_t census_now(void);
/// Fills `bytes` with random bytes, getrandom(2). Returns 0.
int32_t census_random(uint8_t *bytes, int32_t count);

/// The SHA-512 digest of bytes, 64 bytes; libsodium. Of collectors that have it.
void census_sha512(const uint8_t *bytes, int64_t count, uint8_t *digest);
/// Signs bytes with a key of Ed25519 (RFC 8032): its seed and its public key, 32 bytes each, give a
/// signature of 64 bytes; libsodium. Returns whether the public key belongs to the seed. Of collectors
/// that have it.
int32_t census_sign(const uint8_t *bytes, int64_t count, const uint8_t *seed, const uint8_t *public_key,
                    uint8_t *signature);
/// Multiplies a point by a scalar, X25519 (RFC 7748, 5), each of 32 bytes; libsodium. Returns 0 if the
/// product is zero, as it is of a point of low order. Of collectors that have it.
int32_t census_x25519(const uint8_t *scalar, const uint8_t *point, uint8_t *product);
/// Encrypts bytes with ChaCha20-Poly1305 (RFC 8439), a nonce of 12 bytes and a key of 32, into `box`,
/// which has 16 more bytes than there are; libsodium. Of collectors that have it.
void census_seal(const uint8_t *content, int64_t count, const uint8_t *nonce, const uint8_t *key,
                 uint8_t *box);
/// Adds blocks of 64 bytes to the eight words of a digest, FIPS 180-4, 6.2.2. `count` bytes are a whole
/// number of them.
void census_sha256(uint32_t *state, const uint8_t *bytes, int64_t count);
/// The same without what only some processors have.
void census_sha256_plain(uint32_t *state, const uint8_t *bytes, int64_t count);
/// Overwrites bytes with zeros, though nothing reads them any more.
void census_forget(uint8_t *bytes, int64_t count);

/// Whether a standard stream (0, 1, 2) is a terminal.
int32_t census_is_terminal(int32_t stream);
/// Writes all bytes to a standard stream. Text is UTF-8. Returns 0.
int32_t census_write_stream(int32_t stream, const uint8_t *bytes, int64_t count);

/// Opens a file for reading, links followed; `-` is standard input. Never waits for the other end of a
/// FIFO. Returns its descriptor.
int32_t census_open_input(const uint8_t *path);
/// Opens a directory in which files are created, links followed. Returns its descriptor.
int32_t census_output_directory(const uint8_t *path);
/// Creates the file `name` in a directory for writing; only its owner may read it. Returns its
/// descriptor.
int32_t census_create(int32_t directory, const uint8_t *name);
/// Writes to a file. Returns how many bytes were written.
int64_t census_write(int32_t descriptor, const uint8_t *bytes, int64_t count);
/// Waits until the bytes of a file are on the medium, fsync(2). Returns 0.
int32_t census_flush(int32_t descriptor);
/// Waits until the names in a directory are on the medium. `file` is a file in it. Returns 0.
int32_t census_flush_directory(int32_t directory, int32_t file);
/// Renames a file of a directory; another file of the name is never overwritten. Returns 0.
int32_t census_appear(int32_t directory, const uint8_t *from, const uint8_t *to);
/// Opens the file `name` in a directory for reading and appending, or creates it so that only its
/// owner may read it; no link is followed. While it is open no other process that opens it so has it:
/// it is waited for 10 seconds, and where the file system has no locks, not at all. Returns its
/// descriptor; the error census_invalid where it is no regular file, or has a second name.
int32_t census_open_log(int32_t directory, const uint8_t *name);
/// Removes an open file of a directory, unless its name is another file's by now.
void census_remove(int32_t directory, const uint8_t *name, int32_t file);
/// The error of a name that another file has: EEXIST.
int32_t census_file_exists(void);
/// The error of a name that is a directory's: EISDIR.
int32_t census_is_directory(void);

/// The collector's program, which a collector's `main` calls. Returns its exit status.
int32_t census_collect(void);

// MARK: What only the desk needs

/// Exchanges two files of a directory, renameat2(2). Returns 0.
int32_t census_exchange(int32_t directory, const uint8_t *one, const uint8_t *other);
