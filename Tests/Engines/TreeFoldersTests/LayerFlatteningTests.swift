import Archives
import Faults
import ImageModel
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import TreeFolders

@Suite("Layers that become one")
struct LayerFlatteningTests {
    /// Three layers: files of all kinds; whiteouts, and a folder whose lower content is hidden; names that come back.
    private static let script = """
        mkdir -p a/d/deep a/hidden a/both; cd a
        echo one >d/one; echo two >d/two; ln d/two hard; ln -s d link; echo old >hidden/old; echo low >both/low
        echo gone >gone; chmod 4711 d/one; setfattr -n user.note -v v d/one; mkfifo pipe; : >d/deep/empty; chmod 1777 d/deep
        cd ..; mkdir -p b/hidden b/d b/both; cd b
        : >.wh.gone; : >hidden/.wh..wh..opq; echo new >hidden/new; : >d/.wh.one; echo high >both/high; chmod 700 both
        cd ..; mkdir -p c/d; echo again >c/gone; echo third >c/d/three
        for n in a b c; do tar -C $n --xattrs --owner 7 --group 8 --mtime @5 --sort=name -cf $n.tar .; done
        gzip -n b.tar; zstd -q c.tar
        """

    private static func layers(_ space: borrowing Workspace) throws -> (layers: [FilePath], contents: [Digest]) {
        try space.run(script)
        let layers = ["a.tar", "b.tar.gz", "c.tar.zst"].map { space.place($0) }
        return (layers, try TreeReading.layers(layers).diffIDs)
    }

    @Test("come to the same tree, with what whiteouts left, and have none")
    func tree() throws {
        let space = try Workspace()
        let (layers, contents) = try Self.layers(space)
        let flat = try LayerWriter.flatten(layers, contents: contents, to: space.place("flat.tar"))
        let expected = try TreeReading.layers(layers).reading.listing
        let (reading, diffIDs) = try TreeReading.layers([space.place("flat.tar")])
        #expect(reading.listing == expected && diffIDs == [flat.diffID] && flat.digest == flat.diffID)
        #expect(flat.installedSize == expected.installedSize)
        #expect(
            expected.entries.map { "\($0.path)" } == [
                "both", "both/high", "both/low", "d", "d/deep", "d/deep/empty", "d/three", "d/two", "gone", "hard",
                "hidden",
                "hidden/new", "link", "pipe",
            ])
        #expect(expected["both"]?.permissions == 0o700 && expected["d/deep"]?.permissions == 0o1777)
        // Others read it as we do.
        let names = try space.run("tar -tf flat.tar | sed 's,/$,,' | sort").split(separator: "\n").map(String.init)
        #expect(names == [".", "both", "both/high", "both/low"] + expected.entries.dropFirst(3).map { "\($0.path)" })
        #expect(
            try space.run("mkdir out; tar -C out -xpf flat.tar; stat -c '%h %a' out/d/two; cat out/gone out/hard")
                == "2 644\nagain\ntwo\n")
        #expect(try space.run("tar --numeric-owner -tvf flat.tar --full-time d/two | cut -d' ' -f2") == "7/8\n")
    }

    @Test("are the same bytes whenever they are written")
    func same() throws {
        let space = try Workspace()
        let (layers, contents) = try Self.layers(space)
        let one = try LayerWriter.flatten(layers, contents: contents, to: space.place("one.tar"))
        let two = try LayerWriter.flatten(layers, contents: contents, to: space.place("two.tar"))
        #expect(one == two)
        #expect(try space.run("cmp one.tar two.tar; sha256sum <one.tar") == "\(one.digest.hex)  -\n")
    }

    @Test("are refused when one is not what its digest says, and leave nothing")
    func damaged() throws {
        let space = try Workspace()
        let (layers, contents) = try Self.layers(space)
        for wrong in [[contents[0], contents[2], contents[1]], Array(contents.dropLast())] {
            let error = #expect(throws: TreeFoldersError.self) {
                try LayerWriter.flatten(layers, contents: wrong, to: space.place("flat.tar"))
            }
            #expect(error?.remedy.contains("boatyard cache verify") == true)
        }
        try space.run("head -c 100 c.tar.zst >d; mv d c.tar.zst")
        #expect(throws: ArchiveError.self) {
            try LayerWriter.flatten(layers, contents: contents, to: space.place("flat.tar"))
        }
        #expect(try space.run("ls -A | grep flat || true") == "")
    }
}
