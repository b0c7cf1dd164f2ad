import DocumentTree
import JSONText

extension UserDirective {
    /// The keys of `users` in `stages`, and with them those that cloud-init's users have alike.
    static let keys: [DocumentKey<UserDirective>] = [
        DocumentKey("name", .line, "For people only: the name is the key above.") { _, _ in },
        DocumentKey(
            "passwd", .words,
            "The password: a hash (`$…`), a lock (`!…` or `*`), or else a plain text, which is hashed."
        ) { $0.password = .either($1) },
        DocumentKey(
            "lock_passwd", .anyTruth,
            """
            Whether logging in by password is forbidden. Without this key it is forbidden for a new user without a \
            password, and allowed with one.
            """
        ) { $0.isLocked = $1 },
        DocumentKey("groups", .names, "Further groups. Those that the user has besides stay.") { $0.groups = $1 },
        DocumentKey("primary_group", .line, "The primary group. Without this key one of the user's name.") {
            $0.primaryGroup = $1
        },
        DocumentKey("uid", .integer(0...4_294_967_294), "The user's number.") { $0.uid = UInt32(clamping: $1) },
        DocumentKey("gecos", .line, "The full name.") { $0.fullName = $1 },
        DocumentKey("homedir", .target, "The home folder.") { $0.home = $1 },
        DocumentKey("no_create_home", .anyTruth, default: false, "Whether no home folder is made.") {
            $0.hasNoHome = $1
        },
        DocumentKey("no_user_group", .anyTruth, default: false, "Whether no group of the user's name is made.") {
            $0.hasNoOwnGroup = $1
        },
        DocumentKey("system", .anyTruth, default: false, "Whether it is an account of the system.") {
            $0.isSystem = $1
        },
        DocumentKey("no_log_init", .anyTruth, "Taken for the sake of existing files; nothing depends on it.") {
            _, _ in
        },
        DocumentKey("shell", .target, "The shell.") { $0.shell = $1 },
        DocumentKey(
            "ssh_authorized_keys", .textOrTexts,
            "Keys that may log in: key lines, `github:NAME`, `gitlab:NAME`, or addresses."
        ) { $0.keys += $1 },
    ]

    static let table = DocumentTable<UserDirective>("a user", emptyIsAbsent: true, keys)
}

extension DocumentValue where Value == [UserDirective] {
    /// Users by name.
    static var usersByName: Self {
        let names = DocumentNames("name", "a user's name", without: ":")
        return Self(.mapping(names, .table(UserDirective.table.entries))) { (node, mapping) throws(DocumentError) in
            var users: [UserDirective] = []
            for pair in try node.pairs(mapping) {
                try names.check(pair)
                var user = UserDirective(name: pair.key, at: pair.mark)
                try UserDirective.table.read(pair.value, into: &user)
                users.append(user)
            }
            return users
        }
    }
}

extension DocumentValue where Value == EntityDirective {
    private static let table = DocumentTable<EntityDirective>(
        "an entity", emptyIsAbsent: true,
        [
            DocumentKey("path", .target, "The file. Without this key the usual one of the kind.") { $0.path = $1 },
            DocumentKey(
                "entity", .words, required: true,
                "A YAML text with `kind` (`user`, `group`, `shadow`, `gshadow`) and the fields of that kind."
            ) { $0.entity = $1 },
        ])

    /// An entry of `ensure_entities` or `delete_entities`.
    static var entity: Self {
        Self(.table(table.entries)) { (node, _) throws(DocumentError) in
            var entity = EntityDirective()
            try table.read(node, into: &entity)
            entity.mark = node.mark
            return entity
        }
    }
}

extension DocumentValue where Value == [AuthorizedKeysDirective] {
    /// Keys by the name of the user.
    static var keysByUser: Self {
        let mapping = DocumentValue<[DocumentMember<[String]>]>.mapping(
            DocumentNames("user", "a user's name", without: ":"), of: .textOrTexts)
        return Self(mapping.shape) { (node, name) throws(DocumentError) in
            try mapping.read(node, name).map {
                AuthorizedKeysDirective(user: $0.name, keys: $0.value, at: $0.mark)
            }
        }
    }
}
