import BuildPlanning
import ImageModel
import LinuxSystem
import PackageModel
import PackageTrees
import RegistryModel
import SystemPackage
import Testing
import TreeFixtures
import TreeFolders
import TreeModel

@testable import PackageBuilding

@Suite("Accounts of a layer in its bases")
struct BaseAccountsTests: ~Copyable {
    private var layers: ScriptedLayers

    init() throws { layers = try ScriptedLayers() }

    private var cache: BuildCache { layers.cache }

    /// A base of one layer.
    private mutating func base(_ script: String) throws -> BaseComposition {
        var base = BaseComposition(nil)
        base.add(try layers.package("system/base", script))
        return base
    }

    private func adding(_ accounts: [String: UInt32], to base: BaseComposition) throws -> BaseComposition {
        var surroundings = BuildSurroundings(architecture: "amd64", epoch: 946_684_800)
        surroundings.accounts = accounts
        var base = base
        try BaseAccounts(surroundings, cache).add(to: &base)
        return base
    }

    private static let passwd = "mkdir etc; echo root:x:0:0::/root:/bin/sh >etc/passwd; echo root:x:0: >etc/group;"

    @Test(
        "are one layer on top with the changed files alone, which keep owner and mode, and the same for the same base")
    mutating func layer() throws {
        let base = try base(
            Self.passwd + "echo root:*::::::: >etc/shadow; chmod 640 etc/shadow; echo no >etc/other; mkdir var")
        let once = try adding(["tide": 102], to: base)
        #expect(once.layers.dropLast() == base.layers[...] && once.layers.count == 2)
        let artefact = try TreeReading.artefact(inLayer: cache.blob(try #require(once.layers.last).digest)).artefact
        let entries = artefact.listing.entries
        #expect(entries.map(\.path.absolute) == ["/etc", "/etc/group", "/etc/passwd", "/etc/shadow"])
        #expect(entries.last?.permissions == 0o640 && artefact.removed == [])
        #expect(try adding(["tide": 102], to: base) == once)
        #expect(try adding(["tide": 103], to: base) != once)
        // The second time nothing is read.
        try Folders.removeFile(cache.blob(try #require(base.layers.first).digest))
        #expect(try adding(["tide": 102], to: base) == once)
    }

    @Test("are none where the base has them, or is nothing, or none are asked for")
    mutating func none() throws {
        let base = try base(Self.passwd)
        #expect(try adding([:], to: base) == base)
        #expect(try adding(["root": 0], to: base) == base)
        #expect(try adding(["tide": 102], to: BaseComposition(nil)).layers == [])
    }

    @Test("are none where there is nothing that could look for them")
    mutating func bare() throws {
        let base = try base("mkdir bin")
        #expect(try adding(["tide": 102], to: base) == base)
    }

    @Test("are refused when a name has another number there")
    mutating func clash() throws {
        let base = try base(Self.passwd + "echo tide:x:7:7::/:/bin/sh >>etc/passwd")
        #expect(throws: PackageTreesError.self) { try adding(["tide": 102], to: base) }
    }
}
