import Cryptography
import Faults
import Foundation
import ImageAssembly
import ImageFolders
import ImageModel
import ImagePlanning
import LinuxSystem
import RegistryModel
import Squashfs
import SystemPackage
import Testing

@testable import ImageBuilding

@Suite("Image builder", .enabled(if: hasImageTools))
struct ImageBuilderTests {
    @Test("an image whose manifest no machine would read is refused, and nothing is left")
    func manifestLimit() throws {
        let yard = try ImageYard()
        let boards = (0..<40).map { String(repeating: "b", count: 9000) + "\($0)" }
        let error = #expect(throws: ImageAssemblyError.self) { try yard.build { $0.boards = boards } }
        #expect(error?.description.contains("machines read at most 262144") == true)
        #expect(try FileStatus.of(yard.file("out")) == nil)
        let result = try yard.build { $0.boards = Array(boards.prefix(28)) }
        #expect(result.manifest.serialized().count > 252_000)
        #expect(try yard.verify() == [])
        #expect(try ImageFolder(yard.file("out")).id == result.id)
    }

    @Test("an image holds the tree without kernel and initrd, and verifies")
    func builds() throws {
        let yard = try ImageYard()
        let result = try yard.build { $0.kernelArguments = ["console=ttyS0"] }
        let manifest = result.manifest
        #expect(manifest.name == "test" && manifest.version == "7" && manifest.sequence == 1_000_000_000)
        #expect(manifest.architecture == "amd64" || manifest.architecture == "arm64")
        #expect(try yard.verify() == [])
        #expect(try yard.run("cat out/vmlinuz out/initrd.img; ls out").hasPrefix("kernelinitrd"))
        let list = try yard.run("unsquashfs -ll out/root.squashfs 2>/dev/null | sed 's,.*squashfs-root,,' | sort")
        for path in ["/etc/os-release", "/usr/share/ä/ü", "/oem", "/boot", "/tmp", "/pipe"] {
            #expect(list.split(separator: "\n").contains(Substring(path)), "\(path)")
        }
        #expect(!list.contains("vmlinuz") && !list.contains("/boot/"))
        let directory = try ImageFolder(yard.file("out"))
        #expect(directory.id == result.id && directory.manifest.source != nil)
    }

    @Test("the verity tree is veritysetup's")
    func verity() throws {
        let yard = try ImageYard()
        let verity = try yard.build().manifest.root.verity
        let root = Hexadecimal.text(of: verity.rootHash)
        try yard.run(
            "veritysetup verify out/root.squashfs out/root.squashfs \(root) --hash-offset \(verity.hashOffset)")
        let dump = try yard.run("veritysetup dump out/root.squashfs --hash-offset \(verity.hashOffset)")
        #expect(dump.contains(verity.uuid) && dump.contains(Hexadecimal.text(of: verity.salt)))
    }

    @Test("the chunk index describes the root file")
    func chunks() throws {
        let yard = try ImageYard()
        try yard.build()
        let index = try ChunkIndex(parsing: FileBytes.read(yard.file("out/root.chunks"), limit: 1 << 20))
        let bytes = try FileBytes.read(yard.file("out/root.squashfs"), limit: 64 << 20)
        #expect(index.size == bytes.count && index.chunks.count > 2)
        for chunk in index.chunks {
            let part = Array(bytes[chunk.offset..<(chunk.offset + chunk.length)])
            #expect(try SHA256Hasher.digest(of: part) == chunk.digest)
        }
    }

    @Test("the same input gives the same bytes, also from a tree whose times are newer than the source date")
    func reproducible() throws {
        let yard = try ImageYard()
        try yard.build(to: "one")
        try yard.run("sleep 1; find root -exec touch -h {} +; tar -C root --numeric-owner --sort=name -cf again.tar .")
        try yard.run("find root -exec touch -h -d @86400 {} +")
        try yard.build(to: "two")
        for name in ["root.squashfs", "root.chunks", "manifest.json", "vmlinuz", "initrd.img"] {
            try yard.run("cmp one/\(name) two/\(name)")
        }
        try yard.build("again.tar", to: "three")
        #expect(try yard.run("unsquashfs -lls three/root.squashfs").contains("2001-09-09"))
        #expect(try !yard.run("unsquashfs -lls three/root.squashfs | grep -c 20[23][0-9]- || true").hasPrefix("1"))
    }

    @Test("a folder and an OCI layout with whiteouts give the same tree as the archive")
    func sources() throws {
        let yard = try ImageYard()
        try yard.run(
            """
            mkdir -p lower upper/etc layout/blobs/sha256; cp -a root/. lower/; echo gone > lower/etc/gone; touch -d @86400 lower/etc
            : > upper/etc/.wh.gone; printf '{"imageLayoutVersion":"1.0.0"}' > layout/oci-layout
            add() { s=$(sha256sum "$1" | cut -d' ' -f1); cp "$1" layout/blobs/sha256/$s; echo $s; }
            tar -C lower --sort=name --numeric-owner -czf 1.tar.gz .
            tar -C upper --numeric-owner -cf 2.tar etc/.wh.gone
            a=$(add 1.tar.gz); b=$(add 2.tar)
            printf '{"layers":[{"digest":"sha256:%s"},{"digest":"sha256:%s"}]}' $a $b > m.json; m=$(add m.json)
            printf '{"manifests":[{"digest":"sha256:%s"}]}' $m > layout/index.json
            """)
        for source in ["root.tar", "root", "layout"] { try yard.build(source, to: "out-\(source)") }
        let list = "unsquashfs -lln out-$s/root.squashfs | tail -n +2 | sed 's/  */ /g' | sort"
        let expected = try yard.run("s=root.tar; \(list)")
        #expect(expected.count > 500)
        #expect(try yard.run("s=root; \(list)") == expected)
        #expect(try yard.run("s=layout; \(list)") == expected)
        try yard.run("for f in layout/blobs/sha256/*; do printf x >> $f; done")
        #expect(throws: ImageBuildError.self) { try yard.build("layout", to: "damaged") }
    }

    /// Writes a container image of two layers and an empty one that comes twice, as archives of both formats.
    static let archives = """
        mkdir -p lower upper/etc box/opt l/blobs/sha256; cp -a root/. lower/; touch -d @86400 box/opt box
        echo gone > lower/etc/gone; touch -d @86400 lower/etc; : > upper/etc/.wh.gone
        tar -C lower --sort=name --numeric-owner -cf 1.tar .; tar -C upper --numeric-owner -cf 2.tar etc/.wh.gone
        tar -cf 3.tar -T /dev/null
        s() { sha256sum "$1" | cut -d' ' -f1; }; size() { stat -c %s "$1"; }
        add() { cp "$1" l/blobs/sha256/$(s "$1"); }
        printf '{"architecture":"%s","os":"linux","created":"2001-09-09T01:46:40Z","config":{},"rootfs":{"type":"layers",' \
            $(dpkg --print-architecture) > c.json
        printf '"diff_ids":["sha256:%s","sha256:%s","sha256:%s","sha256:%s"]}}' $(s 1.tar) $(s 2.tar) $(s 3.tar) $(s 3.tar) >> c.json
        layer() { printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$2" $(s "$1") $(size "$1"); add "$1"; }
        o=application/vnd.oci.image; n=$o.layer.nondistributable.v1.tar
        printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":%s,"layers":[%s,%s,%s,%s]}' $o \
            "$(layer c.json $o.config.v1+json)" "$(layer 1.tar $n)" "$(layer 2.tar $o.layer.v1.tar)" "$(layer 3.tar $n)" \
            "$(layer 3.tar $n)" > m.json
        printf '{"schemaVersion":2,"manifests":[{"annotations":{"org.opencontainers.image.ref.name":"os"},' > l/index.json
        layer m.json $o.manifest.v1+json | tail -c +2 >> l/index.json; printf ']}' >> l/index.json
        printf '{"imageLayoutVersion":"1.0.0"}' > l/oci-layout; tar -C l -cf oci.tar .
        mkdir -p d/a d/b d/c d/e; cp 1.tar d/a/layer.tar; cp 2.tar d/b/layer.tar; cp 3.tar d/c/layer.tar
        ln -s ../c/layer.tar d/e/layer.tar; cp c.json d/; printf '[{"Config":"c.json","RepoTags":["os:1"],"Layers":[' > d/manifest.json
        printf '"a/layer.tar","b/layer.tar","c/layer.tar","e/layer.tar"]}]' >> d/manifest.json
        tar -C d -cf docker.tar .; rm d/e/layer.tar; ln d/c/layer.tar d/e/layer.tar; tar -C d -cf hard.tar .
        """

    @Test("archives of container images give the same tree as the archive of the root, links to layers included")
    func archives() throws {
        let yard = try ImageYard()
        try yard.run(Self.archives)
        try yard.build(to: "out-root")
        let list = "unsquashfs -lln $s/root.squashfs | tail -n +2 | sed 's/  */ /g' | sort"
        let expected = try yard.run("s=out-root; \(list)")
        let sources = [
            "oci-archive:%/oci.tar", "oci-archive:%/oci.tar:os", "oci:%/l:os", "oci:%/l", "docker-archive:%/docker.tar",
            "docker-archive:%/hard.tar:1", "file:%/docker.tar", "%/oci.tar", "%/l:os",
        ]
        for (number, text) in sources.enumerated() {
            let source = try SourceReference(parsing: text.replacing("%", with: yard.path))
            try yard.build(to: "out-\(number)") { $0.rootfs = source }
            #expect(try yard.run("s=out-\(number); \(list)") == expected, "\(text)")
            #expect(try !yard.run("ls -A out-\(number)").contains("layer-"), "\(text)")
        }
    }

    @Test(
        "what is no root filesystem is refused by name, and nothing is left",
        arguments: [
            ("dir:%/built", "a built image"), ("oci-archive:%/oci.tar:none", "no image 'none'"),
            ("oci-archive:%/root.tar", "neither index.json nor manifest.json"),
            ("%/nothing", "taken for a file or folder"), ("oci:%/nothing", "OCI layout"),
        ])
    func noRoot(text: String, cause: String) throws {
        let yard = try ImageYard()
        try yard.run(Self.archives)
        try yard.build(to: "built")
        let source = try SourceReference(parsing: text.replacing("%", with: yard.path))
        let error = #expect(throws: (any Error).self) { try yard.build(to: "new") { $0.rootfs = source } }
        #expect("\(error.map { "\($0)" } ?? "")".contains(cause), "\(String(describing: error))")
        #expect(try yard.run("ls -A | grep -c new || true") == "0\n")
    }

    @Test("an archive of a root filesystem with a file manifest.json stays one")
    func manifestInRoot() throws {
        let yard = try ImageYard("echo '[]' > manifest.json")
        try yard.build()
        #expect(try yard.run("unsquashfs -ll out/root.squashfs").contains("manifest.json"))
    }

    @Test("an archive whose later entries replace earlier ones is an update of itself")
    func appended() throws {
        let yard = try ImageYard()
        try yard.run("mkdir -p more/boot; printf other > more/boot/initrd.img-6.1-2; tar -C more -rf root.tar .")
        try yard.build()
        #expect(try yard.run("cat out/initrd.img") == "other")
    }

    @Test(
        "what cannot boot is refused, and nothing is left behind",
        arguments: [
            ("rm boot/initrd*", "no initrd of version '6.1-2'"), ("rm boot/vmlinuz*", "no kernel"),
            ("rm sbin/init", "first process"), ("rm etc/os-release", "os-release"),
            ("ln boot/vmlinuz-6.1-1 usr/kernel", "hard link"),
            ("mkdir -p etc/lifeboot/keys; echo x > etc/lifeboot/keys/a.pem", "/etc/lifeboot/keys/a.pem"),
            ("printf 'ID=a b\\n' > etc/os-release", "$.name"),
        ])
    func refuses(change: String, reason: String) throws {
        let yard = try ImageYard(change)
        let error = #expect(throws: (any Error).self) { try yard.build() }
        #expect("\(error.map { "\($0)" } ?? "")".contains(reason), "\(String(describing: error))")
        #expect(try yard.run("ls -A") == "keys\nroot\nroot.tar\n")
    }

    @Test("an image that trusts other keys is refused unless that is wanted, one that trusts ours is built")
    func foreignKeys() throws {
        let yard = try ImageYard(
            "mkdir -p usr/lib/lifeboot/keys; cp ../keys/lifeboot.pub usr/lib/lifeboot/keys/ours.pem")
        try yard.build()
        let other = try ImageYard(
            "mkdir -p usr/lib/lifeboot/keys; cp \(yard.path)/keys/lifeboot.pub usr/lib/lifeboot/keys/a.pem")
        let error = #expect(throws: ImageBuildError.self) { try other.build() }
        #expect(error?.cause.contains("would not boot") == true)
        try other.build { $0.allowedChecks = ["signing-key"] }
    }

    @Test(
        "mistakes that make an image that does not boot, or verifies nothing, are refused by name unless that is wanted",
        arguments: [
            (
                "mkdir -p usr/lib/lifeboot/keys; cp ../keys/lifeboot.pub usr/lib/lifeboot/keys/a.pem; echo hello > usr/lib/lifeboot/keys/x.pub",
                "key-file"
            ),
            ("mkdir -p usr/lib/lifeboot/keys; cp ../keys/lifeboot.key usr/lib/lifeboot/keys/", "private-key"),
            ("mkdir -p root; cp ../keys/lifeboot.key root/k", "private-key"),
            ("mkdir -p usr/lib/lifeboot/keys; cp ../keys/lifeboot.pub usr/lib/lifeboot/keys/", "signing-key"),
            ("rm usr/lib/lifeboot/lifeboot-init", "agent"), ("rm -r usr/lib/modules", "modules"),
            (": > oem", "mount-points"),
            ("cp /bin/true usr/bin/lifeboot", "mark-good"),
            (
                "rm boot/initrd*; (echo etc | cpio -o -H newc --quiet; printf 0707) > boot/initrd.img-6.1-2",
                "initrd-damaged"
            ),
            ("printf 'ephemeral:\\n  paths: [/etc]\\n' > usr/lib/lifeboot/layout.yaml", "tmp"),
            ("printf 'nothing: 1\\n' > usr/lib/lifeboot/layout.yaml", "layout"),
        ])
    func mistakes(change: String, check: String) throws {
        let yard = try ImageYard(change)
        let error = #expect(throws: ImageBuildError.self) { try yard.build() }
        #expect(error?.cause.contains("(\(check))") == true, "\(String(describing: error))")
        #expect(try FileStatus.of(yard.file("out")) == nil)
        let result = try yard.build { $0.allowedChecks = [check] }
        #expect(result.warnings.contains { $0.hasPrefix("\(check): ") })
    }

    @Test("what could not be found out is said, and refuses nothing")
    func warnings() throws {
        let result = try ImageYard().build()
        let names = result.warnings.map { String($0.prefix { $0 != ":" }) }
        #expect(names == ["kernel-header", "initrd-unread", "program"])
    }

    @Test("existing images and keys are never overwritten")
    func keeps() throws {
        let yard = try ImageYard()
        try yard.build()
        #expect(throws: ImageBuildError.self) { try yard.build() }
        #expect(try yard.verify() == [])
        #expect(throws: ImageBuildError.self) { try ImageKeys.generate(in: yard.file("keys")) }
        #expect(try yard.run("stat -c %a keys/lifeboot.key") == "600\n")
    }

    @Test(
        "each kind of damage is found",
        arguments: [
            ("printf x >> out/vmlinuz", ["vmlinuz"]), ("printf X | dd of=out/initrd.img conv=notrunc", ["initrd.img"]),
            (
                "printf 0123456789abcdef | dd of=out/root.squashfs bs=1 seek=5000 conv=notrunc",
                ["root.squashfs", "verity tree"]
            ),
            ("truncate -s -1 out/root.chunks", ["root.chunks", "chunk index"]),
            ("echo >> out/manifest.sig", ["manifest.sig"]),
            ("sed -i 's/\"name\": \"test\"/\"name\": \"tost\"/' out/manifest.json", ["manifest.sig"]),
        ])
    func finds(damage: String, subjects: [String]) throws {
        let yard = try ImageYard()
        try yard.build()
        try yard.run("{ \(damage); } 2>/dev/null")
        #expect(try yard.verify() == subjects)
    }

    @Test("a key that did not sign is found, a missing file is no verdict")
    func otherKey() throws {
        let yard = try ImageYard()
        try yard.build()
        let findings = try ImageVerifier.verify(
            ImageFolder(yard.file("out")), key: SigningKey().publicKey())
        #expect(findings.filter { $0.fault != nil }.map(\.subject) == ["manifest.sig"])
        try yard.run("rm out/vmlinuz")
        #expect(throws: (any Error).self) { try yard.verify() }
    }

    @Test("options that squashfs does not have are told as such")
    func options() throws {
        let yard = try ImageYard()
        let error = #expect(throws: SquashfsError.self) { try yard.build { $0.blockSize = 12_345 } }
        #expect(error?.cause.contains("power of two") == true)
        #expect(throws: SquashfsError.self) { try yard.build { $0.compressionLevel = 23 } }
    }
}
