import Archives
import Faults
import Foundation
import ImageModel
import LinuxSystem
import PackageTrees
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import TreeFolders

@Suite("Listing folders and layers")
struct TreeReadingTests {
    @Test("a folder is listed with digests, further names and attributes, and without what an overlay keeps")
    func folder() throws {
        let space = try Workspace()
        try space.run(
            """
            mkdir -p t/d; cd t; printf hello > d/f; ln d/f a; ln -s d/f l; ln -P l m; chmod 640 a; mkfifo p
            setfattr -n user.note -v v d/f; setfattr -n user.overlay.impure -v y d; setfacl -m u:7:r d 2>/dev/null || true
            python3 -c 'import socket; socket.socket(1).bind("s")'
            """)
        let reading = try TreeReading.folder(space.place("t"))
        let listing = reading.listing
        #expect(listing.entries.map(\.path) == ["a", "d", "d/f", "l", "m", "p"])
        let file = try #require(listing["a"])
        // printf hello | sha256sum
        #expect(
            file.kind
                == .regular(
                    size: 5,
                    digest: try #require(
                        Digest(hex: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"))))
        #expect(file.permissions == 0o640 && file.attributes.map(\.value) == [Array("v".utf8)])
        #expect(file.firstName == "a" && listing["d/f"]?.firstName == "a" && listing["d/f"]?.isSame(as: file) == true)
        #expect(listing["d"]?.attributes == [])
        // Two names of one link are two links.
        #expect(listing["l"]?.firstName == nil && listing["m"]?.kind == .symbolicLink(target: Array("d/f".utf8)))
        #expect(reading.notes.counts.contains { $0.message == "sockets are left out" })
        #expect(reading.hashedCount == 1)
    }

    @Test("names that are no text are listed, and are an error where a package would carry them")
    func names() throws {
        let space = try Workspace()
        try space.run("mkdir t; : > \"$(printf 't/raw\\377')\"")
        let listing = try TreeReading.folder(space.place("t")).listing
        #expect(listing.entries.map(\.path.absolute) == ["/raw\\xff"])
        let error = #expect(throws: PackageTreesError.self) { try Artefact(folder: listing, ArtefactSection()) }
        #expect(error?.description.contains("/raw\\xff") == true)
    }

    @Test(
        "a layer is read as it was written, compressed in any way that layers are",
        arguments: ["cat", "gzip -c", "zstd -qc"])
    func layer(compression: String) throws {
        let space = try Workspace()
        try space.run("mkdir -p t/d; cd t; echo x > d/f; ln d/f g; ln -s d l; chmod 4711 g; setfattr -n user.a -v b d")
        let listing = try TreeReading.folder(space.place("t")).listing
        let artefact = Artefact(listing, removed: ["gone", "d/old"])
        let written = try LayerWriter.write(
            artefact, from: .folder(space.place("t")), to: space.place("l.tar.gz"), epoch: 5)
        try space.run("gzip -dc l.tar.gz | \(compression) > layer")
        let found = try TreeReading.artefact(inLayer: space.place("layer"))
        #expect(found.artefact == artefact)
        #expect(found.diffID == written.diffID)
    }

    @Test("GNU tar's archive of a folder is listed as the folder is", arguments: ["posix", "gnu", "pax --sparse"])
    func tar(format: String) throws {
        let space = try Workspace()
        try space.run(
            "mkdir -p t/d; cd t; echo x > d/f; ln d/f g; ln -s d l; truncate -s 99999 h; mkfifo p; "
                + "tar --format=\(format) -cf ../t.tar .")
        let listing = try TreeReading.folder(space.place("t")).listing
        let (reading, diffIDs) = try TreeReading.layers([space.place("t.tar")])
        #expect(reading.listing == listing)
        #expect(try space.run("sha256sum < t.tar") == "\(diffIDs[0])  -\n")
    }

    @Test("a layer that hides all of a folder is none of a package")
    func opaque() throws {
        let space = try Workspace()
        try space.run("mkdir -p t/d; : > t/d/.wh..wh..opq; tar -C t -cf l.tar .")
        #expect(throws: TreeFoldersError.self) { try TreeReading.artefact(inLayer: space.place("l.tar")) }
        #expect(try TreeReading.layers([space.place("l.tar")]).reading.listing.entries.map(\.path) == ["d"])
    }

    @Test(
        "layers that somebody made to do harm are refused",
        arguments: [
            // Out of the tree, below a file, cut, and another compression.
            "tar -cPf l --transform 's,^f$,../f,' f",
            "tar -cf l f; mkdir -p e/f; : > e/f/x; tar -C e -rf l f/x",
            "head -c 100000 /dev/urandom > f; tar -czf w f; head -c 50000 w > l", "tar -cJf l f",
            // A link to nothing, and more than anybody has.
            """
            python3 -c '
            import tarfile
            t = tarfile.open("l", "w"); i = tarfile.TarInfo("g"); i.type = tarfile.LNKTYPE; i.linkname = "x"; t.addfile(i)'
            """,
            """
            python3 -c '
            import tarfile
            t = tarfile.open("l", "w"); i = tarfile.TarInfo("g"); i.size = 1 << 40; t.fileobj.write(i.tobuf())'
            """,
        ])
    func hostile(script: String) throws {
        let space = try Workspace()
        try space.run(": > f; \(script)")
        #expect(throws: ArchiveError.self) { _ = try TreeReading.layers([space.place("l")]) }
    }

    @Test("a reading ends when somebody wants it to")
    func cancelled() throws {
        struct Stop: Error {}
        let space = try Workspace()
        try space.run("mkdir t; echo x > t/f; tar -C t -cf l.tar f")
        #expect(throws: Stop.self) { try TreeReading.folder(space.place("t")) { _ in throw Stop() } }
        #expect(throws: Stop.self) { _ = try TreeReading.layers([space.place("l.tar")]) { _ in throw Stop() } }
    }
}

/// What the machine that tests run on lets them do.
enum TestedMachine {
    static let isRoot = ThisProcess.isRoot
}
