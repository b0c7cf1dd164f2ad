import Glibc
import LinuxSystem
import SystemPackage
import Testing
import TreeFixtures

@testable import Archives

/// Makes a tree with everything that a system has.
private let tree = """
    mkdir -p t/dir/sub "t/ä ö"; cd t; printf hello > dir/file; ln dir/file dir/hard; ln -s /etc/x dir/link
    head -c 3000000 /dev/zero > big; printf x >> big; truncate -s 5000000 sparse; : > empty
    long=$(printf 'n%.0s' $(seq 150)); mkdir -p $long/$long; printf l > $long/$long/f; ln -s $long/$long/$long s
    chmod 4755 dir/file; chmod 1777 dir/sub; mkfifo pipe; touch -d @1000000000 dir/file
    setfattr -n user.note -v "some value" dir/file || true
    if [ $(id -u) = 0 ]; then mknod null c 1 3; mknod disk b 8 1; chown 3000000:70000 empty; fi
    printf '\\377' > "$(printf 'raw\\377name')"
    """

/// The listing that must be equal on both sides.
private let listing = """
    find . -printf '%p %y %m %U %G %s %l %n\\n' | sed 's/^\\(.* d [0-9]* [0-9]* [0-9]*\\) .*/\\1/' | LC_ALL=C sort
    find . -type f -newermt @999999999 ! -newermt @1000000000 | LC_ALL=C sort
    getfattr -R -d . 2>/dev/null || true; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    """

private func collect(_ source: consuming some EntrySource & ~Copyable, to path: String) throws -> Int {
    let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    defer { try? file.close() }
    var writer = PaxWriter { bytes throws(ArchiveError) in
        do throws(Errno) { _ = try FileBlock.write(bytes, to: file) } catch { throw .file(FilePath(path), error) }
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var count = 0
    while let entry = try source.next() {
        count += 1
        try writer.begin(entry)
        while case let length = try source.read(into: &buffer), length > 0 {
            try writer.write(buffer.span.extracting(0..<length))
        }
    }
    try writer.finish()
    return count
}

@Suite("Archives against GNU tar")
struct TarInteropTests {
    @Test("what an earlier call failed for is no failure of a name that is not ASCII")
    func staleErrorNumber() throws {
        let space = try ArchiveSpace()
        try space.run("mkdir t; echo x > t/blåbær; tar -C t --format=posix -cf in.tar blåbær")
        var source = try TarSource(path: FilePath("\(space.path)/in.tar"))
        errno = ENOMEM
        #expect(try source.next() != nil)
        #expect(try source.next() == nil)
    }

    @Test(
        "GNU tar's archive comes out of our writer as the same tree",
        arguments: ["", "--gzip", "--xz", "--bzip2", "--zstd", "--format=gnu", "--format=posix", "--sparse"])
    func tar(option: String) throws {
        let space = try ArchiveSpace()
        try space.run(tree)
        try space.run("tar -C t \(option == "--format=gnu" ? "" : "--xattrs") \(option) -cf in.tar . ")
        let count = try collect(try TarSource(path: FilePath("\(space.path)/in.tar")), to: "\(space.path)/out.tar")
        #expect(count > 15)
        let result = try space.run("mkdir o; tar -C o --xattrs --same-owner -pxf out.tar; cd o; \(listing)")
        let xattrs = option == "--format=gnu" ? "setfattr -x user.note dir/file 2>/dev/null || true;" : ""
        #expect(try result == space.run("cd t; \(xattrs) \(listing)"))
    }

    @Test(
        "a layer is compressed as layers are, an archive that somebody vouches for in any way",
        arguments: [("", true), ("--gzip", true), ("--zstd", true), ("--xz", false), ("--bzip2", false)])
    func compressedLayer(option: String, isRead: Bool) throws {
        let space = try ArchiveSpace()
        try space.run("mkdir t; echo x > t/x; tar -C t \(option) -cf in.tar .")
        let layers = [FilePath("\(space.path)/in.tar")]
        for observer in [nil, { _, _ in true }] as [((Int, Span<UInt8>) -> Bool)?] {
            var archive = try LayeredSource(layers: layers, whiteouts: false, observer: observer)
            #expect(try archive.next() != nil)
            guard isRead else {
                #expect(throws: ArchiveError.self) { _ = try LayeredSource(layers: layers, observer: observer) }
                continue
            }
            var layer = try LayeredSource(layers: layers, observer: observer)
            #expect(try layer.next() != nil)
        }
    }

    @Test("a folder comes out of our writer as the same tree, the same bytes each time")
    func directory() throws {
        let space = try ArchiveSpace()
        try space.run(tree + "\npython3 -c 'import socket; socket.socket(1).bind(\"socket\")' || true")
        for name in ["out.tar", "again.tar"] {
            _ = try collect(try DirectorySource(path: FilePath("\(space.path)/t")), to: "\(space.path)/\(name)")
        }
        try space.run("cmp out.tar again.tar; rm -f t/socket")
        let result = try space.run("mkdir o; tar -C o --xattrs --same-owner -pxf out.tar; cd o; \(listing)")
        #expect(try result == space.run("cd t; \(listing)"))
    }

    @Test("layers made by GNU tar are merged")
    func layers() throws {
        let space = try ArchiveSpace()
        try space.run(
            """
            mkdir -p a/etc a/usr/lib b/etc b/usr c/usr/lib; ln -s usr/lib a/lib; echo 1 > a/etc/one; echo 2 > a/etc/two
            echo lib > a/usr/lib/l; : > b/etc/.wh.one; echo new > b/etc/two; ln a/usr/lib/l b/usr/l2
            mkdir -p c/lib; echo m > c/lib/m; rmdir c/usr/lib c/usr
            tar -C a -cf a.tar .; tar -C b -czf b.tar .; tar -C c --zstd -cf c.tar lib/m
            """)
        let layers = ["a", "b", "c"].map { FilePath("\(space.path)/\($0).tar") }
        _ = try collect(try LayeredSource(layers: layers), to: "\(space.path)/out.tar")
        let result = try space.run("mkdir o; tar -C o -xf out.tar; cd o; find . ! -type d | LC_ALL=C sort; cat etc/two")
        #expect(result == "./etc/two\n./lib\n./usr/l2\n./usr/lib/l\n./usr/lib/m\nnew\n")
    }

    @Test("damaged archives and names that lead outside are refused")
    func refuses() throws {
        let space = try ArchiveSpace()
        try space.run(
            """
            mkdir t; echo x > t/x; tar -C t -cf up.tar --transform 's,^x,../x,' -P x; head -c 4096 /dev/urandom > noise
            head -c 300000 /dev/urandom > t/x; tar -C t -czf whole.tar.gz x; head -c 100000 whole.tar.gz > cut.tar.gz
            """)
        for name in ["up.tar", "noise", "cut.tar.gz", "absent"] {
            #expect(throws: ArchiveError.self, "\(name)") {
                try collect(try TarSource(path: FilePath("\(space.path)/\(name)")), to: "/dev/null")
            }
        }
    }

    @Test("a file that is shorter or longer than its header says is an error")
    func lengths() throws {
        var writer = PaxWriter { _ throws(ArchiveError) in }
        try writer.begin(ArchiveEntry(path: "a", kind: .regular(size: 3)))
        #expect(throws: ArchiveError.self) { try writer.write([1, 2, 3, 4].span) }
        #expect(throws: ArchiveError.self) { try writer.finish() }
    }
}
