/// Where keys come from that are not written out in a file: an account at a server, or an address.
package struct KeySource: Equatable, Sendable {
    /// What gives the keys of its accounts to everyone.
    package enum Host: String, CaseIterable, Sendable {
        case github, gitlab, launchpad

        /// The words before the colon.
        fileprivate var prefixes: [String] {
            switch self {
            case .github: ["github", "gh"]
            case .gitlab: ["gitlab"]
            case .launchpad: ["launchpad", "lp"]
            }
        }

        /// Where the keys of an account are, one a line.
        fileprivate func address(of account: String) -> String {
            switch self {
            case .github: "https://github.com/\(account).keys"
            case .gitlab: "https://gitlab.com/\(account).keys"
            case .launchpad: "https://launchpad.net/~\(account)/+sshkeys"
            }
        }
    }

    /// The address that is asked; nil for an account of a name that none can have.
    package let address: String?

    /// Reads a key of a file; nil for one that is written out.
    package init?(_ text: String) {
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            address = text
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let host = Host.allCases.first(where: { $0.prefixes.contains(String(parts[0])) }) else {
            return nil
        }
        address = Self.isAccount(parts[1]) ? host.address(of: String(parts[1])) : nil
    }

    /// Whether a name stands in an address as it is, and leads to no other place of the server.
    private static func isAccount(_ text: Substring) -> Bool {
        let isLetter: (UInt8) -> Bool = {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        return !text.isEmpty && text.utf8.allSatisfy(isLetter) && text != "." && text != ".."
    }
}

extension String {
    /// Whether a key is named by an address or an account, and so has to be fetched.
    package var isKeyToFetch: Bool { KeySource(self) != nil }
}
