import Archives
import Foundation
import ImageModel
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageAssembly

private let hasTools = ["/usr/bin/unsquashfs", "/usr/bin/sqfs2tar", "/usr/bin/python3"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Hostile containers", .enabled(if: hasTools))
struct HostileContainerTests {
    /// Python that writes a tar archive to standard output; the body adds entries with `add(name, type, ...)`.
    static func archive(_ body: String) -> String {
        """
        { python3 - <<'E'
        import tarfile, io, sys
        t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.PAX_FORMAT)
        def add(name, type=tarfile.REGTYPE, data=b'', link='', **more):
            i = tarfile.TarInfo(name); i.type = type; i.size = len(data); i.linkname = link
            for key, value in more.items(): setattr(i, key, value)
            t.addfile(i, io.BytesIO(data))
        \(body)
        t.close()
        E
        }
        """
    }

    private func assemble(_ body: String) throws -> (ContainerYard, AssembledImage) {
        let yard = try ContainerYard()
        try yard.finish([
            yard.layer("\(ContainerYard.root); \(ContainerYard.kernel)"), yard.layer(archive: Self.archive(body)),
        ])
        return (yard, try yard.assemble())
    }

    @Test(
        "a layer that names something outside the tree is refused",
        arguments: [
            "add('../../etc/cron.d/evil', data=b'x')", "add('a/../../b', data=b'x')",
            "add('l', tarfile.LNKTYPE, link='../../../etc/shadow')",
            "add('l', tarfile.LNKTYPE, link='/etc/nothing')", "add('etc/os-release/x', data=b'x')",
            "add('a', tarfile.SYMTYPE, link='b'); add('b', tarfile.SYMTYPE, link='a'); add('a/x', data=b'x')",
            "add('n' * 300, data=b'x')",
        ])
    func outside(_ body: String) throws {
        let error = #expect(throws: (any Error).self) { try assemble(body) }
        #expect(error is ArchiveError || "\(error.map { "\($0)" } ?? "")".contains("longer than 255"))
    }

    @Test("links that lead to the host's paths lead to those of the tree")
    func links() throws {
        let name = "lifeboot-test-\(UUID().uuidString)"
        let (yard, _) = try assemble(
            """
            add('here', tarfile.SYMTYPE, link='/tmp'); add('here/\(name)', data=b'inside')
            add('up', tarfile.SYMTYPE, link='../../../../tmp'); add('up/\(name)-2', data=b'inside')
            add('/absolute', data=b'inside')
            """)
        #expect(!FileManager.default.fileExists(atPath: "/tmp/\(name)"))
        #expect(
            try yard.run(
                "unsquashfs -q -n -no-xattrs -d out staging/root.squashfs; cat out/tmp/\(name) out/tmp/\(name)-2 out/absolute"
            ) == "insideinsideinside")
    }

    @Test("entries that come twice, sparse files, long names and odd devices come out as the last layer has them")
    func odd() throws {
        let long = (0..<15).map { _ in String(repeating: "d", count: 200) }.joined(separator: "/")
        let (yard, result) = try assemble(
            """
            add('twice', data=b'first'); add('twice', data=b'second'); add('etc/dev', tarfile.CHRTYPE, devmajor=5, devminor=1)
            add('\(long)/f', data=b'deep'); add('time', data=b'x', mtime=-5); add('late', data=b'x', mtime=2**40)
            add('owner', data=b'x', uid=4294967294, gid=100000, mode=0o7777)
            """)
        try yard.run(
            "unsquashfs -q -n -no-xattrs -d out staging/root.squashfs; test \"$(cat out/twice)\" = second; cat out/\(long)/f"
        )
        let list = try yard.listing()
        #expect(list.contains { $0.hasPrefix("crw") && $0.contains("5,1") && $0.hasSuffix("etc/dev") })
        #expect(list.contains { $0.hasPrefix("-rwsrwsrwt 4294967294/100000") })
        #expect(list.contains { $0.contains("1970-01-01 00:00:00 time") } && list.contains { $0.contains("2106") })
        #expect(result.notes.count <= 3)
    }

    @Test("a layer cut short, and one that goes on with other bytes, is damaged")
    func cut() throws {
        let yard = try ContainerYard()
        let root = try yard.layer("\(ContainerYard.root); \(ContainerYard.kernel)")
        let cut = try yard.layer(archive: "head -c 200000 /dev/urandom > data; tar -cf - data | head -c 100000", "cat")
        try yard.finish([root, cut])
        #expect(throws: ArchiveError.self) { try yard.assemble() }
    }

    @Test("a hundred thousand files are packed")
    func many() throws {
        let body = "for n in range(100000): add('many/%d/%d/file-%d' % (n % 50, n % 700, n), data=b'%d' % n)"
        let (yard, _) = try assemble(body)
        #expect(try yard.run("unsquashfs -lc staging/root.squashfs | grep -c /file-") == "100000\n")
    }
}
