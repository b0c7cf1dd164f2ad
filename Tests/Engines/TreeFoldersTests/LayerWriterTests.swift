import Archives
import Faults
import Foundation
import LinuxSystem
import PackageTrees
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import TreeFolders

/// Makes a tree with everything that a package may have.
private let tree = """
    mkdir -p t/dir/sub "t/ä ö"; cd t; printf hello > dir/file; ln dir/file dir/hard; ln -s /etc/x dir/link
    head -c 3000000 /dev/zero > big; printf x >> big; truncate -s 700000 sparse; : > empty; ln empty also
    long=$(printf 'n%.0s' $(seq 150)); mkdir -p $long/$long; printf l > $long/$long/f; ln -s $long/$long/$long s
    chmod 4755 dir/file; chmod 1777 dir/sub; mkfifo pipe; touch -d @1000000000 dir/file; printf b > dir.b
    setfattr -n user.note -v "some value" dir/file; setfattr -n user.overlay.origin -v x dir
    if [ $(id -u) = 0 ]; then mknod null c 1 3; mknod disk b 8 1; chown 3000000:70000 empty; chown -h 7 dir/link; fi
    """

/// The listing that must be equal on both sides.
private let listing = """
    find . -mindepth 1 -printf '%p %y %m %U %G %s %l %n\\n' \
      | sed 's/^\\(.* d [0-9]* [0-9]* [0-9]*\\) .*/\\1/' | LC_ALL=C sort
    getfattr -R -P -h -d . ; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    """

private func layer(_ space: borrowing Workspace, _ name: String, of folder: String = "t") throws -> WrittenLayer {
    let listing = try TreeReading.folder(space.place(folder)).listing
    let artefact = try Artefact(folder: listing, ArtefactSection())
    return try LayerWriter.write(artefact, from: .folder(space.place(folder)), to: space.place(name), epoch: 86_400)
}

@Suite("Writing layers")
struct LayerWriterTests {
    @Test("GNU tar unpacks a layer as the same tree, with one time for all")
    func tar() throws {
        let space = try Workspace()
        try space.run(tree)
        let written = try layer(space, "l.tar.gz")
        #expect(written.installedSize == 3_000_001 + 700_000 + 5 + 1 + 1)
        try space.run("mkdir o; tar -C o --xattrs --same-owner -pxzf l.tar.gz; setfattr -x user.overlay.origin t/dir")
        #expect(try space.run("cd o; \(listing)") == space.run("cd t; \(listing)"))
        #expect(try space.run("TZ=UTC find o -mindepth 1 -printf '%T+\\n' | sort -u").hasPrefix("1970-01-02+00:00:00"))
        #expect(try space.run("find o -mindepth 1 -printf '%T+\\n' | sort -u | wc -l") == "1\n")
        let names = try space.run("tar -tzf l.tar.gz | sed 's,/$,,'").split(separator: "\n")
        let paths = names.map { EntryPath(stringLiteral: String($0)) }
        #expect(paths.contains("dir.b") && paths.sorted() == paths)
        #expect(try space.run("tar --numeric-owner -tvzf l.tar.gz | grep -c \" $(id -u)/$(id -g) \"") != "0\n")
    }

    @Test("digests and sizes are those that other programs compute, and the compressed form has no name and no time")
    func digests() throws {
        let space = try Workspace()
        try space.run(tree)
        let written = try layer(space, "l.tar.gz")
        #expect(try space.run("sha256sum < l.tar.gz") == "\(written.digest)  -\n")
        #expect(try space.run("gzip -dc l.tar.gz | sha256sum") == "\(written.diffID)  -\n")
        #expect(try space.run("stat -c %s l.tar.gz") == "\(written.size)\n")
        #expect(try space.bytes("l.tar.gz").prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(try space.run("gzip -dc l.tar.gz | tar -tv --utc | grep -c . ; ls -A").contains(".l.tar.gz") == false)
    }

    @Test("the same files give the same bytes, whatever order, time, umask and inode they have")
    func reproducible() throws {
        let space = try Workspace()
        try space.run(tree)
        // Other inodes and another order of names: those of v are made from the last to the first.
        try space.run("(umask 077; cp -a t u; touch u/new; rm u/new; mkdir v; chmod 755 v)")
        try space.run("cd t; ls -r | tr '\\n' '\\0' | xargs -0 cp -a -t ../v")
        try space.run("cd t; find . -depth -exec touch -h -d @1234567890 {} +")
        let layers = try ["t", "u", "v"].map { try layer(space, "\($0).tar.gz", of: $0) }
        #expect(layers[0] == layers[1] && layers[0] == layers[2])
        try space.run("cmp t.tar.gz u.tar.gz; cmp t.tar.gz v.tar.gz")
    }

    @Test("a checkout gives the same bytes for every user and umask")
    func checkout() throws {
        let space = try Workspace()
        for umask in ["077", "002", "022"] {
            try space.run(
                "umask \(umask); mkdir -p \(umask)/bin; echo x > \(umask)/bin/x; chmod u+x \(umask)/bin/x; "
                    + "echo y > \(umask)/y; if [ $(id -u) = 0 ]; then chown -R 1\(umask) \(umask); fi")
        }
        let digests = try ["077", "002", "022"].map { umask in
            let listing = try TreeReading.folder(space.place(umask)).listing.asCheckout
            let artefact = try Artefact(folder: listing, ArtefactSection())
            return try LayerWriter.write(
                artefact, from: .folder(space.place(umask)), to: space.place("\(umask).tgz"), epoch: 0
            ).digest
        }
        #expect(Set(digests).count == 1)
    }

    @Test("whiteouts are empty files in their place, and taken for what they are by who merges layers")
    func whiteouts() throws {
        let space = try Workspace()
        try space.run(
            "mkdir -p t/a/b; echo x > t/a/z; mkdir -p base/a/b base/c; echo y > base/a/gone; echo z > base/c/d")
        let listing = try TreeReading.folder(space.place("t")).listing
        let artefact = Artefact(listing, removed: ["c", "a/gone"])
        _ = try LayerWriter.write(artefact, from: .folder(space.place("t")), to: space.place("l.tar.gz"), epoch: 0)
        #expect(try space.run("tar -tzf l.tar.gz") == ".wh.c\na/\na/.wh.gone\na/b/\na/z\n")
        try space.run("tar -C base -cf base.tar .")
        let merged = try TreeReading.layers([space.place("base.tar"), space.place("l.tar.gz")]).reading.listing
        #expect(merged.entries.map(\.path) == ["a", "a/b", "a/z"])
        #expect(merged.isSame(as: artefact.applied(to: try TreeReading.folder(space.place("base")).listing)))
    }

    @Test(
        "a file that is not what the listing says is an error, and nothing is left of the layer",
        arguments: ["echo xx > t/f", "echo z > t/f", "rm t/f", "rm t/f; ln -s g t/f", "rm t/f; mkfifo t/f", ": > t/f"])
    func changes(script: String) throws {
        let space = try Workspace()
        try space.run("mkdir t o; echo y > t/f; echo y > t/g; echo old > o/l.tar.gz")
        let artefact = try Artefact(folder: TreeReading.folder(space.place("t")).listing, ArtefactSection())
        try space.run(script)
        #expect(throws: (any Error).self) {
            try LayerWriter.write(artefact, from: .folder(space.place("t")), to: space.place("o/l.tar.gz"), epoch: 0)
        }
        #expect(try space.run("ls -A o; cat o/*") == "l.tar.gz\nold\n")
    }

    @Test("a full disk is told as such", .enabled(if: TestedMachine.isRoot))
    func fullDisk() throws {
        let space = try Workspace()
        try space.run("mkdir t o; head -c 3000000 /dev/urandom > t/f")
        let artefact = try Artefact(folder: TreeReading.folder(space.place("t")).listing, ArtefactSection())
        try space.run("mount -t tmpfs -o size=1m tmpfs o")
        defer { _ = try? space.run("umount o") }
        let error = #expect(throws: (any Error).self) {
            try LayerWriter.write(artefact, from: .folder(space.place("t")), to: space.place("o/l.tar.gz"), epoch: 0)
        }
        #expect(error.map { RefusalKind($0) } == .space)
        #expect(try space.run("ls -A o") == "")
    }

    @Test("an attribute whose name would end before its end is an error")
    func attributes() throws {
        let space = try Workspace()
        try space.run("mkdir t; : > t/f; setfattr -n user.a=b -v x t/f")
        let error = #expect(throws: TreeFoldersError.self) { try layer(space, "l.tar.gz") }
        #expect(error?.description.hasPrefix("packing /f: the name of its attribute 'user.a=b' has =, or") == true)
    }

    @Test("content that is given is packed in the place of files, when it is what the listing says")
    func contents() throws {
        let space = try Workspace()
        try space.run("mkdir t; echo x > t/f; echo y > t/g")
        let artefact = Artefact(try TreeReading.folder(space.place("t")).listing)
        try space.run("rm t/g")
        func write(_ text: String) throws {
            _ = try LayerWriter.write(
                artefact, from: .folder(space.place("t")), contents: ["g": Array(text.utf8)], to: space.place("l"),
                epoch: 0)
        }
        try write("y\n")
        #expect(try space.run("tar -xOzf l") == "x\ny\n")
        #expect(throws: TreeFoldersError.self) { try write("z\n") }
        #expect(throws: TreeFoldersError.self) { try write("y") }
    }

    @Test("a layer is made of the layers of any image, of what is selected alone, and is that of the same folder")
    func extraction() throws {
        let space = try Workspace()
        try space.run(
            """
            mkdir -p a/opt/app/lib a/etc b/opt/app spool; cd a; echo 1 > opt/app/x; echo 2 > opt/app/y; echo 3 > etc/z
            ln opt/app/x etc/further; : > opt/app/empty; ln -s x opt/app/link; cd ../b; : > opt/app/.wh.y; echo 4 > opt/app/x2
            cd ..; tar --sort=name -C a -cf a.tar .; tar -C b -czf b.tar.gz .
            mkdir -p t/opt/app/lib; cd t/opt/app; echo 1 > x; : > empty; ln -s x link; echo 4 > x2
            """)
        let section = ArtefactSection(include: [try PathGlob(parsing: "/opt")])
        let (reading, diffIDs) = try TreeReading.layers(
            [space.place("a.tar"), space.place("b.tar.gz")], into: space.place("spool"), selecting: section.selects)
        #expect(diffIDs.count == 2)
        // Contents of 1, 4 and nothing; not of 3, which nobody selected.
        #expect(try space.run("ls spool | wc -l; cat spool/* | sort") == "3\n1\n4\n")
        let artefact = try Artefact(wholeOf: reading.listing, section)
        let layer = try LayerWriter.write(
            artefact, from: .digests(space.place("spool")), to: space.place("l.tar.gz"), epoch: 0)
        let folder = try Artefact(folder: TreeReading.folder(space.place("t")).listing, ArtefactSection())
        #expect(
            layer == (try LayerWriter.write(folder, from: .folder(space.place("t")), to: space.place("m"), epoch: 0)))
        #expect(try space.run("tar -xOzf l.tar.gz opt/app/x opt/app/x2") == "1\n4\n")
    }
}
