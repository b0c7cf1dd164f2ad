import JSONText
import LinuxSystem
import OutputSchemas
import SystemPackage
import Testing

/// Runs the verbs that look at what was built, with the real program.
@Suite("What was built", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct PackageVerbInteropTests {
    /// Runs a verb that takes no layer.
    private static func run(
        _ layer: BuiltLayer, _ verb: [String]
    ) throws -> (output: String, errors: String, status: Int32) {
        let words = verb + ["--cache-dir", layer.cache.string]
        let outcome = try ChildProcess.run(
            BuiltLayer.program.string, words, environment: BuiltLayer.environment(), directory: layer.folder,
            errors: .capture(atMost: 1 << 20), timeout: .seconds(120))
        guard case .exited(let status) = outcome.termination else { return ("", "\(outcome.termination)", -1) }
        return (
            String(decoding: outcome.standardOutput, as: UTF8.self),
            String(decoding: outcome.standardError, as: UTF8.self), status
        )
    }

    @Test("is listed file by file, also of a package that was split off")
    func files() throws {
        let layer = try BuiltLayer.copy()
        let list = try Self.run(layer, ["package", "files", "app/low"])
        #expect(list.status == 0, "\(list.errors)")
        #expect(list.output.contains("file    0644  0:0  15  /usr/share/low\n"), "\(list.output)")
        #expect(list.output.split(separator: "\n").count == 5)
        let split = try Self.run(layer, ["package", "files", "app/low-net", "--json"])
        let json = try JSONValue(parsing: Array(split.output.utf8))
        try OutputSchema.check(json, "package-files")
        #expect(json["files"]?.elements?.last?["path"] == "/usr/share/net")
        #expect(json["files"]?.elements?.last?["mode"] == "0644")
        let base = try Self.run(layer, ["package", "files", "system/base"])
        #expect(base.output.contains("/bin/sh -> busybox\n"))
        let unknown = try Self.run(layer, ["package", "files", "app/none"])
        #expect(unknown.status == 2 && unknown.errors.contains("it was not built with the cache"))
    }

    @Test("is compared with what was built before, by its key")
    func diff() throws {
        let layer = try BuiltLayer.copy()
        // Their names: "package-show", "package-check".
        let listed = try JSONValue(parsing: Array(try Self.run(layer, ["cache", "list", "--json"]).output.utf8))
        let old = try #require(
            listed["builds"]?.elements?.first { $0["package"] == "app/low 1.0" }?["key"]?.text)
        let same = try Self.run(layer, ["package", "diff", old, "app/low"])
        #expect(same.status == 0 && same.output == "They are the same.\n", "\(same.errors)")
        try layer.edit(
            "packages/low/package.yaml", "- wc -c </run/secrets/token >/usr/share/length",
            "- chmod 600 /usr/share/id; echo more >>/usr/share/low; mkdir /srv")
        #expect(try layer.boatyard(["package", "build", "app/low"]).status == 0)
        let other = try Self.run(layer, ["package", "diff", String(old.prefix(12)), "app/low"])
        #expect(
            other.output == """
                - /usr/share/length
                + /srv
                ~ /usr/share/id: mode 0644 → 0600
                ~ /usr/share/low: content, 15 → 20 bytes

                """)
        #expect(other.status == 1)
        let document = try Self.run(layer, ["package", "diff", String(old.prefix(12)), "app/low", "--json"])
        try OutputSchema.check(try JSONValue(parsing: Array(document.output.utf8)), "package-diff")
        for verb in ["show", "check"] {
            let words = try layer.words(["package", verb])
            let said = try ChildProcess.run(
                words[0], Array(words.dropFirst()), environment: BuiltLayer.environment(), timeout: .seconds(120))
            try OutputSchema.check(try JSONValue(parsing: said.standardOutput), "package-\(verb)")
        }
    }

    @Test("becomes an extension image, unless it has files elsewhere")
    func export() throws {
        let layer = try BuiltLayer.copy()
        let made = try Self.run(layer, ["package", "export", "app/low", "--sysext", "-o", "10-low.squashfs"])
        #expect(made.status == 0, "\(made.errors)")
        let text = try layer.run(
            "unsquashfs -cat 10-low.squashfs usr/share/low usr/lib/extension-release.d/extension-release.10-low")
        #expect(text.hasPrefix("the text\nhello\nID=_any\nARCHITECTURE="))
        let refused = try Self.run(layer, ["package", "export", "app/side", "--sysext", "-o", "10-side.squashfs"])
        #expect(refused.status == 2 && refused.errors.contains("/srv, /srv/side"))
        #expect(try layer.run("ls") == "10-low.squashfs\ncache\nlayer\n")
    }

    @Test("can be taken out of any image without a build")
    func extract() throws {
        let layer = try BuiltLayer.copy()
        let reference = "oci:\(try BuiltLayer.image):one"
        let made = try Self.run(
            layer, ["package", "extract", reference, "-o", "out", "--include", "/etc", "--include", "/bin/sh"])
        #expect(made.status == 0, "\(made.errors)")
        #expect(
            try layer.run("cd out; find . | sort; cat etc/release") == ".\n./bin\n./bin/sh\n./etc\n./etc/release\none\n"
        )
        let again = try Self.run(layer, ["package", "extract", reference, "-o", "out"])
        #expect(again.status == 2 && again.errors.contains("it is there already"))
        let below = try Self.run(
            layer, ["package", "extract", reference, "-o", "bin", "--directory", "/bin", "--exclude", "/busybox"])
        #expect(try below.status == 0 && layer.run("ls bin | head -2") == "cat\ncp\n")
    }

    @Test("is kept in a cache that can be made smaller and mended, and builds again what is gone")
    func cache() throws {
        let layer = try BuiltLayer.copy()
        let artefacts = try layer.artefacts()
        let list = try Self.run(layer, ["cache", "list"])
        #expect(list.status == 0 && list.output.contains("app/low 1.0"), "\(list.errors)")
        #expect(try Self.run(layer, ["cache", "verify"]).status == 0)
        let blob = try #require(artefacts["app/low"]).dropFirst("sha256:".count)
        try layer.run("printf x | dd of=cache/blobs/sha256/\(blob) bs=1 seek=20 conv=notrunc status=none")
        let verified = try Self.run(layer, ["cache", "verify"])
        #expect(verified.status == 1 && verified.output.contains("sha256:\(blob) was damaged"), "\(verified.output)")
        let mended = try layer.boatyard(["package", "build"])
        #expect(mended.packages("built", "unchanged") == ["app/low"], "\(mended.errors)")
        #expect(mended.packages("cached").count == 6)
        let pruned = try Self.run(layer, ["cache", "prune", "--size", "1"])
        #expect(pruned.status == 0, "\(pruned.errors)")
        #expect(try layer.run("ls cache/blobs/sha256 cache/builds cache/bases | grep -v :") == "\n\n")
        let again = try layer.boatyard(["package", "build", "-j", "3"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try layer.artefacts() == artefacts)
    }
}
