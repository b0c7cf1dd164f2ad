import Faults
import Foundation
import ImageModel
import LinuxSystem
import Testing

@testable import Accounts

@Suite("Keys for ssh")
struct AuthorizedKeyTests {
    /// The base64 of a key: each part with its length before it.
    static func blob(_ parts: String...) -> String { Base64.encode(bytes(parts)) }

    private static func bytes(_ parts: [String]) -> [UInt8] {
        parts.flatMap { [0, 0, UInt8($0.utf8.count >> 8), UInt8($0.utf8.count & 255)] + Array($0.utf8) }
    }

    static func ed25519(_ key: String) -> String { "ssh-ed25519 \(blob("ssh-ed25519", key))" }

    @Test(
        "a key is found behind options and before a comment",
        arguments: [
            "", "no-pty ", "no-pty,command=\"a b \\\" c\" ", "from=\"*.example.com\",no-pty \t",
            "environment=\"A=ssh-rsa x\" ",
        ], ["", " ann@host", " a comment of words", "\t"])
    func reading(options: String, comment: String) throws {
        let key = try AuthorizedKey(" \(options)\(Self.ed25519("one"))\(comment)\r")
        #expect(key.type == "ssh-ed25519" && key.blob == Self.bytes(["ssh-ed25519", "one"]))
        #expect(key.line.hasPrefix(options.isEmpty ? "ssh-" : String(options.prefix(4))))
    }

    @Test("other types and certificates are read")
    func types() throws {
        for type in ["ssh-rsa", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com"] {
            #expect(try AuthorizedKey("\(type) \(Self.blob(type, "a", "b"))").type == type)
        }
        let certificate = "ssh-ed25519-cert-v01@openssh.com"
        let blob = Base64.encode(Self.bytes([certificate]) + [1, 2, 3])
        #expect(try AuthorizedKey("\(certificate) \(blob)").type == certificate)
    }

    @Test(
        "a line is refused with what is wrong",
        arguments: [
            ("# \(ed25519("one"))", "a comment"), ("", "no type"), ("ssh-ed25519", "no type"),
            ("hello world", "no type"), ("<html> <body>", "no type"),
            ("ssh-ed25519 AAAA*", "not base64"), ("no-pty ssh-ed25519 AAA", "not base64"),
            ("ssh-rsa \(blob("ssh-ed25519", "one"))", "not of the type ssh-rsa"),
            ("ssh-ed25519 \(Base64.encode([0, 0, 0, 9, 1]))", "cut off"), ("ssh-ed25519 AAAA", "cut off"),
            ("ssh-ed25519 \(blob("ssh-ed25519"))", "cut off"),
            ("\(ed25519("one")) a\u{0}b", "control"), ("\(ed25519("one"))\nssh-rsa x", "control"),
            ("\(ed25519("one")) \(String(repeating: "a", count: 8192))", "8192"),
        ])
    func refused(line: String, reason: String) throws {
        let error = try #require(throws: AccountError.self) { try AuthorizedKey(line) }
        #expect(error.kind == .key && error.cause.contains(reason), "\(error)")
    }

    @Test("options and comments do not make another key, type and bytes do")
    func same() throws {
        let key = try AuthorizedKey(Self.ed25519("one"))
        #expect(key.isSameKey(as: try AuthorizedKey("no-pty \(Self.ed25519("one")) comment")))
        #expect(!key.isSameKey(as: try AuthorizedKey(Self.ed25519("two"))))
    }
}

private let sshKeygen = "/usr/bin/ssh-keygen"

/// Reads what ssh-keygen writes.
@Suite("Keys of ssh-keygen", .enabled(if: FileManager.default.fileExists(atPath: sshKeygen)))
struct SSHKeygenTests {
    @Test("its keys are read, and one that is cut is refused", arguments: ["rsa", "ed25519", "ecdsa"])
    func generated(type: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID())")
        defer { for name in [file.path, "\(file.path).pub"] { try? FileManager.default.removeItem(atPath: name) } }
        let arguments = ["-q", "-t", type, "-N", "", "-C", "ann@host", "-f", file.path]
        try ChildProcess.run(sshKeygen, arguments, timeout: .seconds(60)).requireSuccess()
        let line = try String(contentsOf: URL(filePath: "\(file.path).pub"), encoding: .utf8)
        let key = try AuthorizedKey(line)
        #expect(key.line == line.dropLast() && key.line.hasPrefix(key.type))
        for count in [4, 8, 12, 40] {
            let cut = line.split(separator: " ").prefix(2).joined(separator: " ").dropLast(count)
            #expect(throws: AccountError.self) { try AuthorizedKey(cut) }
        }
    }
}
