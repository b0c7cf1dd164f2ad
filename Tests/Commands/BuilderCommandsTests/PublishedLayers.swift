import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

/// Layers whose images are published with their twins in the real docker-registry: `low`, and what lies on it.
///
/// There is a kernel in them as far as the checks ask for one; nothing boots.
final class PublishedLayers {
    /// What a run of the program said.
    struct Outcome {
        var status: Int32?
        var text: String
    }

    let server: RegistryServer
    /// The folder of all, with `keys` and `other`, two pairs of keys.
    let all: BuiltLayer
    var host: String { server.host }

    private static let base = """
        t=low/packages/base/tree
        mkdir -p $t/bin $t/sbin $t/etc $t/boot $t/usr/lib/modules/6.1 $t/usr/lib/lifeboot $t/var/lib/dpkg
        cp /bin/busybox $t/bin/; for n in sh cat mkdir rm; do ln -s busybox $t/bin/$n; done; cp /bin/true $t/sbin/init
        printf 'ID=test\\nVERSION_ID=7\\n' >$t/etc/os-release
        echo root:x:0:0:root:/root:/bin/sh >$t/etc/passwd; echo root:x:0: >$t/etc/group
        printf kernel >$t/boot/vmlinuz-6.1; printf initrd >$t/boot/initrd.img-6.1; printf agent >$t/usr/lib/lifeboot/lifeboot-init
        printf 'Package: sh\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 1\\n\\n' >$t/var/lib/dpkg/status
        """

    /// Steps that make an account and an entry in dpkg's list.
    static func installing(_ name: String, _ number: Int) -> String {
        #"printf 'Package: \#(name)\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n' >>/var/lib/dpkg/status; "#
            + "echo \(name):x:\(number):\(number)::/:/bin/false >>/etc/passwd; mkdir -p /usr/share; echo \(name) >/usr/share/\(name)"
    }

    /// Starts the registry, and writes `low`: `system/base`, and `system/tool` on it.
    init() throws {
        server = try RegistryServer()
        all = try BuiltLayer.new([])
        try all.run("\(try BuiltLayer.program) key generate -o keys; \(try BuiltLayer.program) key generate -o other")
        try write("low/boatyard.yaml", "name: low")
        try write(
            "low/packages/base/package.yaml",
            "name: system/base\nversion: 1.0\nlicense: MIT\nprovides: [system/libc = 2]\nartefact: {files: tree/}")
        try write(
            "low/packages/tool/package.yaml",
            "name: system/tool\nversion: 1.0\nrequires: [system/base]\nbuild:\n  from: {packages: [system/base]}\n"
                + "  steps:\n    - |\n      \(Self.installing("tool", 102))\n"
                + "finalize: [echo finalized >/usr/share/finalized]")
        try all.run(Self.base)
        try image("low", "1.0", "packages: [system/tool]")
    }

    /// Writes a file of a layer.
    func write(_ name: String, _ text: String) throws {
        let path = all.folder.pushing(FilePath(name))
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(Array("format: 1\n\(text)\n".utf8), to: path)
    }

    /// Writes `derivative.yaml` of a layer.
    func image(_ layer: String, _ version: String, _ rest: String) throws {
        try write(
            "\(layer)/derivative.yaml",
            "name: \(layer)\nversion: \(version)\nsequence: 1\nkeys: [own.pub]\nos-release: {NAME: \(layer)}\n\(rest)")
        try all.run("cp keys/lifeboot.pub \(layer)/own.pub")
    }

    /// Runs the program on a layer.
    func boatyard(_ verb: [String], _ layer: String, environment: [String: String] = [:]) throws -> Outcome {
        let words = verb + ["--layer", "\(all.folder)/\(layer)", "--cache-dir", all.cache.string]
        return try run(words, environment)
    }

    /// Runs the program with these words alone.
    func run(_ words: [String], _ environment: [String: String] = [:]) throws -> Outcome {
        let outcome = try ChildProcess.run(
            BuiltLayer.program.string, words, environment: BuiltLayer.environment(environment),
            directory: all.folder, errors: .capture(atMost: 1 << 20), timeout: .seconds(300))
        guard case .exited(let status) = outcome.termination else { return Outcome(text: "\(outcome.termination)") }
        return Outcome(
            status: status,
            text: String(decoding: outcome.standardOutput + outcome.standardError, as: UTF8.self))
    }

    /// Builds the image of a layer, with its twin beside it.
    func build(_ layer: String, _ words: [String] = []) throws -> Outcome {
        try all.run("rm -rf out-\(layer) twin-\(layer)")
        let key = all.folder.appending("keys/lifeboot.key").string
        return try boatyard(
            ["image", "build", "--key", key, "-o", "out-\(layer)", "--container", "twin-\(layer)"] + words, layer)
    }

    /// Publishes what was built.
    func publish(_ layer: String, _ tag: String, _ words: [String]? = nil) throws {
        let twin = words ?? ["--with-container", "oci:twin-\(layer)", "--key", "keys/lifeboot.key"]
        let outcome = try run(["image", "publish", "out-\(layer)", "oci://\(host)/\(layer)/os:\(tag)"] + twin)
        try #require(outcome.status == 0, "\(outcome.text)")
    }

    /// Publishes the packages of a layer, and says where.
    func publishPackages(_ layer: String) throws -> String {
        try all.run("rm -rf made")
        let create = try boatyard(["repository", "create", "--output", "\(all.folder)/made"], layer)
        try #require(create.status == 0, "\(create.text)")
        let place = "oci://\(host)/\(layer)/packages"
        let publish = try run(
            ["repository", "publish", "made", place, "--key", "keys/lifeboot.key", "--memory", "memory.json"])
        try #require(publish.status == 0, "\(publish.text)")
        return place
    }

    /// A file of a layer's twin.
    func content(_ path: String, _ layer: String) throws -> String {
        try all.run(
            """
            rm -rf bundle; tag=$(umoci ls --layout twin-\(layer)); umoci unpack --image twin-\(layer):$tag bundle >/dev/null 2>&1
            cat bundle/rootfs/\(path)
            """)
    }

    /// The packages that a layer's twin lists.
    func packages(_ layer: String) throws -> [String] {
        let list = try JSONValue(parsing: Array(content("usr/lib/lifeboot/packages.json", layer).utf8))
        return (list["packages"]?.elements ?? []).compactMap { entry in
            entry["name"]?.text.map { "\($0) \(entry["version"]?.text ?? "")" }
        }
    }
}
