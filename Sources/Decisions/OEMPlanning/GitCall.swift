package import OEMModel

/// How git is called for a directive: nothing secret stands in an argument, in the environment, or in what it leaves.
package struct GitCall: Equatable, Sendable {
    /// A file that only root may read, for as long as git runs.
    package struct Secret: Equatable, Sendable {
        /// Its name in the folder.
        package var name: String
        /// What is in it.
        package var text: String
    }

    /// The address, without a login.
    package let url: String
    /// Options before the command.
    package private(set) var options: [String] = []
    /// Variables besides the usual ones.
    package private(set) var environment = ["GIT_TERMINAL_PROMPT=0"]
    /// Files that options and variables name.
    package private(set) var secrets: [Secret] = []

    private let git: GitDirective
    private let folder: String

    /// Prepares calls.
    ///
    /// - Parameter folder: where the secrets will be, in words that a shell takes as they are.
    package init(_ git: GitDirective, folder: String) {
        let (url, login) = GitLogin.taken(from: git.url)
        self.url = url
        self.git = git
        self.folder = folder
        if url.hasPrefix("http://") || url.hasPrefix("https://") {
            addLogin(login)
            if git.isInsecure { environment.append("GIT_SSL_NO_VERIFY=1") }
        }
        addKeys()
    }

    /// The arguments for a command in a folder that has the repository; nil there for one that has not.
    package func arguments(_ command: [String], in repository: String? = nil) -> [String] {
        options + (repository.map { ["-C", $0] } ?? []) + command
    }

    /// Asked only for this server: a redirect to another one gets nothing.
    private mutating func addLogin(_ login: GitLogin) {
        guard let user = git.user ?? login.user ?? git.password.map({ _ in "git" }) else { return }
        let password = git.password ?? login.password ?? ""
        secrets.append(Secret(name: "credential", text: "username=\(user)\npassword=\(password)\n"))
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let server = parts.prefix(3).joined(separator: "/")
        let helper = "!f() { test \"$1\" = get && cat '\(folder)/credential'; }; f"
        options += ["-c", "credential.helper=", "-c", "credential.\(server).helper=\(helper)"]
    }

    /// No question is asked: nobody is there to answer.
    private mutating func addKeys() {
        var words = ["ssh", "-o", "BatchMode=yes"]
        if let key = git.privateKey {
            secrets.append(Secret(name: "key", text: key.hasSuffix("\n") ? key : key + "\n"))
            words += ["-o", "IdentitiesOnly=yes", "-i", "'\(folder)/key'"]
        }
        if let key = git.publicKey, !git.isInsecure {
            secrets.append(Secret(name: "hosts", text: Self.knownHosts(key)))
            words += ["-o", "UserKnownHostsFile='\(folder)/hosts'", "-o", "GlobalKnownHostsFile=/dev/null"]
        } else if git.isInsecure {
            words += ["-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null"]
        }
        words += ["-o", "StrictHostKeyChecking=\(git.isInsecure ? "no" : "yes")"]
        environment.append("GIT_SSH_COMMAND=\(words.joined(separator: " "))")
    }

    /// A key alone is good for any name, since it is the only one that is taken; a line of `known_hosts` is as it is.
    private static func knownHosts(_ text: String) -> String {
        let types = ["ssh-", "ecdsa-", "sk-"]
        return text.split(whereSeparator: \.isNewline).map { line in
            (types.contains { line.hasPrefix($0) } ? "* \(line)" : "\(line)") + "\n"
        }.joined()
    }
}

/// The name and password that stand in an address.
struct GitLogin: Equatable {
    var user: String?
    var password: String?

    /// The address without its login, which git would write into the repository; only of http, where it is one.
    static func taken(from url: String) -> (url: String, login: GitLogin) {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 2, parts[0] == "http:" || parts[0] == "https:", let at = parts[2].lastIndex(of: "@") else {
            return (url, GitLogin())
        }
        let words = parts[2][..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let login = GitLogin(user: words.first.map(decoded), password: words.count > 1 ? decoded(words[1]) : nil)
        let host = String(parts[2][parts[2].index(after: at)...])
        return ((Array(parts[..<2]) + [host] + parts[3...]).joined(separator: "/"), login)
    }

    /// Undoes `%2F` and the like; a control character, which no line of git's has, stays as it is written.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16), value >= 0x20 {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
