import BuildPlanning
import Faults
import ImageModel
import PackageModel
import PackageTrees
import RegistryModel
import Testing

@testable import PackageBuilding

@Suite("Packages of one base as one tree")
struct BaseJoinTests: ~Copyable {
    private var layers: ScriptedLayers
    private static let passwd = "mkdir -p etc; echo root:x:0:0::/root:/bin/sh >etc/passwd; echo root:x:0: >etc/group;"

    init() throws { layers = try ScriptedLayers() }

    private func composition(_ image: BaseImage?, _ parts: [BasePart]) throws -> BaseComposition {
        try BaseJoin(layers.cache, epoch: 946_684_800).composition(image, parts)
    }

    @Test(
        "lie on each other as they are when each was built on all below it, and are joined up to the last that was not")
    mutating func joined() throws {
        let image = try layers.image("mkdir etc")
        let token = image.manifest.registryText
        let (one, two) = (try layers.package("a/one", "mkdir a"), try layers.package("a/two", "mkdir b"))
        let cases: [(BaseImage?, [BasePart], Int)] = [
            (nil, [], 0), (nil, [BasePart(one)], 0), (nil, [BasePart(one), BasePart(two, builtOn: ["a/one"])], 0),
            (nil, [BasePart(one), BasePart(two)], 2), (image, [BasePart(one)], 1),
            (image, [BasePart(one, builtOn: [token]), BasePart(two, builtOn: [token, "a/one"])], 0),
            (image, [BasePart(one, builtOn: [token]), BasePart(two, builtOn: [token])], 2),
            (image, [BasePart(one), BasePart(two, builtOn: [token, "a/one"])], 1),
        ]
        for (image, parts, count) in cases { #expect(BaseJoin.joined(parts, on: image?.manifest) == count) }
        // Only what decides a join counts besides contents.
        let words = BaseJoin.words([BasePart(one, overrides: ["/x"]), BasePart(two, builtOn: ["far/away"])], on: nil)
        #expect(words == [one.name: ["/x", "built on"], two.name: ["built on"]])
        #expect(BaseJoin.words([BasePart(one, overrides: ["/x"])], on: nil) == [:])
        let far = BasePart(two, builtOn: ["far/away", "a/far"])
        let onTwin = BaseJoin.words([far], on: image.manifest, having: [try PackageName(parsing: "far/away")])
        #expect(onTwin == [two.name: ["built on", "far/away"]])
        let chain = try composition(nil, [BasePart(one), BasePart(two, builtOn: ["a/one"])])
        #expect(chain.layers.map(\.digest) == [one.layer, two.layer])
        // Nothing to say costs no layer.
        #expect(try composition(nil, [BasePart(one), BasePart(two)]) == chain)
    }

    @Test("have the accounts of all in one file, merged against the image or the package that all were built on")
    mutating func merged() throws {
        let image = try layers.image(Self.passwd)
        let one = try layers.package("a/one", Self.passwd + "echo one:x:101:101::/:/bin/sh >>etc/passwd; echo 1 >one")
        let two = try layers.package("a/two", Self.passwd + "echo two:x:102:102::/:/bin/sh >>etc/passwd; echo 2 >two")
        let token = image.manifest.registryText
        let parts = [BasePart(one, builtOn: [token]), BasePart(two, builtOn: [token])]
        let composition = try composition(image, parts)
        let all = "root:x:0:0::/root:/bin/sh\none:x:101:101::/:/bin/sh\ntwo:x:102:102::/:/bin/sh\n"
        #expect(try layers.content("etc/passwd", of: composition) == all)
        #expect(composition.layers.count == 4)
        #expect(try self.composition(image, parts) == composition)
        let base = try layers.package("system/base", Self.passwd)
        let without = try self.composition(
            nil, [BasePart(base)] + [one, two].map { BasePart($0, builtOn: ["system/base"]) })
        #expect(try layers.content("etc/passwd", of: without) == all)
        #expect(try layers.content("one", of: without) == "1\n" && without.layers.count == 4)
        // What lies on top of the merged ones was built on what they come to.
        let top = try layers.package("a/top", "mkdir etc; echo all >etc/passwd")
        let higher = try self.composition(image, parts + [BasePart(top, builtOn: [token, "a/one", "a/two"])])
        #expect(higher.layers.dropLast() == composition.layers[...] && higher.layers.last?.digest == top.layer)
    }

    @Test("are refused with both names when they have one path or one number, and an override says who wins")
    mutating func conflicts() throws {
        let one = try layers.package("a/one", "echo 1 >x")
        let two = try layers.package("a/two", "echo 2 >x")
        let error = #expect(throws: PackageTreesError.self) { try composition(nil, [BasePart(one), BasePart(two)]) }
        #expect(error?.cause.contains("/x of a/one and a/two") == true)
        let overriding = try composition(nil, [BasePart(one), BasePart(two, overrides: ["/x"])])
        #expect(try layers.content("x", of: overriding) == "2\n")
        let image = try layers.image(Self.passwd)
        let users = try ["one", "two"].map {
            try layers.package("a/\($0)", Self.passwd + "echo \($0):x:101:101::/:/bin/sh >>etc/passwd")
        }
        let clash = #expect(throws: PackageTreesError.self) {
            try composition(image, users.map { BasePart($0, builtOn: [image.manifest.registryText]) })
        }
        #expect(clash?.remedy.contains("accounts: {two: 100, one: 101}") == true, "\(String(describing: clash))")
    }

    @Test(
        "get back what a later layer hides: an earlier package's change of a file that the later has as the base had it"
    )
    mutating func origins() throws {
        let image = try layers.image("mkdir etc; echo /bin/sh >etc/shells")
        let one = try layers.package("a/one", "mkdir etc; printf '/bin/sh\\n/bin/one\\n' >etc/shells")
        let two = try layers.package("a/two", "mkdir etc; echo /bin/sh >etc/shells")
        let composition = try composition(image, [BasePart(one), BasePart(two)])
        #expect(try layers.content("etc/shells", of: composition) == "/bin/sh\n/bin/one\n")
    }
}
