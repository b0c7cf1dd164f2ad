import DocumentTree
import JSONText

extension DocumentValue where Value == [String] {
    /// Groups of a user: a list, a text with commas, or a mapping of which only the names count.
    static var groupNames: Self {
        Self(names.shape) { (node, name) throws(DocumentError) in
            if case .mapping(let pairs) = node.content { return pairs.map(\.key) }
            return try names.read(node, name)
        }
    }
}

extension DocumentValue where Value == [String]? {
    /// Rules of sudo: a text, a list, or `false`.
    static var sudoRules: Self {
        Self(.either([.list(.text("a rule")), .text("a rule, or `false`")])) { (node, name) throws(DocumentError) in
            if case .scalar(let text, false) = node.content, ["false", "no", "off"].contains(text.lowercased()) {
                return nil
            }
            let rules = try DocumentValue<[String]>.textOrTexts.read(node, name)
            guard rules.allSatisfy({ !$0.utf8.contains(0x0A) }) else {
                throw DocumentError(at: node.mark, "a rule of sudo must be one line")
            }
            return rules
        }
    }
}

extension DocumentValue where Value == [GroupDirective] {
    /// Groups: names, or names with members; a mapping and a text with commas are taken, too.
    static var cloudGroups: Self {
        let members = DocumentNames("group", "a group's name", without: ":")
        let shape = DocumentShape.list(
            .either([.text("a group's name"), .mapping(members, .list(.text("a user's name")))]))
        return Self(shape) { (node, name) throws(DocumentError) in
            if case .mapping = node.content { return try groups(node, members) }
            if case .scalar = node.content {
                return try DocumentValue<[String]>.names.read(node, name).map {
                    GroupDirective(name: $0, at: node.mark)
                }
            }
            var found: [GroupDirective] = []
            for element in try node.elements(name) {
                if case .mapping = element.content {
                    found += try groups(element, members)
                } else {
                    found.append(GroupDirective(name: try element.text("a group"), at: element.mark))
                }
            }
            return found
        }
    }

    private static func groups(_ node: DocumentNode, _ names: DocumentNames) throws(DocumentError) -> Value {
        try DocumentValue<[DocumentMember<[String]>]>.mapping(names, of: .names).read(node, "groups").map {
            GroupDirective(name: $0.name, members: $0.value, at: $0.mark)
        }
    }
}

extension DocumentValue where Value == Bool? {
    /// Whether sshd takes passwords; `unchanged` is nil.
    static var passwordLogin: Self {
        Self(.either([.truth, .choice(["unchanged"])])) { (node, name) throws(DocumentError) in
            if try node.text(name).lowercased() == "unchanged" { return nil }
            return try DocumentValue<Bool>.anyTruth.read(node, name)
        }
    }
}

extension DocumentValue where Value == PasswordDirective {
    /// How the password of an entry is given.
    enum Kind: String, CaseIterable, Sendable {
        case hash, text
        case random = "RANDOM"
    }

    private struct Entry: Sendable {
        var name = ""
        var password: String?
        var kind = Kind.hash
    }

    private static let table = DocumentTable<Entry>(
        "an entry", emptyIsAbsent: true,
        [
            DocumentKey("name", .line, required: true, "The user.") { $0.name = $1 },
            DocumentKey("password", .line, "The password; not with type `RANDOM`.") { $0.password = $1 },
            DocumentKey("type", .choice, default: "hash", "What the password is.") { $0.kind = $1 },
        ])

    /// An entry of `chpasswd.users`.
    static var passwordEntry: Self {
        Self(.table(table.entries)) { (node, _) throws(DocumentError) in
            var entry = Entry()
            try table.read(node, into: &entry)
            guard let password = entry.password, entry.kind != .random else {
                guard entry.kind == .random else { throw DocumentError(at: node.mark, "an entry needs password") }
                return PasswordDirective(user: entry.name, password: nil, expires: true, at: node.mark)
            }
            return PasswordDirective(
                user: entry.name, password: entry.kind == .text ? .plain(password) : .hashed(password), expires: true,
                at: node.mark)
        }
    }
}

extension DocumentValue where Value == CloudConfig.Apart<PasswordDirective> {
    /// Lines `user:password`, as a text or a list.
    static var passwordLines: Self {
        Self(.either([.list(.text("`user:password`")), .text("lines `user:password`")])) {
            (node, name) throws(DocumentError) in
            let texts = try DocumentValue<[String]>.textOrTexts.read(node, name)
            return texts.flatMap { $0.split(separator: "\n") }.map { line(DocumentText.trimmed($0), node.mark) }
        }
    }

    private static func line(_ text: String, _ mark: DocumentMark) -> Result<PasswordDirective, DocumentError> {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            return .failure(DocumentError(at: mark, "a line of chpasswd.list must be user:password"))
        }
        let (user, secret) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        let isRandom = secret == "R" || secret == "RANDOM"
        let isHash = ["$1$", "$2a$", "$2y$", "$5$", "$6$", "$y$"].contains { secret.hasPrefix($0) }
        let password = isRandom ? nil : isHash ? UserDirective.Password.hashed(secret) : .plain(secret)
        return .success(PasswordDirective(user: user, password: password, expires: true, at: mark))
    }
}
