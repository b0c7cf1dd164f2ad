import DocumentTree
import RegistryModel
import SystemPackage

extension DocumentValue where Value == [Located<SourceReference>] {
    /// One repository, or several.
    static func caches(_ file: FilePath) -> Self {
        let one = DocumentValue<Located<SourceReference>>.located(.repository, in: file)
        let list = Self.conditional(one, "item", limit: 16)
        return Self(.either([one.shape, list.shape])) { (node, name) throws(DocumentError) in
            if case .scalar = node.content, !node.isEmpty { return [try one.read(node, name)] }
            return try list.read(node, name)
        }
    }
}

extension DocumentValue where Value == [String: UInt32] {
    /// Numbers of accounts: below those of `nobody`, and not root's.
    private static var numbers: ClosedRange<Int> { 1...65_533 }

    /// Accounts with their numbers; neither is there twice.
    static var accounts: Self {
        let names = DocumentNames("NAME", "the name of an account", without: " ")
        let members = DocumentValue<[DocumentMember<Int>]>.mapping(names, of: .integer(numbers))
        return Self(members.shape) { (node, mapping) throws(DocumentError) in
            var accounts: [String: UInt32] = [:]
            var owners: [Int: String] = [:]
            for member in try members.read(node, mapping) {
                guard isAccountName(member.name) else {
                    throw DocumentError(
                        at: member.mark,
                        "\(member.name.quoted) must be the name of an account: at most 32 lower-case letters, digits, '_' "
                            + "and '-'")
                }
                if let other = owners.updateValue(member.name, forKey: member.value) {
                    throw DocumentError(at: member.mark, "\(other) and \(member.name) have the number \(member.value)")
                }
                accounts[member.name] = UInt32(member.value)
            }
            return accounts
        }
    }
}

/// The names that adduser takes without being asked to (adduser.conf(5), `NAME_REGEX`).
private func isAccountName(_ text: String) -> Bool {
    let isLetter: (UInt8) -> Bool = { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
    guard (1...32).contains(text.utf8.count), let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
}
