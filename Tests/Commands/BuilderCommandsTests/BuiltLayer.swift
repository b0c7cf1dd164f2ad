import Foundation
import JSONText
import LinuxSystem
import SystemPackage
import Testing

/// A layer of seven packages over busybox in a folder of its own, with a cache, for the real program and the real buildah.
final class BuiltLayer: Sendable {
    /// What the program printed and ended with.
    struct Outcome {
        var lines: [JSONValue]
        var errors: String
        var status: Int32
        var duration: Duration

        /// The packages in a state of the events: `built`, `unchanged`, `cached`, `failed`.
        func packages(_ states: String...) -> Set<String> {
            let names = lines.filter { states.contains($0["state"]?.text ?? "") }.compactMap { $0["subject"]?.text }
            return Set(names.map { String($0.prefix { $0 != " " }) })
        }

        /// Why a package is in the state in which it is.
        func cause(_ name: String, _ state: String) -> String {
            lines.first { $0["state"]?.text == state && $0["subject"]?.text?.hasPrefix("\(name) ") == true }?["cause"]?
                .text ?? ""
        }
    }

    /// What the steps may write into, as hidden in the files.
    static let secret = "word-that-nobody-may-see"

    /// The folder of all.
    let folder: FilePath
    var layer: FilePath { folder.appending("layer") }
    var cache: FilePath { folder.appending("cache") }

    /// What every verb is told besides, such as where the image is.
    private let options: [String]

    /// Describes the folder of a layer that is there.
    private init(_ folder: FilePath, _ options: [String], _ broom: Broom? = nil) {
        self.folder = folder
        self.options = options
        self.broom = broom
    }

    /// A folder for a layer with files of its own.
    static func new(_ options: [String]) throws -> BuiltLayer {
        let layer = BuiltLayer(newFolder(), options)
        try Folders.make(layer.folder)
        return layer
    }

    deinit { try? Folders.remove(folder, .tree) }

    /// Removes a folder when this process ends in whatever way: what is static has no end of its own.
    private final class Broom: Sendable {
        private let child: ChildProcess

        init(_ folder: FilePath) throws {
            let script = "trap '' INT TERM HUP; cat >/dev/null; rm -rf \"$1\""
            child = try ChildProcess.spawn("sh", ["-c", script, "sh", folder.string])
        }
    }

    /// The layer, built once for all tests.
    static let cold = Result { try BuiltLayer.build() }

    private let broom: Broom?

    private static func build() throws -> (layer: BuiltLayer, outcome: Outcome) {
        let folder = newFolder()
        let layer = BuiltLayer(folder, ["--set", "image=oci:\(folder)/image:latest"], try Broom(folder))
        try Folders.make(layer.folder)
        try LayerSources.write(into: layer.folder)
        let outcome = try layer.boatyard(["package", "build", "-j", "3"])
        return (layer, outcome)
    }

    private static func newFolder() -> FilePath {
        // Not every program takes capital letters in a path.
        FilePath("/tmp/Built-layer-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))")
    }

    /// A copy of the built layer for a test that changes it.
    static func copy(withCache: Bool = true) throws -> BuiltLayer {
        let built = try cold.get()
        try #require(built.outcome.status == 0, "\(built.outcome.errors)")
        let layer = try new(built.layer.options)
        let names = ["layer"] + (withCache ? ["cache"] : [])
        let sources = names.map { built.layer.folder.appending($0).string }
        _ = try ChildProcess.run("cp", ["-a"] + sources + [layer.folder.string], timeout: .seconds(120))
            .requireSuccess()
        return layer
    }

    /// The program, beside that of these tests; an error when nobody built it.
    static var program: FilePath {
        get throws {
            let program = try ThisProcess.program.removingLastComponent().appending("boatyard")
            try #require(try FileStatus.of(program) != nil, "\(program) is not there: build all products")
            return program
        }
    }

    /// The layout with the image; that of all layers, so that its place is the same for all.
    static var image: FilePath { get throws { try cold.get().layer.folder.appending("image") } }

    /// The words that run the program on this layer.
    func words(_ verb: [String]) throws -> [String] {
        [try Self.program.string] + verb + options + [
            "--layer", layer.string, "--cache-dir", cache.string, "--json",
        ]
    }

    /// What the program sees of the environment.
    static func environment(_ own: [String: String] = [:]) -> [String] {
        var all = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LAYER_TEST_SECRET": secret]
        for name in ["LLVM_PROFILE_FILE", "LD_LIBRARY_PATH"] { all[name] = ThisProcess.variable(name) }
        return all.merging(own) { $1 }.map { "\($0.key)=\($0.value)" }
    }

    /// Runs the program, after other words such as `setpriv`.
    func boatyard(
        _ verb: [String], after prefix: [String] = [], environment: [String: String] = [:]
    ) throws -> Outcome {
        let words = prefix + (try words(verb))
        let start = ContinuousClock.now
        let outcome = try ChildProcess.run(
            words[0], Array(words.dropFirst()), environment: Self.environment(environment),
            errors: .capture(atMost: 1 << 20), timeout: .seconds(300))
        let duration = start.duration(to: .now)
        let lines = outcome.standardOutput.split(separator: 0x0A).compactMap { try? JSONValue(parsing: Array($0)) }
        guard case .exited(let status) = outcome.termination else {
            return Outcome(lines: lines, errors: "\(outcome.termination)", status: -1, duration: duration)
        }
        let failures = lines.filter { $0["state"] == "failed" }.compactMap { $0["cause"]?.text }
        let errors = failures + [String(decoding: outcome.standardError, as: UTF8.self)]
        return Outcome(
            lines: lines, errors: errors.joined(separator: "\n"), status: status, duration: duration)
    }

    /// Runs a script of the shell in the folder, and gives what it prints.
    @discardableResult
    func run(_ script: String) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/sh", ["-ec", script], directory: folder, output: .capture(atMost: 1 << 22), timeout: .seconds(120)
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    /// Makes a buildah that notes its calls in the file `calls`.
    ///
    /// - Returns: the environment in which it is found.
    func notingBuildah() throws -> [String: String] {
        try run(
            """
            mkdir -p bin; printf '#!/bin/sh\\necho "$@" >>%s/calls\\nexec /usr/bin/buildah "$@"\\n' "$PWD" >bin/buildah
            chmod 755 bin/buildah; : >calls
            """)
        return ["PATH": "\(folder)/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    }

    /// Makes a buildah that so often cannot start itself to run a step, as the real one on a busy machine.
    ///
    /// - Parameter verb: `run`, or `build`, which has said something before.
    /// - Returns: the environment in which it is found.
    func refusingBuildah(_ verb: String, times: Int) throws -> [String: String] {
        let path = try notingBuildah()
        try run(
            """
            cat >bin/buildah <<'END'
            #!/bin/sh
            case " $* " in *" \(verb) --isolation "*)
                echo >>\(folder)/starts
                if [ "$(wc -l <\(folder)/starts)" -le \(times) ]; then
                    [ \(verb) = run ] || echo 'STEP 1/2: FROM scratch'
                    echo 'Error sealing memfd copy: Device or resource busy' >&2
                    exit 1
                fi ;;
            esac
            exec /usr/bin/buildah "$@"
            END
            """)
        return path
    }

    /// Changes a text in a file of the layer.
    func edit(_ file: String, _ old: String, _ new: String) throws {
        let path = layer.pushing(FilePath(file))
        let text = String(decoding: try FileBytes.read(path, limit: 1 << 20), as: UTF8.self)
        try #require(text.contains(old))
        try AtomicFile.write(Array(text.replacingOccurrences(of: old, with: new).utf8), to: path)
    }

    /// Adds a package.
    func add(_ name: String, _ text: String) throws {
        let folder = layer.pushing(FilePath("packages/\(name)"))
        try Folders.make(folder)
        let file = "format: 1\nname: app/\(name)\nversion: 1.0\n\(text)\n"
        try AtomicFile.write(Array(file.utf8), to: folder.appending("package.yaml"))
    }

    /// The digests of the layers of all packages, as the cache has them.
    func artefacts() throws -> [String: String] {
        var all: [String: String] = [:]
        for file in try Folders.names(of: cache.appending("last")) {
            let record = try JSONValue(parsing: FileBytes.read(cache.appending("last/\(file)"), limit: 1 << 20))
            for output in record["outputs"]?.elements ?? [] {
                all[output["name"]?.text ?? ""] = output["layer"]?.text ?? "none"
            }
        }
        return all
    }

    /// What tar says of a package's layer: mode, owner, path.
    func list(_ name: String) throws -> [String] {
        let layer = try #require(try artefacts()[name]).dropFirst("sha256:".count)
        let text = try run("tar --numeric-owner -tvzf cache/blobs/sha256/\(layer) | awk '{print $1, $2, $6, $7, $8}'")
        return text.split(separator: "\n").map { line in
            line.split(separator: " ").joined(separator: " ")
        }
    }

    /// The content of a file of a package's layer.
    func content(_ path: String, of name: String) throws -> String {
        let layer = try #require(try artefacts()[name]).dropFirst("sha256:".count)
        return try run("tar -xOzf cache/blobs/sha256/\(layer) \(path)")
    }
}
