import SeededNumbers
import SystemPackage
import Testing
import YAMLDocuments

@testable import SystemLayout

@Suite("Layout document")
struct LayoutDocumentTests {
    static let layout = """
        ephemeral:
          store: tmpfs:10%
          paths: [/etc, /var]
        persistent:
          mode: bind
          paths:
            - /home
            - /var/log
        volumes:
          - device: LABEL=data
            path: /srv
            options: [noatime]
            required: false
        """

    static func read(_ text: String) throws -> Layout {
        try YAMLDocument.parse(Array(text.utf8)).map { try Layout($0) } ?? .default
    }

    @Test("a path that the file makes persistent is no longer ephemeral by default")
    func givesWay() throws {
        let layout = try Self.read(
            "persistent:\n  paths: [/home, /etc]\nvolumes:\n  - {device: LABEL=v, path: /var}\n")
        #expect(layout.ephemeralPaths == ["/srv", "/root", "/opt"])
        #expect(layout.persistentPaths == ["/etc", "/home"])
    }

    @Test("the key file of the persistent device can be named")
    func keyFile() throws {
        #expect(try Self.read("persistent: {key-file: /oem/keys/disk}\n").persistentKeyFile == "/oem/keys/disk")
    }

    @Test("a whole layout is read")
    func reads() throws {
        let layout = try Self.read(Self.layout)
        #expect(layout.store == .memory(size: "10%"))
        #expect(layout.ephemeralPaths == ["/etc", "/var"])
        #expect(layout.persistentMode == .bind && layout.persistentRequired)
        #expect(layout.persistentPaths == ["/home", "/var/log"])
        #expect(
            layout.volumes == [.init(device: .label("data"), path: "/srv", options: ["noatime"], required: false)])
    }

    @Test(
        "an empty text is the default layout", arguments: ["", "# nothing\n", "---\n", "ephemeral:\npersistent: ~\n"])
    func empty(text: String) throws {
        #expect(try Self.read(text) == .default)
    }

    @Test(
        "a mistake is refused with line and column",
        arguments: [
            ("ephemral: {}\n", "line 1, column 1: unknown key 'ephemral'"),
            ("ephemeral:\n  paths: /etc\n", "line 2, column 10: paths must be a list"),
            ("ephemeral:\n  paths: [etc]\n", "line 2, column 11: 'etc' must be an absolute path"),
            ("ephemeral:\n  paths: [/a, /a]\n", "line 2, column 15: /a is named twice"),
            ("ephemeral: {paths: [/a]}\npersistent: {paths: [/a]}\n", "line 1, column 1: /a is named twice"),
            ("persistent:\n  key-file: key\n", "line 2, column 13: key-file must be an absolute path"),
            ("persistent:\n  key-file: /a/../b\n", "line 2, column 13: key-file must be an absolute path"),
            ("persistent:\n  mode: copy\n", "line 2, column 9: mode must be overlay or bind, not 'copy'"),
            ("persistent:\n  paths: [/proc/x]\n", "line 2, column 11: /proc/x belongs to the system"),
            ("volumes:\n  - path: /a\n", "line 2, column 5: a volume needs device and path"),
            ("volumes:\n  - device: sda1\n", "line 2, column 13: reading device reference"),
            ("ephemeral:\n  store: tmpfs:200%\n", "line 2, column 10: store: size '200%'"),
            ("- a\n", "line 1, column 1: the layout must be a mapping"),
        ])
    func refuses(text: String, message: String) {
        let error = #expect(throws: (any Error).self) { try Self.read(text) }
        #expect(error.map { "\($0)" }?.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test("no cut and no flipped byte of a layout is a crash")
    func mutations() {
        var generator = SeededGenerator(seed: 7)
        let bytes = Array(Self.layout.utf8)
        for length in bytes.indices { _ = try? Self.read(String(decoding: bytes.prefix(length), as: UTF8.self)) }
        for _ in 0..<3000 {
            var mutated = bytes
            mutated[Int.random(in: mutated.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            if let node = try? YAMLDocument.parse(mutated) { _ = try? Layout(node) }
        }
    }
}
