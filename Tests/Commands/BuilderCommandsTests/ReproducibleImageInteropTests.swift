import LinuxSystem
import SystemPackage
import Testing

/// Builds the image of one layer from one lock as people do who have nothing else in common.
@Suite("Images of one lock", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct ReproducibleImageInteropTests {
    private static let file = """
        steps: [cat /build/word >/usr/share/step; mkdir /srv/made; touch /srv/made/empty; /bin/busybox hostname >/srv/made/host]
        finalize: ["cat /usr/share/step /usr/share/mid >/boot/initrd.img-6.1-2; umask >/usr/share/mask; id >>/usr/share/mask"]
        """

    /// A copy of a layer as another checkout has it, with the lock and the keys, and no cache.
    private static func copy(_ layer: BuiltLayer, _ script: String = ":") throws -> BuiltLayer {
        let copy = try BuiltLayer.new([])
        try copy.run("cp -r \(layer.layer) \(layer.folder)/keys .; \(script)")
        return copy
    }

    /// The words that run others on another day, as their own clocks tell it.
    private static let otherDay = ["env", "NO_FAKE_STAT=1", "DONT_FAKE_MONOTONIC=1", "faketime", "-f", "+40d"]

    @Test("are the same bytes on another day, in another folder, for another user, umask, time zone, language and home")
    func same() throws {
        let first = try BuiltLayer.copy(withCache: false)
        try ImageLayerFixture.write(to: first, Self.file)
        let words = ["--output", "out", "--container", "twin"]
        func build(
            _ layer: BuiltLayer, _ more: [String], after: [String] = [], _ environment: [String: String] = [:]
        )
            throws
        {
            let words = words.map { $0.hasPrefix("--") ? $0 : "\(layer.folder)/\($0)" }
            let built = try ImageLayerFixture.build(layer, words + more, after: after, environment: environment)
            try #require(built.status == 0, "\(built.text)")
        }
        try build(first, ["-j", "1"])

        // Another checkout: everything is new there, and nobody else may read it.
        let second = try Self.copy(
            first, "chmod -R go-rwx layer; find layer -exec touch -h -d '2001-02-03 04:05' {} +; chmod 755 layer")
        let tomorrow =
            ["sh", "-c", "umask 077; exec \"$@\"", "sh"] + Self.otherDay
        try build(
            second, ["-j", "4", "--storage", "vfs", "--locked"], after: tomorrow,
            ["TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "HOME": "\(second.folder)/home"])
        try Self.compare(first, second)

        let third = try Self.copy(first, "mkdir cache out.parent; chmod 644 keys/*")
        let user = try PackageBuildHostTests.asUser(third, ranges: "captain:200000:65536\\n")
        try third.run("chmod 1777 .; chown -R 4321 cache")
        try build(third, ["-j", "2"], after: ["sh", "-c", "umask 002; exec \"$@\"", "sh"] + user)
        try Self.compare(first, third)
        #expect(
            try first.run("umoci unpack --image twin:1.0 bundle >&2; cat bundle/rootfs/srv/made/host") == "localhost\n")
        // What nobody could have made equal is told apart.
        #expect(try first.run("cmp -s out/manifest.sig \(second.folder)/out/manifest.sig || echo other") == "other\n")
    }

    /// Compares everything but what is signed, and the packages.
    private static func compare(_ one: BuiltLayer, _ other: BuiltLayer) throws {
        let differences = try one.run(
            "{ diff -r -x manifest.sig out \(other.folder)/out; diff -r twin \(other.folder)/twin; } 2>&1 || :")
        #expect(differences.isEmpty, "\(differences)")
        let names = try one.run("cd out; ls")
        for name in ["root.squashfs", "initrd.img", "manifest.json", "sbom.spdx.json", "provenance.json"] {
            #expect(names.contains("\(name)\n"))
        }
        #expect(try one.run("ls out twin/blobs/sha256") == other.run("ls out twin/blobs/sha256"))
        #expect(try one.artefacts() == other.artefacts())
    }
}
