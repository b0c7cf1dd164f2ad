/// Hashes plain passwords and compares them with stored ones; the caller brings it, with random bytes and SHA-512.
package struct PasswordScheme {
    /// What a comparison says.
    package enum Comparison: Equatable, Sendable {
        /// It is the same password.
        case same
        /// It is another one.
        case different
        /// The hash is of a kind that cannot be computed here, as yescrypt and bcrypt.
        case unknown
    }

    /// Hashes a plain password with a salt of its own.
    package var hash: (_ plain: String) throws(AccountError) -> String
    /// Compares a plain password with a stored hash, whatever it is; without any `!` before it.
    package var compare: (_ plain: String, _ stored: String) throws(AccountError) -> Comparison

    /// Takes both from the caller.
    package init(
        hash: @escaping (_ plain: String) throws(AccountError) -> String,
        compare: @escaping (_ plain: String, _ stored: String) throws(AccountError) -> Comparison
    ) {
        self.hash = hash
        self.compare = compare
    }
}

/// Decides which password field a user gets.
///
/// A plain password is first compared with the stored hash, so that salt and file stay the same at each boot. A hash
/// that cannot be compared is replaced once, by one that can: where `/etc` lasts the file changes at the first boot
/// only, and where it comes from the image anew it has to be written at each boot in any case.
struct PasswordDecision {
    /// The most bytes of a plain password: libxcrypt refuses 512 and more, so nobody could log in with it.
    static let longestPlain = 511

    /// The user, for messages.
    let user: String
    /// What passwd or shadow have; nil when there is neither.
    let stored: String?
    /// Whether the user is new, so that what is stored was left behind by another.
    let isNew: Bool

    /// The field; never empty for a new user.
    ///
    /// - Throws: when the password cannot be one, or cannot be hashed.
    func field(
        _ wanted: WantedPassword?, isLocked: Bool?, _ scheme: PasswordScheme
    ) throws(AccountError) -> String {
        let field =
            try wanted.map { (wanted) throws(AccountError) in try self.field(wanted, scheme) }
            ?? (isNew ? "!" : stored ?? "!")
        switch isLocked {
        case nil: return field
        case true?: return field.hasPrefix("!") || field.hasPrefix("*") ? field : "!" + field
        case false?:
            let open = Self.unlocked(field)
            return open.isEmpty || open.hasPrefix("*") ? field : open
        }
    }

    private func field(_ wanted: WantedPassword, _ scheme: PasswordScheme) throws(AccountError) -> String {
        switch wanted {
        case .hashed(let text):
            if text.isEmpty { throw .password(of: user, "it is empty") }
            try AccountName.check(value: text, "the password", of: user)
            return text
        case .plain(let text):
            try check(text)
            let hash = Self.unlocked(stored ?? "")
            return try scheme.compare(text, hash) == .same ? hash : scheme.hash(text)
        }
    }

    private func check(_ plain: String) throws(AccountError) {
        if plain.isEmpty { throw .password(of: user, "it is empty") }
        if plain.utf8.count > Self.longestPlain {
            throw .password(of: user, "it has more than \(Self.longestPlain) bytes")
        }
        if plain.utf8.contains(where: { $0 == 0 || $0 == 0x0A }) {
            throw .password(of: user, "it has a line break or a zero byte, which nobody can type")
        }
    }

    /// Says whether a text that begins with `$` has the parts of a hash: kind, salt and what is computed.
    static func isHash(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        return parts.count >= 4 && (1...8).contains(parts[1].count) && parts.last?.isEmpty == false
    }

    /// Says whether a field has another hash than what is stored; a lock alone is no other one.
    func isOther(than field: String) -> Bool { Self.unlocked(field) != Self.unlocked(stored ?? "") }

    private static func unlocked(_ field: String) -> String {
        String(decoding: field.utf8.drop { $0 == UInt8(ascii: "!") }, as: UTF8.self)
    }
}
