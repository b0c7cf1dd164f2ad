import Faults
package import LinuxSystem
package import SystemPackage

/// Owns a container in which steps run, and removes it.
package struct BuildContainer: ~Copyable {
    /// What buildah and the runtime give every step besides the package's own environment: nothing of who builds, where, or
    /// when, so that the result does not depend on it.
    package static func environment(epoch: Int64, _ own: [String: String]) -> [String] {
        var all = [
            "HOME": "/root", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1", "SOURCE_DATE_EPOCH": String(epoch),
        ]
        for (name, value) in own { all[name] = value }
        return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    /// Sets what a step would inherit of who builds; then the step, with nothing in front of it that shifts its lines.
    private static let shell = ["/bin/sh", "-ec", "umask 022; exec /bin/sh -ec \"$1\"", "sh"]

    private let buildah: Buildah
    private let name: String
    private var isKept = false
    /// The environment of all steps, as `NAME=value`.
    private let environment: [String]
    /// Folders of this machine that steps see, as `SOURCE:TARGET:ro`.
    private let volumes: [String]

    /// Makes a container.
    ///
    /// - Parameters:
    ///   - image: see `Buildah.container`.
    /// - Throws: `ProcessError`.
    package init(
        _ buildah: Buildah, from image: String, environment: [String], volumes: [String]
    ) throws(ProcessError) {
        let name = "build-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        try buildah.container(from: image, named: name)
        self.buildah = buildah
        self.name = name
        self.environment = environment
        self.volumes = volumes
    }

    /// Runs one step, a text for `/bin/sh -ec`.
    ///
    /// - Returns: how it ended.
    /// - Throws: `ProcessError` when it cannot be started or is not finished in time.
    package borrowing func run(
        _ step: String, hasNetwork: Bool, output: FileDescriptor, timeout: Duration
    ) throws(ProcessError) -> ChildProcess.Outcome {
        try buildah.run(
            Self.shell + [step], in: name, environment: environment, volumes: volumes, hasNetwork: hasNetwork,
            output: output, timeout: timeout)
    }

    /// Where its tree is to be seen.
    ///
    /// - Throws: `ProcessError`.
    package borrowing func mount() throws(ProcessError) -> FilePath { try buildah.mount(name) }

    /// Copies from an image, or from this machine, into it.
    ///
    /// - Throws: `ProcessError`.
    package borrowing func copy(_ source: String, from image: String? = nil, to target: String) throws(ProcessError) {
        try buildah.copy(source, from: image, to: target, in: name)
    }

    /// Keeps its tree as an image in the store.
    ///
    /// - Throws: `ProcessError`.
    package borrowing func commit(as image: String) throws(ProcessError) { try buildah.commit(name, as: image) }

    /// Removes it; until then its tree is to be seen.
    package consuming func end() {}

    /// Leaves it in the store, until the next build removes it.
    ///
    /// - Returns: the words of a command that enters it.
    package mutating func keep() -> [String] {
        isKept = true
        return buildah.entry(to: name)
    }

    deinit { if !isKept { buildah.remove(name) } }
}
