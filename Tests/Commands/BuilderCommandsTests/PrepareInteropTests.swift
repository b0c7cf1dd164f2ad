import LinuxSystem
import SystemPackage
import Testing

/// Runs `prepare` with the real program and the real buildah, whose calls are noted.
@Suite("What prepare leaves", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct PrepareInteropTests {
    private static let package = """
        build:
          from: {packages: [system/base]}
          prepare: ["echo tool-of-the-trade >/etc/tool"]
          steps: ["mkdir -p /srv; cat /etc/tool /build/text >/srv/made; echo one >>/srv/made"]
        """

    /// A layer with a package that prepares, and the environment in which buildah notes its calls.
    private static func prepared() throws -> (layer: BuiltLayer, path: [String: String]) {
        let layer = try BuiltLayer.copy()
        try layer.add("prep", package)
        try layer.run("echo text >layer/packages/prep/text")
        let path = try layer.notingBuildah()
        #expect(try build(layer, path) == 1)
        return (layer, path)
    }

    /// Builds a package, and counts how often it was prepared.
    private static func build(_ layer: BuiltLayer, _ path: [String: String], _ name: String = "prep") throws -> Int {
        try layer.run(": >calls")
        let outcome = try layer.boatyard(["package", "build", "app/\(name)"], environment: path)
        #expect(outcome.status == 0 && outcome.names("built", "unchanged") == [name], "\(outcome.errors)")
        return try #require(Int(layer.run("grep -c 'run .*tool-of-the-trade' calls || true").dropLast()))
    }

    private static let buildah =
        "buildah --root cache/store-overlay/root --runroot cache/store-overlay/run --storage-driver overlay"

    @Test("is there for other steps, for another folder and for another package, and is no content of any")
    func reuse() throws {
        let (layer, path) = try Self.prepared()
        let first = try #require(try layer.artefacts()["app/prep"])
        try layer.edit("packages/prep/package.yaml", "echo one", "echo two")
        #expect(try Self.build(layer, path) == 0)
        #expect(try layer.content("srv/made", of: "app/prep") == "tool-of-the-trade\ntext\ntwo\n")
        #expect(try layer.list("app/prep") == ["drwxr-xr-x 0/0 srv/", "-rw-r--r-- 0/0 srv/made"])
        try layer.run("echo other >layer/packages/prep/text")
        #expect(try Self.build(layer, path) == 0)
        #expect(try layer.content("srv/made", of: "app/prep") == "tool-of-the-trade\nother\ntwo\n")
        try layer.add("same", Self.package.replacing("/build/text ", with: ""))
        #expect(try Self.build(layer, path, "same") == 0)
        // What was made of what was kept is what would have been made without it.
        try layer.run("echo text >layer/packages/prep/text")
        try layer.edit("packages/prep/package.yaml", "echo two", "echo one")
        let again = try layer.boatyard(["package", "build", "--rebuild", "app/prep"], environment: path)
        #expect(again.names("unchanged") == [] && again.names("built") == ["prep"], "\(again.errors)")
        #expect(try layer.artefacts()["app/prep"] == first)
    }

    @Test("is made again for other commands, another base, and a folder that the commands name")
    func change() throws {
        let (layer, path) = try Self.prepared()
        try layer.edit("packages/prep/package.yaml", "tool-of-the-trade >", "tool-of-the-trade 2 >")
        #expect(try Self.build(layer, path) == 1)
        try layer.edit("packages/prep/package.yaml", "packages: [system/base]", "packages: [app/low]")
        #expect(try Self.build(layer, path) == 1)
        try layer.edit("packages/prep/package.yaml", "2 >/etc/tool", "2 >/etc/tool; cat /build/text >>/etc/tool")
        #expect(try Self.build(layer, path) == 1)
        try layer.run("echo other >layer/packages/prep/text")
        #expect(try Self.build(layer, path) == 1)
        #expect(try layer.content("srv/made", of: "app/prep") == "tool-of-the-trade 2\nother\nother\none\n")
    }

    @Test("is not used when a cut left half of it, or somebody removed it")
    func half() throws {
        let (layer, path) = try Self.prepared()
        // The note is the last thing that is made.
        try layer.run(
            "for key in $(ls -t cache/store-overlay/kept | head -n 1); do rm cache/store-overlay/kept/$key; done")
        try layer.edit("packages/prep/package.yaml", "echo one", "echo two")
        #expect(try Self.build(layer, path) == 1)
        try layer.run("\(Self.buildah) rmi --all --force")
        try layer.edit("packages/prep/package.yaml", "echo two", "echo three")
        #expect(try Self.build(layer, path) == 1)
        #expect(try layer.content("srv/made", of: "app/prep") == "tool-of-the-trade\ntext\nthree\n")
    }

    @Test("goes when the cache is made smaller, as all that buildah keeps without a note")
    func prune() throws {
        let (layer, path) = try Self.prepared()
        // One for the package, one for `app/low`, and the container of `app/low`, which another is built in.
        #expect(try layer.run("ls cache/store-overlay/kept | wc -l") == "3\n")
        #expect(try layer.prune(to: "1G") == 0)
        #expect(try layer.run("ls cache/store-overlay/kept | wc -l") == "3\n")
        #expect(try layer.run("\(Self.buildah) images -q --all | sort -u | wc -l") == "3\n")
        try layer.edit("packages/prep/package.yaml", "echo one", "echo two")
        #expect(try Self.build(layer, path) == 0)
        #expect(try layer.prune(to: "1") == 0)
        #expect(try layer.run("ls cache/store-overlay/kept; \(Self.buildah) images -q --all") == "")
        let outcome = try layer.boatyard(["package", "build"], environment: path)
        #expect(outcome.names("failed") == [] && outcome.status == 0, "\(outcome.errors)")
    }
}

extension BuiltLayer {
    /// Makes the cache smaller, and gives the exit status.
    fileprivate func prune(to size: String) throws -> Int32 {
        let words = ["cache", "prune", "--size", size, "--cache-dir", cache.string]
        let outcome = try ChildProcess.run(
            Self.program.string, words, environment: Self.environment(), timeout: .seconds(120))
        if case .exited(let status) = outcome.termination { return status }
        return -1
    }
}
