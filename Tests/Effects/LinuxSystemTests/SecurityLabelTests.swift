import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Labels of SELinux", .enabled(if: geteuid() == 0))
struct SecurityLabelTests {
    private static let shadow = Array("system_u:object_r:shadow_t:s0\0".utf8)
    private static let etc = Array("system_u:object_r:etc_t:s0\0".utf8)

    private static func label(_ path: FilePath) throws -> [UInt8]? {
        try ExtendedAttributes.valueIfPresent(SecurityLabel.attribute, of: path)
    }

    private static func set(_ label: [UInt8], _ path: FilePath) throws {
        try ExtendedAttributes.set(SecurityLabel.attribute, label, of: path)
    }

    /// Ways to give a name a file, folder or link.
    enum Way: CaseIterable {
        case replace, write, link, makeDirectory

        func perform(_ folder: FilePath) throws {
            let handle = try DirectoryHandle(root: folder)
            switch self {
            case .replace: try handle.replace("name", with: [1], mode: 0o600, owner: .root)
            case .write: try AtomicFile.write([1], to: folder.appending("name"))
            case .link: try handle.link("name", to: "elsewhere")
            case .makeDirectory: _ = try handle.makeDirectory("name")
            }
        }
    }

    @Test("a new name gets that of its folder, and a folder without one gives none", arguments: Way.allCases)
    func new(_ way: Way) throws {
        let folder = try TemporaryFolder()
        let (labelled, plain) = (try folder.makeFolder("labelled"), try folder.makeFolder("plain"))
        try Self.set(Self.etc, labelled)
        try way.perform(labelled)
        try way.perform(plain)
        #expect(try Self.label(labelled.appending("name")) == Self.etc)
        #expect(try Self.label(plain.appending("name")) == nil)
    }

    @Test("what is replaced hands its own on", arguments: [Way.replace, .write, .link])
    func replaced(_ way: Way) throws {
        let folder = try TemporaryFolder()
        let old = try folder.write("old", to: "name")
        try Self.set(Self.etc, folder.path)
        try Self.set(Self.shadow, old)
        try way.perform(folder.path)
        try way.perform(folder.path)
        #expect(try Self.label(old) == Self.shadow)
    }

    @Test("a label that the kernel has chosen stays")
    func chosen() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("new", to: "name")
        try Self.set(Self.etc, folder.path)
        try Self.set(Self.shadow, file)
        try SecurityLabel.inherit(file, in: folder.path)
        #expect(try Self.label(file) == Self.shadow)
    }

    @Test("a folder is labelled like another, and one without a label changes nothing")
    func copy() throws {
        let folder = try TemporaryFolder()
        let (one, other) = (try folder.makeFolder("one"), try folder.makeFolder("other"))
        try SecurityLabel.copy(from: one, to: other)
        #expect(try Self.label(other) == nil)
        try Self.set(Self.etc, one)
        try SecurityLabel.copy(from: one, to: other)
        try SecurityLabel.copy(from: folder.path, to: other)
        #expect(try Self.label(other) == Self.etc)
        try SecurityLabel.copy(from: one, to: "/proc/version")
        #expect(throws: SystemError.self) { try SecurityLabel.copy(from: one, to: folder.path.appending("none")) }
    }

    @Test("a tree is copied with those of its links, too")
    func tree() throws {
        let folder = try TemporaryFolder()
        let source = try folder.makeFolder("source")
        try ChildProcess.run("ln", ["-s", "/nowhere", "link"], directory: source).requireSuccess()
        try Self.set(Self.etc, source.appending("link"))
        let target = try folder.makeFolder("target")
        try TreeCopy.copy(source, to: target)
        #expect(try Self.label(target.appending("link")) == Self.etc)
    }

    @Test(
        "are awaited while the kernel calls every process by its own name, and in force with the switch",
        arguments: [
            ("kernel\0", false, LabelPolicy.awaited), ("kernel\n", false, .awaited), ("unconfined\n", false, .none),
            ("", false, .none), ("system_u:system_r:init_t:s0\0", true, .loaded), ("kernel_t", true, .loaded),
        ])
    func policy(process: String, hasSwitch: Bool, expected: LabelPolicy) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(process, to: "current")
        if hasSwitch { _ = try folder.write("1", to: "enforce") }
        #expect(LabelPolicy.of(process: file, switch: folder.path.appending("enforce")) == expected)
    }

    @Test("paths that wait for the policy are listed once each, a line each")
    func awaited() throws {
        let folder = try TemporaryFolder()
        let labels = AwaitedLabels(list: folder.path.appending("extra.d/list"))
        for path in ["/etc", "/var", "/etc", "/a\nb", "/etc/x"] as [FilePath] { try labels.add(path) }
        #expect(
            try String(contentsOfFile: "\(folder.path)/extra.d/list", encoding: .utf8) == "/etc\n/var\n/etc/x\n")
    }
}
