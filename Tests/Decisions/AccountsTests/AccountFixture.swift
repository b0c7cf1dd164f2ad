@testable import Accounts

/// Account files of a small image, with lines that nothing here understands.
enum AccountFixture {
    static let passwd = """
        root:x:0:0:root:/root:/bin/bash
        # a comment: with colons
        daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
        broken:x:none:1::/:/bin/sh
        short:x:1003

        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
        ann:x:1001:1001:Ann Öst,,,:/home/ann:/bin/bash
        +@cluster::::::

        """
    static let group = """
        root:x:0:
        daemon:x:1:
        sudo:x:27:ann
        users:x:100:
        nogroup:x:65534:
        ann:x:1001:
        odd line

        """
    static let shadow = """
        root:*:19000:0:99999:7:::
        daemon:*:19000:0:99999:7:::
        nobody:*:19000:0:99999:7:::
        ann:$6$fake$secret:19000:0:99999:7:::
        old:five:fields

        """
    static let gshadow = """
        root:*::
        daemon:*::
        sudo:*::ann
        users:*::
        nogroup:*::
        ann:!::

        """

    static let state = state()

    static func state(shadow: String? = shadow, gshadow: String? = gshadow, passwd: String = passwd) -> AccountState {
        AccountState(
            passwd: Array(passwd.utf8), group: Array(group.utf8), shadow: shadow.map { Array($0.utf8) },
            gshadow: gshadow.map { Array($0.utf8) })
    }

    static let facts = AccountFacts(today: 20_000)

    /// Hashes without secrecy, so that a test sees what was hashed; kinds other than `$6$` cannot be compared.
    static var scheme: PasswordScheme {
        PasswordScheme(
            hash: { "$6$fake$\($0)" },
            compare: { plain, stored in
                stored.hasPrefix("$6$") ? stored == "$6$fake$\(plain)" ? .same : .different : .unknown
            })
    }

    /// A scheme that always uses another salt, as a real one does.
    static func salted() -> PasswordScheme {
        var number = 0
        return PasswordScheme(
            hash: {
                number += 1
                return "$6$salt\(number)$\($0)"
            },
            compare: { plain, stored in
                guard stored.hasPrefix("$6$") else { return .unknown }
                return stored.hasSuffix("$\(plain)") ? .same : .different
            })
    }
}

extension AccountState {
    /// The text of one of the files.
    func text(_ file: AccountFileKind) -> String? { bytes(of: file).map { String(decoding: $0, as: UTF8.self) } }

    /// The lines of one of the files.
    func lines(_ file: AccountFileKind) -> [String] {
        (text(file) ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The one line that begins with this name.
    func line(_ name: String, _ file: AccountFileKind) -> String? {
        let found = lines(file).filter { $0.hasPrefix("\(name):") }
        return found.count == 1 ? found[0] : nil
    }

    /// Wants users as stages do.
    func users(
        _ users: [WantedUser], missing: MissingGroups = .refused, facts: AccountFacts = AccountFixture.facts,
        scheme: PasswordScheme = AccountFixture.scheme
    ) -> AccountOutcome {
        ensuring(users: users, missingGroups: missing, facts: facts, passwords: scheme)
    }
}

extension WantedUser {
    /// Wants a user with what is set in a closure.
    init(_ name: String, _ change: (inout WantedUser) -> Void = { _ in }) {
        self.init(name: name)
        change(&self)
    }
}
