import Faults
package import LinuxSystem
package import SystemPackage

/// Starts buildah (1.28 or newer) inside the enclosure, with our store and nothing of the user's.
package struct Buildah: Sendable {
    /// How long one of its own tasks may take, such as reading a base; steps have their own limit.
    private static let patience = Duration.seconds(1800)
    /// How often it is started when it cannot start itself.
    private static let starts = 3

    /// Where it keeps things.
    package var store: BuildStore
    /// Where what it says goes; nil for nowhere.
    package var log: FilePath?

    /// Describes how it is started.
    package init(_ store: BuildStore, log: FilePath? = nil) {
        self.store = store
        self.log = log
    }

    /// Makes a container of an image and gives its name.
    ///
    /// - Parameters:
    ///   - image: `scratch`, `oci:FOLDER:TAG` below the cache, or the name of an image in the store.
    /// - Throws: `ProcessError`.
    package func container(from image: String, named name: String) throws(ProcessError) {
        _ = try run(["from", "--pull=false", "--name", name, image])
    }

    /// Runs a command in a container.
    ///
    /// - Parameters:
    ///   - environment: `NAME=value` entries.
    ///   - volumes: `SOURCE:TARGET[:ro]`.
    ///   - hasNetwork: otherwise there is a loopback device alone; buildah cannot do that itself without a runtime.
    ///   - output: where what it prints goes.
    /// - Returns: how it ended; a status other than zero is no error here.
    /// - Throws: `ProcessError` when it cannot be started or is not finished in time.
    package func run(
        _ command: [String], in container: String, environment: [String], volumes: [String], hasNetwork: Bool,
        output: FileDescriptor, timeout: Duration
    ) throws(ProcessError) -> ChildProcess.Outcome {
        // Otherwise each container has a name of its own.
        let arguments =
            ["run", "--isolation", "chroot", "--hostname", "localhost"] + environment.flatMap { ["--env", $0] }
            + volumes.flatMap { ["--volume", $0] } + [container, "--"] + command
        return try run(arguments, hasNetwork, output, timeout)
    }

    /// Makes the container's tree visible to this process, and says where; it is gone with the enclosure.
    ///
    /// - Throws: `ProcessError`.
    package func mount(_ container: String) throws(ProcessError) -> FilePath {
        FilePath(try run(["mount", container]))
    }

    /// Copies from an image into a container.
    ///
    /// - Parameter image: `oci:FOLDER:TAG`; nil copies a file or folder of this machine.
    /// - Throws: `ProcessError`.
    package func copy(
        _ source: String, from image: String?, to target: String, in container: String
    ) throws(ProcessError) {
        _ = try run(["copy"] + (image.map { ["--from", $0] } ?? []) + [container, source, target])
    }

    /// Whether an image of this name is in the store.
    package func hasImage(_ name: String) -> Bool { (try? run(["inspect", "--type", "image", name])) != nil }

    /// The images of the store, by their identifiers, each with its names.
    ///
    /// - Throws: `ProcessError`; a list that cannot be read is empty.
    package func images() throws(ProcessError) -> [String: [String]] {
        let lines = try output(["images", "--all", "--no-trunc", "--format", "{{.ID}} {{.Name}}:{{.Tag}}"])
        var all: [String: [String]] = [:]
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            if let identifier = words.first { all[identifier, default: []] += words.dropFirst() }
        }
        return all
    }

    /// Removes an image with all its names, unless a container or another image needs it.
    package func removeImage(_ identifier: String) { _ = try? run(["rmi", "--force", identifier]) }

    /// Keeps the container's tree as an image in the store, under a name.
    ///
    /// - Throws: `ProcessError`.
    package func commit(_ container: String, as image: String) throws(ProcessError) {
        _ = try run(["commit", "--omit-history", "--identity-label=false", "--quiet", container, image])
    }

    /// Builds a Containerfile without a cache and keeps the result under a name.
    ///
    /// - Parameters:
    ///   - epoch: the time of all files that it adds, in seconds since 1970.
    ///   - output: where what it prints goes.
    /// - Throws: `ProcessError` as `run`.
    package func build(
        _ file: FilePath, context: FilePath, as image: String, environment: [String], epoch: Int64, hasNetwork: Bool,
        output: FileDescriptor, timeout: Duration
    ) throws(ProcessError) -> ChildProcess.Outcome {
        let options = [
            "build", "--isolation", "chroot", "--layers=false", "--omit-history", "--identity-label=false",
            "--pull=false",
            "--timestamp", String(epoch), "--file", file.string, "--tag", image,
        ]
        let arguments = options + environment.flatMap { ["--env", $0] } + [context.string]
        // It is begun anew with all its steps, whichever of them could not be started.
        return try run(arguments, hasNetwork, output, timeout, isWhole: true)
    }

    /// Runs what the files of packages ask for, in a namespace without a network unless they ask for one.
    ///
    /// - Parameter isWhole: whether it begins with nothing, so that it may be begun anew wherever it stopped.
    private func run(
        _ arguments: [String], _ hasNetwork: Bool, _ output: FileDescriptor, _ timeout: Duration, isWhole: Bool = false
    ) throws(ProcessError) -> ChildProcess.Outcome {
        let words = (hasNetwork ? [] : ["unshare", "--net", "--"]) + ["buildah"] + store.options + arguments
        for _ in 1..<Self.starts {
            let end = try? output.seek(offset: 0, from: .end)
            let outcome = try Self.start(words, store.cache, output, timeout)
            if outcome.succeeded || !Self.couldNotStart(output, since: end, isWhole) { return outcome }
        }
        return try Self.start(words, store.cache, output, timeout)
    }

    private static func start(
        _ words: [String], _ folder: FilePath, _ output: FileDescriptor, _ timeout: Duration
    ) throws(ProcessError) -> ChildProcess.Outcome {
        try ChildProcess.run(
            words[0], Array(words.dropFirst()), directory: folder, output: .descriptor(output),
            errors: .descriptor(output), timeout: timeout)
    }

    /// Whether it could not start itself: the first that it printed, as nothing of the step was done yet, or one of the last.
    ///
    /// It starts a sealed copy of itself in memory, and the kernel refuses the seal when somebody holds a page of that for
    /// a moment (`F_SEAL_WRITE` of fcntl(2), EBUSY), as happens on a busy machine.
    private static func couldNotStart(_ output: FileDescriptor, since begin: Int64?, _ isWhole: Bool) -> Bool {
        guard let begin, let end = try? output.seek(offset: 0, from: .end) else { return false }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let place = isWhole ? max(begin, end - Int64(bytes.count)) : begin
        guard let count = try? FileBlock.read(output, into: &bytes, count: bytes.count, at: Int(place)) else {
            return false
        }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        let said = isWhole ? text[...] : text.prefix { $0 != "\n" }
        return said.contains("sealing memfd copy: Device or resource busy")
    }

    /// The words of a command with which people enter a container.
    package func entry(to container: String) -> [String] {
        ["buildah"] + store.options + ["run", "--isolation", "chroot", "--tty", container, "--", "/bin/sh"]
    }

    /// Removes a container; one that is not there is no error.
    package func remove(_ container: String) { _ = try? run(["rm", container]) }

    /// Removes all containers that an earlier boatyard was killed over; only for who holds the store's lock alone.
    package func removeAll() { _ = try? run(["rm", "--all"]) }

    /// Runs a task of its own to its end, and gives the last line that it printed.
    private func run(_ arguments: [String]) throws(ProcessError) -> String { try output(arguments).last ?? "" }

    private func output(_ arguments: [String]) throws(ProcessError) -> [String] {
        let outcome = try ChildProcess.run(
            "buildah", store.options + arguments, directory: store.cache, timeout: Self.patience
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
