import Cryptography
import Faults
import Foundation
import ImageModel
import LinuxSystem
import SystemPackage
import Testing
import TreeFixtures
import TreeModel

@testable import Archives

private let hasUmoci = FileManager.default.isExecutableFile(atPath: "/usr/bin/umoci")

/// Whatever a source gives out, as an archive.
private func pack(_ source: consuming some EntrySource & ~Copyable, to path: FilePath) throws {
    let file = try OwnedDescriptor(
        opening: path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    let descriptor = file.descriptor
    var writer = PaxWriter { bytes throws(ArchiveError) in
        do throws(Errno) { try FileBlock.write(bytes, to: descriptor) } catch { throw .file(path, error) }
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while let entry = try source.next() {
        try writer.begin(entry)
        while case let length = try source.read(into: &buffer), length > 0 {
            try writer.write(buffer.span.extracting(0..<length))
        }
    }
    try writer.finish()
}

/// Entries in memory, whose files have their time of change as content.
private struct EntryList: EntrySource {
    let notes = ArchiveNotes()
    private var entries: [ArchiveEntry]
    private var content: [UInt8] = []

    init(_ entries: [ArchiveEntry]) { self.entries = entries.reversed() }

    mutating func next() -> ArchiveEntry? {
        guard var entry = entries.popLast() else { return nil }
        content = []
        if case .regular = entry.kind, !entry.path.isWhiteout {
            content = Array("\(entry.modified)".utf8)
            entry.kind = .regular(size: Int64(content.count))
        }
        return entry
    }

    mutating func read(into buffer: inout [UInt8]) -> Int {
        let count = content.count
        buffer.replaceSubrange(0..<count, with: content)
        content = []
        return count
    }
}

@Suite("Layers read once")
struct DescendingSourceTests {
    /// Makes layers of every compression by GNU tar: 0.tar is the lowest.
    private func layers(_ space: borrowing ArchiveSpace, _ scripts: [String]) throws -> [FilePath] {
        for (index, script) in scripts.enumerated() {
            let option = ["", "--gzip", "--zstd"][index % 3]
            try space.run(
                "mkdir \(index); cd \(index); \(script); cd ..; tar -C \(index) \(option) --sort=name -cf \(index).tar ."
            )
        }
        return scripts.indices.map { FilePath("\(space.path)/\($0).tar") }
    }

    @Test("layers of every compression come to one tree, with the content that is on top")
    func tree() throws {
        let space = try ArchiveSpace()
        let layers = try layers(
            space,
            [
                "mkdir -p etc usr/lib; echo 0 > etc/a; echo 0 > etc/b; ln etc/b etc/c; echo 0 > usr/lib/l; chmod 700 etc",
                "mkdir etc; echo 1 > etc/a; : > etc/.wh.c; chmod 711 etc",
                "mkdir usr; echo 2 > usr/z; head -c 400000 /dev/zero > usr/big",
                "mkdir etc; echo 3 > etc/a",
            ])
        try pack(DescendingSource(layers: layers), to: FilePath("\(space.path)/out.tar"))
        let found = try space.run(
            "mkdir o; tar -C o -xf out.tar; cd o; find . -type f | LC_ALL=C sort | xargs sha256sum; stat -c %a etc")
        let expected = try space.run(
            "mkdir e; tar -C e -xf 0.tar; tar -C e -xf 1.tar; tar -C e -xf 2.tar; tar -C e -xf 3.tar; cd e; rm etc/.wh.c etc/c; find . -type f | LC_ALL=C sort | xargs sha256sum; stat -c %a etc"
        )
        #expect(found == expected)
    }

    @Test("an observer sees each layer whole, also what is hidden, and each is done with once")
    func observed() throws {
        let space = try ArchiveSpace()
        var layers = try layers(space, ["echo 0 > a; echo 0 > b", "echo 1 > a", "echo 2 > b"])
        layers.insert(layers[1], at: 0)
        let digests = try LayerDigests { _ in }
        var done: [String] = []
        try pack(
            DescendingSource(layers: layers, observer: digests.take) { done.append($0.lastComponent?.string ?? "") },
            to: FilePath("\(space.path)/out.tar"))
        let sums = try space.run("for i in 1 0 1 2; do tar -C $i --sort=name -cf - . | sha256sum | cut -d' ' -f1; done")
        #expect(try digests.finish(4).map(\.hex) == sums.split(separator: "\n").map(String.init))
        #expect(done == ["2.tar", "0.tar", "1.tar"])
    }

    @Test("digests of layers come in their order, whichever came first, and of one without a byte")
    func digests() throws {
        let digests = try LayerDigests { _ in }
        for (layer, text) in [(2, "c"), (0, "a"), (0, "b")] { _ = digests.take(layer, Array(text.utf8).span) }
        #expect(try digests.finish(3) == ["ab", "", "c"].map { try SHA256Hasher.digest(of: Array($0.utf8)) })
    }

    @Test("what one reading cannot tell ends it, and nobody takes that for a fault of the layers")
    func unsettled() throws {
        let space = try ArchiveSpace()
        let layers = try layers(space, ["echo 0 > a; ln a b", "echo 1 > a"])
        let error = try #require(throws: ArchiveError.self) {
            try pack(DescendingSource(layers: layers), to: FilePath("\(space.path)/out.tar"))
        }
        #expect(error.kind == .unsettled && error.subject == "b", "\(error)")
        try pack(LayeredSource(layers: layers), to: FilePath("\(space.path)/out.tar"))
    }

    @Test("what shows only when all is read ends it at its end")
    func confirmed() throws {
        let space = try ArchiveSpace()
        try space.run("mkdir t; echo 0 > t/a; tar -C t -cf 0.tar a; echo 1 > t/a; tar -C t -rf 0.tar a")
        var source = DescendingSource(layers: [FilePath("\(space.path)/0.tar")])
        let names = [try source.next()?.path, try source.next()?.path]
        #expect(names == ["a", "a"])
        let error = try #require(throws: ArchiveError.self) { _ = try source.next() }
        #expect(error.kind == .unsettled)
    }

    @Test("what is left out of each layer is told")
    func notes() throws {
        let space = try ArchiveSpace()
        let write = """
            import tarfile
            for name in ["0.tar", "1.tar"]:
                entry = tarfile.TarInfo(name)
                entry.pax_headers = {"SCHILY.acl.access": "user::rw-,user:1:r--,group::r--,mask::r--,other::r--"}
                tarfile.open(name, "w", format=tarfile.PAX_FORMAT).addfile(entry)
            """
        try space.run("python3 -c '\(write)'")
        var source = DescendingSource(layers: ["0.tar", "1.tar"].map { FilePath("\(space.path)/\($0)") })
        while try source.next() != nil {}
        #expect(source.notes.counts.map(\.message) == ["access control lists are not kept"])
        #expect(source.notes.counts.map(\.count) == [2])
    }

    @Test("a damaged layer is told, whichever it is", arguments: [0, 1, 2])
    func damaged(layer: Int) throws {
        let space = try ArchiveSpace()
        let layers = try layers(space, (0..<3).map { "head -c 300000 /dev/urandom > \($0)" })
        try space.run("head -c 200000 \(layer).tar > cut; mv cut \(layer).tar")
        let error = try #require(throws: ArchiveError.self) {
            try pack(DescendingSource(layers: layers), to: FilePath("\(space.path)/out.tar"))
        }
        #expect(error.kind == .damaged && error.subject.hasSuffix("/\(layer).tar"), "\(error)")
    }

    @Test("random layers come to what umoci unpacks", .enabled(if: hasUmoci), arguments: 0..<6 as Range<UInt64>)
    func umoci(seed: UInt64) throws {
        let space = try ArchiveSpace()
        let stack = LayerStack(seed: 1_000 + seed, layers: 3, changes: 60)
        let layers = stack.layers.indices.map { FilePath("\(space.path)/\($0).tar") }
        for (entries, path) in zip(stack.layers, layers) { try pack(EntryList(entries), to: path) }
        try pack(DescendingSource(layers: layers), to: FilePath("\(space.path)/out.tar"))
        let add = stack.layers.indices.map { "umoci raw add-layer --image l:x \($0).tar" }.joined(separator: "; ")
        let listing = """
            find . -mindepth 1 -printf '%p %y %m %l %n ' \\( -type f -exec cat {} \\; -printf '\\n' -o -printf '\\n' \\) |
            sed 's/^\\(.* d [0-9]* \\) [0-9]*/\\1/' | LC_ALL=C sort
            """
        let theirs = try space.run(
            """
            exec 2>&1; umoci init --layout l; umoci new --image l:x; \(add); umoci unpack --rootless --image l:x bundle >said
            cd bundle/rootfs; \(listing)
            """)
        #expect(try space.run("mkdir o; tar -C o -xf out.tar; cd o; \(listing)") == theirs)
        #expect(theirs.split(separator: "\n").count > 2)
    }
}
