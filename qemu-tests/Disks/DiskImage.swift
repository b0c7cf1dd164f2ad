import Foundation

/// A disk that a guest can be given: a copy-on-write layer over a disk that many tests share, or a raw file.
struct DiskImage: Sendable {
    /// Where the file is.
    let path: String
    /// QEMU's name of the format: `qcow2` or `raw`.
    let format: String

    /// Names a raw disk.
    init(raw path: String) {
        self.path = path
        format = "raw"
    }

    /// Makes an empty layer at `path` over the raw disk `base`, which is never written to.
    init(copyingOnWrite base: String, at path: String) async throws {
        try await HostCommand.run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", path])
        self.path = path
        format = "qcow2"
    }

    /// Lets `body` read and change the disk as a raw file, while no guest uses it.
    ///
    /// QEMU's storage daemon shows the layers as one file by FUSE, so that the tools for raw disks work on it.
    func edit<Result: Sendable>(_ body: (DiskEditor) async throws -> Result) async throws -> Result {
        if format == "raw" { return try await body(DiskEditor(path: path)) }
        let view = path + ".raw"
        _ = FileManager.default.createFile(atPath: view, contents: nil)
        let daemon = path + ".pid"
        try await HostCommand.run(
            "qemu-storage-daemon",
            [
                "--blockdev", "driver=\(format),node-name=disk,file.driver=file,file.filename=\(path)",
                "--export", "type=fuse,id=view,node-name=disk,mountpoint=\(view),writable=on",
                "--pidfile", daemon, "--daemonize",
            ])
        do {
            let result = try await body(DiskEditor(path: view))
            try await Self.stop(daemon)
            return result
        } catch {
            try? await Self.stop(daemon)
            throw error
        }
    }

    /// Ends the daemon and waits until it has written everything.
    private static func stop(_ pidFile: String) async throws {
        let command = "pid=$(cat \"$0\"); kill \"$pid\"; tail --pid=\"$pid\" -f /dev/null; rm -f \"$0\""
        try await HostCommand.run("sh", ["-c", command, pidFile], within: .seconds(30))
    }
}
