import Foundation
import SeededNumbers
import Testing

@testable import OverlayPlanning

/// Asks systemd-sysext which of some extensions it takes over a system.
///
/// It merges them for good, and needs a `/run` that is a mount.
private struct SysextRun {
    /// An extension: a folder with an extension-release file, or several.
    struct Extension {
        var name: String
        var files: [(name: String, strict: String?, bytes: [UInt8])]
    }

    let root: URL

    /// Writes a system and its extensions; into memory where that is, because each file is flushed to the disk.
    ///
    /// - Parameter keepsAttributes: whether extended attributes are needed, which not every kernel keeps in memory.
    init(host: String, _ extensions: [Extension], keepsAttributes: Bool = false) throws {
        let files = FileManager.default
        let isMemory = !keepsAttributes && files.isWritableFile(atPath: "/dev/shm")
        root = URL(filePath: "\(isMemory ? "/dev/shm" : "/tmp")/sysext-\(UUID())")
        for folder in ["etc", "usr/bin", "opt"] {
            try files.createDirectory(at: root.appending(path: folder), withIntermediateDirectories: true)
        }
        try Data(host.utf8).write(to: root.appending(path: "etc/os-release"))
        try Data().write(to: root.appending(path: "usr/bin/x"))
        var attributes: [String] = []
        for own in extensions { attributes += try write(own) }
        if !attributes.isEmpty { try setAttributes(attributes) }
    }

    /// Writes an extension; returns pairs of paths and values of the attribute to set.
    private func write(_ own: Extension) throws -> [String] {
        let folder = root.appending(path: "var/lib/extensions/\(own.name)/usr/lib/extension-release.d")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var attributes: [String] = []
        for file in own.files {
            let path = folder.appending(path: "extension-release.\(file.name)")
            try Data(file.bytes).write(to: path)
            if let strict = file.strict { attributes += [path.path, strict] }
        }
        return attributes
    }

    private func setAttributes(_ pairs: [String]) throws {
        let code = """
            import os, sys
            for path, value in zip(sys.argv[2::2], sys.argv[3::2]):
                os.setxattr(path, sys.argv[1], value.encode())
            """
        let (status, _) = try PrivateMounts.run(["python3", "-c", code, ExtensionReleaseFile.strictAttribute] + pairs)
        #expect(status == 0, "extended attributes could not be set")
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    /// The names of those that it takes; nil when it refuses to choose.
    ///
    /// It says so before it mounts them, which may fail: it does not merge more than fit into the options of a mount.
    func taken() throws -> Set<String>? {
        let (_, said) = try PrivateMounts.run(["systemd-sysext", "--root=\(root.path)", "merge"])
        let start = "Using extensions '"
        let lines = said.split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(start) }) else {
            return lines.contains { $0.hasPrefix("No ") } ? [] : nil
        }
        return Set(line.dropFirst(start.count).split(separator: "'").map(String.init).filter { $0.hasPrefix("1") })
    }
}

@Suite(
    "Extensions against systemd-sysext", .serialized,
    .enabled(if: PrivateMounts.arePossible(with: "systemd-sysext", "python3")))
struct SystemdSysextTests {
    static let hosts = [
        "ID=debian\nVERSION_ID=12\n", "ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=2\n", "ID=debian\nSYSEXT_LEVEL=2\n",
        "ID=arch\n", "ID=arch\nVERSION_ID=\nSYSEXT_LEVEL=''\n", "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=12\n",
        "ID=\"debian\"\r\nVERSION_ID='12'\r\n", "ID=_any\nVERSION_ID=12\n",
    ]

    /// What the fields of an extension can be; nil leaves the field out.
    private static let fields: [(String, [String?])] = [
        ("ID", [nil, "", "debian", "_any", "arch"]), ("VERSION_ID", [nil, "", "12", "13"]),
        ("SYSEXT_LEVEL", [nil, "", "2", "3"]), ("ARCHITECTURE", [nil, "", "_any", "arm64", "x86-64", "x86_64"]),
        ("SYSEXT_SCOPE", [nil, "", "system", "initrd", "'portable system'", "portable"]),
        ("CONFEXT_SCOPE", [nil, "initrd"]),
    ]

    /// Spellings of which most say that the system is Debian 12.
    private static let spellings = [
        "", "# ID=debian", "ID=debian", "ID=debian\nVERSION_ID=12", "ID='debian'\nVERSION_ID=\"12\"",
        " ID = debian\n\tVERSION_ID= 12 ",
        "ID=debian\r\nVERSION_ID=12\r\n", "ID=deb\\\nian\nVERSION_ID=1\\2", "ID='deb''ian'\nVERSION_ID=\"1\"'2'",
        "export ID=debian\nVERSION_ID=12", "id=debian\nVERSION_ID=12", "ID=debian # x\nVERSION_ID=12",
        "; c\nID=debian\nVERSION_ID=12", "ID=fedora\nID=debian\nVERSION_ID=12", "ID=debian\nID=\nVERSION_ID=12",
        "ID=_any ", "ID=' _any'", "ID=\\_any", "#\\\nID=_any\nID=fedora", "ID=_any\njunk",
        "ID=_any\nSYSEXT_SCOPE=\"a\nsystem\"",
        "ID=_any\nX='open", "ID=_any\nID", "ID=_any\nID =", "ID='_any' x", "ID==_any", "ID=\"_an\\y\"",
    ]

    private static func drawn(_ count: Int, _ generator: inout SeededGenerator) -> [[UInt8]] {
        return (0..<count).map { _ in
            var lines: [String] = []
            for (name, values) in fields {
                if let value = values.randomElement(using: &generator) ?? nil { lines.append("\(name)=\(value)") }
            }
            return Array(lines.shuffled(using: &generator).joined(separator: "\n").utf8)
        }
    }

    /// Texts in which one byte was put in, taken out or exchanged for one that means something.
    private static func damaged(_ count: Int, _ generator: inout SeededGenerator) -> [[UInt8]] {
        let meaning = Array("\"'\\\n\r\t =#;_aI".utf8) + [0xC3, 0xFF]
        return (0..<count).map { _ in
            var text = Array((spellings.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0...text.count, using: &generator)
                let removes = Bool.random(using: &generator) && place < text.count
                if removes {
                    text.remove(at: place)
                } else {
                    text.insert(meaning.randomElement(using: &generator) ?? 0, at: place)
                }
            }
            return text
        }
    }

    @Test("of 150 texts those are taken that it takes, and no others, over every kind of system", arguments: hosts)
    func texts(host: String) throws {
        var generator = SeededGenerator(seed: UInt64(Self.hosts.firstIndex(of: host) ?? 0))
        let texts =
            Self.spellings.map { Array($0.utf8) } + Self.drawn(60, &generator) + Self.damaged(63, &generator)
        let extensions = texts.enumerated().map { index, bytes in
            let name = "10-e\(index)"
            return SysextRun.Extension(name: name, files: [(name, nil, bytes)])
        }
        let run = try SysextRun(host: host, extensions)
        defer { run.remove() }
        let theirs = try #require(try run.taken())
        let ours = try Self.stacked(host, extensions)
        for own in extensions where theirs.contains(own.name) != ours.contains(own.name) {
            let text = own.files.first.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
            Issue.record(
                "systemd-sysext: \(theirs.contains(own.name)), we: \(ours.contains(own.name)): \(text.debugDescription)"
            )
        }
        #expect(!theirs.isEmpty && theirs.count < extensions.count)
    }

    @Test("of several files in one extension the same counts")
    func names() throws {
        let good = Array("ID=_any".utf8)
        let bad = Array("ID=other".utf8)
        let sets: [[(name: String, strict: String?, bytes: [UInt8])]] = [
            [], [("x", nil, good)], [("x", "0", good)], [("x", "1", good)], [("x", "false", good)], [("x", "No", good)],
            [("x", "", good)], [("x", "maybe", good)], [("x", "0", bad)], [("x", "0", good), ("y", nil, bad)],
            [("x", "0", good), ("y", "0", good)], [("x", "0", bad), ("y", "1", good)], [(".#x", "0", good)],
            [("SELF", nil, good), ("x", "0", bad)], [("SELF", nil, bad), ("x", "0", good)], [("SELF", "1", good)],
            [("x", "off", good)], [("x", "f", good)], [("x", "00", good)], [("x", "n", good)], [("x", "y", good)],
        ]
        let extensions = sets.enumerated().map { index, files in
            let name = "10-e\(index)"
            return SysextRun.Extension(
                name: name, files: files.map { ($0.name == "SELF" ? name : $0.name, $0.strict, $0.bytes) })
        }
        let run = try SysextRun(host: Self.hosts[0], extensions, keepsAttributes: true)
        defer { run.remove() }
        let theirs = try #require(try run.taken())
        #expect(try Self.stacked(Self.hosts[0], extensions) == theirs)
        #expect(theirs.count > 5 && theirs.count < 15)
    }

    @Test("an os-release in an extension is refused; there it ends everything, here it ends that one")
    func osRelease() throws {
        let own = SysextRun.Extension(name: "10-a", files: [("10-a", nil, Array("ID=_any".utf8))])
        let run = try SysextRun(host: Self.hosts[0], [own])
        defer { run.remove() }
        #expect(try run.taken() == ["10-a"])
        try Data().write(to: run.root.appending(path: "var/lib/extensions/10-a/usr/lib/os-release"))
        #expect(try run.taken() == nil)
        let tree = OverlayTree(
            [.usr], nodes: [OverlayNode("/usr/lib/os-release", .file)],
            releases: [OverlayFixture.release("a", "ID=_any")])
        let ours = try OverlayFixture.decide([
            OverlayFixture.overlay("10-a.raw", tree), OverlayFixture.overlay("20-b"),
        ])
        #expect(ours.layers(.usr) == ["20-b"])
    }

    /// What we stack of them, as images, which like there need an extension-release file.
    private static func stacked(_ host: String, _ extensions: [SysextRun.Extension]) throws -> Set<String> {
        let candidates = try extensions.map { own in
            let releases = own.files.map {
                ExtensionReleaseFile(.sysext, name: $0.name, strict: $0.strict, bytes: $0.bytes)
            }
            return try OverlayFixture.overlay("\(own.name).raw", OverlayTree([.usr], releases: releases))
        }
        let decision = try OverlayFixture.decide(candidates, try OverlayFixture.host(host))
        return Set(decision.entries.filter { $0.verdict == .stacked([.usr]) }.map(\.name.description))
    }
}
