import BuildPlanning
import ImageModel
import LinuxSystem
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("What packages brought of a distribution's")
struct PackageContentsTests: ~Copyable {
    private var layers: ScriptedLayers

    init() throws { layers = try ScriptedLayers() }

    private mutating func layer(dpkg: [String] = [], apk: [String] = [], _ more: String = "true") throws -> Digest {
        let stanzas = dpkg.map {
            "printf 'Package: \($0)\\nStatus: install ok installed\\nVersion: 1\\n\\n' >>var/lib/dpkg/status;"
        }
        let apk = apk.map { "printf 'P:\($0)\\nV:1\\n\\n' >>lib/apk/db/installed;" }
        let script = "mkdir -p var/lib/dpkg lib/apk/db etc;" + stanzas.joined() + apk.joined() + more
        return try #require(try layers.package("a/b", script).layer)
    }

    @Test("is what their lists have and nothing below them had, each once and with the first that has it")
    mutating func brought() throws {
        let base = try layer(dpkg: ["libc", "sh"])
        let one = try layer(dpkg: ["libc", "sh", "one", "both"])
        let two = try layer(dpkg: ["libc", "sh", "two", "both"], apk: ["musl"])
        let plain = try layer()
        let contents = PackageContents(layers.cache)
        #expect(
            try contents.names(of: [base, nil, one, plain, two], on: [])
                == [["libc", "sh"], [], ["both", "one"], [], ["musl", "two"]])
        #expect(try contents.names(of: [one], on: [base]) == [["both", "one"]])
        // What later layers of the base took away was not brought by it.
        let gone = try layer(dpkg: ["sh"])
        #expect(try contents.names(of: [one], on: [base, gone]) == [["both", "libc", "one"]])
    }

    @Test("is unknown while a layer is not here; layers are read once, and other lists do not count")
    mutating func known() throws {
        let own =
            "mkdir -p usr/lib/lifeboot; echo '{\"format\":1,\"packages\":[{\"name\":\"a/b\",\"version\":\"1\"}]}' "
            + ">usr/lib/lifeboot/packages.json"
        let layer = try layer(dpkg: ["one"], own)
        let contents = PackageContents(layers.cache)
        let absent = try #require(Digest(hex: String(repeating: "ab", count: 32)))
        #expect(try contents.names(of: [layer, absent], on: []) == nil)
        #expect(try contents.names(of: [layer], on: [absent]) == nil && contents.names(of: [layer], on: nil) == nil)
        #expect(try contents.names(of: [layer], on: []) == [["one"]])
        // Nobody reads it again.
        try AtomicFile.write(Array("no layer".utf8), to: layers.cache.blob(layer))
        #expect(try contents.names(of: [layer], on: []) == [["one"]])
    }
}
