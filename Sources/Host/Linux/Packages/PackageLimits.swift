/// Limits of the work and the memory that databases of packages can cause. A source beyond one of
/// them is named as failed.
enum PackageLimits {
    /// Packages of a host. The largest hosts have some 15,000.
    static let packages = 50_000
    /// Bytes of a database of text, which is read as a stream. That of apk has the names of all
    /// files, some 30 MB of 5,000 packages.
    static let textBytes: Int64 = 512 << 20
    /// Bytes that are read of a file that has one package. What is wanted is at its beginning.
    static let fileBytes = 1 << 16
    /// Bytes of a database of rpm. With 5,000 packages it is 500 MB.
    static let databaseBytes: Int64 = 4 << 30
    /// Bytes of a header of rpm. Kernels with 40,000 files have 10 MB.
    static let headerBytes: Int64 = 64 << 20
    /// Entries of a header's index, HEADER_TAGS_MAX of rpm.
    static let headerTags = 0xFFFF
    /// Bytes of the names of a package's files. Those of kernels have 1 MB.
    static let nameBytes = 8 << 20
    /// Bytes of a value; a record keeps 380 characters.
    static let valueBytes = 2048
    /// Frames of a write-ahead log, each of which takes 8 bytes of memory: 256 MB in pages of 4 KB.
    /// SQLite begins to move pages to the database at 1,000.
    static let logFrames = 1 << 16
    /// Pages of a B-tree that wait to be read. A path from the root has at most 20 pages, and a page
    /// of 64 KB has some 8,000 children.
    static let waitingPages = 1 << 16
}
