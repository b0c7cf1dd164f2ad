import Faults
import Filesystems
import LinuxSystem
import SystemPackage

/// Makes room where an image turns out larger than estimated: layers that were packed need not stay, and what did not fit in
/// the end need not stay either.
struct LayerRoom {
    private let staging: FilePath

    /// Works in a staging folder.
    init(_ staging: FilePath) { self.staging = staging }

    /// Does something while layers stay; where the disk is full then, makes room and does it once more without them.
    ///
    /// - Parameters:
    ///   - keepsLayers: whether there is something to try before.
    ///   - work: does it; is told whether layers stay.
    ///   - makeRoom: removes what the first try has left, or the layers.
    /// - Throws: what `work` throws in the end, and `makeRoom`.
    func first<Result>(
        _ keepsLayers: Bool, _ work: (Bool) throws -> Result, _ makeRoom: () throws -> Void
    ) throws -> Result {
        guard keepsLayers else { return try work(false) }
        do { return try work(true) } catch  where RefusalKind(error) == .space {
            try makeRoom()
            return try work(false)
        }
    }

    /// Removes everything, so that the disk is not left full, and says what was expected and what was found.
    ///
    /// - Throws: `SystemError` when something cannot be removed.
    func fullDisk(_ estimate: SpaceEstimate, because error: any Error) throws -> ImageAssemblyError {
        var used = 0
        for name in try Folders.names(of: staging) {
            let file = staging.appending(name)
            used += Int(clamping: try FileStatus.of(file, followingLinks: false)?.size ?? 0)
            try Folders.removeFile(file)
        }
        let free = try FreeSpace.bytes(at: staging)
        return ImageAssemblyError(
            .noSpace, "making an image in", staging.string,
            cause: "it was full with \(used) bytes of layers and image, where the image was estimated at "
                + "\(estimate.image) bytes; all of that is removed, \(free) are free (\(error))",
            remedy: "Remove what no longer is needed there, or use a larger partition.", underlying: error)
    }
}
