import DocumentTree
import JSONText
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
        #expect(layout.ephemeralPaths == ["/srv", "/root", "/opt", "/tmp"])
        #expect(layout.persistentPaths == ["/etc", "/home"])
    }

    @Test("the key file of the persistent device can be named")
    func keyFile() throws {
        let texts = [
            "{}", "{encrypted: true}", "{encrypted: false}", "{key-file: /k}", "{key-file: /k, encrypted: true}",
        ]
        let encrypted = try texts.map { try Self.read("persistent: \($0)\n").persistentEncrypted }
        #expect(encrypted == [false, true, false, true, true])
        #expect(throws: DocumentError.self) { try Self.read("persistent: {key-file: /k, encrypted: false}\n") }
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

    @Test(
        "an unknown key is refused at every level, with the keys known there",
        arguments: [
            ("paths: [/a]\n", "line 1, column 1: unknown key 'paths'; known are ephemeral, persistent, volumes"),
            (
                "persistant: {}\n",
                "line 1, column 1: unknown key 'persistant' (did you mean 'persistent'?); "
                    + "known are ephemeral, persistent, volumes"
            ),
            ("ephemeral: {mode: bind}\n", "line 1, column 13: unknown key 'mode'; known are store, paths"),
            (
                "persistent: {keyfile: /a}\n",
                "line 1, column 14: unknown key 'keyfile' (did you mean 'key-file'?); "
                    + "known are device, key-file, encrypted, mode, paths, required"
            ),
            (
                "volumes: [{paths: [/a]}]\n",
                "line 1, column 12: unknown key 'paths' (did you mean 'path'?); "
                    + "known are device, path, filesystem, options, required"
            ),
        ])
    func unknownKeys(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { try Self.read(text) }
        #expect(error?.description == message)
    }

    @Test(
        "a value of the wrong kind is refused with its place, whatever the key",
        arguments: [
            ("ephemeral: [a]\n", "line 1, column 12: ephemeral must be a mapping"),
            ("ephemeral: {store: [a]}\n", "line 1, column 20: store must be a text"),
            ("ephemeral: {paths: [[a]]}\n", "line 1, column 21: a path must be a text"),
            ("persistent: a\n", "line 1, column 13: persistent must be a mapping"),
            ("persistent: {device: {}}\n", "line 1, column 22: device must be a text"),
            ("persistent: {device: vda}\n", "line 1, column 22: reading device reference \"vda\": "),
            ("persistent: {key-file: []}\n", "line 1, column 24: key-file must be a text"),
            ("persistent: {key-file: /}\n", "line 1, column 24: key-file must be an absolute path without '..'"),
            ("persistent: {mode: []}\n", "line 1, column 20: mode must be a text"),
            ("persistent: {paths: /a}\n", "line 1, column 21: paths must be a list"),
            ("persistent: {required: 1}\n", "line 1, column 24: required must be true or false, not '1'"),
            ("volumes: {}\n", "line 1, column 10: volumes must be a list"),
            ("volumes: [a]\n", "line 1, column 11: a volume must be a mapping"),
            ("volumes: [{path: a}]\n", "line 1, column 18: 'a' must be an absolute path"),
            ("volumes: [{filesystem: []}]\n", "line 1, column 24: filesystem must be a text"),
            ("volumes: [{options: a}]\n", "line 1, column 21: options must be a list"),
            ("volumes: [{options: ['a,b']}]\n", "line 1, column 22: option 'a,b' must be one word"),
            ("volumes: [{options: ['a b']}]\n", "line 1, column 22: option 'a b' must be one word"),
            ("volumes: [{options: [{}]}]\n", "line 1, column 22: an option must be a text"),
            ("volumes: [{required: maybe}]\n", "line 1, column 22: required must be true or false"),
            ("volumes: [{device: LABEL=a}]\n", "line 1, column 11: a volume needs device and path"),
        ])
    func wrongKinds(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { try Self.read(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test("every key goes where it belongs")
    func everyKey() throws {
        let layout = try Self.read(
            """
            volumes: [{required: false, options: [a, b], filesystem: xfs, path: /v, device: LABEL=v}]
            persistent: {required: false, paths: [/p], mode: bind, key-file: /k, device: UUID=1}
            ephemeral: {paths: [/e], store: LABEL=s}
            """)
        var expected = Layout(ephemeralPaths: ["/e"])
        expected.store = .device(.label("s"))
        expected.persistentDevice = .uuid("1")
        expected.persistentKeyFile = "/k"
        expected.persistentEncrypted = true
        expected.persistentMode = .bind
        expected.persistentPaths = ["/p"]
        expected.persistentRequired = false
        expected.volumes = [
            .init(device: .label("v"), path: "/v", filesystem: "xfs", options: ["a", "b"], required: false)
        ]
        #expect(layout == expected)
    }

    @Test(
        "persistent data is required when paths are named, unless the file says otherwise",
        arguments: [
            ("{}", false), ("{paths: []}", false), ("{paths: [/a]}", true), ("{required: true}", true),
            ("{paths: [/a], required: false}", false),
        ])
    func required(persistent: String, expected: Bool) throws {
        #expect(try Self.read("persistent: \(persistent)\n").persistentRequired == expected)
    }

    @Test("an empty list of ephemeral paths means none")
    func noPaths() throws {
        #expect(try Self.read("ephemeral: {paths: []}\n").ephemeralPaths.isEmpty)
        #expect(try Self.read("ephemeral: {paths: }\n").ephemeralPaths.isEmpty)
    }

    @Test("what the table calls the default is what counts without the key")
    func defaults() throws {
        let base: JSONObject = ["device": "LABEL=v", "path": "/v"]
        for entry in LayoutDocument.table.entries {
            if let standard = entry.standard { #expect(try Self.read([entry.name: standard]) == .default) }
            guard case .table(let entries) = entry.shape else { continue }
            for inner in entries where inner.name != "key-file" {
                guard let standard = inner.standard else { continue }
                var layout = try Self.read([entry.name: .object([inner.name: standard])])
                // A file's paths are sorted; the default ones keep the order that they always had.
                if inner.name == "paths", Set(layout.ephemeralPaths) == Set(Layout.default.ephemeralPaths) {
                    layout.ephemeralPaths = Layout.default.ephemeralPaths
                }
                #expect(layout == .default, "\(inner.name)")
            }
        }
        let volumes = try #require(LayoutDocument.table.entries.last)
        guard case .list(.table(let entries)) = volumes.shape else { throw CancellationError() }
        for entry in entries {
            guard let standard = entry.standard else { continue }
            var volume = base
            volume[entry.name] = standard
            let withDefault = try Self.read(["volumes": [.object(volume)]])
            #expect(try withDefault == Self.read(["volumes": [.object(base)]]), "\(entry.name)")
        }
    }

    /// Reads a document that is given as JSON, which is YAML.
    private static func read(_ document: JSONObject) throws -> Layout {
        try read(String(decoding: JSONValue.object(document).serialized(), as: UTF8.self))
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
