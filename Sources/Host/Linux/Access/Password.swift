import CHost
import Records
import Text

// What is said of a password: never the password, nor its hash.

extension AccountRecord {
    /// Takes the field of a password, of passwd(5) or shadow(5).
    ///
    /// - `!` and whatever follows: it is locked.
    /// - `x` and `##name` of passwd(5): see shadow(5). It stays unknown until then.
    /// - A text that crypt(3) returns: it is set.
    /// - Nothing: no password is asked for.
    /// - Anything else, such as `*`: crypt(3) returns it for no password.
    @inline(never)
    mutating func setPassword(_ field: [UInt8], isShadow: Bool = false) {
        if field.isEmpty {
            passwordStatus = "empty"
            return
        }
        if !isShadow && (field == [0x78] || field.starts(with: [0x23, 0x23])) { return }
        let hash = Array(field.drop { $0 == UInt8(ascii: "!") })
        var isHash = false
        hashAlgorithm = Self.algorithm(hash, &isHash)
        passwordStatus = hash.count < field.count ? "locked" : isHash ? "set" : "none"
    }

    /// Whether the password is in a shadow file, or there is none.
    var isShadowed: Bool { passwordStatus == nil }

    /// The algorithm of a hash by its prefix, crypt(5); nil if it has none that is known.
    @inline(never)
    private static func algorithm(_ hash: [UInt8], _ isHash: inout Bool) -> String? {
        let table = ascii(
            """
            $y$=yescrypt $gy$=gost-yescrypt $sm3y$=sm3-yescrypt $7$=scrypt $2a$=bcrypt $2b$=bcrypt \
            $2x$=bcrypt $2y$=bcrypt $6$=sha512crypt $5$=sha256crypt $sha1$=sha1crypt $sm3$=sm3crypt \
            $md5=sunmd5 $1$=md5crypt $3$=nt
            """)
        for row in table.split(separator: 0x20) {
            let parts = row.split(separator: UInt8(ascii: "="))
            if hash.starts(with: parts[0]) {
                isHash = true
                return String(decoding: parts[1], as: UTF8.self)
            }
        }
        let dollar = UInt8(ascii: "$")
        if hash.first == dollar && hash.dropFirst(2).contains(dollar) {
            isHash = true
            return nil
        }
        // Without a prefix, in the digits of base 64.
        let isExtended = hash.first == UInt8(ascii: "_") && hash.count == 20
        for byte in isExtended ? Array(hash.dropFirst()) : hash {
            let isDigit =
                0x2E...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
            if !isDigit { return nil }
        }
        isHash = isExtended || hash.count >= 13 && (hash.count - 2) % 11 == 0
        return !isHash ? nil : isExtended ? "bsdicrypt" : hash.count == 13 ? "descrypt" : "bigcrypt"
    }

    /// Takes the ages of shadow(5).
    @inline(never)
    mutating func setAge(_ ages: ShadowAges) {
        lastChange = Self.moment(ages[2])
        let (min, max, warning) = (ages[3], ages[4], ages[5])
        minDays = min == 0 ? nil : min
        // chage(1) says "never" of so many.
        maxDays = max ?? 10_000 >= 10_000 ? nil : max
        // Without the day of the change the age is not known to the system, either.
        neverExpires = ages[2] == nil || maxDays == nil
        warningDays = warning == 0 ? nil : warning
        inactiveDays = ages[6]
        expires = Self.moment(ages[7])
    }

    /// The beginning of a day, in Unix seconds; nil of one that no calendar has.
    @inline(never)
    private static func moment(_ day: Int64?) -> Int64? {
        guard let day, day < 10_000_000 else { return nil }
        return day * 86_400
    }

    /// Says whether one can log in, as far as that is known.
    @inline(never)
    mutating func setEnabled() {
        let day: Int64 = 86_400
        let now = census_now()
        if let expires, expires <= now {
            isEnabled = false
        } else if let lastChange, let maxDays, let inactiveDays, lastChange > 0,
            (now - lastChange) / day > maxDays + inactiveDays
        {
            // pam_unix(8) does not let it be changed any more.
            isEnabled = false
        } else if let passwordStatus {
            isEnabled = passwordStatus == "set" || passwordStatus == "empty"
        }
    }

    /// Takes what a JSON user record says of the password, https://systemd.io/USER_RECORD.
    /// - Parameter secret: the `privileged` section, or a text that has it.
    @inline(never)
    mutating func readPassword(inUserRecord record: [UInt8], _ secret: [UInt8]) {
        if jsonValue("locked", record)?.first == UInt8(ascii: "t") {
            passwordStatus = "locked"
        } else if let hashes = jsonValue("hashedPassword", secret),
            let quote = hashes.firstIndex(of: UInt8(ascii: "\""))
        {
            setPassword(Array(hashes[(quote + 1)...].prefix { $0 != UInt8(ascii: "\"") }))
        }
        @inline(never)
        func seconds(_ key: StaticString) -> Int64? {
            jsonNumber(key, record).map { $0 / 1_000_000 }
        }
        lastChange = seconds("lastPasswordChangeUSec")
        expires = seconds("notAfterUSec")
        minDays = seconds("passwordChangeMinUSec").map { $0 / 86_400 }
        maxDays = seconds("passwordChangeMaxUSec").map { $0 / 86_400 }
        warningDays = seconds("passwordChangeWarnUSec").map { $0 / 86_400 }
        inactiveDays = seconds("passwordChangeInactiveUSec").map { $0 / 86_400 }
    }
}

/// The ages of a password in a line of shadow(5), as glibc reads them: days, or none where the field
/// is empty or less than 0. A line of the old form ends behind the maximum.
struct ShadowAges {
    private var days: [Int64?] = []

    /// - Returns: nil if the C library refuses the line.
    @inline(never)
    init?(_ line: borrowing ColonLines) {
        var count = line.fields.count
        if count == 6 && line[5].allSatisfy(isSpace) { count = 5 }
        // What is last may be empty only where it need not be there.
        let isWhole = count == 9 || (count == 5 || count == 8) && !line[count - 1].isEmpty
        if !isWhole || !line[8].isEmpty && unsignedNumber(line[8]) == nil { return nil }
        for index in 2..<min(count, 8) {
            let field = line[index]
            if field.isEmpty || index == 5 && field.allSatisfy(isSpace) {
                days.append(nil)
                continue
            }
            guard let number = unsignedNumber(field) else { return nil }
            // Of a number below 0, or too large, the C library made one below 0 in days of old.
            days.append(number > UInt64(Int32.max) ? nil : Int64(number))
        }
    }

    /// That of a field, counted from 0 on.
    subscript(_ field: Int) -> Int64? { field - 2 < days.count ? days[field - 2] : nil }
}
