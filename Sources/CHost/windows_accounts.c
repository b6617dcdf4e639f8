#ifdef _WIN32
// The accounts of this computer and the members of its groups. Microsoft's documentation of each
// function is found by its name on learn.microsoft.com.
#include "windows_shared.h"
#include <lm.h>
#include <stdlib.h>
#include <string.h>

static void *network(const char *name) { return systemFunction(L"netapi32.dll", name); }

#define LOAD_NETWORK(name) __typeof__(name) *name##_ = network(#name)

/// A new list whose memory NetApiBufferFree releases.
static struct list *newNetworkList(int32_t *error) {
    struct list *list = newList(error);
    if (list == NULL) return NULL;
    list->release = network("NetApiBufferFree");
    return list->release == NULL ? failedList(list, absent(), error) : list;
}

// MARK: Accounts

/// Reads the next part of the accounts' names.
static int32_t readAccounts(struct list *list) {
    LOAD_NETWORK(NetUserEnum);
    if (NetUserEnum_ == NULL) return absent();
    if (list->memory != NULL) list->release(list->memory);
    list->memory = NULL;
    DWORD count = 0, total, *position = list->other;
    DWORD error = NetUserEnum_(NULL, 0, FILTER_NORMAL_ACCOUNT, (BYTE **)&list->memory, 1 << 16,
                               &count, &total, position);
    list->index = 0;
    list->count = list->memory == NULL ? 0 : count;
    position[1] = error == ERROR_MORE_DATA && count > 0;
    return error == NERR_Success || error == ERROR_MORE_DATA ? 0 : census_windows_failure(error);
}

static int32_t takeAccount(struct list *list, struct row *row) {
    while (list->index == list->count) {
        if (!((DWORD *)list->other)[1]) return 0;
        int32_t result = readAccounts(list);
        if (result < 0) return result;
    }
    addString(row, ((USER_INFO_0 *)list->memory)[list->index++].usri0_name);
    return 1;
}

void *census_windows_accounts(int32_t *error) {
    struct list *list = newNetworkList(error);
    if (list == NULL) return NULL;
    list->take = takeAccount;
    // Where to go on, and whether to.
    list->other = calloc(2, sizeof(DWORD));
    int32_t result = list->other == NULL ? census_windows_failure(ERROR_NOT_ENOUGH_MEMORY)
                                         : readAccounts(list);
    return result < 0 ? failedList(list, result, error) : list;
}

/// Adds the identifier of an account of this computer.
static void addIdentifierOf(struct row *row, const WCHAR *name) {
    // With the computer's name before it: a domain may have an account of the same name.
    WCHAR full[MAX_COMPUTERNAME_LENGTH + UNLEN + 3], domain[257];
    DWORD length = MAX_COMPUTERNAME_LENGTH + 1, domainSize = 257;
    union { SID sid; uint8_t bytes[SECURITY_MAX_SID_SIZE]; } identifier;
    DWORD size = sizeof identifier;
    SID_NAME_USE use;
    PSID found = NULL;
    if (wcslen(name) <= UNLEN && GetComputerNameW(full, &length)) {
        full[length] = L'\\';
        wcscpy(full + length + 1, name);
        if (LookupAccountNameW(NULL, full, &identifier, &size, domain, &domainSize, &use))
            found = &identifier;
    }
    addSID(row, found);
}

/// Adds the names of the account's local groups, a NUL after each.
static void addGroups(struct list *list, struct row *row, const WCHAR *name) {
    LOAD_NETWORK(NetUserGetLocalGroups);
    LOCALGROUP_USERS_INFO_0 *groups = NULL;
    DWORD count = 0, total;
    int32_t length = -1;
    uint16_t *to = row->texts;
    if (NetUserGetLocalGroups_ != NULL
        && NetUserGetLocalGroups_(NULL, name, 0, 0, (BYTE **)&groups, MAX_PREFERRED_LENGTH, &count,
                                  &total) == NERR_Success)
        length = 0;
    for (DWORD i = 0; length >= 0 && groups != NULL && i < count; i++)
        length += copyText(groups[i].lgrui0_name, wcslen(groups[i].lgrui0_name) + 1, to + length,
                           row->capacity - length);
    if (groups != NULL) list->release(groups);
    addText(row, to, length);
}

static int32_t takeFacts(struct list *list, struct row *row) {
    if (list->index++ > 0) return 0;
    int64_t *numbers = row->numbers;
    numbers[0] = list->count;
    const WCHAR *name;
    if (list->count == 3) {
        USER_INFO_4 *facts = list->memory;
        numbers[1] = facts->usri4_flags;
        numbers[2] = facts->usri4_password_age;
        numbers[3] = facts->usri4_last_logon;
        numbers[4] = facts->usri4_acct_expires;
        if (facts->usri4_acct_expires == TIMEQ_FOREVER) numbers[4] = -1;
        numbers[5] = facts->usri4_primary_group_id;
        numbers[6] = facts->usri4_password_expired != 0;
        name = facts->usri4_name;
        addString(row, name);
        addSID(row, facts->usri4_user_sid);
        addString(row, facts->usri4_full_name);
        addString(row, facts->usri4_comment);
        addString(row, facts->usri4_home_dir);
    } else if (list->count == 2) {
        USER_INFO_23 *facts = list->memory;
        numbers[1] = facts->usri23_flags;
        name = facts->usri23_name;
        addString(row, name);
        addSID(row, facts->usri23_user_sid);
        addString(row, facts->usri23_full_name);
        addString(row, facts->usri23_comment);
        addString(row, NULL);
    } else {
        USER_INFO_1 *facts = list->memory;
        numbers[1] = facts->usri1_flags;
        numbers[2] = facts->usri1_password_age;
        name = facts->usri1_name;
        addString(row, name);
        addIdentifierOf(row, name);
        addString(row, NULL);
        addString(row, facts->usri1_comment);
        addString(row, facts->usri1_home_dir);
    }
    addGroups(list, row, name);
    return 1;
}

void *census_windows_account_facts(const uint16_t *name, int32_t *error) {
    struct list *list = newNetworkList(error);
    if (list == NULL) return NULL;
    LOAD_NETWORK(NetUserGetInfo);
    if (NetUserGetInfo_ == NULL) return failedList(list, absent(), error);
    // The most first: who is no administrator may not be told of logins.
    static const DWORD levels[] = {1, 23, 4};
    DWORD code = 0;
    for (list->count = 3; list->count > 0; list->count--) {
        void *facts = NULL;
        DWORD result = NetUserGetInfo_(NULL, (const WCHAR *)name, levels[list->count - 1],
                                       (BYTE **)&facts);
        if (result == NERR_Success && facts != NULL) {
            list->memory = facts;
            list->take = takeFacts;
            return list;
        }
        if (code == 0) code = result;
    }
    return failedList(list, census_windows_failure(code), error);
}

int32_t census_windows_password_ages(int64_t *numbers) {
    LOAD_NETWORK(NetUserModalsGet);
    void(WINAPI *release)(void *) = network("NetApiBufferFree");
    if (NetUserModalsGet_ == NULL || release == NULL) return absent();
    USER_MODALS_INFO_0 *rules = NULL;
    DWORD error = NetUserModalsGet_(NULL, 0, (BYTE **)&rules);
    if (error != NERR_Success || rules == NULL) return census_windows_failure(error);
    DWORD most = rules->usrmod0_max_passwd_age;
    numbers[0] = most == TIMEQ_FOREVER ? -1 : (int64_t)most;
    numbers[1] = rules->usrmod0_min_passwd_age;
    release(rules);
    return 0;
}

// MARK: Groups

static int32_t takeMember(struct list *list, struct row *row) {
    uint32_t index = list->index++;
    if (index == 0) {
        addString(row, list->other);
        return 1;
    }
    if (index > list->count) return 0;
    if (list->inner == NULL) {
        addString(row, ((LOCALGROUP_MEMBERS_INFO_3 *)list->memory)[index - 1].lgrmi3_domainandname);
        return 1;
    }
    LOCALGROUP_MEMBERS_INFO_2 *member = (LOCALGROUP_MEMBERS_INFO_2 *)list->memory + index - 1;
    // Its account may have been deleted, or its domain cannot be asked.
    int isNamed = member->lgrmi2_sidusage != SidTypeDeletedAccount
        && member->lgrmi2_sidusage != SidTypeInvalid && member->lgrmi2_sidusage != SidTypeUnknown;
    const WCHAR *name = member->lgrmi2_domainandname;
    if (isNamed && name != NULL && *name) addString(row, name);
    else addSID(row, member->lgrmi2_sid);
    return 1;
}

void *census_windows_members(uint32_t id, int32_t *error) {
    struct list *list = newNetworkList(error);
    if (list == NULL) return NULL;
    list->take = takeMember;
    LOAD_NETWORK(NetLocalGroupGetMembers);
    if (NetLocalGroupGetMembers_ == NULL) return failedList(list, absent(), error);
    // By its identifier: the name is in the language of Windows.
    uint8_t identifier[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, (uint8_t)id, (uint8_t)(id >> 8), 0, 0};
    WCHAR *name = list->other = calloc(257, sizeof *name), domain[257];
    DWORD nameSize = 257, domainSize = 257, count = 0, total, code;
    SID_NAME_USE use;
    if (name == NULL)
        return failedList(list, census_windows_failure(ERROR_NOT_ENOUGH_MEMORY), error);
    if (!LookupAccountSidW(NULL, identifier, name, &nameSize, domain, &domainSize, &use)) {
        code = GetLastError();
    } else {
        list->inner = list;
        code = NetLocalGroupGetMembers_(NULL, name, 2, (BYTE **)&list->memory,
                                        MAX_PREFERRED_LENGTH, &count, &total, NULL);
        if (code != NERR_Success || list->memory == NULL) {
            list->inner = NULL;
            DWORD other = NetLocalGroupGetMembers_(NULL, name, 3, (BYTE **)&list->memory,
                                                   MAX_PREFERRED_LENGTH, &count, &total, NULL);
            if (other == NERR_Success) code = other;
        }
    }
    if (code == NERR_Success) {
        list->count = list->memory == NULL ? 0 : count;
        return list;
    }
    // This Windows has no such group.
    if (code == ERROR_NONE_MAPPED || code == NERR_GroupNotFound || code == ERROR_NO_SUCH_ALIAS)
        code = ERROR_FILE_NOT_FOUND;
    return failedList(list, census_windows_failure(code), error);
}
#endif
