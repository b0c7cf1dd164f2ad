import BuildPlanning
import Faults
import ImageModel
import PackageModel
import PackageTrees
import RegistryModel
import Testing

@testable import PackageBuilding

/// Packages that were built on parts of an image, laid on the whole of it.
@Suite("Packages on the twin of an image")
struct TwinJoinTests: ~Copyable {
    private var layers: ScriptedLayers

    init() throws { layers = try ScriptedLayers() }

    /// Account files and dpkg's list of some names, with numbers from 101 on.
    private static func state(_ names: String...) -> String {
        let lines = names.map { name in
            let number = 100 + Int(name.utf8.first ?? 0) - 96
            return "echo \(name):x:\(number):\(number)::/:/bin/sh >>etc/passwd; "
                + "printf 'Package: \(name)\\nStatus: install ok installed\\nVersion: 1\\n\\n' >>var/lib/dpkg/status;"
        }
        return "mkdir -p etc var/lib/dpkg;" + lines.joined()
    }

    /// system/base (a), app/tool on it (b), and what the image itself adds (z).
    private mutating func twin(_ own: String = state("a", "b", "z") + "echo own >etc/own") throws -> BaseImage {
        let base = try layers.package("system/base", Self.state("a"))
        let tool = try layers.package("app/tool", Self.state("a", "b") + "echo tool >etc/tool")
        let all = try layers.package("image/low.finalize", own)
        var composition = BaseComposition(nil)
        for part in [base, tool, all] { composition.add(part) }
        var list = PackageList([
            .init("system/base", "1", digest: base.layer), .init("app/tool", "1", digest: tool.layer),
        ])
        list.packages[1].builtOn = ["system/base"]
        return BaseImage(
            manifest: try #require(Digest(hex: String(repeating: "ab", count: 32))), layers: composition.layers,
            contents: composition.contents, packages: list)
    }

    private func composition(_ image: BaseImage, _ parts: [BasePart]) throws -> BaseComposition {
        try BaseJoin(layers.cache, epoch: 946_684_800).composition(image, parts)
    }

    private func names(_ composition: BaseComposition) throws -> [String] {
        let passwd = try layers.content("etc/passwd", of: composition) ?? ""
        let status = try layers.content("var/lib/dpkg/status", of: composition) ?? ""
        let accounts = passwd.split(separator: "\n").map { String($0.prefix(1)) }.sorted()
        let packages = status.split(separator: "\n").filter { $0.hasPrefix("Package: ") }.map {
            String($0.dropFirst(9))
        }
        .sorted()
        #expect(accounts == packages)
        return packages
    }

    @Test(
        "add what is their own to its lists, whatever part of it they were built on, and take nothing away",
        arguments: [
            ["system/base"], ["app/tool", "system/base"], ["sha256:\(String(repeating: "ab", count: 32))"],
        ] as [Set<String>])
    mutating func added(builtOn: Set<String>) throws {
        let twin = try twin()
        let below = builtOn == ["system/base"] ? ["a"] : builtOn.count == 2 ? ["a", "b"] : ["a", "b", "z"]
        let script = below.map { Self.state($0) }.joined() + Self.state("m") + "echo new >etc/new"
        let part = BasePart(try layers.package("app/new", script), builtOn: builtOn)
        let all = try composition(twin, [part])
        #expect(try names(all) == ["a", "b", "m", "z"])
        #expect(try layers.content("etc/new", of: all) == "new\n" && layers.content("etc/tool", of: all) == "tool\n")
        #expect(try layers.content("etc/own", of: all) == "own\n")
    }

    @Test("may change what the image itself made where they were built on the whole of it, and not where they were not")
    mutating func changed() throws {
        let twin = try twin()
        let script = Self.state("a", "b", "z") + "sed -i /z:/s,/bin/sh,/bin/no, etc/passwd"
        let layer = try layers.package("app/new", script)
        let all = try composition(twin, [BasePart(layer, builtOn: [twin.manifest.registryText])])
        #expect(try layers.content("etc/passwd", of: all)?.contains("z:x:126:126::/:/bin/no") == true)
        let error = #expect(throws: PackageTreesError.self) {
            try composition(twin, [BasePart(layer, builtOn: ["system/base"])])
        }
        #expect("\(String(describing: error))".contains("app/new"))
    }

    @Test("keep what the image itself has changed since, and what two of them have each made")
    mutating func several() throws {
        let twin = try twin(Self.state("a", "z") + "sed -i s,/bin/sh,/bin/no, etc/passwd")
        let one = BasePart(
            try layers.package("app/one", Self.state("a", "m")), builtOn: ["system/base"])
        let two = BasePart(
            try layers.package("app/two", Self.state("a", "b", "n")), builtOn: ["system/base", "app/tool"])
        let all = try composition(twin, [one, two])
        // The image took b away, and neither of both brings it back.
        #expect(try names(all) == ["a", "m", "n", "z"])
        #expect(try layers.content("etc/passwd", of: all)?.contains("a:x:101:101::/:/bin/no") == true)
    }

    @Test("are refused with both names where they make what the image has otherwise, or a file of it")
    mutating func conflicts() throws {
        let twin = try twin()
        let clash = Self.state("a") + "echo new:x:126:126::/:/bin/sh >>etc/passwd"
        let account = #expect(throws: PackageTreesError.self) {
            try composition(twin, [BasePart(try layers.package("app/new", clash), builtOn: ["system/base"])])
        }
        #expect(account?.cause.contains("of the base") == true && account?.cause.contains("of app/new") == true)
        let file = try layers.package("app/file", "mkdir etc; echo other >etc/tool")
        let path = #expect(throws: PackageTreesError.self) { try composition(twin, [BasePart(file)]) }
        #expect(path?.cause.contains("/etc/tool of the base and app/file") == true)
        let wins = try composition(twin, [BasePart(file, overrides: ["/etc/*"])])
        #expect(try layers.content("etc/tool", of: wins) == "other\n")
    }

    @Test(
        "are refused where nobody can tell what of a list is their own; without such a list they may come from anywhere"
    )
    mutating func strangers() throws {
        var twin = try twin()
        let foreign = try layers.package("app/new", Self.state("a", "m"))
        let stranger = #expect(throws: PackageTreesError.self) {
            try composition(twin, [BasePart(foreign, builtOn: ["sha256:cd"])])
        }
        #expect(stranger?.cause.contains("nothing that is in the base") == true)
        let free = try layers.package("app/free", "mkdir etc; echo free >etc/free")
        #expect(try layers.content("etc/free", of: composition(twin, [BasePart(free)])) == "free\n")
        // A twin that was squashed has the packages, and not their layers.
        twin.packages.packages[0].digest = twin.manifest
        let squashed = #expect(throws: PackageTreesError.self) {
            try composition(twin, [BasePart(foreign, builtOn: ["system/base"])])
        }
        #expect(squashed?.cause.contains("system/base, whose layer is not in the base") == true)
    }
}
