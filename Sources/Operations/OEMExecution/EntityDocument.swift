import Accounts
import DocumentTree
import YAMLDocuments

/// Reads the YAML text of an entity (`ensure_entities`, `delete_entities`).
///
/// The source of the keys is mudler/entities, `pkg/entities`.
enum EntityDocument {
    /// What a text says: the entity, or only its kind and name where no more counts.
    static func read(_ text: String) throws -> AccountEntity {
        let start = DocumentMark(line: 1, column: 1)
        guard let document = try YAMLDocument.parse(Array(text.utf8), references: .expanded) else {
            throw DocumentError(at: start, "an entity needs kind")
        }
        let pairs = try document.pairs("an entity")
        guard let kind = pairs.first(where: { $0.key == "kind" }) else {
            throw DocumentError(at: document.mark, "an entity needs kind")
        }
        let rest = DocumentNode(.mapping(pairs.filter { $0.key != "kind" }), at: document.mark)
        switch try kind.value.text("kind") {
        case "user": return .user(try entity(rest, user, UserEntity(name: "")))
        case "group": return .group(try entity(rest, group, GroupEntity(name: "")))
        case "shadow": return .shadow(try entity(rest, shadow, ShadowEntity(name: "")))
        case "gshadow": return .gshadow(try entity(rest, gshadow, GshadowEntity(name: "")))
        default: throw DocumentError(at: kind.value.mark, "kind must be user or group or shadow or gshadow")
        }
    }

    private static func entity<Entity: Sendable>(
        _ node: DocumentNode, _ table: DocumentTable<Entity>, _ start: Entity
    ) throws(DocumentError) -> Entity {
        var entity = start
        try table.read(node, into: &entity)
        return entity
    }

    private static let user = DocumentTable<UserEntity>(
        "a user", emptyIsAbsent: true,
        [
            DocumentKey("username", .text, required: true, "The name.") { $0.name = $1 },
            DocumentKey("password", .field, "The field for a password.") { $0.password = $1 },
            DocumentKey("uid", .number, "The number.") { $0.uid = $1 },
            DocumentKey("gid", .number, "The primary group's number.") { $0.gid = $1 },
            DocumentKey("group", .field, "The primary group by name.") { $0.group = $1 },
            DocumentKey("info", .field, "The full name.") { $0.info = $1 },
            DocumentKey("homedir", .field, "The home folder.") { $0.home = $1 },
            DocumentKey("shell", .field, "The shell.") { $0.shell = $1 },
        ])

    private static let group = DocumentTable<GroupEntity>(
        "a group", emptyIsAbsent: true,
        [
            DocumentKey("group_name", .text, required: true, "The name.") { $0.name = $1 },
            DocumentKey("password", .field, "The field for a password.") { $0.password = $1 },
            DocumentKey("gid", .number, "The number.") { $0.gid = $1 },
            DocumentKey("users", .members, "Users.") { $0.members = $1 },
        ])

    private static let shadow = DocumentTable<ShadowEntity>(
        "a line of shadow", emptyIsAbsent: true,
        [
            DocumentKey("username", .text, required: true, "The user.") { $0.name = $1 },
            DocumentKey("password", .field, "The password.") { $0.password = WantedPassword(asWritten: $1) },
            DocumentKey("last_changed", .field, "The day, or `now`.") { $0.lastChanged = $1 },
            DocumentKey("minimum_changed", .field, "Days.") { $0.minimum = $1 },
            DocumentKey("maximum_changed", .field, "Days.") { $0.maximum = $1 },
            DocumentKey("warn", .field, "Days.") { $0.warning = $1 },
            DocumentKey("inactive", .field, "Days.") { $0.inactive = $1 },
            DocumentKey("expire", .field, "The day.") { $0.expiry = $1 },
            DocumentKey("reserved", .field, "Nothing.") { $0.reserved = $1 },
        ])

    private static let gshadow = DocumentTable<GshadowEntity>(
        "a line of gshadow", emptyIsAbsent: true,
        [
            DocumentKey("name", .text, required: true, "The group.") { $0.name = $1 },
            DocumentKey("password", .field, "The password.") { $0.password = $1 },
            DocumentKey("administrators", .members, "Users.") { $0.administrators = $1 },
            DocumentKey("members", .members, "Users.") { $0.members = $1 },
        ])
}

extension DocumentValue where Value == String {
    /// A scalar as written, also an empty one.
    fileprivate static var field: Self {
        Self(.text("a text")) { (node, name) throws(DocumentError) in try node.scalar(name) }
    }
}

extension DocumentValue where Value == Int {
    /// A number; one below 0 asks for the next that is free.
    fileprivate static var number: Self { .integer(-1...4_294_967_294) }
}

extension DocumentValue where Value == [String] {
    /// Names: a list, or a text with commas between them.
    fileprivate static var members: Self {
        Self(.either([.list(.text("a name")), .text("names with commas between")])) {
            (node, name) throws(DocumentError) in
            if case .sequence = node.content {
                return try DocumentValue<[String]>.list(of: .text, "a name").read(node, name)
            }
            return try node.scalar(name).split(separator: ",").map(String.init)
        }
    }
}
