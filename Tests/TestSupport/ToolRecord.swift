package import Records
package import Text

/// A kind of listed records with values of every type, which no collector writes.
package struct ToolRecord: ListedRecord {
    package static let kind: StaticString = "tool"
    package static let list = ListDeclaration(
        name: "hand tools", noun: "tool", state: "at hand", table: "Tools", idColumn: "Tool_ID",
        linkTable: "TOOLS_PER_EXECUTION", knownColumn: "Tools_known")

    package var name: RawText = ""
    package var size: Int64?
    package var maker: String?
    package var isSharp = false
    package var price: Int64 = 0
    package var version: String?

    package init() {}

    package mutating func visitFields<Visitor: FieldVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.visit(&name, .required("name", "Its name").column("Tool_Name"))
        try visitor.visit(&size, .optional("size", "Its size").column("Size"))
        try visitor.visit(&maker, .nullable("maker", "Its maker").column("Maker"))
        try visitor.visit(
            &isSharp,
            .required("sharp", "Whether it is sharp").column("Is_sharp")
                .compared(as: "edge"))
        try visitor.visit(&price, .required("price", "Not stored"))
        try visitor.visit(
            &version,
            .optional("version", "Its version").column("Version")
                .compared(as: "version"))
    }
}

extension ListedKind {
    package static let tools = ListedKind(ToolRecord.self, index: 0)
}
