#ifdef _WIN32
// The keys of Windows' registry and the files of its folders that a collector asks for. Microsoft's
// documentation of each function is found by its name on learn.microsoft.com.
#include "windows_shared.h"
#include <stdlib.h>
#include <string.h>

// MARK: Registry

static void WINAPI closeKey(void *key) { RegCloseKey(key); }

int32_t valueText(DWORD type, uint16_t *text, int32_t length, int32_t capacity) {
    // It need not end in a NUL, and may have several.
    length = (int32_t)wcsnlen((WCHAR *)text, (size_t)length);
    WCHAR expanded[4096];
    if (type != REG_EXPAND_SZ || length >= capacity) return length;
    text[length] = 0;
    DWORD count = ExpandEnvironmentStringsW((WCHAR *)text, expanded, 4096);
    return count == 0 || count > 4096 ? length : copyText(expanded, count - 1, text, capacity);
}

/// Adds a value of an open key.
static void addValue(struct row *row, HKEY key, const WCHAR *name, int64_t *number) {
    DWORD type, size = row->capacity < 0 ? 0 : (DWORD)row->capacity * sizeof(WCHAR);
    int32_t length = -1;
    if (RegQueryValueExW(key, name, NULL, &type, (BYTE *)row->texts, &size) == ERROR_SUCCESS) {
        if (type == REG_DWORD && size == sizeof(DWORD)) {
            DWORD value;
            memcpy(&value, row->texts, sizeof value);
            *number = value;
        } else if (type == REG_SZ || type == REG_EXPAND_SZ) {
            length = valueText(type, row->texts, (int32_t)(size / sizeof(WCHAR)), row->capacity);
        }
    }
    addText(row, (WCHAR *)row->texts, length);
}

static int32_t takeKey(struct list *list, struct row *row) {
    WCHAR name[256]; // article "Registry Element Size Limits"
    HKEY key;
    while (1) {
        DWORD length = 256;
        LONG error = RegEnumKeyExW(list->memory, list->index++, name, &length, NULL, NULL, NULL, NULL);
        if (error == ERROR_NO_MORE_ITEMS) return 0;
        if (error != ERROR_SUCCESS) return census_windows_failure((DWORD)error);
        error = RegOpenKeyExW(list->memory, name, 0, KEY_QUERY_VALUE | list->count, &key);
        if (error == ERROR_FILE_NOT_FOUND || error == ERROR_KEY_DELETED) continue;
        addText(row, name, (int32_t)length);
        int64_t *number = row->numbers;
        if (error != ERROR_SUCCESS) {
            number[census_row_numbers - 1] = -census_windows_failure((DWORD)error);
            return 1;
        }
        for (WCHAR *value = list->other; *value; value += wcslen(value) + 1) {
            *number = -1;
            addValue(row, key, value, number++);
        }
        RegCloseKey(key);
        return 1;
    }
}

void *census_windows_keys(int32_t is_users, int32_t is_32_bit, const uint8_t *path,
                          const uint8_t *values, int64_t values_count, int32_t *error) {
    struct list *list = newList(error);
    if (list == NULL) return NULL;
    // Also for a 32-bit process (article "Accessing an Alternate Registry View").
    list->count = is_32_bit ? KEY_WOW64_32KEY : KEY_WOW64_64KEY;
    WCHAR *wide = copyUTF16(path, -1, NULL);
    list->other = copyUTF16(values, values_count, NULL);
    list->take = takeKey;
    LONG code = ERROR_NOT_ENOUGH_MEMORY;
    HKEY key = NULL;
    if (wide != NULL && list->other != NULL)
        code = RegOpenKeyExW(is_users ? HKEY_USERS : HKEY_LOCAL_MACHINE, wide, 0,
                             KEY_ENUMERATE_SUB_KEYS | list->count, &key);
    free(wide);
    if (code != ERROR_SUCCESS) return failedList(list, census_windows_failure((DWORD)code), error);
    list->memory = key;
    list->release = closeKey;
    return list;
}

// MARK: Files

static void WINAPI closeFind(void *find) { FindClose(find); }

static int32_t takeFile(struct list *list, struct row *row) {
    WIN32_FIND_DATAW *data = list->other;
    if (list->index++ > 0 && !FindNextFileW(list->memory, data))
        return GetLastError() == ERROR_NO_MORE_FILES ? 0 : failure();
    addString(row, data->cFileName);
    return 1;
}

/// A path without the limit of 260 characters (article "Maximum Path Length Limitation"), which the
/// caller frees.
static WCHAR *longPath(const uint8_t *path) {
    int32_t length;
    WCHAR *text = copyUTF16(path, -1, &length);
    WCHAR *result = text == NULL ? NULL : malloc(((size_t)length + 5) * sizeof *result);
    if (result != NULL) {
        wcscpy(result, length > 2 && text[1] == L':' ? L"\\\\?\\" : L"");
        wcscat(result, text);
    }
    free(text);
    return result;
}

void *census_windows_files(const uint8_t *pattern, int32_t *error) {
    struct list *list = newList(error);
    if (list == NULL) return NULL;
    WIN32_FIND_DATAW *data = list->other = malloc(sizeof *data);
    WCHAR *wide = data == NULL ? NULL : longPath(pattern);
    if (wide == NULL)
        return failedList(list, census_windows_failure(ERROR_NOT_ENOUGH_MEMORY), error);
    HANDLE find = FindFirstFileW(wide, data);
    free(wide);
    if (find == INVALID_HANDLE_VALUE) return failedList(list, failure(), error);
    list->memory = find;
    list->release = closeFind;
    list->take = takeFile;
    return list;
}

int64_t census_windows_read_file(const uint8_t *path, uint8_t *bytes, int32_t capacity) {
    WCHAR *wide = longPath(path);
    if (wide == NULL) return -noMemory;
    // A user may have put a link there, or the name of a pipe; a link to a folder may lead to another
    // computer.
    WCHAR *end = wcsrchr(wide, L'\\');
    if (end != NULL) {
        *end = 0;
        DWORD attributes = GetFileAttributesW(wide);
        *end = L'\\';
        if (attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_REPARSE_POINT) {
            free(wide);
            return -invalid;
        }
    }
    HANDLE handle = CreateFileW(wide, GENERIC_READ,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                OPEN_EXISTING,
                                FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS
                                    | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
    free(wide);
    if (handle == INVALID_HANDLE_VALUE) return failure();
    BY_HANDLE_FILE_INFORMATION information;
    int64_t count = 0;
    if (GetFileType(handle) != FILE_TYPE_DISK) {
        count = -invalid;
    } else if (!GetFileInformationByHandle(handle, &information)) {
        count = failure();
    } else if (information.dwFileAttributes
               & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) {
        count = -invalid;
    }
    while (count >= 0 && count < capacity) {
        DWORD part = 0;
        if (!ReadFile(handle, bytes + count, (DWORD)(capacity - count), &part, NULL)) {
            count = failure();
        } else if (part == 0) {
            break;
        }
        count += part;
    }
    CloseHandle(handle);
    return count;
}
#endif
