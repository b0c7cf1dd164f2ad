import Filesystems
import HTTPTransfer
import LinuxSystem
import OEMModel
import Plans
import SystemPackage

// What comes over the network.
extension LiveStageEffects {
    /// - Throws: `StageError` with the stage to use, where there is no network yet.
    func requireNetwork(_ operation: String, _ subject: String) throws {
        if !hasNetwork { throw StageError.needsNetwork(operation, subject) }
    }

    mutating func fetchFile(_ download: DownloadDirective) throws -> StepResult<Never> {
        guard let target = download.target else {
            throw StageError.refused(
                download.path, "the address names no file for this folder",
                "Write the whole path, with the file's name.")
        }
        let path = FilePath(target)
        let address = try HTTPAddress(download.url)
        try requireNetwork("fetching", address.withoutQuery)
        let owner = try ownership(download.owner, of: download.path) ?? .root
        let mode = (download.mode ?? FileDirective.standardMode).bits
        let file = try root.pending(path, mode: mode, owner: owner)
        let time = download.timeout.map { Duration.seconds($0) } ?? shell.timeout
        var isAtStart = true
        try network.file(
            address, within: time,
            begin: {
                try file.restart()
                isAtStart = true
            },
            { size, bytes in
                if isAtStart { try Self.requireRoom(for: size, path, at: file.place) }
                isAtStart = false
                try file.write(bytes.span)
            })
        return changed(try file.commitDifferent(), note: address.plainNote)
    }

    /// A disk that is full says so before it is.
    private static func requireRoom(for size: Int?, _ path: FilePath, at place: FilePath) throws {
        let free = try FreeSpace.bytes(at: place)
        if let size, size > free { throw PreallocationError.noSpace(path, needed: size, free: free) }
    }

    /// The content of a file that is named by its address.
    func fetchText(_ address: String, headers: [(name: String, value: String)]) throws -> [UInt8] {
        try requireNetwork("fetching", (try HTTPAddress(address)).withoutQuery)
        return try network.text(address, headers: headers, limit: StageRoot.limit, within: shell.timeout)
    }
}
