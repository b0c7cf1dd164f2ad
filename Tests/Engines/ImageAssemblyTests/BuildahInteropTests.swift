import Foundation
import ImageModel
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageAssembly

private let hasTools =
    [
        "/usr/bin/buildah", "/usr/bin/umoci", "/usr/bin/unsquashfs", "/usr/bin/getfattr", "/usr/bin/setfattr",
    ].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) } && getuid() == 0

@Suite("Containers of buildah", .enabled(if: hasTools))
struct BuildahInteropTests {
    /// All that a tree says of its files, in order: kinds, modes, owners, sizes, times, links, attributes and content.
    private static let inventory = """
        inventory() {
            cd "$1"; rm -rf boot/*
            find . -mindepth 1 \\( -type d -printf '%P %y %m %U %G\\n' \\) -o -printf '%P %y %m %U %G %s %T@ %l %n\\n' | sort
            find . -mindepth 1 -not -type l -exec getfattr -d -m - {} + | sed '/^$/d' | sort
            find . -type f -exec sha256sum {} + | sort
            find . \\( -type b -o -type c \\) -exec stat -c '%n %t:%T' {} + | sort
        }
        """

    @Test("an image of a committed container holds what umoci unpacks", arguments: ["gzip", "zstd"])
    func committed(_ compression: String) throws {
        let yard = try ContainerYard()
        try yard.run(
            """
            B="buildah --root $PWD/storage --runroot $PWD/runroot --storage-driver vfs"
            c=$($B from scratch); cd $($B mount $c)
            \(ContainerYard.root); \(ContainerYard.kernel)
            mkdir -p dev home mnt oem opt proc root run srv sys tmp var opaque/sub links; chmod 1777 tmp
            echo low > opaque/low; echo low > opaque/sub/low; echo a > links/a; ln links/a links/b; touch gone keep
            setfattr -n user.text -v value links/a; setfattr -n trusted.x -v 0x00ff keep; ln -s ../keep links/s
            setfattr -n security.capability -v 0x0100000200040000000000000000000000000000 usr/lib/lifeboot/lifeboot-init
            mknod links/null c 1 3; mkfifo links/pipe; chown 70000:5 keep; chmod 4755 keep; truncate -s 3M sparse
            cd - >/dev/null; $B unmount $c >/dev/null; $B commit -q $c one >/dev/null
            c=$($B from one); cd $($B mount $c)
            rm gone; rm -r opaque; mkdir opaque; echo high > opaque/high; ln links/a links/c; echo more >> etc/os-release
            setfattr -x user.text links/a; setfattr -n user.other -v more links/a; rm links/s; mkdir links/s; touch links/s/x
            cd - >/dev/null; $B unmount $c >/dev/null; $B commit -q $c two >/dev/null
            $B push -q --compression-format \(compression) two oci:$PWD/layout:t
            $B push -q --compression-format gzip two oci:$PWD/gz:t  # umoci knows no zstd
            """)
        let result = try yard.assemble()
        #expect(result.bootFiles == .container && result.image.manifest.name == "test")
        try yard.run(
            "umoci unpack --image gz:t bundle >/dev/null; unsquashfs -q -n -d out staging/root.squashfs >/dev/null")
        let expected = try yard.run("\(Self.inventory)\ninventory bundle/rootfs")
        #expect(expected.count > 2_000)
        #expect(try yard.run("\(Self.inventory)\ninventory out") == expected)
    }

    @Test(
        "the kernel reads the image as umoci's tree",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/loop-control")))
    func mounted() throws {
        let yard = try ContainerYard()
        try yard.finish([
            yard.layer(
                "\(ContainerYard.root); \(ContainerYard.kernel); head -c 700000 /dev/urandom > data; ln data again"),
            yard.layer("mkdir -p etc; touch etc/.wh.os-release; mkdir -p usr/lib; echo ID=new > usr/lib/os-release"),
        ])
        try yard.assemble()
        try yard.run(
            """
            unsquashfs -q -n -d out staging/root.squashfs >/dev/null; mkdir mount
            mount -o loop,ro -t squashfs staging/root.squashfs mount || exit 0
            trap 'umount mount' EXIT; diff -r mount out; test $(stat -c %h mount/data) = 2
            (cd mount; tar -c --sort=name .) | sha256sum > 1; (cd out; tar -c --sort=name .) | sha256sum > 2; cmp 1 2
            """)
    }
}
