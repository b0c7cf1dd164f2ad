import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

/// Builds the image of a layer with the real program and the real buildah.
///
/// There is no kernel in it, so that the checks refuse it in the end; its container twin is what is looked at.
@Suite("boatyard image build of a layer", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct LayerImageInteropTests {
    private static let file = """
        format: 1
        name: harbour
        version: 1.0
        packages: [app/mid, app/ready]
        files: [{source: files}]
        oem: oem
        keys: [own.pub]
        steps: [cat /build/word >/usr/share/step; ip -o link | wc -l >>/usr/share/step]
        finalize: ["cat /usr/share/last >/usr/share/end; echo k=$KERNEL >>/usr/share/end"]
        os-release: {NAME: Harbour}

        """

    private static func layer() throws -> BuiltLayer {
        let layer = try BuiltLayer.copy()
        try layer.add("ready", "requires: [app/low]\nfinalize: [\"echo a package >/usr/share/last\"]")
        try layer.run(
            """
            \(try BuiltLayer.program) key generate -o keys; cp keys/lifeboot.pub layer/own.pub
            mkdir -p layer/files/srv layer/oem layer/build; echo file >layer/files/srv/own; echo word >layer/build/word
            echo 'hostname: x' >layer/oem/10.yaml
            """)
        try AtomicFile.write(Array(file.utf8), to: layer.layer.appending("derivative.yaml"))
        return layer
    }

    /// Builds, without `--json`, which images do not have.
    private static func build(
        _ layer: BuiltLayer, _ words: [String] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32?, text: String) {
        let all =
            try [
                "image", "build", "\(layer.layer)/derivative.yaml", "--key", "\(layer.folder)/keys/lifeboot.key", "-o",
                "\(layer.folder)/out", "--container", "\(layer.folder)/twin", "--cache-dir", layer.cache.string,
                "--set",
                "image=oci:\(BuiltLayer.image):latest",
            ] + words
        let outcome = try ChildProcess.run(
            BuiltLayer.program.string, all, environment: BuiltLayer.environment(environment),
            errors: .capture(atMost: 1 << 20), timeout: .seconds(300))
        guard case .exited(let status) = outcome.termination else { return (nil, "\(outcome.termination)") }
        return (status, String(decoding: outcome.standardError, as: UTF8.self))
    }

    /// A file of the twin, or what is wrong.
    private static func content(_ path: String, _ layer: BuiltLayer) throws -> String {
        try layer.run(
            "rm -rf bundle; umoci unpack --image twin:1.0 bundle >/dev/null 2>&1; cat bundle/rootfs/\(path)")
    }

    @Test(
        "has packages, files, what steps did, and what packages and file do last, each once as long as nothing changes")
    func whole() throws {
        let layer = try Self.layer()
        let first = try Self.build(layer)
        // Nothing boots without a kernel; the container was there before that was asked.
        #expect(first.status == 2 && first.text.contains("kernel"), "\(first.text)")
        #expect(try layer.run("test ! -e out; ls twin/index.json") == "twin/index.json\n")
        #expect(try Self.content("usr/share/low", layer) == "the text\nhello\n")
        #expect(try Self.content("srv/own", layer) == "file\n")
        #expect(try Self.content("system/oem/10.yaml", layer) == "hostname: x\n")
        #expect(try Self.content("usr/lib/lifeboot/keys/own.pem", layer).contains("PUBLIC KEY"))
        #expect(try Self.content("usr/share/step", layer) == "word\n1\n")
        #expect(try Self.content("usr/share/end", layer) == "a package\nk=\n")
        #expect(
            try Self.content("usr/lib/os-release", layer)
                == "IMAGE_ID=\"harbour\"\nIMAGE_VERSION=\"1.0\"\nNAME=\"Harbour\"\n")
        let list = try JSONValue(parsing: Array(Self.content("usr/lib/lifeboot/packages.json", layer).utf8))
        let names = Set((list["packages"]?.elements ?? []).compactMap { $0["name"]?.text })
        #expect(names.isSuperset(of: ["app/mid", "app/ready", "app/low", "system/base"]) && !names.contains("app/top"))
        let twin = try layer.run("cat twin/index.json; rm -r twin")
        // Nothing has changed: nobody is started, and the container is the same.
        let path = try layer.notingBuildah()
        let again = try Self.build(layer, ["--locked", "--offline"], environment: path)
        #expect(again.status == 2, "\(again.text)")
        #expect(try layer.run("cat calls; cat twin/index.json") == twin)
        // Another step is made again with what follows, and no package.
        try layer.edit("derivative.yaml", "name: harbour", "name: harbour\nboards: [pier]")
        try layer.edit("derivative.yaml", "cat /build/word", "cat /build/word /build/word")
        let changed = try Self.build(layer)
        #expect(changed.text.contains("image/harbour.steps 0: building: step 1"), "\(changed.text)")
        #expect(
            changed.text.contains("image/harbour.finalize 0: building")
                && changed.text.contains("image/harbour.files 0: cached"))
        #expect(!changed.text.contains("app/mid 1.0: building"), "\(changed.text)")
    }

    @Test("is that of a Containerfile alone, whose folder is the context, and is built again when that changes")
    func containerfile() throws {
        let layer = try BuiltLayer.new([])
        try layer.run(
            """
            \(try BuiltLayer.program) key generate -o keys; mkdir -p own/.git; echo text >own/text; echo x >own/.git/x
            printf 'FROM oci:\(try BuiltLayer.image):latest\\nCOPY . /srv/\\nRUN echo made >/boot.txt; mkdir /boot; : >/boot/initrd.img-1\\n' >own/Dockerfile
            """)
        func build(_ words: [String] = []) throws -> String {
            let outcome = try ChildProcess.run(
                BuiltLayer.program.string,
                [
                    "image", "build", "--containerfile", "\(layer.folder)/own", "--key",
                    "\(layer.folder)/keys/lifeboot.key",
                ]
                    + [
                        "-o", "\(layer.folder)/out", "--container", "\(layer.folder)/twin", "--cache-dir",
                        layer.cache.string,
                    ] + words,
                environment: BuiltLayer.environment(), errors: .capture(atMost: 1 << 20), timeout: .seconds(300))
            return String(decoding: outcome.standardError, as: UTF8.self)
        }
        let first = try build()
        #expect(first.contains("kernel"), "\(first)")
        let files = try layer.run(
            "rm -rf bundle; umoci unpack --image twin:latest bundle >/dev/null 2>&1; cd bundle/rootfs; find srv boot* -type f | sort"
        )
        #expect(files == "boot.txt\nboot/initrd.img-1\nsrv/Dockerfile\nsrv/text\n")
        #expect(try build().contains(": cached") == false)
        try layer.run("echo other >own/text")
        #expect(try build().contains("building: file text"))
        try layer.run("rm own/Dockerfile")
        #expect(try build().contains("there is no Containerfile"))
        #expect(try build(["--from", "x"]).contains("--containerfile, --from"))
    }

    @Test("says what is missing: a file, a package, a name for it")
    func missing() throws {
        let layer = try Self.layer()
        try layer.edit("derivative.yaml", "source: files", "source: nothing")
        #expect(try Self.build(layer).text.contains("layer/nothing"))
        try layer.edit("derivative.yaml", "app/ready", "app/raedy")
        #expect(try Self.build(layer).text.contains("did you mean app/ready"))
        try layer.run("rm layer/derivative.yaml")
        let none = try Self.build(layer)
        #expect(none.status == 2 || none.status == 64, "\(none.text)")
    }
}
