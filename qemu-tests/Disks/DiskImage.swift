import Foundation

/// A disk that a guest can be given: a copy-on-write layer over a disk that many tests share, or a raw file.
struct DiskImage: Sendable {
    /// Where the file is.
    let path: String
    /// QEMU's name of the format: `qcow2` or `raw`.
    let format: String
    /// Bytes of a sector, as the guest sees it.
    var sectorSize = 512

    /// Names a raw disk.
    init(raw path: String) {
        self.path = path
        format = "raw"
    }

    /// Makes a raw disk at `path` with nothing on it.
    init(empty path: String, size: Int) throws {
        try HostCommand.finish("truncate", ["-s", String(size), path])
        self.init(raw: path)
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
        return try await withScratchDirectory { directory in
            let daemon = try await showRaw(as: "\(directory)/disk.raw", in: directory)
            let result: Result
            do {
                result = try await body(DiskEditor(path: "\(directory)/disk.raw"))
            } catch {
                try? await Self.stop(daemon)
                throw error
            }
            try await Self.stop(daemon)
            return result
        }
    }

    /// Starts the daemon and waits until the disk is to be seen at `view`.
    private func showRaw(as view: String, in directory: String) async throws -> HostProcess {
        _ = FileManager.default.createFile(atPath: view, contents: nil)
        let ready = "\(directory)/daemon.pid"
        let daemon = try HostProcess(
            "qemu-storage-daemon",
            [
                "--blockdev", "driver=\(format),node-name=disk,file.driver=file,file.filename=\(path)",
                "--export", "type=fuse,id=view,node-name=disk,mountpoint=\(view),writable=on",
                "--pidfile", ready,
            ], log: "\(directory)/daemon.log")
        let deadline = ContinuousClock.now + .seconds(30)
        while !FileManager.default.fileExists(atPath: ready) {
            guard ContinuousClock.now < deadline else { throw MachineError("show \(path) as a file", daemon.log) }
            try await Task.sleep(for: .milliseconds(20))
        }
        return daemon
    }

    /// Ends the daemon and waits until it has written everything.
    private static func stop(_ daemon: HostProcess) async throws {
        daemon.terminate()
        _ = try await daemon.end(within: .seconds(60))
    }
}
