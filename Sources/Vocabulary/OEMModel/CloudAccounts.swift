import DocumentTree
import JSONText

/// An entry of cloud-init's `users`.
enum CloudUser: Equatable, Sendable {
    /// The user whom `user` names.
    case standard
    /// A user of his own.
    case user(UserDirective)
}

extension CloudConfig {
    /// The keys about who may log in.
    static let accountKeys: [DocumentKey<CloudConfig>] = [
        DocumentKey("users", .cloudUsers, default: [], "Users that are to be there; stage `boot`.") { $0.users = $1 },
        DocumentKey("groups", .cloudGroups, default: [], "Groups that are to be there; stage `boot`.") {
            $0.groups = $1
        },
        DocumentKey("user", .defaultUser, "The user whom `default` stands for.") { $0.defaultUser = $1 },
        DocumentKey(
            "ssh_authorized_keys", .textOrTexts, default: [],
            "Keys of all users of the file, or of root when it has none."
        ) { $0.authorizedKeys = $1 },
        DocumentKey("ssh_import_id", .textOrTexts, default: [], "Keys by name: `gh:NAME`, `lp:NAME`; stage `network`.")
        {
            $0.importedKeys = $1
        },
        DocumentKey("chpasswd", chpasswd, "Passwords of users that are there already."),
        DocumentKey("password", DocumentValue.line.placed, "The password of the default user.") { $0.password = $1 },
        DocumentKey("ssh_pwauth", .passwordLogin, "Whether sshd lets users in by password; `unchanged` for as it is.") {
            $0.allowsPasswordLogin = $1
        },
        DocumentKey("disable_root", .anyTruth, "Whether sshd keeps root out. Without this key nothing changes.") {
            $0.disablesRoot = $1
        },
        DocumentKey("disable_root_opts", .line, "Taken, and without effect.") { _, _ in },
        DocumentKey("ssh_deletekeys", .anyTruth, "Taken, and without effect: the image has no keys of its own.") {
            _, _ in
        },
    ]

    private static let chpasswd: [DocumentKey<CloudConfig>] = [
        DocumentKey("expire", .anyTruth, default: true, "Whether a user must change it at the first login.") {
            $0.passwordsExpire = $1
        },
        DocumentKey("users", .apart(.passwordEntry, "an entry"), default: [], "Users and their passwords.") {
            $0.passwords += $1
        },
        DocumentKey("list", .passwordLines, "Lines `user:password`; older than `users`.") { $0.passwords += $1 },
    ]
}

extension UserDirective {
    /// The keys of one of cloud-init's users.
    fileprivate static let cloudTable = DocumentTable<UserDirective>(
        "a user", emptyIsAbsent: true,
        cloudKeys
            + keys.filter { key in !["name", "groups", "uid", "no_log_init"].contains(key.entry.name) })

    private static let cloudKeys: [DocumentKey<UserDirective>] = [
        DocumentKey("name", .line, "The name.") { $0.name = $1 },
        DocumentKey("plain_text_passwd", .words, "The password, as a plain text.") { $0.password = .plain($1) },
        DocumentKey("hashed_passwd", .words, "The password, as a hash.") { $0.password = .hashed($1) },
        DocumentKey("lock-passwd", .anyTruth, "The same as `lock_passwd`.") { $0.isLocked = $1 },
        DocumentKey("groups", .groupNames, "Further groups; those that do not exist are made.") { $0.groups = $1 },
        DocumentKey("primary-group", .line, "The same as `primary_group`.") { $0.primaryGroup = $1 },
        DocumentKey("create_groups", .anyTruth, default: true, "Whether groups that do not exist are made.") {
            $0.makesGroups = $1
        },
        DocumentKey("uid", .integer(0...4_294_967_294), "The user's number.") { $0.uid = UInt32(clamping: $1) },
        DocumentKey("sudo", .sudoRules, "Rules of sudo for the user; `false` for none.") { $0.sudo = $1 },
        DocumentKey("ssh-authorized-keys", .textOrTexts, "The same as `ssh_authorized_keys`.") { $0.keys += $1 },
        DocumentKey("ssh_import_id", .textOrTexts, "Keys by name: `gh:NAME`.") { $0.keys += $1.map(Self.imported) },
        DocumentKey("ssh_redirect_user", .anyTruth, "Taken, and without effect.") { _, _ in },
        DocumentKey("ssh_pwauth", .anyTruth, "Taken, and without effect: it counts at the top of the file.") { _, _ in
        },
        DocumentKey("no_log_init", .anyTruth, "Taken, and without effect.") { _, _ in },
        DocumentKey("expiredate", .line, "Taken, and without effect.") { _, _ in },
        DocumentKey("inactive", .line, "Taken, and without effect.") { _, _ in },
        DocumentKey("selinux_user", .line, "Taken, and without effect.") { _, _ in },
        DocumentKey("selinux-user", .line, "Taken, and without effect.") { _, _ in },
        DocumentKey("snapuser", .line, "Taken, and without effect.") { _, _ in },
        DocumentKey("doas", .textOrTexts, "Taken, and without effect.") { _, _ in },
    ]

    /// A key by name; ssh-import-id takes a name alone for one at Launchpad.
    static func imported(_ text: String) -> String { text.utf8.contains(0x3A) ? text : "launchpad:\(text)" }

    static func cloud(_ node: DocumentNode) throws(DocumentError) -> UserDirective {
        var user = UserDirective(name: "", at: node.mark)
        user.makesGroups = true
        try cloudTable.read(node, into: &user)
        guard !user.name.isEmpty else { throw DocumentError(at: node.mark, "a user needs name") }
        return user
    }

    static var cloudShape: DocumentShape { .table(cloudTable.entries) }
}

extension DocumentValue where Value == CloudConfig.Apart<CloudUser> {
    /// A list of names and users; a mapping of names to users, and a text with commas, are taken, too.
    static var cloudUsers: Self {
        let shape = DocumentShape.list(.either([.text("a user's name, or `default`"), UserDirective.cloudShape]))
        return Self(shape) { (node, name) throws(DocumentError) in
            if case .mapping(let pairs) = node.content { return pairs.map(byName) }
            if case .scalar = node.content {
                return try DocumentValue<[String]>.names.read(node, name).map { .success(named($0, node.mark)) }
            }
            return try node.elements(name).map(entry)
        }
    }

    private static func entry(_ node: DocumentNode) -> Result<CloudUser, DocumentError> {
        do throws(DocumentError) {
            if case .scalar = node.content { return .success(named(try node.text("a user"), node.mark)) }
            return .success(.user(try UserDirective.cloud(node)))
        } catch { return .failure(error) }
    }

    private static func byName(_ pair: DocumentPair) -> Result<CloudUser, DocumentError> {
        guard case .mapping(let pairs) = pair.value.content else { return .success(named(pair.key, pair.mark)) }
        let name = DocumentPair(
            key: "name", mark: pair.mark, value: DocumentNode(.scalar(pair.key, quoted: true), at: pair.mark))
        return entry(DocumentNode(.mapping([name] + pairs.filter { $0.key != "name" }), at: pair.mark))
    }

    private static func named(_ name: String, _ mark: DocumentMark) -> CloudUser {
        name == "default" ? .standard : .user(UserDirective(name: name, at: mark))
    }
}

extension DocumentValue where Value == UserDirective {
    /// The user whom `default` stands for: a name, or a user.
    static var defaultUser: Self {
        Self(.either([.text("a user's name"), UserDirective.cloudShape])) { (node, name) throws(DocumentError) in
            if case .scalar = node.content { return UserDirective(name: try node.text(name), at: node.mark) }
            return try UserDirective.cloud(node)
        }
    }
}
