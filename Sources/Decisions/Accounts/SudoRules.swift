/// Changes the text of a file of `/etc/sudoers.d` that holds the rules of users, as cloud-init writes it.
///
/// A user's rules stand below a comment that names him, up to the next comment or empty line; they are replaced
/// together.
package enum SudoRules {
    /// Gives a user these rules and no others in this file; with none, his part goes.
    ///
    /// - Parameter rules: what stands behind the name, as `ALL=(ALL) NOPASSWD:ALL`.
    /// - Throws: when the name cannot be one, or a rule would not be one line of sudoers(5): a wrong line would make
    ///   sudo refuse everybody.
    package static func text(
        _ rules: [String], of user: String, in old: [UInt8]
    ) throws(AccountError) -> [UInt8] {
        try AccountName.check(user, of: "user")
        for rule in rules { try check(rule, of: user) }
        var lines = old.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let head = Array("# User rules for \(user)".utf8)
        let part = rules.isEmpty ? [] : [head] + rules.map { Array("\(user) \($0)".utf8) }
        if let first = lines.firstIndex(of: head) {
            let last = lines[(first + 1)...].firstIndex { $0.isEmpty || $0.first == UInt8(ascii: "#") } ?? lines.count
            if lines[first..<last].elementsEqual(part) { return old }
            lines.replaceSubrange(first..<last, with: part)
        } else if part.isEmpty {
            return old
        } else {
            lines += part
        }
        return lines.flatMap { $0 + [0x0A] }
    }

    private static func check(_ rule: String, of user: String) throws(AccountError) {
        if rule.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            throw .rule(user, "it has a line break or another control character")
        }
        if rule.utf8.last == UInt8(ascii: "\\") { throw .rule(user, "it goes on in the next line") }
        // Host and commands are on both sides of one.
        guard let equals = rule.utf8.firstIndex(of: UInt8(ascii: "=")),
            rule.utf8[..<equals].contains(where: { $0 > 0x20 }),
            rule.utf8[rule.utf8.index(after: equals)...].contains(where: { $0 > 0x20 })
        else { throw .rule(user, "\"\(rule.prefix(40))\" has no `=` between hosts and commands") }
    }
}
