import CMariaDB
import Database
import Text

/// A prepared statement on a server. Its rows come as they are read; the client keeps one.
final class MySQLStatement: Statement {
    private let statement: UnsafeMutablePointer<MYSQL_STMT>
    private let connection: MySQLConnection
    private let sql: String
    private let parameters: Buffers
    private let columns: Buffers
    let columnNames: [String]
    private let integerColumns: [Bool]
    /// Whether rows are still to be read.
    private var isRunning = false
    /// Texts of the present row that are longer than their buffers, by their columns.
    private var longTexts: [Int: [UInt8]] = [:]

    /// Bytes of a text that are fetched with the row; a longer one is fetched after it.
    private static let textBytes = 2048

    init(_ sql: String, on connection: MySQLConnection) throws(DatabaseError) {
        guard let statement = mysql_stmt_init(connection.handle) else {
            throw connection.error(UInt32(CR_OUT_OF_MEMORY), "out of memory")
        }
        var text = sql
        do throws(DatabaseError) { try connection.checkLength(sql.utf8.count) } catch {
            mysql_stmt_close(statement)
            throw error
        }
        let result = text.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) {
                mysql_stmt_prepare(statement, $0.baseAddress, UInt($0.count))
            }
        }
        guard result == 0 else {
            let error = connection.error(
                mysql_stmt_errno(statement), String(cString: mysql_stmt_error(statement)), sql: sql)
            mysql_stmt_close(statement)
            throw error
        }
        self.sql = sql
        self.statement = statement
        self.connection = connection
        parameters = Buffers(count: Int(mysql_stmt_param_count(statement)))
        var names: [String] = []
        var integers: [Bool] = []
        if let metadata = mysql_stmt_result_metadata(statement) {
            while let field = mysql_fetch_field(metadata) {
                names.append(String(cString: field.pointee.name))
                switch field.pointee.type {
                case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG,
                    MYSQL_TYPE_LONGLONG:
                    integers.append(true)
                default: integers.append(false)
                }
            }
            mysql_free_result(metadata)
        }
        columnNames = names
        integerColumns = integers
        columns = Buffers(count: names.count, textBytes: Self.textBytes)
        for (index, isInteger) in integers.enumerated() {
            if isInteger {
                columns.setInteger(0, at: index)
            } else {
                columns.setTextBuffer(at: index)
            }
        }
    }

    deinit {
        // Whoever leaves rows behind is done with the connection: reading them all takes long.
        if isRunning { connection.cancel() }
        mysql_stmt_close(statement)
    }

    func bind(_ value: Int64, at index: Int) { parameters.setInteger(value, at: index) }
    func bindNull(at index: Int) { parameters.setNull(at: index) }
    func bind(_ utf8: ArraySlice<UInt8>, at index: Int) { parameters.setText(utf8, at: index) }

    /// The first id that the last run gave to a row.
    var firstInsertedID: Int64 { Int64(mysql_stmt_insert_id(statement)) }

    func step() throws(DatabaseError) -> Bool {
        if !isRunning {
            if parameters.count > 0 {
                try connection.checkLength(parameters.byteCount)
                try check(mysql_stmt_bind_param(statement, parameters.fixed()))
            }
            try check(mysql_stmt_execute(statement))
            if columnNames.isEmpty { return false }
            isRunning = true
            try check(mysql_stmt_bind_result(statement, columns.bindings))
        }
        switch mysql_stmt_fetch(statement) {
        case 0, MYSQL_DATA_TRUNCATED:
            try fetchLongTexts()
            return true
        case MYSQL_NO_DATA:
            reset()
            return false
        default:
            isRunning = false
            try check(1)
            return false
        }
    }

    func reset() {
        if isRunning { mysql_stmt_free_result(statement) }
        isRunning = false
    }

    func isNull(_ column: Int) -> Bool { columns.isNull(column) }
    func isInteger(_ column: Int) -> Bool { integerColumns[column] && !isNull(column) }
    func integer(_ column: Int) -> Int64 { columns.integer(column) }

    func appendText(_ column: Int, to bytes: inout [UInt8]) {
        if isNull(column) { return }
        if integerColumns[column] {
            bytes.append(digitsOf: integer(column))
            return
        }
        if let text = longTexts[column] { bytes += text } else { bytes += columns.text(column) }
    }

    private func fetchLongTexts() throws(DatabaseError) {
        if !longTexts.isEmpty { longTexts = [:] }
        for column in 0..<columns.count
        where !integerColumns[column] && !isNull(column) && columns.length(column) > Self.textBytes
        {
            var text = [UInt8](repeating: 0, count: columns.length(column))
            let result = text.withUnsafeMutableBytes { buffer in
                var length: UInt = 0
                return withUnsafeMutablePointer(to: &length) { length in
                    var binding = MYSQL_BIND()
                    binding.buffer_type = MYSQL_TYPE_STRING
                    binding.buffer = buffer.baseAddress
                    binding.buffer_length = UInt(buffer.count)
                    binding.length = length
                    return mysql_stmt_fetch_column(statement, &binding, UInt32(column), 0)
                }
            }
            try check(result)
            longTexts[column] = text
        }
    }

    private func check(_ result: some BinaryInteger) throws(DatabaseError) {
        if result == 0 { return }
        // What ends the rows half-way is an error of the connection.
        if mysql_stmt_errno(statement) == 0 { throw connection.error(sql: sql) }
        throw connection.error(
            mysql_stmt_errno(statement), String(cString: mysql_stmt_error(statement)), sql: sql)
    }
}

/// What libmariadb reads parameters from or writes a row's columns to, at addresses that stay.
private final class Buffers {
    let count: Int
    let bindings: UnsafeMutablePointer<MYSQL_BIND>
    private let integers: UnsafeMutablePointer<Int64>
    private let lengths: UnsafeMutablePointer<UInt>
    private let nulls: UnsafeMutablePointer<my_bool>
    private let textBytes: Int
    /// For columns: room for `textBytes` of each.
    private let columnText: UnsafeMutablePointer<UInt8>
    /// For parameters: their texts one after the other, and where each begins.
    private var text: UnsafeMutableBufferPointer<UInt8>
    private var textEnd = 0
    private var textStarts: [Int]

    init(count: Int, textBytes: Int = 0) {
        self.count = count
        self.textBytes = textBytes
        bindings = .allocate(capacity: count)
        bindings.initialize(repeating: MYSQL_BIND(), count: count)
        integers = .allocate(capacity: count)
        integers.initialize(repeating: 0, count: count)
        lengths = .allocate(capacity: count)
        lengths.initialize(repeating: 0, count: count)
        nulls = .allocate(capacity: count)
        nulls.initialize(repeating: 0, count: count)
        columnText = .allocate(capacity: count * textBytes)
        text = .allocate(capacity: 0)
        textStarts = Array(repeating: -1, count: count)
        for index in 0..<count {
            bindings[index].length = lengths + index
            bindings[index].is_null = nulls + index
        }
    }

    deinit {
        bindings.deallocate()
        integers.deallocate()
        lengths.deallocate()
        nulls.deallocate()
        columnText.deallocate()
        text.deallocate()
    }

    /// What the parameters take in a message to the server, or a little less.
    var byteCount: Int { textEnd + count * 3 }

    func setInteger(_ value: Int64, at index: Int) {
        integers[index] = value
        nulls[index] = 0
        textStarts[index] = -1
        bindings[index].buffer_type = MYSQL_TYPE_LONGLONG
        bindings[index].buffer = UnsafeMutableRawPointer(integers + index)
    }

    func setNull(at index: Int) {
        nulls[index] = 1
        textStarts[index] = -1
        bindings[index].buffer_type = MYSQL_TYPE_NULL
    }

    func setText(_ utf8: ArraySlice<UInt8>, at index: Int) {
        if textEnd + utf8.count > text.count { grow(by: utf8.count) }
        _ = UnsafeMutableBufferPointer(rebasing: text[textEnd...]).update(from: utf8)
        textStarts[index] = textEnd
        textEnd += utf8.count
        nulls[index] = 0
        lengths[index] = UInt(utf8.count)
        bindings[index].buffer_type = MYSQL_TYPE_STRING
        bindings[index].buffer_length = UInt(utf8.count)
    }

    private func grow(by count: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(
            capacity: max(text.count * 2, textEnd + count))
        _ = larger.update(from: text[..<textEnd])
        text.deallocate()
        text = larger
    }

    /// The parameters, ready to be used until the next one is set. They are set again for each run.
    func fixed() -> UnsafeMutablePointer<MYSQL_BIND> {
        for (index, start) in textStarts.enumerated() where start >= 0 {
            bindings[index].buffer = UnsafeMutableRawPointer(text.baseAddress! + start)
        }
        textEnd = 0
        return bindings
    }

    func setTextBuffer(at index: Int) {
        bindings[index].buffer_type = MYSQL_TYPE_STRING
        bindings[index].buffer = UnsafeMutableRawPointer(columnText + index * textBytes)
        bindings[index].buffer_length = UInt(textBytes)
    }

    func isNull(_ index: Int) -> Bool { nulls[index] != 0 }
    func integer(_ index: Int) -> Int64 { integers[index] }
    func length(_ index: Int) -> Int { Int(lengths[index]) }

    func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: columnText + index * textBytes, count: length(index))
    }
}
