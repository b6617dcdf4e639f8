import Database
import SQLite

#if MySQL
    import MySQL
#endif

/// The engines, in the order in which they are asked whether the text of `--db` is meant for them.
/// A new engine is a module of its own, and a line here.
let engines: [any DatabaseAddress.Type] = {
    var engines: [any DatabaseAddress.Type] = []
    #if MySQL
        engines.append(MySQLAddress.self)
    #endif
    engines.append(SQLiteAddress.self)  // takes any text
    return engines
}()
