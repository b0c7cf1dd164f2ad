import BuildPlanning
import Faults
import LinuxSystem
import PackageModel
import PackageTrees
import SystemPackage
import Testing
import TreeFixtures
import TreeFolders
import TreeModel

@testable import PackageBuilding

/// Writes layers of folders that scripts fill.
enum ScriptedLayer {
    /// Fills a folder and takes it into a cache, as the layer of the package `a/tool` with the split `a/part`.
    static func keep(
        _ script: String, removing removed: [EntryPath] = [], in cache: BuildCache, _ space: borrowing Workspace
    ) throws -> BuiltArtefact {
        try space.run("rm -rf root; mkdir root; cd root; \(script)")
        let listing = try TreeReading.folder(space.place("root")).listing
        let written = try LayerWriter.write(
            Artefact(listing, removed: removed), from: .folder(space.place("root")),
            to: cache.folder.appending("work/layer"),
            epoch: 0)
        try cache.take(cache.folder.appending("work/layer"), as: written.digest)
        let outputs = try ["a/tool", "a/part"].map { name in
            BuildOutput(
                try PackageName(parsing: name), layer: written.digest, content: written.diffID, size: written.size,
                installedSize: 1)
        }
        let record = BuildRecord(
            "a/tool 1", build: BuildInputs(), artefact: BuildInputs(),
            outputs: outputs + [BuildOutput(try PackageName(parsing: "a/none"))])
        try cache.keep(record, key: "0123456789")
        return try cache.artefact("a/tool")
    }
}

@Suite("Artefacts by what people know of them")
struct BuiltArtefactTests {
    @Test("are found by package, by split, by key, by its first digits, and by file")
    func found() throws {
        let space = try Workspace()
        let cache = try BuildCache(space.place("cache"))
        let artefact = try ScriptedLayer.keep("echo x >file", removing: ["gone"], in: cache, space)
        #expect(artefact.artefact.listing.entries.map(\.path) == ["file"] && artefact.artefact.removed == ["gone"])
        for text in ["a/tool", "a/part", "0123456789", "012345", artefact.layer.string] {
            #expect(try cache.artefact(text).layer == artefact.layer, "\(text)")
        }
    }

    @Test(
        "are errors in words where they are not there",
        arguments: [
            ("a/other", "it was not built"), ("01234", "1 keys of builds begin so"), ("ffffff", "0 keys"),
            ("a/none", "the package has no files"),
        ])
    func missing(text: String, words: String) throws {
        let space = try Workspace()
        let cache = try BuildCache(space.place("cache"))
        let artefact = try ScriptedLayer.keep("echo x >file", in: cache, space)
        #expect { try cache.artefact(text) } throws: { "\($0)".contains(words) }
        try Folders.removeFile(artefact.layer)
        #expect { try cache.artefact("a/part") } throws: { "\($0)".contains("not in the cache any more") }
    }
}
