import Foundation
import LinuxSystem
import SeededNumbers
import Testing

@testable import Accounts

private let hasTools = ["pwck", "grpck"].allSatisfy { FileManager.default.fileExists(atPath: "/usr/sbin/\($0)") }

/// Lets shadow's own tools judge the files that come of wanted users.
@Suite("Account files before pwck and grpck", .enabled(if: hasTools))
struct ShadowToolsTests {
    private static func image(hasGshadow: Bool) -> AccountState {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n"
        let shadow = "root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n"
        let group = "root:x:0:\nsudo:x:27:\nusers:x:100:\nnogroup:x:65534:\n"
        let gshadow = "root:*::\nsudo:*::\nusers:*::\nnogroup:*::\n"
        return AccountState(
            passwd: Array(passwd.utf8), group: Array(group.utf8), shadow: Array(shadow.utf8),
            gshadow: hasGshadow ? Array(gshadow.utf8) : nil)
    }

    /// Puts the files into a root of their own, with the homes and shells that they name.
    private func withRoot(_ state: AccountState, _ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "accounts-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for entry in state.passwd.entries {
            let home = root.appending(path: entry.home)
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            let shell = root.appending(path: entry.shell)
            try FileManager.default.createDirectory(
                at: shell.deletingLastPathComponent(), withIntermediateDirectories: true)
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
            _ = FileManager.default.createFile(atPath: shell.path, contents: Data(), attributes: mode)
        }
        try FileManager.default.createDirectory(at: root.appending(path: "etc"), withIntermediateDirectories: true)
        for file in AccountFileKind.allCases {
            if let bytes = state.bytes(of: file) { try Data(bytes).write(to: root.appending(path: file.path)) }
        }
        try body(root.path)
    }

    private func check(_ state: AccountState) throws {
        try withRoot(state) { root in
            let users = [AccountFileKind.passwd, .shadow].filter { state.bytes(of: $0) != nil }
            try judge("pwck", ["-q", "-r"] + users.map { root + $0.path })
            // Only root may change to another root; there they also look for homes, shells, groups and members.
            guard getuid() == 0 else { return }
            try judge("pwck", ["-r", "-R", root])
            try judge("grpck", ["-r", "-R", root])
        }
    }

    private func judge(_ tool: String, _ arguments: [String]) throws {
        let outcome = try ChildProcess.run("/usr/sbin/\(tool)", arguments, timeout: .seconds(20))
        let said = String(decoding: outcome.standardOutput + outcome.standardError, as: UTF8.self)
        #expect(outcome.succeeded, "\(tool) \(arguments): \(said)")
    }

    @Test("users and groups drawn by chance are accepted", .timeLimit(.minutes(10)), arguments: 0..<4)
    func drawn(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        // Without gshadow for one of them.
        let users = WantedUser.drawn(12, using: &generator)
        try check(
            Self.image(hasGshadow: seed > 0).ensuring(
                users: users, missingGroups: .created, facts: AccountFacts(today: 20_000),
                passwords: AccountFixture.scheme
            ).state)
    }

    @Test("entities, and what is left after some are deleted, are accepted")
    func entities() throws {
        var state = Self.image(hasGshadow: true)
        var shadow = ShadowEntity(name: "foo")
        (shadow.password, shadow.lastChanged) = (.plain("pw"), "now")
        var user = UserEntity(name: "foo")
        (user.home, user.shell) = ("/srv/foo", "/bin/sh")
        var group = GroupEntity(name: "admin")
        (group.gid, group.members) = (900, ["foo"])
        let facts = AccountFacts(today: 20_000)
        for entity in [AccountEntity.user(user), .group(group), .shadow(shadow)] {
            state = try state.ensuring(entity, facts: facts, passwords: AccountFixture.scheme).state
        }
        try check(state)
        state = try state.deleting("admin", from: .group).state
        state = try state.deleting("foo", from: .passwd).state
        try check(state)
        #expect(state.passwd["foo"] == nil && state.shadow?["foo"] == nil && state.gshadow?["admin"] == nil)
    }

    @Test("a name that is refused here is refused by groupadd and by useradd, too", arguments: ["a:b", "-a", "a b"])
    func names(name: String) throws {
        try withRoot(Self.image(hasGshadow: true)) { root in
            guard getuid() == 0 else { return }
            #expect(throws: AccountError.self) { try AccountName.check(name, of: "user") }
            for tool in ["groupadd", "useradd"] {
                let outcome = try ChildProcess.run(
                    "/usr/sbin/\(tool)", ["-R", root, "--", name], timeout: .seconds(20))
                #expect(!outcome.succeeded)
            }
        }
    }
}
