import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

/// Builds a layer on the packages that another has published.
@Suite("boatyard package build on a layer below", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct LowerLayerInteropTests {
    /// A layer of one package in the cache of nobody, above what the built layer has published into a layout.
    private static func upper(_ key: String) throws -> BuiltLayer {
        let lower = try BuiltLayer.copy()
        let program = try BuiltLayer.program
        try lower.run("\(program) key generate -o keys")
        let created = try lower.boatyard(["repository", "create", "--output", "\(lower.folder)/made"])
        try #require(created.status == 0, "\(created.errors)")
        try lower.run(
            """
            \(program) repository publish made oci:$PWD/published --key keys/lifeboot.key --memory memory.json
            """)
        let upper = try BuiltLayer.new([])
        try upper.run(
            """
            mkdir -p layer/packages/sail; cp -r \(lower.folder)/published .; cp -r \(lower.folder)/keys layer/
            printf 'format: 1\\nname: upper\\nlayers: [{name: little, repository: "oci:../published", key: \(key)}]\\n' >layer/boatyard.yaml
            printf 'format: 1\\nname: app/sail\\nversion: 2.0\\nrequires: [app/low >= 1]\\nbuild:\\n' >layer/packages/sail/package.yaml
            cat >>layer/packages/sail/package.yaml <<'END'
              from: {packages: [app/low, system/base]}
              copy: [{package: app/side, source: /srv, destination: /usr/share/copied}]
              steps: ["cat /usr/share/low /usr/share/copied/side >/usr/share/sail"]
            END
            """)
        return upper
    }

    @Test("takes its packages by the lock, from a cache without any of them, and then without a request")
    func builds() throws {
        let upper = try Self.upper("keys/lifeboot.pub")
        let outcome = try upper.boatyard(["package", "build"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.packages("built") == ["app/sail"])
        #expect(try upper.content("usr/share/sail", of: "app/sail") == "the text\nhello\none\n")
        let lock = try upper.run("cat layer/boatyard.lock")
        for name in ["app/low", "app/side", "system/base"] { #expect(lock.contains("\"\(name)\""), "\(lock)") }
        #expect(!lock.contains("\"app/top\""))
        // The repository is not needed any more.
        try upper.run("mv published away")
        let warm = try upper.boatyard(["package", "build", "--offline", "--locked"])
        #expect(warm.packages("cached") == ["app/sail"], "\(warm.errors)")
        try upper.edit("packages/sail/package.yaml", "/usr/share/sail", "/usr/share/other")
        let changed = try upper.boatyard(["package", "build", "--offline"])
        #expect(changed.packages("built") == ["app/sail"], "\(changed.errors)")
    }

    @Test("refuses a repository that another key has signed, and a package whose blob is another")
    func trust() throws {
        let upper = try Self.upper("other/lifeboot.pub")
        try upper.run("\(try BuiltLayer.program) key generate -o layer/other")
        let refused = try upper.boatyard(["package", "build"])
        #expect(refused.status == 2 && refused.errors.contains("sign"), "\(refused.errors)")
        try upper.edit("boatyard.yaml", "other/", "keys/")
        let locked = try upper.boatyard(["lock"])
        #expect(locked.status == 0, "\(locked.errors)")
        try upper.run("for f in published/blobs/sha256/*; do gzip -t $f 2>/dev/null && printf x >>$f; done; true")
        let damaged = try upper.boatyard(["package", "build"])
        #expect(damaged.status == 2 && damaged.packages("failed") == ["app/sail"], "\(damaged.errors)")
    }
}
